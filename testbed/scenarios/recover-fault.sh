# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2154,SC2034
# summary: a fault under traffic: the device connects again by itself, with all settings, and devlink has seen it
# timeout: 240
# groups: lifecycle lifecycle-short
scenario() {
	local index
	index=$(cat "/sys/class/net/$IFACE/ifindex")
	must "mtu 1400" mtu_near 1400
	must "tso off" feature_set tcp-segmentation-offload off
	check "healthy before" health_is healthy
	check "one connection" connections_are 1
	must "load to dom0" load_begin
	must "a fault" fault
	must "it connects again" wait_for 20 connections_are 2
	check "and works" works
	check "the load was intact and went through" load_end
	check "it is the same interface" test "$index" = "$(cat "/sys/class/net/$IFACE/ifindex")"
	check "mtu is still 1400" mtu_is 1400
	check "tso is still off" feature_is tcp-segmentation-offload off
	check "fault_test is 1" test "$(stat fault_test)" = 1
	check "healthy again" wait_for 5 health_is healthy
	check "one error, one recovery" reports 1 1
	check "the dump has the reason" dumped
	check "no page is kept" wait_for 15 no_quarantine
	reporter show
	reporter diagnose
	dump show
	check "devlink forgets the dump" dump clear
}

cleanup() {
	traffic_ends
	ethtool -K "$IFACE" tso on
	mtu_near 1500
}

reports() { reporter show | grep -q "error $1 recover $2 " || { reporter show && return 1; }; }
dumped() { dump show | grep -q 'reason: test'; }
