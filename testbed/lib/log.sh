# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# log: what the user sees. Every line of progress carries the time since the command began.

now_ms() { local t=$EPOCHREALTIME; echo $((${t%[.,]*} * 1000 + 10#${t#*[.,]} / 1000)); }
START_MS=$(now_ms)

# seconds since the moment $1 (milliseconds), one decimal
since() { local d=$(($(now_ms) - $1)); echo "$((d / 1000)).$((d % 1000 / 100))"; }
say() { printf '[%6ss] %s\n' "$(since "$START_MS")" "$*"; }
warn() { printf 'nfh-testbed: note: %s\n' "$*" >&2; }
die() {
	printf 'nfh-testbed: %s\n' "$*" >&2
	exit 1
}

# Fails with the reason that df sees, before a half-written file does it.
need_space() { # DIR MEGABYTES
	local free
	free=$(df -Pm "$1" | awk 'NR == 2 { print $4 }')
	[ "$free" -ge "$2" ] || die "not enough disk: $1 has $free MB free, $2 MB are needed; free some or set XDG_CACHE_HOME"
}

need_memory() { # MEGABYTES
	local free
	free=$(awk '$1 == "MemAvailable:" { print int($2 / 1024) }' /proc/meminfo)
	[ "$free" -ge "$1" ] || die "not enough memory: $free MB are available, the emulated machine needs $1 MB"
}

# Runs a long step with its output in a log; when it fails, shows the tail of it.
step() { # LOGNAME WHAT CMD...
	local log=$LOGS/$1.log what=$2 t
	shift 2
	t=$(now_ms)
	say "$what ..."
	"$@" >"$log" 2>&1 & # as a job of its own: inside an "if" bash would ignore set -e
	if ! wait $!; then
		tail -n 15 "$log" | sed 's/^/    /' >&2
		die "$what: failed (whole log: $log)"
	fi
	say "$what: done ($(since "$t") s)"
}
