# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# report: a gate's verdict. A gate is a command that prints what it dislikes and then fails.

PASSED=0 FAILED=0 SERIAL=0

verdict() { # PASS|FAIL NAME SINCE
	if [ "$1" = PASS ]; then PASSED=$((PASSED + 1)); else FAILED=$((FAILED + 1)); fi
	say "$1 $2 ($(since "$3") s)"
}

# Runs the command as a job of its own (inside an "if" bash would ignore set -e); the output goes to $LOG, the status to $STATUS.
run_logged() { # NAME COMMAND...
	local name=$1
	shift
	SERIAL=$((SERIAL + 1))
	LOG=$LOGS/$(printf '%03d' $SERIAL)-${name//[^A-Za-z0-9.]/-}.log
	STATUS=0
	"$@" >"$LOG" 2>&1 </dev/null &
	wait $! || STATUS=$?
}

show_log() { tail -n 15 "$LOG" | sed 's/^/    | /' && echo "    whole log: $LOG"; }

gate() { # NAME COMMAND...
	local t
	t=$(now_ms)
	run_logged "$@"
	if [ "$STATUS" = 0 ]; then
		verdict PASS "$1" "$t"
		sed -n 's/^remark: /    /p' "$LOG"
	else
		verdict FAIL "$1" "$t"
		show_log
	fi
}

# The gate must fail, and what it says must match the regex.
rejects() { # NAME REGEX COMMAND...
	local t name="rejects $1" regex=$2
	t=$(now_ms)
	shift 2
	run_logged "$name" "$@"
	if [ "$STATUS" != 0 ] && grep -aqE -- "$regex" "$LOG"; then
		verdict PASS "$name" "$t"
	else
		verdict FAIL "$name" "$t"
		echo "    the gate is blind: status $STATUS, and nothing in its output matches '$regex'"
		show_log
	fi
}

summary() {
	echo "$PASSED passed, $FAILED failed"
	[ "$FAILED" = 0 ] && [ "$PASSED" -gt 0 ]
}
