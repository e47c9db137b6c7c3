# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2154,SC2034
# summary: pages and grants, and the longest times under RTNL and in the xenwatch thread: measured, printed, below their bounds
# timeout: 240
# kernels: 6.1 6.12
# queues: 2
# vcpus: 2
# groups: lifecycle
TRACE=/sys/kernel/debug/tracing
BUS=/sys/bus/xen/drivers/netfront_hardened
# What holds RTNL as long as it runs, and what the xenwatch thread runs.
RTNL="nfh_open nfh_stop nfh_dev_go_live nfh_dev_go_dark nfh_dev_set_caps"
XENWATCH="backend_changed probe remove"
RTNL_MS=200 XENWATCH_MS=2000 # of an emulated machine that stands still by itself now and then

scenario() {
	local n
	[ -e $TRACE/max_graph_depth ] || skip "this kernel has no function graph tracer"
	check "514 pages for each queue" test "$(stat pool_pages)" = $((514 * QUEUES))
	check "and as many grants" test "$(stat grants_shared)" = $((514 * QUEUES))
	say "bound: $QUEUES queues hold $(stat pool_pages) pages, $(stat grants_shared) grants; quarantine at most 1024 pages of a device"
	must "tracing begins" times_begin
	must "load to dom0" load_begin
	for n in 1 2 3; do
		must "the backend closes ($n)" backend_write state 5
		must "a new connection ($n)" wait_for 40 connections_above "$n"
	done
	must "a fault" fault
	must "a new connection" wait_for 40 connections_above 4
	for n in 1 2 3; do must "down and up ($n)" bounce; done
	must "netback lets go" backend_unbind
	must "down and up without an answer" bounce
	must "netback takes it again" backend_bind
	check "works" works 60
	must "unbind" write vif-0 "$BUS/unbind"
	must "bind" write vif-0 "$BUS/bind"
	must "the interface comes up" again_up
	must "xl network-detach and attach, in the xenwatch thread" replug
	times_end
	check "the load was intact and went through" load_end
	for n in $RTNL; do check "$n: at most $RTNL_MS ms" longest "$n" $RTNL_MS; done
	for n in $XENWATCH; do check "$n: at most $XENWATCH_MS ms" longest "$n" $XENWATCH_MS; done
}

cleanup() {
	echo nop >$TRACE/current_tracer
	traffic_ends
	backend_restore
}

write() { echo "$1" >"$2"; }
again_up() { wait_for 20 present && net_up; }
MAC=$(cat "/sys/class/net/$IFACE/address")
replug() { dom0 'xl network-detach $DOMNAME 0' && wait_for 20 gone && attach && again_up; }

times_begin() {
	local f
	echo nop >$TRACE/current_tracer
	echo >$TRACE/set_ftrace_filter
	for f in $RTNL $XENWATCH; do echo "$f:mod:netfront_hardened" >>$TRACE/set_ftrace_filter || return 1; done
	echo 4096 >$TRACE/buffer_size_kb && echo function_graph >$TRACE/current_tracer && echo 1 >$TRACE/options/funcgraph-tail &&
		echo 1 >$TRACE/tracing_on
}

times_end() {
	echo 0 >$TRACE/tracing_on
	cp $TRACE/trace /tmp/times
	echo nop >$TRACE/current_tracer
	echo >$TRACE/set_ftrace_filter
}

# Microseconds of each call: "  1)   12.3 us  |  name [module]();" or "  1) # 1234.5 us |  } /* name [module] */"
durations() { sed -n "s/^ *[0-9]*)[^0-9|]*\([0-9]*\)\.[0-9]* us *|.*[ *]$1\( \[netfront_hardened\]\)\?[ (;].*/\1/p" /tmp/times; }

longest() { # FUNCTION MILLISECONDS
	local us
	us=$(durations "$1" | sort -n | tail -n 1)
	[ -n "$us" ] || { echo "no call of $1 was seen" && head -n 40 /tmp/times && return 1; }
	say "bound: $1: $(durations "$1" | wc -l) calls, the longest took $((us / 1000)).$(printf %03d $((us % 1000))) ms"
	[ "$us" -le $(($2 * 1000)) ]
}
