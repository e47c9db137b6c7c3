# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2154
# summary: the driver lets go of the device through sysfs and takes it again, five times, under traffic
# timeout: 120
# kernels: 6.12 debug
# groups: functional lifecycle
scenario() {
	local n bus
	bus=/sys/bus/xen/drivers/$(bus_driver)
	must "load to dom0" load_begin
	for n in 1 2 3 4 5; do
		check "no violation counted ($n)" no_violations
		must "unbind $n" write vif-0 "$bus/unbind"
		must "the interface is gone ($n)" gone
		must "bind $n" write vif-0 "$bus/bind"
		must "the interface is back ($n)" wait_for 20 present
		must "the interface comes up ($n)" net_up
		must "and answers ($n)" wait_for 10 ping -q -c 1 -W 1 "$DOM0_4"
	done
	check "the load was intact and went through" load_end
	check "traffic intact" intact
	check "no violation counted" no_violations
}

cleanup() { traffic_ends; }

write() { echo "$1" >"$2"; }
