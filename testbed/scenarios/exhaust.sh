# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2154
# summary: each place where probe or connect allocates fails once: the interface comes back every time; coverage is printed
# timeout: 600
# kernels: debug
# types: pvh
# groups: lifecycle
BUS=/sys/bus/xen/drivers/netfront_hardened

scenario() {
	local site n watch
	must "failures can be asked for" failures_begin
	watch=$(pidof xenwatch)
	: >/tmp/failed.sites
	must "the allocations of a probe and a connection" record
	check "a probe has sites" test "$(sites /tmp/seen.probe | wc -l)" -ge 5
	check "a connection has sites" test "$(sites /tmp/seen.connect | wc -l)" -ge 5
	turns /tmp/seen.probe >/tmp/turns
	while read -r site n <&3; do must "probe, failure $n at $site" probe_with "$site" "$n"; done 3</tmp/turns
	must "it answers" wait_for 10 ping -q -c 1 -W 1 "$DOM0_4"
	check "every site of probe failed once" all_failed /tmp/seen.probe /tmp/failed.sites
	: >/tmp/failed.sites
	turns /tmp/seen.connect >/tmp/turns
	while read -r site n <&3; do must "connect, failure $n at $site" connect_with "$site" "$n" "$watch"; done 3</tmp/turns
	check "every site of connect failed once" all_failed /tmp/seen.connect /tmp/failed.sites
	check "bytes are intact" works
	check "no page is kept" wait_for 15 no_quarantine
}

cleanup() {
	failures_end
	nth 0 "$(pidof xenwatch)"
	bound || write vif-0 "$BUS/bind"
}

write() { echo "$1" >"$2"; }
bound() { [ -e "$BUS/vif-0" ]; }
up() { { bound || write vif-0 "$BUS/bind"; } && wait_for 20 present && net_up; }

# The shell that writes to "bind" is the task that probes; xenwatch is the one that connects. Others would fill the buffer.
record() {
	cp /bin/dash /tmp/prober && write vif-0 "$BUS/unbind" && trace_begin 'COMM == "prober" || COMM == "xenwatch"' || return 1
	/tmp/prober -c "echo vif-0 >$BUS/bind"
	wait_for 20 present && ip link set "$IFACE" up && wait_for 20 has_carrier || return 1
	trace_stop
	sites_of prober >/tmp/seen.probe
	sites_of xenwatch >/tmp/seen.connect
	say "probe: $(wc -l </tmp/seen.probe) allocations; connect: $(wc -l </tmp/seen.connect)"
}

# A failure may prevent the bind, and need not.
probe_with() { # SITE N
	! bound || write vif-0 "$BUS/unbind"
	failures_below "$1" 1 && trace_begin 'failed == 1' || return 1
	sh -c "echo $2 >/proc/self/fail-nth; echo vif-0 >$BUS/bind; echo 0 >/proc/self/fail-nth" 2>/dev/null
	trace_end | awk '{ print $2 }' >>/tmp/failed.sites
	up && wait_for 10 ping -q -c 1 -W 1 "$DOM0_4"
}

# One that never comes is found by all_failed().
connect_with() { # SITE N XENWATCH
	! bound || write vif-0 "$BUS/unbind"
	failures_below "$1" 1 && trace_begin 'failed == 1' || return 1
	nth "$2" "$3" && write vif-0 "$BUS/bind"
	wait_for 8 has_failed "$3"
	nth 0 "$3"
	trace_end | awk '{ print $2 }' >>/tmp/failed.sites
	wait_for 20 present && net_up && wait_for 10 ping -q -c 1 -W 1 "$DOM0_4"
}
