# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2154
# summary: datagrams larger than the MTU come back intact out of their fragments, v4 and v6, at several MTUs
# groups: functional
scenario() {
	check "v4 fragments at MTU 1500" peer udp "$DOM0_4" 1473-1500 2949-2980 4000-30000/1999 65507
	check "v6 fragments at MTU 1500" peer udp "$DOM0_6" 1453-1500 2890-2920 4000-30000/1999 65000
	check "ping v4 with 20000 bytes" answers -s 20000 "$DOM0_4"
	check "ping v6 with 20000 bytes" answers -6 -s 20000 "$DOM0_6"
	check "ping v4 with 20000 bytes from dom0" dom0 "ping -q -c 3 -i 0.2 -W 3 -s 20000 $GUEST4"
	check "ping v6 with 20000 bytes from dom0" dom0 "ping -6 -q -c 3 -i 0.2 -W 3 -s 20000 $GUEST6"

	must "MTU 1280 at both ends" mtu_everywhere 1280
	check "v4 fragments at MTU 1280" peer udp "$DOM0_4" 1253-1280 5000 65507
	check "v6 fragments at MTU 1280" peer udp "$DOM0_6" 1233-1280 5000 65000
	must "MTU 576 for the guest" mtu_near 576
	check "v4 fragments at MTU 576" peer udp "$DOM0_4" 549-600 5000 20000
	must "MTU 9000 at both ends" mtu_everywhere 9000
	check "v4 fragments at MTU 9000" peer udp "$DOM0_4" 8973-9000 30000 65507
	check "v6 fragments at MTU 9000" peer udp "$DOM0_6" 8953-9000 30000 65000
	check "no datagram was given up" test "$(snmp Ip ReasmFails)" = 0
	check "no violation counted" no_violations
}

cleanup() { mtu_everywhere 1500; }
