# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2154,SC2034
# summary: with auto_recover off, and within the grace period, a faulted device stays down until devlink says recover
# timeout: 240
# groups: lifecycle lifecycle-short
scenario() {
	must "auto_recover off" reporter set auto_recover false
	must "a fault" fault
	must "no carrier" wait_for 5 no_carrier
	sleep 4
	check "it stays down" no_carrier
	check "devlink calls it an error" health_is error
	check "it says why" says 'because: faulted, waits for recover'
	check "pages are back" wait_for 5 no_pages
	must "recover" reporter recover
	check "it works again" works
	must "auto_recover on" reporter set auto_recover true
	must "a fault" fault
	check "it recovers by itself" works
	must "grace period of 1000 s" reporter set grace_period 1000000
	must "a fault within it" fault
	sleep 8
	check "it stays down" no_carrier
	must "recover" reporter recover
	check "it works again" works
	check "four connections" connections_are 4
	check "three faults" test "$(stat fault_test)" = 3
	check "there is nothing to test without a connection" refused_down
}

cleanup() { reporter set auto_recover true grace_period 0; }

refused_down() {
	reporter set auto_recover false grace_period 0 && fault && wait_for 5 no_carrier || return 1
	fault 2>&1 | grep -q 'no connection' || return 1
	reporter recover && wait_for 10 has_carrier
}
