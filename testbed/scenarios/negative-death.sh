# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2016
# summary: a guest that goes away without a word must be judged failed
# groups: negative
# expect: fail the guest (vanished|shut down)
scenario() {
	check "something that passes" true
	dom0 'xl destroy $DOMNAME'
	sleep 60
}
