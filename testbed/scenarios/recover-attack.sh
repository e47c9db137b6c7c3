# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2154,SC2034
# summary: a backend lies about a transmit id: devlink, tracepoint, log and ethtool say what it was; honest again, it gets a connection
# timeout: 120
# hostile: yes
# groups: lifecycle lifecycle-short
EVENT=/sys/kernel/debug/tracing/events/netfront_hardened/violation/enable TRACE=/sys/kernel/debug/tracing/trace

scenario() {
	must "the hostile backend takes the vif" hostile_begin tx-id-257 0
	must "the tracepoint" write 1 $EVENT
	echo >$TRACE
	must "load" load_begin
	word attack
	must "a fault" wait_for 20 faulted
	check "the log says so" wait_for 5 logged
	word release
	must "a new connection, without any help" wait_for 40 connections_above 1
	check "it works" wait_for 20 ping -q -c 1 -W 2 "$DOM0_4"
	check "healthy again" wait_for 10 health_is healthy
	check "the dump has the reason" dumps 'reason: tx_id_range'
	check "and the very slot" dumps 'refused: 0x[0-9a-f]*101'
	check "the tracepoint has them too" traced
	reporter show
	reporter diagnose
	dump show
	grep violation: $TRACE
	load_end
}

cleanup() {
	traffic_ends
	write 0 $EVENT
	hostile_over
}

write() { echo "$1" >"$2"; }
faulted() { [ "$(stat fault_tx_id_range)" -ge 1 ]; }
logged() { dmesg | grep 'backend broke the protocol (tx_id_range, 0x[0-9a-f]*101), connection stopped'; }
dumps() { dump show | tr '\n' ' ' | grep -q "$1" || { dump show && return 1; }; }
traced() { grep -q 'violation:.*tx_id_range refused=0x[0-9a-f]*101 req_prod=[1-9]' $TRACE || { tail -n 5 $TRACE && return 1; }; }
