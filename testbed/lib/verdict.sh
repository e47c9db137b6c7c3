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
	say "$(printf '%s %s %s %s (%s s)%s' "${verdict^^}" "$2" "$3" "$4" "$5" "${reason:+: $reason}")"
	LAST_VERDICT=$verdict
}

# A guest whose scenarios all passed must not have said a forbidden word between or after them either.
sweep_log() { # LOG TYPE KERNEL
	local bad
	local -a harmless=(-f "$TB/lib/harmless")
	! grep -q '\] nfh: begin hostile/' "$1" || harmless+=(-f "$TB/lib/harmless-hostile")
	bad=$(sed -n '/\] nfh: begin /,$p' "$1" | grep -E '^\[ *[0-9]+\.[0-9]+\]' | grep -v -E "${harmless[@]}" |
		grep -m 1 -E -f "$TB/lib/forbidden") || true
	[ -z "$bad" ] || record fail "$2" "$3" console 0 "forbidden word in the log: $bad ($1)"
}

# KTAP in a guest's log: "verdict suite/case" for every test case, and a failure for each plan that was not fulfilled.
ktap_cases() { # LOG
	sed -n 's/^\[ *[0-9.]*\] //p' "$1" | grep -v '^nfh: ' | awk '
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
