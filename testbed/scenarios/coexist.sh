# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2154
# summary: stock xen-netfront may be loaded beside the driver and unloaded again without touching the interface
# kernels: 6.12 debug
# groups: functional lifecycle
scenario() {
	[ "$DRIVER" = ours ] || skip "only with our driver"
	has_module xen-netfront || skip "no xen-netfront module for this guest kernel"
	must "load to dom0" load_begin
	check "stock loads beside ours" modprobe xen-netfront
	check "the vif stays with ours" test -e /sys/bus/xen/drivers/netfront_hardened/vif-0
	check "stock goes" rmmod xen_netfront
	check "the load was intact" load_end
	check "traffic intact" intact
	check "no violation counted" no_violations
}

cleanup() {
	[ ! -e /sys/module/xen_netfront ] || rmmod xen_netfront
	traffic_ends
}
