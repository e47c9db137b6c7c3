# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2154,SC2034
# summary: the backend's domain crashes under traffic (sysrq), is booted again and gets the vif back
# timeout: 300
# driver-domain: yes
# groups: lifecycle lifecycle-short
scenario() {
	local connected
	connected=$(in_use)
	domains_serve driver1
	must "works" works
	must "load" load_begin
	must "the driver domain crashes" dom0 'xl sysrq driver1 c'
	must "it is gone" wait_for 30 domain_gone driver1
	must "no carrier" wait_for 20 no_carrier
	check "the pages came back" wait_for 20 no_pages
	check "devlink says that it waits" says 'state: disconnected'
	check "the interface goes down and up" bounce
	check "no violation counted so far" no_violations
	domains_serve driver1
	check "works" works 60
	check "the load was intact" load_end
	check "no page is kept" wait_for 15 in_use_is "$connected"
	check "no violation counted" no_violations
}

cleanup() { driver_domains_end; }
