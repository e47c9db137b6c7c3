# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC1091,SC2034,SC2153
# hostile: attacks, one after the other. nfh-judge (hostile/judge.c) has each of them from its honest start to its honest end.

run_attacks() {
	local driver=$DRIVER module=$MODULE
	. /nfh/hostile.conf # SEED
	[ "$DRIVER" != planted ] || driver=ours module=/nfh/planted.ko
	dmesg -c >/dev/null # it is searched from here on
	! grep -q '^far/' /tmp/jobs || { dom0 nfh-far start && dom0 nfh-far serve; } || note "no backend in a driver domain"
	nfh-judge "$driver" "$module" "$KERNEL" "$SEED" </tmp/jobs || return
	! grep -q '^hostile/leftovers ' /tmp/jobs || leftovers
}

# Last of a guest: nothing is left of all the cases.
leftovers() {
	local verdict=pass
	ATTACK=leftovers SEARCHED=0
	rm -f /tmp/failed
	event begin hostile/leftovers
	note "begin hostile/leftovers"
	event phase 180 "searching for leaks"
	leaks
	forbidden_words
	[ ! -s /tmp/failed ] || verdict=fail
	note "end hostile/leftovers $verdict"
	event end hostile/leftovers "$verdict" "$([ $verdict = pass ] || head -n 1 /tmp/failed)"
}
