# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2154
# summary: xl migrate to the same host, under traffic: the same interface goes on
# timeout: 240
# kernels: 6.1 6.12
# types: pvh
# groups: migrate
# In a group of its own, which nothing runs: a PVH guest was suspended and was heard again as another domain, but then hung
# (not understood yet), and its console went to a file of another name. Xen has to follow the guest's writes; for PV
# guests that takes shadow paging, which Debian's Xen 4.17 is built without:
# "Failed to enable logdirty: 95" (EOPNOTSUPP).
scenario() {
	local index
	index=$(cat "/sys/class/net/$IFACE/ifindex")
	must "load to dom0" load_begin
	must "migration begins" dom0 'setsid nfh-move migrate </dev/null >/run/nfh/move.log 2>&1 & true'
	must "a new connection" wait_for 150 connections_above 1
	sleep 5 # dom0 has to find the guest again
	must "it is another domain" dom0 "test \$DOMID != $DOMID_BEFORE"
	check "works" works 60
	check "it is the same interface" test "$index" = "$(cat "/sys/class/net/$IFACE/ifindex")"
	check "the load was intact and went through" load_end
	check "no page is kept" wait_for 15 no_quarantine
	check "no violation counted" no_violations
}

cleanup() {
	traffic_ends
	dom0 'cat /run/nfh/move.log'
}

DOMID_BEFORE=$(dom0 'echo $DOMID')
