# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2154,SC2034
# summary: a backend answers all frames but two: these are not kept for it for ever, and traffic goes on
# timeout: 180
# hostile: yes
# groups: lifecycle
scenario() {
	must "the hostile backend takes the vif" hostile_begin tx-order-some 60
	must "it withholds two answers" word attack
	must "it says so" wait_for 10 answered_with attack
	# an answer each second: it does not stall
	check "traffic goes on" ping -q -c 14 -i 1 -W 5 "$DOM0_4"
	check "two skbs were freed that waited for it" test "$(stat tx_stalled)" = 2
	check "and the others are sent" works
	check "the connection is the first one" connections_are 1
	check "no violation counted" no_violations
}

cleanup() { hostile_over; }
