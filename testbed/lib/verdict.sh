# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
# verdict: what counts as passed. Only an explicit word from the guest does; everything else is a failure.

RESULTS=()
PASSED=0 FAILED=0 SKIPPED=0

# A negative test (expect: fail REGEX) passes if the run was judged failed, and for the reason that was expected.
record() { # VERDICT TYPE KERNEL NAME SECONDS REASON
	local verdict=$1 expect reason=$6
	[ ! -e "$TB/scenarios/$4.sh" ] || expect=$(meta "$4" expect)
	[[ $4 != planted/* ]] || expect="fail $PLANTED_EXPECT"
	if [[ ${expect:-} == fail* && $verdict != skip ]]; then
		local pattern=${expect#fail} && pattern=${pattern# }
		if [ "$verdict" = fail ] && grep -qE -- "$pattern" <<<"$reason"; then
			verdict=pass reason="as expected: $reason"
		else
			verdict=fail reason="should have been judged failed with '$pattern', but was: $1 $reason"
		fi
	fi
	case $verdict in
	pass) PASSED=$((PASSED + 1)) ;;
	skip) SKIPPED=$((SKIPPED + 1)) ;;
	*) verdict=fail FAILED=$((FAILED + 1)) ;;
	esac
	RESULTS+=("$verdict|$2|$3|$4|$5|$reason")
	keep_result "$verdict" "$2" "$3" "$4" "$5" "$reason"
	say "$(printf '%s %s %s %s (%s s)%s' "${verdict^^}" "$2" "$3" "$4" "$5" "${reason:+: $reason}")"
	LAST_VERDICT=$verdict
}

# A guest of whose scenarios none failed must not have said a forbidden word between or after them either.
sweep_log() { # LOG TYPE KERNEL
	local bad
	local -a harmless=(-f "$TB/lib/harmless")
	! grep -q -E '\] nfh: begin (hostile|far)/' "$1" || harmless+=(-f "$TB/lib/harmless-hostile")
	bad=$(sed -n '/\] nfh: begin /,$p' "$1" | grep -E '^\[ *[0-9]+\.[0-9]+\]' | grep -v -E "${harmless[@]}" |
		grep -m 1 -E -f "$TB/lib/forbidden") || true
	[ -z "$bad" ] || record fail "$2" "$3" console 0 "forbidden word in the log: $bad ($1)"
}

# KTAP in a guest's log: "verdict suite/case" for every test case, and a failure for each plan that was not fulfilled.
ktap_cases() { # LOG
	sed -n -e '/\] nfh: begin coverage$/,/\] nfh: end coverage /d' -e 's/^\[ *[0-9.]*\] //p' "$1" | grep -v '^nfh: ' | awk '
		/^    # Subtest: /	{ suite = $3; planned = -1; seen = 0; next }
		/^    1\.\.[0-9]+$/	{ planned = substr($1, 4) + 0; next }
		/^    (not )?ok [0-9]+ /	{
			seen++
			verdict = $1 == "not" ? "fail" : /# SKIP/ ? "skip" : "pass"
			print verdict, suite "/" ($1 == "not" ? $4 : $3)
		}
		/^(not )?ok [0-9]+ / && suite != "" {
			if (seen != planned) print "fail", suite "/(plan: " planned ", seen: " seen ")"
			suite = ""
		}
		END { if (suite != "") print "fail", suite "/(suite never ended)" }'
}

record_ktap() { # LOG TYPE KERNEL
	local verdict name before=$PASSED
	while read -r verdict name; do record "$verdict" "$2" "$3" "kunit:$name" 0 ''; done < <(ktap_cases "$1")
	[ "$PASSED" -gt "$before" ] || record fail "$2" "$3" kunit 0 "no KUnit case passed"
}

# A suite that counted for itself: its counts are added to ours, and its words must agree with its exit status.
record_suite() { # NAME STATUS SECONDS LAST-LINE LOG
	local passed failed
	if [[ $4 =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]]; then
		passed=${BASH_REMATCH[1]} failed=${BASH_REMATCH[2]}
		if [ "$2" = 0 ] && [ "$failed" = 0 ] && [ "$passed" -gt 0 ]; then
			record pass host - "$1" "$3" "$4"
			PASSED=$((PASSED + passed - 1))
			return
		fi
	fi
	record fail host - "$1" "$3" "status $2: $4 (log: $5)"
	[ "${failed:-0}" = 0 ] || FAILED=$((FAILED + failed - 1))
	PASSED=$((PASSED + ${passed:-0}))
}

# What the suites reached, and that the gate can fail: nothing reaches 101 %, and without counters nothing is reached.
record_coverage() { # LOG TYPE KERNEL
	local dir=$LOGS/coverage verdict rest
	mkdir -p "$dir"
	cp -r "${MODULE_DIR[$3]}/gcno/." "$dir"
	sed -n 's/.*\] nfh:   gcda \([^ ]*\) .*/\1/p' "$1" | sort -u >"$dir/names"
	while read -r rest; do
		sed -n "s/.*\\] nfh:   gcda $rest //p" "$1" | base64 -d | gunzip >"$dir/$rest" || record fail "$2" "$3" "coverage:$rest" 0 "damaged on its way"
	done <"$dir/names"
	"$TB/coverage/judge" "$dir" >"$dir/verdicts" 2>"$dir/judge.log" || true
	while read -r verdict rest; do record "${verdict%ed}" "$2" "$3" "coverage:${rest%%:*}" 0 "${rest#*: }"; done <"$dir/verdicts"
	[ -s "$dir/verdicts" ] || record fail "$2" "$3" coverage 0 "no verdict (log: $dir/judge.log)"
	never_passes "$2" "$3" "a gate that wants 101 %" "$TB/coverage/judge" "$dir" 101 101
	never_passes "$2" "$3" "a gate without counters" "$TB/coverage/judge" "$dir/none"
}

# A negative test on the host: the command must fail, and call nothing passed.
never_passes() { # TYPE KERNEL NAME COMMAND...
	local out
	if out=$("${@:4}" 2>/dev/null) || [ -z "$out" ] || grep -q '^passed' <<<"$out"; then
		record fail "$1" "$2" "coverage:$3" 0 "did not fail"
	else
		record pass "$1" "$2" "coverage:$3" 0 "as expected: $(wc -l <<<"$out") failed"
	fi
}

table() {
	local r verdict type kernel name seconds reason
	printf '\n%-5s %-4s %-6s %-32s %8s  %s\n' result type kernel test seconds remark
	for r in "${RESULTS[@]}"; do
		IFS='|' read -r verdict type kernel name seconds reason <<<"$r"
		printf '%-6s %-4s %-6s %-32s %8s  %s\n' "${verdict^^}" "$type" "$kernel" "$name" "$seconds" "$reason"
	done
	echo
}

# The plain last line. True only if something passed and nothing failed.
summary() {
	echo "$PASSED passed, $FAILED failed$([ "$SKIPPED" = 0 ] || echo ", $SKIPPED skipped")"
	[ "$FAILED" = 0 ] && [ "$PASSED" -gt 0 ]
}
