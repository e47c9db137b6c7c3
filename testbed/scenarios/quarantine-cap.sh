# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2154,SC2034
# summary: a backend keeps the pages of each connection and connects again: refused at the cap, until it lets go of them
# timeout: 180
# hostile: yes
# groups: lifecycle
CAP=1024

scenario() {
	log_begin
	must "the hostile backend takes the vif" hostile_begin keep-reconnect 15
	word attack
	must "a connection is refused at the cap" wait_for 30 says 'backends keep too many pages'
	must "the attack is over" wait_for 30 answered_with attack
	answer
	say "bound: $(stat quarantined_pages) pages in quarantine after $(stat connections) connections, cap $CAP"
	check "as many pages as the cap are kept" test "$(stat quarantined_pages)" -ge $CAP
	check "one connection beyond it at most" test "$(stat quarantined_pages)" -le $((CAP + 514))
	check "as many connections as it takes" test "$(stat connections)" -le 3
	check "the log says so once" log_says_once 'backends keep too many pages'
	check "the interface goes down and up" bounce
	check "other memory is left" test "$(awk '/MemAvailable/ { print $2 }' /proc/meminfo)" -gt 100000
	word release
	check "the pages come back" wait_for 60 no_quarantine
	must "it connects by itself" wait_for 80 has_carrier
	check "and works" wait_for 20 ping -q -c 1 -W 2 "$DOM0_4"
	check "no violation counted" no_violations
}

cleanup() { hostile_over; }
