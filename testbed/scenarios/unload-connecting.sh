# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2154,SC2034
# summary: the driver is unloaded while it connects, at 20 different moments, and works afterwards
# timeout: 240
# groups: lifecycle lifecycle-short
scenario() {
	local n
	for n in $(seq 20); do
		must "unload ($n)" driver_unload
		must "load ($n)" insmod "$MODULE" "max_queues=$QUEUES"
		usleep $((n * 7000))
	done
	must "unload" driver_unload
	must "load" driver_load
	must "the interface comes up" net_up
	check "works" works 60
	check "no violation counted" no_violations
}
