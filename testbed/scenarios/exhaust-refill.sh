# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2154
# summary: a third of the allocations on the receive path fail under traffic: frames are lost and counted, nothing else
# timeout: 240
# kernels: debug
# types: pvh
# groups: lifecycle
scenario() {
	must "failures can be asked for" failures_begin
	must "load to dom0" load_begin
	must "load from dom0" far_load_begin
	trace_begin 'failed == 1'
	for kind in failslab fail_page_alloc; do
		echo -1 >"$FAULTS/$kind/times" && echo N >"$FAULTS/$kind/task-filter" && echo 33 >"$FAULTS/$kind/probability"
	done
	sleep 10
	echo 0 >"$FAULTS/failslab/probability"
	echo 0 >"$FAULTS/fail_page_alloc/probability"
	trace_end >/tmp/failures
	say "$(wc -l </tmp/failures) allocations failed, at:"
	sort /tmp/failures | uniq -c | note_lines '  '
	check "pages and skbs failed" test "$(sites /tmp/failures | wc -l)" -ge 2
	check "frames without memory were counted" test "$(stat rx_queue_0_no_memory)" -ge 10
	check "one connection was enough" connections_are 1
	check "works" works
	check "the load was intact and went through" load_end
	check "the load from dom0 as well" far_load_end
	check "no violation counted" no_violations
}

cleanup() {
	failures_end
	traffic_ends
}
