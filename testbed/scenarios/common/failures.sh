# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2154
# failures: allocations that fail on demand (debug kernel). The kernel's fail-nth lets the Nth allocation of one task fail; only
# those below a function of the driver count, or those of one site. A return probe on should_fail_ex() says which call of the
# driver's that was: a site, as FUNCTION+OFFSET and address, of the innermost call in the driver.

TRACE=/sys/kernel/debug/tracing FAULTS=/sys/kernel/debug

failures_begin() {
	local start size
	read -r start size <<-END
		$(awk '$1 == "netfront_hardened" { print $6, $2 }' /proc/modules)
	END
	failures_below "${start#0x}" "$size" || return 1
	echo 0 >$FAULTS/fail_page_alloc/min-order
	echo 'r:nfh_fail should_fail_ex failed=$retval:u8' >$TRACE/kprobe_events || return 1
	echo 1 >$TRACE/options/stacktrace && echo 1 >$TRACE/options/sym-offset && echo 1 >$TRACE/options/sym-addr && echo 8192 >$TRACE/buffer_size_kb
}

# Those with such a return address on their stack; also those that may sleep; no word in the log.
failures_below() { # ADDRESS SIZE
	local kind end
	# a module's address begins with ffffffff, and only what follows fits into dash's numbers
	case $1 in ffffffff????????) ;; *) echo "not an address of a module: $1" && return 1 ;; esac
	end=ffffffff$(printf '%08x' $((0x${1#ffffffff} + $2)))
	for kind in failslab fail_page_alloc; do
		(cd "$FAULTS/$kind" && echo N >ignore-gfp-wait && echo 0 >verbose && echo 32 >stacktrace-depth &&
			echo "0x$1" >require-start && echo "0x$end" >require-end) || return 1
	done
}

failures_end() {
	echo 0 >$FAULTS/failslab/probability
	echo 0 >$FAULTS/fail_page_alloc/probability
	trace_off
	echo >$TRACE/kprobe_events
	echo 0 >$TRACE/options/stacktrace
	echo 0 >$TRACE/options/sym-addr
}

trace_begin() { # FILTER
	echo "$1" >$TRACE/events/kprobes/nfh_fail/filter && echo >$TRACE/trace && echo 1 >$TRACE/events/kprobes/nfh_fail/enable
}

trace_off() { echo 0 >$TRACE/events/kprobes/nfh_fail/enable; }

# The kernel puts a trace into words when it is read, which takes it a while.
trace_stop() {
	trace_off
	cp $TRACE/trace /tmp/trace
}

# One line "FAILED SITE ADDRESS" for each event of a task with the driver in its stack, in order. The kernel's tracking of objects
# (DEBUG_OBJECTS) fills its own reserve below whoever comes just then, and the stack that was given a frame has needs of its own:
# none of the driver's.
sites_of() { # TASK|.
	awk -v task="^$1" '/nfh_fail: / { failed = $NF; wanted = $1 ~ task; next }
		/^ => [a-z_]*(fill_pool|debug_object|napi_gro_|netif_receive_)/ { wanted = 0 }
		wanted && /^ => .*\[netfront_hardened\]/ {
			sub(/\/.*/, "", $2)
			gsub(/[<>]/, "", $NF)
			print substr(failed, 8) + 0, $2, $NF
			wanted = 0
		}' /tmp/trace
}

trace_end() {
	trace_stop
	sites_of .
}

# "ADDRESS N" for each failure that is worth it: the first time that a site allocates, and where it does so by the hundreds the last.
turns() {
	awk '{ n[$3]++ } END { for (s in n) { print s, 1; if (n[s] >= 100) print s, n[s] } }' "$1" | sort
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
has_failed() { grep -qx 0 "/proc/$1/fail-nth"; } # PID
