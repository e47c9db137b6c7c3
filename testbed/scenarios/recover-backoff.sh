# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2154,SC2034
# summary: faults in a row are followed by longer and longer waits, and the first one at once by none
# timeout: 240
# groups: lifecycle lifecycle-short
scenario() {
	local n before
	for n in 1 2 3 4; do
		must "fault $n" wait_for 5 fault
		before=$(uptime_s)
		must "connects again ($n)" wait_for 30 connections_are $((n + 1))
		WAITED=$(($(uptime_s) - before))
		check "after about $((1 << (n - 1))) s: $WAITED" near $((1 << (n - 1)))
	done
	check "four faults in a row" says 'faults_in_a_row: 4'
	check "works" works
}

near() { [ "$WAITED" -ge $(($1 - 1)) ] && [ "$WAITED" -le $(($1 + 6)) ]; }
