# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2016
# rules: what this driver forbids itself. Coccinelle where the meaning of the code matters, words where they are enough.

gates_rules() {
	gate "coccinelle can read every function" cocci_reads "$TREE"
	rejects "coccinelle: function that it cannot read" "nb bad = [1-9]" \
		cocci_reads "$(plant unread frame.c $'void bad(void)\n{\n\tif (\n}')"

	cocci_rule raw-ring
	cocci_rejects raw-ring "raw read of an index" ring.c "$(bad_c 'return ring->sring->rsp_prod;')"
	cocci_rejects raw-ring "raw READ_ONCE of a slot" ring.c "$(bad_c 'return READ_ONCE(ring->sring->ring[0].rsp.id);')"
	cocci_rejects raw-ring "ring page used in another file" tx.c "$(bad_c 'ring->sring->req_prod = 1;')"
	cocci_rejects raw-ring "macro of the Xen headers" ring.c "$(bad_c 'return RING_HAS_UNCONSUMED_RESPONSES(ring);')"

	cocci_rule double-fetch
	cocci_rejects double-fetch "two loads of a slot" ring.c "$BAD_TWICE"
	cocci_rejects double-fetch "load in a loop" ring.c \
		"$(bad_c $'while (!(__force u32)load32(&ring->sring->rsp_prod))\n\t\tcpu_relax();')"
	cocci_rejects double-fetch "two loads in one statement" ring.c \
		"$(bad_c 'return load32(&ring->sring->rsp_prod) == load32(&ring->sring->rsp_prod);')"

	cocci_rule crash
	cocci_rejects crash WARN_ON ring.c "$(bad_c 'WARN_ON(1);')"
	cocci_rejects crash "WARN_ONCE in a condition" rx.c "$(bad_c $'if (WARN_ONCE(1, "bad"))\n\t\treturn 1;')"
	cocci_rejects crash BUG_ON xenbus.c "$(bad_c 'BUG_ON(1);')"
	cocci_rejects crash netdev_WARN tx.c "$(bad_c 'netdev_WARN(NULL, "bad");')"
	cocci_rejects crash dev_WARN_ONCE xenbus.c "$(bad_c 'dev_WARN_ONCE(NULL, ring->nulls, "bad");')"

	cocci_rule grant
	cocci_rejects grant "grant table called by the pool" pool.c "$(bad_c 'gnttab_end_foreign_access(1, NULL);')"
	cocci_rejects grant "grant table called by the device" queue.c "$(bad_c 'return xenbus_grant_ring(NULL, NULL, 1, NULL);')"

	words_rules
	functions_rules
}

