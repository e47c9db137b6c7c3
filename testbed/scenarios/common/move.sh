# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2154
# move: the guest goes on as another domain (dom0's nfh-move), under traffic.

moves() { # [migrate]
	local index domid
	index=$(cat "/sys/class/net/$IFACE/ifindex")
	domid=$(dom0 'echo $DOMID')
	must "load to dom0" load_begin
	must "the move begins" dom0 "setsid nfh-move $* </dev/null >/run/nfh/move.log 2>&1 & true"
	must "a new connection" wait_for 150 connections_above 1
	sleep 5 # dom0 has to find the guest again
	must "it is another domain" dom0 "test \$DOMID != $domid"
	check "works" works 60
	check "it is the same interface" test "$index" = "$(cat "/sys/class/net/$IFACE/ifindex")"
	check "the load was intact and went through" load_end
	check "no page is kept" wait_for 15 no_quarantine
	check "no violation counted" no_violations
}

# For cleanup()
moves_end() {
	traffic_ends
	dom0 'cat /run/nfh/move.log'
}
