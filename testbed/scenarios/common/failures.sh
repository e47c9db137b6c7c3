# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2154
# failures: allocations that fail on demand (debug kernel). The kernel's fail-nth lets the Nth allocation of one task fail; only
# those below a function of the driver count. A return probe on should_fail_ex() says which call of the driver's that was:
# a site, as FUNCTION+OFFSET of the innermost address in the driver.

TRACE=/sys/kernel/debug/tracing FAULTS=/sys/kernel/debug

failures_begin() {
	local kind start size end
	read -r start size <<-END
		$(awk '$1 == "netfront_hardened" { print $6, $2 }' /proc/modules)
	END
	# a module's address begins with ffffffff, and only what follows fits into dash's numbers
	case $start in 0xffffffff????????) ;; *) return 1 ;; esac
	end=0xffffffff$(printf '%08x' $((0x${start#0xffffffff} + size)))
	for kind in failslab fail_page_alloc; do failures_below "$FAULTS/$kind" "$start" "$end" || return 1; done
	echo 0 >$FAULTS/fail_page_alloc/min-order
	echo 'r:nfh_fail should_fail_ex failed=$retval:u8' >$TRACE/kprobe_events || return 1
	echo 1 >$TRACE/options/stacktrace && echo 1 >$TRACE/options/sym-offset && echo 8192 >$TRACE/buffer_size_kb
}

# Allocations that may sleep as well; no word in the log.
failures_below() { # DIR START END
	echo N >"$1/ignore-gfp-wait" && echo 0 >"$1/verbose" && echo 32 >"$1/stacktrace-depth" &&
		echo "$2" >"$1/require-start" && echo "$3" >"$1/require-end"
}

failures_end() {
	echo 0 >$FAULTS/failslab/probability
	echo 0 >$FAULTS/fail_page_alloc/probability
	echo 0 >$TRACE/events/kprobes/nfh_fail/enable
	echo >$TRACE/kprobe_events
	echo 0 >$TRACE/options/stacktrace
}

trace_begin() { # FILTER
	echo "$1" >$TRACE/events/kprobes/nfh_fail/filter && echo >$TRACE/trace && echo 1 >$TRACE/events/kprobes/nfh_fail/enable
}

trace_stop() {
	echo 0 >$TRACE/events/kprobes/nfh_fail/enable
	cp $TRACE/trace /tmp/trace
}

# One line "FAILED SITE" for each event of a task with the driver in its stack, in order.
sites_of() { # TASK|.
	awk -v task="^$1" '/nfh_fail: / { failed = $NF; wanted = $1 ~ task; next }
		wanted && /^ => .*\[netfront_hardened\]/ { sub(/\/.*/, "", $2); print substr(failed, 8) + 0, $2; wanted = 0 }' /tmp/trace
}

trace_end() {
	trace_stop
	sites_of .
}

# Of each site the first of its turns, and of those that have hundreds the last: these are the numbers worth to fail.
turns() {
	awk '{ if (!n[$2]++) first[$2] = NR; last[$2] = NR }
		END { for (s in n) { print first[s]; if (n[s] >= 100) print last[s] } }' "$1" | sort -n -u
}

sites() { awk '{ print $2 }' "$1" | sort -u; }

# Every site of $1 (a trace without failures) is among those of $2 (sites that failed).
all_failed() { # SEEN FAILED
	local n
	sites "$1" >/tmp/sites.seen
	sort -u "$2" >/tmp/sites.failed
	awk 'BEGIN { while ((getline site <"/tmp/sites.failed") > 0) failed[site] = 1 }
		{ if ($1 in failed) n++; else missed = missed " " $1 }
		END { print NR " sites, " n + 0 " of them failed"; if (missed) print "never failed:" missed; exit n != NR || !n }' /tmp/sites.seen >/tmp/sites.verdict
	n=$?
	note_lines '' </tmp/sites.verdict
	note_lines '  ' </tmp/sites.failed
	return $n
}

nth() { echo "$1" >"/proc/$2/fail-nth"; } # N PID
