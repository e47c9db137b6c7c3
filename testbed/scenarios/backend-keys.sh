# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2154,SC2034
# summary: keys of the backend that are missing or make no sense: refused and counted, and forgotten when they are right
# timeout: 240
# groups: lifecycle lifecycle-short
scenario() {
	local v
	for v in 0 4294967296 -1 4x ''; do
		must "multi-queue-max-queues '$v'" backend_write multi-queue-max-queues "$v"
		must "again ($v)" again
		check "works ($v)" works
		check "it was counted ($v)" test "$(stat drop_xenstore_value)" -ge 1
	done
	must "multi-queue-max-queues 65535" backend_write multi-queue-max-queues 65535
	must "again" again
	check "works" works
	check "that is a number like any other" no_violations
	must "multi-queue-max-queues is right again" backend_write multi-queue-max-queues 4
	must "feature-rx-copy is missing" dom0 "xenstore-rm $BACKEND/feature-rx-copy"
	must "unbind" write vif-0 "$BUS/unbind"
	must "bind" write vif-0 "$BUS/bind"
	must "the interface is there" wait_for 20 present
	must "up" ip link set "$IFACE" up
	sleep 4
	check "without carrier" no_carrier
	check "devlink says why" says 'could not be made'
	check "one line in the log" test "$(dmesg | grep -c 'does not offer feature-rx-copy')" = 1
	must "feature-rx-copy is back" backend_write feature-rx-copy 1
	must "the interface comes up by itself" net_up
	check "works" works 60
}

BUS=/sys/bus/xen/drivers/netfront_hardened

cleanup() {
	backend_write multi-queue-max-queues 4
	backend_write feature-rx-copy 1
	[ -e $BUS/vif-0 ] || write vif-0 "$BUS/bind"
}

write() { echo "$1" >"$2"; }
again() { write vif-0 "$BUS/unbind" && write vif-0 "$BUS/bind" && wait_for 20 present && net_up; }
