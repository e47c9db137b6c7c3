# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2154,SC2034
# hoard: somebody else in the guest has taken all grants, or all event channels, that a connection needs.

exhausted() { # grants|ports
	local made
	log_begin
	must "it works before" works
	made=$(stat connections)
	must "netback lets go" backend_unbind
	must "its state is Closed" backend_write state 6
	must "pages and channels are given back" wait_for 20 nothing_held
	must "all $1 are taken" hoard "$1"
	must "netback takes the vif again" backend_bind
	must "the next connection cannot be made" wait_for 40 says 'the last connection could not be made'
	check "devlink calls it an error" health_is error
	sleep 8
	check "the log says so once" log_says_once 'making rings, pages, event channels'
	check "the interface goes down and up" bounce
	check "still none" connections_are "$made"
	hoard_end
	must "it connects by itself" wait_for 80 connections_above "$made"
	check "works" works
	check "no page is kept" wait_for 15 no_quarantine
	check "no violation counted" no_violations
}

hoard() { # grants|ports
	local module=xen-gntalloc
	[ "$1" = grants ] || module=xen-evtchn
	modprobe $module 2>/dev/null
	[ "$1" != grants ] || echo 40000 >/sys/module/xen_gntalloc/parameters/limit || return 1
	nfh-hoard "$1" 150 >/tmp/hoard 2>&1 &
	echo $! >/tmp/hoard.pid
	wait_for 40 grep -q took /tmp/hoard || { cat /tmp/hoard && return 1; }
	say "$(cat /tmp/hoard)"
}

hoard_end() {
	[ ! -e /tmp/hoard.pid ] || kill "$(cat /tmp/hoard.pid)"
	rm -f /tmp/hoard.pid
}

nothing_held() { no_carrier && no_pages; }
