# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
# summary: a guest that panics must be judged failed, at once
# groups: negative
# expect: fail the guest crashed
# timeout: 60
scenario() {
	check "something that passes" true
	echo c >/proc/sysrq-trigger
}
