# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2154
# summary: senseless values of max_queues are refused or tamed; the interface works with every value that is taken
# timeout: 120
# kernels: 6.12 debug
# groups: functional
scenario() {
	local value
	[ "$DRIVER" = ours ] || skip "only with our driver: stock takes senseless values and then fails to probe"
	taken 0 "$(nproc)"
	for value in 1 3 4; do taken "$value" "$value"; done
	taken 64 4 # dom0's netback offers 4
	for value in 65 1000 4294967295 -1 abc 4294967296 1.5 ''; do refused "$value"; done
	must "a sensible value again" driver_load
	must "the interface comes up" net_up
	check "traffic intact" intact
	check "no violation counted" no_violations
}

cleanup() { loaded || driver_load; }

loaded() { [ -e /sys/module/netfront_hardened ]; }
load_with() { insmod "$MODULE" "max_queues=$1"; }
unloaded() { ! loaded || driver_unload; }

taken() { # VALUE QUEUES
	must "unload before max_queues=$1" unloaded
	must "max_queues=$1 is taken" load_with "$1"
	check "max_queues=$1: the interface appears" wait_for 20 present
	check "max_queues=$1: the interface comes up" net_up
	check "max_queues=$1: $2 queues" queues_are "$2"
	check "max_queues=$1: traffic" answers "$DOM0_4"
}

refused() {
	must "unload before max_queues='$1'" unloaded
	check "max_queues='$1' is refused" no_load "$1"
}
no_load() { ! load_with "$1" && ! loaded && gone; }
