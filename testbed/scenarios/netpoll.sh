# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2154
# summary: netconsole: kernel messages reach dom0 through the interface while the kernel polls it
# kernels: 6.12 debug
# groups: functional
scenario() {
	local word
	word=netpoll-$(uptime_s)-$$
	has_module netconsole || skip "no netconsole module for this guest kernel"
	modprobe configfs 2>/dev/null
	must "dom0 listens" capture_begin 20000 -A -s 1500 -i xenbr0 '"udp port 6666"'
	must "netconsole over $IFACE" netconsole
	must "load to dom0" load_begin
	check "100 messages under load" messages "$word" 100
	check "the load was intact" load_end
	check "dom0 got the last of them" captured 1 "$word-100 "
	# netconsole gives a datagram up when queue or lock stay busy for a tick, which they do in an emulated guest
	check "dom0 got at least half of them" captured 50 "$word"
	check "netconsole goes" rmmod netconsole
	check "traffic intact" intact
	check "no violation counted" no_violations
}

cleanup() {
	[ ! -e /sys/module/netconsole ] || rmmod netconsole
	traffic_ends
}

# A new console gets the whole log of before; only errors of it, so that ours are not lost in thousands of others.
netconsole() {
	local status=0
	echo 4 >/proc/sys/kernel/printk
	modprobe netconsole "netconsole=6665@$GUEST4/$IFACE,6666@$DOM0_4/$DOM0_MAC" || status=1
	echo 7 >/proc/sys/kernel/printk
	return $status
}

messages() { # WORD COUNT
	local n
	for n in $(seq "$2"); do echo "<3>nfh: $1-$n " >/dev/kmsg || return 1; done
}
