# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2154
# summary: the driver is unloaded in the middle of iperf3 streams, and works when it is loaded again
# timeout: 120
# kernels: 6.12 debug
# groups: functional lifecycle
scenario() {
	local n
	for n in 1 2 3; do
		stream "$n"
		must "iperf3 is running ($n)" wait_for 10 flowing
		check "no violation counted ($n)" no_violations
		must "unload in the middle of it ($n)" driver_unload
		must "the interface is gone ($n)" gone
		stream_ends
		must "load ($n)" driver_load
		must "the interface comes up ($n)" net_up
		check "traffic intact ($n)" intact
	done
	check "no violation counted" no_violations
}

cleanup() { stream_ends; }

stream_ends() {
	[ ! -e /tmp/stream.pid ] || kill "$(cat /tmp/stream.pid)" 2>/dev/null
	rm -f /tmp/stream.pid
}

# To dom0, from dom0, and a flood, in turn. The server in dom0 notices that its client is gone when the driver is back.
stream() {
	case $1 in
	1) nfh-peer tcp "$DOM0_4" 20000000000 </dev/null >/tmp/stream 2>&1 & ;;
	2) iperf3 -c "$DOM0_4" -t 60 -R --connect-timeout 5000 </dev/null >/tmp/stream 2>&1 & ;;
	3) nfh-peer load "$DOM0_4" 60 --pause 0 --window 200 </dev/null >/tmp/stream 2>&1 & ;;
	esac
	echo $! >/tmp/stream.pid
}

flowing() {
	local before
	before=$(counter rx_packets)
	usleep 200000
	[ "$(counter rx_packets)" -gt $((before + 50)) ]
}
