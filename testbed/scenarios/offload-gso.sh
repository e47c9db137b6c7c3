# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2154
# summary: software segmentation on and off, with and without TSO: the switch works, content is intact
# groups: functional
scenario() {
	check "GSO off" feature_set generic-segmentation-offload off
	check "TSO off" switch_tso off
	check "segments leave the guest one by one" mean_below 1600 to-dom0 iperf -n 10M
	check "traffic intact without GSO and TSO" intact
	check "GSO on" feature_set generic-segmentation-offload on
	check "segments still leave the guest one by one" mean_below 1600 to-dom0 iperf -n 10M
	check "traffic intact with GSO, without TSO" intact
	check "TSO on" switch_tso on
	check "traffic intact with GSO and TSO" intact
	check "no violation counted" no_violations
}

switch_tso() { feature_set tx-tcp-segmentation "$1" && feature_set tx-tcp6-segmentation "$1"; }
