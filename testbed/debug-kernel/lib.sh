# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# What `source` and `build` share: progress, refusal, and the atomic cache entry. Nothing in here
# changes the content of an entry, so this file is not part of any entry's key.

SECONDS=0
cache=${XDG_CACHE_HOME:-$HOME/.cache}/netfront-hardened
scratch=
job=

# Progress goes to stderr: stdout carries nothing but the directory.
say()
{
	printf '[%4d s] %s\n' "$SECONDS" "$*" >&2
}

die()
{
	printf '%s: %s\n' "${0##*/}" "$*" >&2
	exit 1
}

# Ends what this process started (the whole process group, or compilers would go on writing) and
# removes what it had half built.
cleanup()
{
	local tries=100
	if [ -n "$job" ]; then
		kill -- "-$job" 2>/dev/null || true
		while kill -0 -- "-$job" 2>/dev/null && [ "$tries" -gt 0 ]; do
			sleep 0.1
			tries=$((tries - 1))
		done
	fi
	[ -z "$scratch" ] || rm -rf -- "$scratch"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# need COMMAND:PACKAGE... /HEADER:PACKAGE...: one line names every package that is missing.
need()
{
	local want thing missing=()
	PATH=$PATH:/usr/sbin:/sbin
	for want; do
		thing=${want%%:*}
		[ -e "$thing" ] || command -v "$thing" >/dev/null || missing+=("${want##*:}")
	done
	[ ${#missing[@]} -eq 0 ] ||
		die "packages are missing: run 'apt-get install --no-install-recommends ${missing[*]}' as root"
}

# The kernel's make refuses a path with a blank or a colon, much later and less clearly.
cache_open()
{
	case $cache in
	*[[:space:]:]*) die "the cache directory '$cache' has a blank or a colon in its name, which the kernel's make refuses: set XDG_CACHE_HOME to another directory" ;;
	/*) ;;
	*) die "the cache directory '$cache' is not an absolute path: set XDG_CACHE_HOME to one" ;;
	esac
	mkdir -p -- "$cache/locks" 2>/dev/null || true
	[ -w "$cache/locks" ] ||
		die "cannot write to the cache directory '$cache': set XDG_CACHE_HOME to a directory that is yours"
}

need_space()
{
	local mib
	mib=$(df -Pm -- "$cache" | awk 'NR == 2 { print $4 }')
	[ "$mib" -ge "$1" ] ||
		die "the disk of '$cache' has $mib MiB free, $1 MiB are needed: make room or set XDG_CACHE_HOME to another disk"
}

# entry_begin NAME: returns 1 when the entry is there already; else holds its lock and has made the
# empty directory $scratch/entry. Leftovers of a killed run can only be removed under the lock: the
# children of a killed run inherit it, so they cannot be still at work.
entry_begin()
{
	[ ! -d "$cache/$1" ] || return 1
	exec {entry_lock}>"$cache/locks/$1"
	until flock -w 10 "$entry_lock"; do
		say "$1: another run is making it, waiting"
	done
	[ ! -d "$cache/$1" ] || return 1
	rm -rf -- "$cache/tmp.$1".*
	scratch=$(mktemp -d -- "$cache/tmp.$1.XXXXXX") || die "cannot make a directory in '$cache'"
	chmod 755 -- "$scratch"
	mkdir -- "$scratch/entry" || die "cannot make a directory in '$scratch'"
}

# entry_end NAME: the only place where an entry appears, whole, by one rename.
entry_end()
{
	mv -T -- "$scratch/entry" "$cache/$1"
	rm -rf -- "$scratch"
	scratch=
}

# logged LOG WHAT COMMAND...: runs COMMAND with its output appended to LOG, says every 10 s how far
# it is, and on failure shows the end of LOG.
logged()
{
	local log=$1 what=$2 next=$((SECONDS + 10)) rc=0
	shift 2
	say "$what"
	set -m # a process group of its own, see cleanup
	"$@" </dev/null >>"$log" 2>&1 &
	job=$!
	set +m
	while kill -0 "$job" 2>/dev/null; do
		sleep 0.5
		[ "$SECONDS" -ge "$next" ] || continue
		say "$what: $(how_far "$log")"
		next=$((SECONDS + 10))
	done
	wait "$job" || rc=$?
	job=
	[ "$rc" -eq 0 ] || failed "$log" "$what"
}

how_far()
{
	awk '/^  (CC|AS|LD|AR|HOSTCC)/ { n++; last = $NF } END { if (n) printf "%d steps, now %s", n, last; else printf "at work" }' "$1"
}

# The log outlives the scratch directory, so that a failure can be looked into.
failed()
{
	local kept=$cache/failed.${0##*/}.log
	cp -- "$1" "$kept"
	tail -n 25 -- "$1" >&2
	die "$2: failed, see the lines above; the whole log is $kept"
}
