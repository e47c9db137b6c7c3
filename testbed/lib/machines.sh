# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
# machines: a plan that is run by several emulated machines beside each other, for hosts with cores to spare. On two cores it is
# no gain: one machine alone has use for both while traffic runs, and a CPU of Xen's that waits for another one spins.

MACHINES=${MACHINES:-1}
MACHINE_PIDS=()

# What a guest of the plan takes, in tenths of a second on an idle machine; a guess, only the order matters.
weight_of() { # PLAN-LINE
	local kernel job sum=300 jobs
	read -r _ kernel _ _ _ _ jobs <<<"$1"
	for job in $jobs; do
		case $job in
		*/*) sum=$((sum + 20 + 10 * ${job##*:})) ;;
		kunit:* | coverage:*) sum=$((sum + 600)) ;;
		*) sum=$((sum + 90)) ;;
		esac
	done
	[ "$kernel" != debug ] || sum=$((sum * 2))
	echo "$sum"
}

# Deals the plan out: the heaviest guest first, to the machine that has least. Sets SHARES: the numbers of each one's lines.
deal_plan() { # MACHINES
	local m least n weight
	local -a load=()
	SHARES=()
	for ((m = 0; m < $1; m++)); do load[m]=0 SHARES[m]=''; done
	while read -r weight n; do
		least=0
		for ((m = 1; m < $1; m++)); do [ "${load[m]}" -ge "${load[least]}" ] || least=$m; done
		load[least]=$((load[least] + weight)) SHARES[least]+=" $n"
	done < <(for n in "${!PLAN[@]}"; do echo "$(weight_of "${PLAN[n]}") $n"; done | sort -k1,1nr -k2,2n)
}

# The part of the plan that one machine gets, in the order of the plan, numbered anew.
take_share() { # NUMBER...
	local n
	local -a share=()
	for n in $(printf '%s\n' "$@" | sort -n); do share+=("${#share[@]} ${PLAN[n]#* }"); done
	PLAN=("${share[@]}")
}

# Runs the plan on up to MACHINES machines; verdicts are those of all.
run_plan_beside() {
	local m count room
	room=$(($(free_memory) / (MACHINE_MB + 300)))
	count=$(printf '%s\n' "$MACHINES" "${#PLAN[@]}" "$room" | sort -n | head -n 1)
	if [ "$count" -le 1 ]; then
		run_plan
		return
	fi
	say "$count machines beside each other"
	deal_plan "$count"
	for ((m = 0; m < count; m++)); do
		machine "$m" "${SHARES[m]}" &
		MACHINE_PIDS+=($!)
	done
	for ((m = 0; m < count; m++)); do
		wait "${MACHINE_PIDS[m]}" || true
		add_verdicts "$m" "$RUN/verdicts-$m"
	done
	MACHINE_PIDS=()
}

# One of them, in a shell of its own.
machine() { # NUMBER SHARE
	local verdicts=$RUN/verdicts-$1 dir=$RUN/machine-$1 what
	trap qemu_stop EXIT
	trap 'exit 1' TERM
	SAID_BY=" $1:"
	mkdir "$dir" "$LOGS/machine-$1"
	for what in hostile bench; do [ ! -e "$RUN/$what" ] || ln -s "../$what" "$dir/$what"; done
	RUN=$dir LOGS=$LOGS/machine-$1
	RESULTS=() PASSED=0 FAILED=0 SKIPPED=0
	# shellcheck disable=SC2086
	take_share $2
	run_plan
	{ echo "$PASSED $FAILED $SKIPPED" && printf '%s\n' "${RESULTS[@]}"; } >"$verdicts.new"
	mv "$verdicts.new" "$verdicts"
}

# A machine that left nothing behind has failed.
add_verdicts() { # MACHINE FILE
	local passed failed skipped line
	if [ ! -s "$2" ]; then
		record fail host - "machine $1" 0 "ended without verdicts"
		return
	fi
	{
		read -r passed failed skipped
		while IFS= read -r line; do [ -z "$line" ] || RESULTS+=("$line"); done
	} <"$2"
	PASSED=$((PASSED + passed)) FAILED=$((FAILED + failed)) SKIPPED=$((SKIPPED + skipped))
}

machines_stop() {
	local pid
	for pid in "${MACHINE_PIDS[@]}"; do
		kill "$pid" 2>/dev/null || true
		wait "$pid" || true
	done
}
