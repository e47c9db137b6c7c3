# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
# summary: one failed check among passed ones must be judged failed
# groups: negative
# expect: fail check failed: an address where nobody answers
scenario() {
	check "something that passes" true
	check "an address where nobody answers" ping -c 1 -W 1 10.9.0.77
	check "something else that passes" true
}
