# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043
# lib: what a scenario can use. Words go through the kernel log, so that they stand in order with the kernel's own lines.

IFACE=eth0
GUEST4=10.9.0.2 GUEST6=fd00:9::2
DOM0_4=10.9.0.1 DOM0_6=fd00:9::1
MODULE=/nfh/modules/netfront-hardened.ko
export IFACE GUEST4 GUEST6 DOM0_4 DOM0_6 MODULE

# "nfh:" lines are ours: the search for forbidden words leaves them out.
note() { printf '<6>nfh: %.900s\n' "$*" >/dev/kmsg; }
note_lines() { while IFS= read -r line; do note "$1$line"; done; }

say() { note "$*"; }

check() { # DESCRIPTION COMMAND...
	local what="$1"
	shift
	if "$@" >/tmp/check.out 2>&1; then
		note "ok - $what"
	else
		note "not ok - $what (exit $? of: $*)"
		note_lines '  ' </tmp/check.out
		echo "check failed: $what$(last_word </tmp/check.out)" >>/tmp/failed
		return 1
	fi
}

# What the verdict tells of a command's output: its last line.
last_word() { grep . | tail -n 1 | sed 's/[^ -~]//g; s/|/\//g; s/^ */: /' | cut -c 1-120; }

must() { check "$@" || exit 1; }
skip() {
	echo "$*" >/tmp/skipped
	exit 0
}

stat() { ethtool -S "$IFACE" 2>/dev/null | sed -n "s/^ *$1: *//p"; }

on_cpu() { # CPU COMMAND...
	local cpu=$1
	shift
	taskset "$(printf %x $((1 << cpu)))" "$@"
}

wait_for() { # SECONDS COMMAND...
	local end=$(($(uptime_s) + $1))
	shift
	until "$@" >/dev/null 2>&1; do
		[ "$(uptime_s)" -lt "$end" ] || return 1
		usleep 100000
	done
}
uptime_s() {
	local up
	read -r up _ </proc/uptime
	echo "${up%.*}"
}

# To dom0 through xenstore; nothing here depends on the network device.
event() { nfh-channel event "$@"; }
dom0() { nfh-channel call "$@"; } # COMMAND...: runs it in dom0, bounded there by 60 s

driver_load() { # [PARAMETER=VALUE...]
	case $DRIVER in
	ours) insmod "$MODULE" "max_queues=$QUEUES" "$@" ;;
	stock) modprobe xen-netfront "max_queues=$QUEUES" "$@" ;;
	esac && wait_for 20 test -e "/sys/class/net/$IFACE"
}

# A bound device holds a reference on its driver's module (xenbus does that), so the devices go first.
driver_unload() {
	local name=vif module=xen_netfront device
	[ "$DRIVER" != ours ] || name=netfront_hardened module=netfront_hardened
	for device in /sys/bus/xen/drivers/"$name"/vif-*; do
		[ ! -e "$device" ] || echo "${device##*/}" >/sys/bus/xen/drivers/$name/unbind || return 1
	done
	rmmod $module
}

has_carrier() { [ "$(cat "/sys/class/net/$IFACE/carrier" 2>/dev/null)" = 1 ]; }

net_up() {
	ip link set "$IFACE" up && wait_for 20 has_carrier || return 1
	ip addr add "$GUEST4/24" dev "$IFACE" && ip addr add "$GUEST6/64" dev "$IFACE" nodad
}
