# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2154
# summary: TCP segmentation offload on and off, v4 and v6: the switch works, dom0 sees the difference, content is intact
# groups: functional
scenario() {
	local state
	check "TSO v4 is on to begin with" feature_is tx-tcp-segmentation on
	check "TSO v6 is on to begin with" feature_is tx-tcp6-segmentation on
	for state in off on; do
		check "TSO v4 $state" feature_set tx-tcp-segmentation "$state"
		check "TSO v6 $state" feature_set tx-tcp6-segmentation "$state"
		check "traffic intact with TSO $state" intact
		"sent_$state"
	done
	check "no violation counted" no_violations
}

sent_off() {
	check "v4 segments leave the guest one by one" mean_below 1600 to-dom0 iperf -n 8M
	check "v6 segments leave the guest one by one" mean_below 1600 to-dom0 iperf -n 8M -c "$DOM0_6"
}

sent_on() {
	check "v4 segments leave the guest together" mean_above 3000 to-dom0 iperf -n 8M
	check "v6 segments leave the guest together" mean_above 3000 to-dom0 iperf -n 8M -c "$DOM0_6"
}
