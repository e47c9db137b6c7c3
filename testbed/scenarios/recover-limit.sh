# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2154,SC2034
# summary: ten faults in a row: the device stays down, says why, and goes on when the operator says recover (4 minutes)
# timeout: 400
# kernels: 6.12
# types: pv
# groups: lifecycle
scenario() {
	local n
	log_begin
	for n in 1 2 3 4 5 6 7 8 9; do
		must "fault $n" wait_for 10 fault
		must "connects again ($n)" wait_for 75 connections_are $((n + 1))
	done
	must "works" works
	must "fault 10" fault
	must "no carrier" wait_for 5 no_carrier
	sleep 5
	check "ten faults in a row" says 'faults_in_a_row: 10'
	check "devlink says that it waits for the operator" says 'too many faults in a row, waits for recover'
	check "devlink calls it an error" health_is error
	check "there is no next try" says 'next_try_in_ms: 0'
	check "the log says so, once" log_says_once '10 faults in a row: staying down'
	check "pages are back" wait_for 5 no_pages
	check "a backend that comes anew changes nothing" still_down
	must "recover" reporter recover
	must "a new connection" wait_for 20 connections_are 11
	check "works" works
	check "the count began anew" says 'faults_in_a_row: 0'
}

cleanup() { backend_restore; }

still_down() { backend_unbind && backend_bind && sleep 5 && no_carrier; }
