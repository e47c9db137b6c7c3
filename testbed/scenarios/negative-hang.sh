# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
# summary: a scenario that never ends must be judged failed
# groups: negative
# expect: fail hang: .*limit 5 s
# timeout: 5
scenario() {
	check "something that passes" true
	while :; do sleep 1; done
}
