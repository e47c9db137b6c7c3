# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2154,SC2034
# summary: three vifs: one of them faults and another goes, the rest does not notice
# timeout: 240
# groups: lifecycle lifecycle-short
scenario() {
	must "load to dom0" load_begin
	must "two more vifs" dom0 'xl network-attach $DOMNAME bridge=xenbr0 && xl network-attach $DOMNAME bridge=xenbr0'
	must "eth1 is there" wait_for 20 test -e /sys/class/net/eth1
	must "eth2 is there" wait_for 20 test -e /sys/class/net/eth2
	must "both up" both_up
	must "carrier on eth1" wait_for 20 carrier_of eth1
	must "carrier on eth2" wait_for 20 carrier_of eth2
	must "eth1 faults" devlink health test xen/vif-1 reporter backend
	must "eth2 goes" dom0 'xl network-detach $DOMNAME 2'
	must "eth2 is gone" wait_for 20 test ! -e /sys/class/net/eth2
	must "eth1 comes back" wait_for 20 came_back
	check "eth0 had one connection" connections_are 1
	check "eth0 works" works
	must "eth1 goes" dom0 'xl network-detach $DOMNAME 1'
	check "the load was intact and went through" load_end
	check "no violation on eth0" no_violations
}

cleanup() {
	traffic_ends
	dom0 'xl network-detach $DOMNAME 1; xl network-detach $DOMNAME 2; true'
}

both_up() { ip link set eth1 up && ip link set eth2 up; }
carrier_of() { [ "$(cat "/sys/class/net/$1/carrier")" = 1 ]; }
came_back() { [ "$(ethtool -S eth1 | sed -n 's/^ *connections: *//p')" = 2 ] && carrier_of eth1; }
