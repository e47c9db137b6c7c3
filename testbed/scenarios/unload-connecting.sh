# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2154,SC2034
# summary: the driver is unloaded while it connects, at 20 different moments, and works afterwards
# timeout: 240
# groups: lifecycle lifecycle-short
scenario() {
	local n
	must "load to dom0" load_begin
	for n in $(seq 20); do
		must "unload ($n)" driver_unload
		must "load ($n)" insmod "$MODULE" "max_queues=$QUEUES"
		usleep $((n * 7000))
	done
	must "unload" driver_unload
	must "load" driver_load
	must "the interface comes up" net_up
	check "works" works 60
	check "the load was intact and went through" load_end
	check "no violation counted" no_violations
}

cleanup() { traffic_ends; }
