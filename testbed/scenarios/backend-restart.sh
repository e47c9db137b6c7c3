# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2154,SC2034
# summary: the backend closes the connection and comes back, three times: each time there is a new one
# timeout: 240
# groups: lifecycle lifecycle-short
scenario() {
	local n
	must "load to dom0" load_begin
	for n in 1 2 3; do
		must "the backend closes ($n)" backend_write state 5
		must "a new connection ($n)" wait_for 30 connections_above "$n"
		must "works ($n)" works
	done
	must "netback lets go" backend_unbind
	must "its state is Closed" backend_write state 6
	must "no carrier" wait_for 5 no_carrier
	must "netback takes it again" backend_bind
	must "a new connection" wait_for 60 connections_above 4
	check "works" works 60
	check "the load was intact and went through" load_end
	check "no page is kept" wait_for 15 no_quarantine
	check "no violation counted" no_violations
}

cleanup() {
	traffic_ends
	backend_restore
}
