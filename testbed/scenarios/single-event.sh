# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2154,SC2034
# summary: a backend that does not split event channels gets one for both directions, and traffic is as good
# kernels: 6.12
# groups: functional
MAC=$(cat "/sys/class/net/$IFACE/address")
SPLIT=/sys/module/xen_netback/parameters/separate_tx_rx_irq

scenario() {
	[ "$DRIVER" = ours ] || skip "only with our driver: the interrupts of stock have other names"
	check "two channels with an ordinary backend" channels rx tx
	must "the backend stops to split them" dom0 "echo N >$SPLIT"
	must "a new vif" reattach
	check "one channel now" channels txrx
	check "traffic intact" intact
	check "TCP to dom0" iperf -n 5M
	check "TCP from dom0" iperf -n 5M -R
	check "no violation counted" no_violations
}

cleanup() {
	dom0 "echo Y >$SPLIT"
	reattach
}

# The interrupts of queue 0 are these and no others.
channels() {
	grep -o 'vif-0-q0-.*' /proc/interrupts
	[ "$(grep -c 'vif-0-q0-' /proc/interrupts)" = $# ] || return 1
	while [ $# -gt 0 ]; do
		grep -q "vif-0-q0-$1\$" /proc/interrupts || return 1
		shift
	done
}

reattach() {
	dom0 'xl network-detach $DOMNAME 0' && wait_for 20 gone && attach && wait_for 20 present && net_up
}
