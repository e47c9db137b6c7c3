# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2154
# summary: packets of many segments from dom0, GRO on and off: the switches work, the stack sees the difference, content is intact
# kernels: 6.12 debug
# groups: functional
scenario() {
	check "dom0 sends v4 segments together" mean_above 3000 from-dom0 iperf -n 8M -R
	check "dom0 sends v6 segments together" mean_above 3000 from-dom0 iperf -n 8M -R -c "$DOM0_6"
	check "traffic intact with large packets from dom0" intact

	must "dom0 sends segments one by one" far_tso off
	check "and so they arrive" mean_below 1600 from-dom0 iperf -n 8M -R
	check "GRO on" feature_set generic-receive-offload on
	check "GRO joins them for the stack" joined -lt 70
	check "traffic intact with GRO on" intact
	check "GRO off" feature_set generic-receive-offload off
	check "nothing joins them" joined -gt 95
	check "traffic intact with GRO off" intact
	check "GRO on again" feature_set generic-receive-offload on
	check "no violation counted" no_violations
}

cleanup() { far_tso on; }

far_tso() { dom0 "ethtool -K \$VIF tso $1 gso $1 && ethtool -k \$VIF | grep -q '^tcp-segmentation-offload: $1'"; }

# How many packets IP gets of 100 that the interface got.
joined() { # -lt|-gt PERCENT
	local got ip
	got=$(counter rx_packets) ip=$(snmp Ip InReceives)
	iperf -n 8M -R || return 1
	got=$(($(counter rx_packets) - got)) ip=$(($(snmp Ip InReceives) - ip))
	echo "the interface got $got packets, IP got $ip; $1 $2 of 100 wanted"
	[ "$got" -gt 1000 ] && test $((ip * 100 / got)) "$1" "$2"
}
