# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2154
# summary: the driver is unloaded and loaded 20 times under traffic and works every time
# timeout: 360
# groups: functional lifecycle
CYCLES=20

scenario() {
	local n=0
	must "load from dom0" far_load_begin
	must "load to dom0" load_begin
	while [ "$n" -lt "$CYCLES" ]; do
		n=$((n + 1))
		check "no violation counted ($n)" no_violations
		must "unload $n" driver_unload
		must "the interface is gone ($n)" gone
		must "load $n" driver_load
		must "the interface comes up ($n)" net_up
		must "and answers ($n)" wait_for 10 ping -q -c 1 -W 1 "$DOM0_4"
	done
	check "the load was intact and went through" load_end
	check "the load from dom0 was intact and went through" far_load_end
	check "traffic intact" intact
	check "no violation counted" no_violations
}

cleanup() { traffic_ends; }
