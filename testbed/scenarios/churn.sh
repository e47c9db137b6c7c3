# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2154,SC2034
# summary: four queues on four vCPUs: up and down, reload, detach and offload switches under traffic from several flows
# queues: 4
# vcpus: 4
# timeout: 240
# kernels: 6.12
# types: pv
# groups: functional
MAC=$(cat "/sys/class/net/$IFACE/address")

scenario() {
	must "load from dom0" far_load_begin
	must "load to dom0" load_begin
	check "20 times down and up" updown 20
	check "5 times TSO, SG and GRO off and on" switches 5
	check "3 times reload" reload 3
	check "no violation counted so far" no_violations
	must "xl network-detach" dom0 'xl network-detach $DOMNAME 0'
	must "the interface is gone" wait_for 20 gone
	must "xl network-attach" attach
	must "the interface is back" wait_for 20 present
	must "the interface comes up" net_up
	must "and answers" wait_for 20 ping -q -c 1 -W 1 "$DOM0_4"
	check "the load was intact and went through" load_end
	check "the load from dom0 was intact and went through" far_load_end
	all_queues_carry
}

cleanup() {
	traffic_ends
	present || attach
}

updown() {
	local n
	for n in $(seq "$1"); do
		ip link set "$IFACE" down && ip link set "$IFACE" up || return 1
		[ $((n % 10)) != 0 ] || wait_for 10 ping -q -c 1 -W 1 "$DOM0_4" || { echo "no answer after cycle $n" && return 1; }
	done
}

switches() {
	local n
	for n in $(seq "$1"); do
		ethtool -K "$IFACE" tso off sg off gro off && ethtool -K "$IFACE" sg on tso on gro on || return 1
	done
	wait_for 10 ping -q -c 1 -W 1 "$DOM0_4"
}

reload() {
	local n
	for n in $(seq "$1"); do no_violations && driver_unload && driver_load && net_up || return 1; done
	wait_for 10 ping -q -c 1 -W 1 "$DOM0_4"
}
