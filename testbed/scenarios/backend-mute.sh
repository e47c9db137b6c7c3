# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2154,SC2034
# summary: a backend takes frames and never answers: a program that waits for room in its socket gets on all the same
# timeout: 180
# hostile: yes
# groups: lifecycle lifecycle-short
scenario() {
	must "the hostile backend takes the vif" hostile_begin tx-order-never 60
	must "it stops to answer" word attack
	must "it says so" wait_for 10 answered_with attack
	# nothing else may be sent meanwhile: any other packet would move what waits
	check "3000 datagrams are handed over" timeout 60 nfh-peer send "$DOM0_4" 3000
	check "skbs were freed that waited for it" test "$(stat tx_stalled)" -gt 0
	check "the connection is the first one" connections_are 1
	check "no violation counted" no_violations
}

cleanup() { hostile_over; }
