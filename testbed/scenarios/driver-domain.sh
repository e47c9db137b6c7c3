# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2154,SC2034
# summary: the backend is in a domain of its own: traffic, netback let go and taken again there, back to dom0
# timeout: 300
# driver-domain: yes
# groups: lifecycle
scenario() {
	local connected
	connected=$(in_use)
	domains_serve driver1
	check "traffic is intact" intact
	must "load" load_begin
	must "netback lets go of it there" domain_run driver1 "'for d in /sys/bus/xen-backend/devices/vif-*; do echo \${d##*/} >/sys/bus/xen-backend/drivers/vif/unbind; done'"
	usleep 500000
	must "and takes it again" domain_run driver1 "'for d in /sys/bus/xen-backend/devices/vif-*; do echo \${d##*/} >/sys/bus/xen-backend/drivers/vif/bind; done'"
	check "works" works 60
	check "the load was intact and went through" load_end
	check "no violation counted" no_violations
	must "the vif moves back to dom0" vif_to dom0
	check "works" works 60
	check "no page is kept" wait_for 15 in_use_is "$connected"
}

cleanup() { driver_domains_end; }
