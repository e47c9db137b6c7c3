# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
# summary: a forbidden word in the kernel log must be judged failed, even when every check passed
# groups: negative
# expect: fail forbidden word in the log: .*WARNING: CPU: 0
scenario() {
	check "something that passes" true
	echo '<4>WARNING: CPU: 0 PID: 1 at testbed/scenarios/negative-warn.sh:1' >/dev/kmsg
}