bad_c() { # BODY
	printf 'u32 bad(struct nfh_tx_ring *ring);\nu32 bad(struct nfh_tx_ring *ring)\n{\n\t%s\n\treturn 0;\n}' "$1"
}
BAD_TWICE=$(bad_c 'nfh_raw32_t raw = load32(&ring->sring->ring[ring->rsp_cons].rsp);

	if (raw == (__force nfh_raw32_t)1)
		return 1;
	raw = load32(&ring->sring->ring[ring->rsp_cons].rsp);')

# The sources of the driver proper. KUnit plays the backend and is left out.
driver_sources() { # DIR [PATTERN of names to leave out]
	(cd "$1" && printf '%s\n' *.c *.h) | grep -vE "\.mod\.c\$${2:+|$2}"
}

spatch_on() { # DIR OPTION... (files come from stdin)
	local dir=$1 files
	shift
	mapfile -t files
	[ ${#files[@]} -gt 10 ] || {
		echo "only ${#files[@]} files found"
		return 1
	}
	(cd "$dir" && spatch --macro-file "$CHECK/tools/cocci.h" "$@" "${files[@]}" 2>&1)
}

# What it cannot read it skips in silence. trust.h defines what the others only use, trace.h is all macro; neither has a function.
cocci_reads() { # DIR
	local out
	out=$(driver_sources "$1" '^tr(ust|ace)\.h$' | spatch_on "$1" --parse-c)
	grep -E '^NB total|^nb good' <<<"$out"
	grep -q 'nb bad = 0 ' <<<"$out" || {
		echo "$out"
		return 1
	}
}

# A rule marks lines; one marked line is a failure, and so is whatever else spatch says.
cocci() { # RULE DIR
	local out leave_out=''
	[ "$1" != grant ] || leave_out='^grant\.c$'
	out=$(driver_sources "$2" "$leave_out" | spatch_on "$2" --very-quiet --sp-file "$CHECK/cocci/$1.cocci") || {
		echo "spatch failed: $out"
		return 2
	}
	[ -z "$out" ] || {
		grep -E '^(---|@@|-)|rror' <<<"$out"
		return 1
	}
}

cocci_rule() { gate "coccinelle $1" cocci "$1" "$TREE"; }

cocci_rejects() { # RULE WHAT FILE LINES
	rejects "coccinelle $1: $2" "^-	" cocci "$1" "$(plant "cocci" "$3" "$4")"
}

words_rules() {
	gate "only compat.h knows kernel versions" words_version "$TREE"
	rejects "version test outside compat.h" "^tx.c:[0-9]+:" words_version "$(plant words tx.c '#if LINUX_VERSION_CODE < 1')"
	rejects "version test in a unit test" "^kunit/suites.c:[0-9]+:" words_version "$(plant words kunit/suites.c '#if LINUX_VERSION_CODE < 1')"

	gate "ring, grant, pool, frame, trust know no device" words_include "$TREE"
	rejects "nfh.h in the ring" "^ring.c:[0-9]+:" words_include "$(plant words ring.c '#include "nfh.h"')"
	rejects "net device in the pool" "^pool.h:[0-9]+:" words_include "$(plant words pool.h '#include <linux/netdevice.h>')"
	rejects "xenbus in the grants" "^grant.c:[0-9]+:" words_include "$(plant words grant.c '#include <xen/xenbus.h>')"

	gate "__force in ring.c and pool.c only" words_force "$TREE"
	rejects "__force in rx.c" "^rx.c:[0-9]+:" words_force "$(plant words rx.c '	return (__force u32)raw;')"
	rejects "__force in a header" "^ring.h:[0-9]+:" words_force "$(plant words ring.h '#define plain(x) ((__force u32)(x))')"
}

none_of() { # PATTERN DIR FILE...: prints where the pattern is
	local pattern=$1 status=0
	cd "$2" || return 2
	shift 2
	grep -HnE "$pattern" "$@" || status=$?
	[ "$status" = 1 ] # found nothing, and had no trouble
}

words_version() {
	local files
	mapfile -t files < <(driver_sources "$1" '^compat\.h$' && cd "$1" && printf '%s\n' kunit/*.[ch])
	none_of 'LINUX_VERSION_CODE|KERNEL_VERSION|<linux/version\.h>|RHEL_|UTS_RELEASE' "$1" "${files[@]}"
}

words_include() {
	none_of '^[[:space:]]*#[[:space:]]*include.*("nfh\.h"|"compat\.h"|netdevice\.h|skbuff\.h|xenbus\.h|etherdevice\.h|ethtool\.h|<net/)' "$1" \
		{ring,grant,pool,frame}.[ch] trust.h
}

words_force() {
	local files
	mapfile -t files < <(driver_sources "$1" '^(ring|pool)\.c$')
	none_of '__force|__attribute__.*address_space\(0\)|ACCESS_PRIVATE' "$1" "${files[@]}"
}

functions_rules() {
	gate "__force has its TRUST: comment" functions_check force "$TREE"
	rejects "__force without TRUST:" "^ring.c:[0-9]+: __force without" \
		functions_check force "$(plant functions ring.c "$(bad_c 'return (__force u32)raw;')")"
	gate "log lines have a rate limit" functions_check log "$TREE"
	rejects "netdev_warn() in the receive path" "nfh_rx_poll\(\) logs without" \
		functions_check log "$(mutate functions rx.c 's/(\nint nfh_rx_poll\([^{]*\{\n)/$1\tnetdev_warn(q->dev->netdev, "bad");\n/')"
	rejects "pr_err() in a function that transmit calls" "bad\(\) logs without" \
		functions_check log "$(mutate functions tx.c 's/(\nnetdev_tx_t nfh_start_xmit\([^{]*\{\n)/\nstatic void bad(void)\n{\n\tpr_err("bad");\n}\n$1\tbad();\n/')"
	rejects_log recover.c stall_work report_work take_fault
	rejects_log pool.c quarantine_retry
	rejects_log reattach.c has_moved no_change
	rejects_log devlink.c recover dump diagnose test nfh_devlink_healthy
	rejects "entry point that is not found any more" "adapt check/tools/functions" \
		functions_check log "$(mutate functions xenbus.c 's/\.otherend_changed = /.otherend_was_changed = /')"
	gate "length of functions" functions_check length "$TREE"
	rejects "function of 100 lines" "bad has 1[0-9]+ lines" \
		functions_check length "$(plant functions tx.c "$(bad_c "$(printf 'ring->nulls++;\n%.0s' {1..100})")")"
}

rejects_log() { # FILE FUNCTION...: each of them gets a log line
	local file=$1 name
	for name in "${@:2}"; do
		rejects "pr_warn() in $name()" "$name\(\) logs without" functions_check log \
			"$(mutate functions "$file" "s/(\n[a-z][^\n]*\b$name\([^;{]*\)\n\{\n)/\$1\tpr_warn(\"bad\");\n/")"
	done
}

functions_check() { # CHECK DIR
	local files
	mapfile -t files < <(driver_sources "$2")
	cd "$2" || return
	"$CHECK/tools/functions" "$1" "${files[@]}"
}
