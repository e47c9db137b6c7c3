# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2154,SC2034
# summary: netvm change under traffic: to a second driver domain while the first one lives, and when it was shut down
# timeout: 300
# driver-domain: yes
# groups: lifecycle
scenario() {
	local connected
	connected=$(in_use)
	domains_serve driver1 driver2
	must "works" works
	must "load" load_begin
	check "no violation counted so far" no_violations
	must "the vif moves to driver2" vif_to driver2
	check "works" works 60
	check "no violation counted so far" no_violations
	must "driver2 shuts down" dom0 'xl shutdown driver2'
	must "it is gone" wait_for 30 domain_gone driver2
	must "no carrier" wait_for 20 no_carrier
	must "the vif moves to driver1" vif_to driver1
	check "works" works 60
	check "the load was intact" load_end
	check "no page is kept" wait_for 15 in_use_is "$connected"
	check "no violation counted" no_violations
}

cleanup() { driver_domains_end; }
