# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC1090,SC2013,SC2016
# runner: one scenario from driver load to verdict. The verdict is said in words; whoever says nothing has failed.

SEARCHED=0 # line of the kernel log up to which forbidden words were searched

run_scenario() { # NAME QUEUES TIMEOUT
	local verdict reason
	NAME=$1 QUEUES=$2 FILE=/nfh/scenarios/$1.sh
	export QUEUES
	rm -f /tmp/failed /tmp/skipped
	[ "$SEARCHED" != 0 ] || SEARCHED=$(dmesg | wc -l)
	event begin "$NAME"
	note "begin $NAME"
	before=$(fresh_start)
	if grep -q '^# load: no' "$FILE" || { check "driver loads" driver_load && check "interface comes up" net_up && check "it has interrupts" has_irqs; }; then
		event phase $(($3 + 5)) "scenario, limit $3 s"
		scenario_body || [ -s /tmp/failed ] || echo "the scenario ended with an error" >/tmp/failed
	fi
	event phase 120 "unloading the driver and checking what is left"
	check "no vif has an interrupt twice" irqs_differ
	module_ranges >>$RANGES
	[ -z "$(module_ranges)" ] || check "driver unloads" driver_unload
	check "grants are back to: $before" wait_for 10 grants_back
	check "no interrupt of a vif is left" no_irqs
	stack_lets_go
	forbidden_words
	verdict=pass reason=''
	[ ! -s /tmp/skipped ] || { verdict=skip && reason=$(cat /tmp/skipped); }
	[ ! -s /tmp/failed ] || { verdict=fail && reason=$(head -n 1 /tmp/failed); }
	note "end $NAME $verdict $reason"
	event end "$NAME" "$verdict" "$(printf '%.500s' "$reason")"
}

# In a subshell of its own, so that it can exit and change what it wants; its output becomes lines of the log.
scenario_body() {
	rm -f /tmp/status
	{
		(
			DOM0_MAC=$(dom0 cat /sys/class/net/xenbr0/address)
			export DOM0_MAC
			cleanup() { :; }
			for file in /nfh/scenarios/common/*.sh "$FILE"; do . "$file"; done
			( scenario )
			status=$?
			scenario_ends
			exit $status
		) </dev/null 2>&1 3<&-
		echo $? >/tmp/status
	} | note_lines '  '
	[ "$(cat /tmp/status)" = 0 ]
}

# What an earlier scenario may have left in dom0 goes; prints the count of grants in use. Driver domains would take CPU time.
fresh_start() {
	grep -q '^# driver-domain: yes' "$FILE" || dom0 nfh-driver-domain stop >/dev/null
	dom0 'for i in $VIF xenbr0; do ip link set $i mtu 1500 up; done 2>/dev/null; nfh-grants $DOMID' | cut -d' ' -f1,2
}
grants() { dom0 'nfh-grants $DOMID' | cut -d' ' -f1,2; }
grants_back() { [ "$(grants)" = "$before" ]; }

INTERRUPTS=/proc/interrupts

# The names of the vifs' interrupts, as the driver gives them (event.c): vif-0-q1-tx; stock's lack the first dash. An event
# channel that a connection did not close has the name of the next connection's.
irqs() { grep -o -E 'vif-?[0-9]+-q[0-9]+(-[a-z]+)?$' $INTERRUPTS; }
has_irqs() { irqs; }
irqs_differ() { ! irqs | sort | uniq -d | grep .; }
no_irqs() { ! irqs; }

# Lines of the kernel log since the last search, without our own.
forbidden_words() {
	local bad
	dmesg >/tmp/dmesg
	bad=$(tail -n "+$((SEARCHED + 1))" /tmp/dmesg | grep -v -E -f /nfh/harmless ${ATTACK:+-f /nfh/harmless-hostile} | grep -m 1 -E -f /nfh/forbidden)
	SEARCHED=$(wc -l </tmp/dmesg)
	[ -z "$bad" ] || { note "forbidden word in the log: $bad" && echo "forbidden word in the log: $bad" >>/tmp/failed; }
}

# TCP puts an skb that another CPU took in aside for that CPU, which frees it when it next receives something
# (skb_attempt_defer_free()): without an interface that may be never, and a page pool waits for it.
stack_lets_go() {
	local cpu
	for cpu in $(seq 0 $(($(nproc) - 1))); do
		on_cpu "$cpu" ping -q -c 1 127.0.0.1 >/dev/null
	done
}

MODULES='netfront_hardened|netfront_hardened_kunit|xen_netfront|nfh_leak' # that are under test
LOADED=/proc/modules
RANGES=/tmp/ranges # where they were in this guest, all the time; of attacks it is written by hostile/judge-nic.c

# Their addresses, as long as they are loaded, a line each: "START SIZE"
module_ranges() { awk -v "modules=^($MODULES)\$" '$1 ~ modules { printf "%s %s \n", $6, $2 }' $LOADED; }

# A scenario may remove its module itself, as the unit tests do: then nobody knows where it was.
scenario_ends() {
	module_ranges >>$RANGES
	cleanup
}

KMEMLEAK=/sys/kernel/debug/kmemleak # of a debug kernel

# Unreferenced memory that was allocated by code of the modules; what was found is told once. A search takes up to a minute of an
# emulated CPU, so there is one for all that ran in a guest: scenarios/leaks.sh, or at the end of the attacks.
leaks() {
	[ -e $KMEMLEAK ] && [ -s $RANGES ] || return 0
	echo scan >$KMEMLEAK
	sleep 6 # kmemleak leaves objects alone that are younger than 5 s
	echo scan >$KMEMLEAK
	cat $KMEMLEAK >/tmp/leaks
	# shellcheck disable=SC2046
	in_ranges $(sort -u $RANGES) </tmp/leaks || grep -q -E "\[($MODULES)\]" /tmp/leaks || return 0
	head -n 40 /tmp/leaks | note_lines 'leak: '
	echo clear >$KMEMLEAK
	echo "memory leak (kmemleak) of something that ran in this guest before" >>/tmp/failed
}

# Does any address on stdin lie in one of the ranges? kmemleak prints the name of what is still loaded, but the address
# itself of what is not. A module's begins with ffffffff, and what follows fits into dash's numbers.
in_ranges() { # START SIZE...
	local at
	for at in $(grep -o 'ffffffff[0-9a-f]\{8\}' | sort -u); do
		in_range "0x${at#ffffffff}" "$@" && return 0
	done
	return 1
}

in_range() { # LOW-HALF-OF-ADDRESS START SIZE...
	local at=$1 start
	shift
	while [ $# -ge 2 ]; do
		start=0x${1#0xffffffff}
		[ $((at)) -lt $((start)) ] || [ $((at)) -ge $((start + $2)) ] || return 0
		shift 2
	done
	return 1
}
