# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2154
# summary: a third of the allocations on the receive path fail under traffic: frames are lost and counted, nothing else
# timeout: 240
# kernels: debug
# types: pvh
# groups: lifecycle
scenario() {
	must "failures can be asked for" failures_begin
	must "the allocations of the receive path" record
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
	awk '{ print $2 }' /tmp/failures >/tmp/failed.sites
	check "pages and skbs failed" test "$(sites /tmp/failures | wc -l)" -ge 2
	check "every site failed" all_failed /tmp/seen.refill /tmp/failed.sites
	check "frames without memory were counted" test "$(stat rx_queue_0_no_memory)" -ge 10
	check "one connection was enough" connections_are 1
	check "works" works
	check "the load was intact and went through" load_end
	check "the load from dom0 as well" far_load_end
	check "no violation counted" no_violations
}

# All that is allocated below the driver in a while: nobody asks it for anything else meanwhile. What was traced is put into words
# without a load, which has an end of its own and would wait for that.
record() {
	load_begin && far_load_begin && sleep 1 && trace_begin 'failed == 0' && sleep 1 || return 1
	trace_off
	traffic_ends
	trace_end >/tmp/seen.refill
	say "receive: $(wc -l </tmp/seen.refill) allocations at $(sites /tmp/seen.refill | wc -l) sites"
}

cleanup() {
	failures_end
	traffic_ends
}
