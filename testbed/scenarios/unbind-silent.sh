# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2154,SC2034
# summary: the driver is unbound while the backend answers nothing: unbinding does not wait, the pages come back
# timeout: 180
# groups: lifecycle lifecycle-short
BUS=/sys/bus/xen/drivers/netfront_hardened

scenario() {
	local before start
	before=$(in_use)
	must "netback lets go" backend_unbind
	start=$(uptime_s)
	must "unbind" write vif-0 "$BUS/unbind"
	check "it took less than 3 s" test $(($(uptime_s) - start)) -lt 3
	check "the pages wait for the backend" test "$(in_use)" -gt 500
	check "and come back after a while" wait_for 15 in_use_is $((before - 514))
	must "bind" write vif-0 "$BUS/bind"
	must "netback takes it again" backend_bind
	must "the interface comes up" net_up
	check "works" works 60
	check "no violation counted" no_violations
}

cleanup() {
	[ -e $BUS/vif-0 ] || write vif-0 "$BUS/bind"
	backend_restore
}

write() { echo "$1" >"$2"; }
