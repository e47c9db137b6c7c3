# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2154,SC2034
# summary: xl network-detach with a driver domain that is paused and never answers: nothing waits for it
# timeout: 300
# driver-domain: yes
# groups: lifecycle
scenario() {
	local connected
	connected=$(in_use)
	domains_serve driver1
	must "works" works
	must "load" load_begin
	check "no violation counted so far" no_violations
	must "the driver domain is paused" dom0 'xl pause driver1'
	usleep 500000
	must "the vif is detached" vif_detach
	check "pages that it has mapped are kept, the rest is not" some_in_use $((connected - 514)) 100
	must "dom0 serves the next vif" vif_attach dom0
	check "works" works 60
	check "the load was intact" load_end
	must "the driver domain goes on" dom0 'xl unpause driver1'
	check "the pages come back" wait_for 30 in_use_is "$connected"
	check "no violation counted" no_violations
}

cleanup() { driver_domains_end; }

# More than what is not ours, less than a connection
some_in_use() { # ABOVE BELOW
	local now
	now=$(in_use)
	echo "$now grants in use" && [ "$now" -gt "$1" ] && [ "$now" -lt "$2" ]
}
