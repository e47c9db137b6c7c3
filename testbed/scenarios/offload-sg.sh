# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2154
# summary: scatter-gather on and off: the switch works and takes TSO along, frames and streams are intact
# groups: functional
scenario() {
	check "SG off" feature_set tx-scatter-gather off
	check "TSO v4 went with it" feature_is tx-tcp-segmentation off
	check "TSO v6 went with it" feature_is tx-tcp6-segmentation off
	check "segments leave the guest one by one" mean_below 1600 to-dom0 iperf -n 10M
	check "frames without SG" frames 60 1514 3
	check "traffic intact without SG" intact
	check "SG on" feature_set tx-scatter-gather on
	check "TSO v4 came back" feature_is tx-tcp-segmentation on
	check "TSO v6 came back" feature_is tx-tcp6-segmentation on
	check "traffic intact with SG" intact

	must "MTU 9000 at both ends" mtu_everywhere 9000
	check "SG off at MTU 9000" feature_set tx-scatter-gather off
	say "MTU without SG: $(cat "/sys/class/net/$IFACE/mtu")"
	check "frames up to that MTU" frames 60 $(($(cat "/sys/class/net/$IFACE/mtu") + 14)) 101
	check "SG on at MTU 9000" feature_set tx-scatter-gather on
	must "MTU 9000 at both ends" mtu_everywhere 9000
	check "frames up to 9014" frames 60 9014 101
	check "no violation counted" no_violations
}

cleanup() { mtu_everywhere 1500; }
