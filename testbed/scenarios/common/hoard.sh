# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2154,SC2034
# hoard: somebody else in the guest has taken all grants, or all event channels, that a connection needs.

# First there is none, then too few by and by: RELEASE... are given back, one after the other, and it is still not enough.
exhausted() { # grants|ports RELEASE...
	local made n what=$1
	shift
	log_begin
	must "it works before" works
	made=$(stat connections)
	must "netback lets go" backend_unbind
	must "its state is Closed" backend_write state 6
	must "pages and channels are given back" wait_for 20 nothing_held
	must "all $what are taken" hoard "$what" "$@"
	must "netback takes the vif again" backend_bind
	must "the next connection cannot be made" wait_for 40 says 'the last connection could not be made'
	check "devlink calls it an error" health_is error
	sleep 8
	check "the log says so once" log_says_once 'making rings, pages, event channels'
	check "the interface goes down and up" bounce
	check "still none" connections_are "$made"
	for n in "$@"; do check "$n more are too few, and given back" too_few "$made"; done
	hoard_end
	must "it connects by itself" wait_for 80 connections_above "$made"
	check "works" works
	check "no page is kept" wait_for 15 no_quarantine
	check "no violation counted" no_violations
}

hoard() { # grants|ports RELEASE...
	local what=$1 module=xen-gntalloc
	shift
	[ "$what" = grants ] || module=xen-evtchn
	modprobe $module 2>/dev/null
	[ "$what" != grants ] || echo 40000 >/sys/module/xen_gntalloc/parameters/limit || return 1
	nfh-hoard "$what" 240 "$@" >/tmp/hoard 2>&1 &
	echo $! >/tmp/hoard.pid
	wait_for 120 grep -q took /tmp/hoard || { cat /tmp/hoard && return 1; }
	say "$(cat /tmp/hoard)"
}

# The next ones are released, and the operator asks for a connection: it fails at a later place than before.
too_few() { # CONNECTIONS
	local before
	before=$(grep -c released /tmp/hoard)
	kill -USR1 "$(cat /tmp/hoard.pid)"
	wait_for 10 released_after "$before" || { cat /tmp/hoard && return 1; }
	reporter recover
	sleep 3
	connections_are "$1" && says 'the last connection could not be made' && wait_for 10 no_pages
}
released_after() { [ "$(grep -c released /tmp/hoard)" -gt "$1" ]; } # COUNT

hoard_end() {
	[ ! -e /tmp/hoard.pid ] || kill "$(cat /tmp/hoard.pid)"
	rm -f /tmp/hoard.pid
}

nothing_held() { no_carrier && no_pages; }
