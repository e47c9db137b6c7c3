# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2154
# summary: the interface goes down and up 200 times under traffic from both sides and works afterwards
# timeout: 180
# groups: functional
CYCLES=200

scenario() {
	must "load from dom0" far_load_begin
	must "load to dom0" load_begin --min-echoes 200
	check "$CYCLES times down and up" cycles
	check "the load was intact and went through" load_end
	check "the load from dom0 was intact and went through" far_load_end
	check "the IPv6 address comes back" ip addr replace "$GUEST6/64" dev "$IFACE" nodad
	check "ping v4" answers "$DOM0_4"
	check "ping v6" answers "$DOM0_6"
	check "traffic intact" intact
	check "iperf3" iperf -n 8M
	check "iperf3 from dom0" iperf -n 8M -R
	check "no violation counted" no_violations
}

cleanup() { traffic_ends; }

# Four cycles as fast as they go, one with pauses in which traffic flows; now and then it has to prove that it is up.
cycles() {
	local n=0
	printf "link set $IFACE down\nlink set $IFACE up\n%.0s" 1 2 3 4 >/tmp/cycles
	while [ "$n" -lt "$CYCLES" ]; do
		n=$((n + 5))
		ip -batch /tmp/cycles && ip link set "$IFACE" down || return 1
		usleep 10000
		ip link set "$IFACE" up || return 1
		usleep 50000
		[ $((n % 20)) != 0 ] || wait_for 10 ping -q -c 1 -W 1 "$DOM0_4" || { echo "no answer after cycle $n" && return 1; }
		[ $((n % 50)) != 0 ] || say "$n cycles"
	done
}
