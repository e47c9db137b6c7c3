# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2154,SC2034
# summary: faults in a row are followed by waits of 1, 2, 4 and 8 s
# timeout: 240
# groups: lifecycle lifecycle-short
scenario() {
	local n before
	for n in 1 2 3 4; do
		must "fault $n" wait_for 5 fault
		before=$(uptime_ms)
		must "connects again ($n)" wait_for 30 connections_are $((n + 1))
		WAITED=$(($(uptime_ms) - before))
		check "after about $((1 << (n - 1))) s: $WAITED ms" near $((1000 << (n - 1)))
	done
	check "four faults in a row" says 'faults_in_a_row: 4'
	check "works" works
}

# The clock starts a little after the fault. A connection takes its time, too, in an emulated machine, twice that with the debug kernel.
near() {
	local slow=6000
	[ "$KERNEL" != debug ] || slow=12000
	[ "$WAITED" -ge $(($1 - 400)) ] && [ "$WAITED" -le $(($1 + slow)) ]
}

uptime_ms() {
	local up
	read -r up _ </proc/uptime
	echo "${up%.*}${up#*.}0"
}
