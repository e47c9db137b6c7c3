# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2154
# summary: the guest's devices are suspended and resumed with their backends alive (pm_test), under traffic: it goes on
# timeout: 120
# kernels: 6.12
# groups: lifecycle lifecycle-short
scenario() {
	[ -e /sys/power/pm_test ] || skip "this kernel has no pm_test"
	must "load to dom0" load_begin
	must "suspend stops behind the devices" write devices /sys/power/pm_test
	must "suspend and resume" write freeze /sys/power/state
	check "works" works 60
	check "the load was intact and went through" load_end
	check "no page is kept" wait_for 15 no_quarantine
	check "no violation counted" no_violations
}

cleanup() {
	traffic_ends
	echo none >/sys/power/pm_test
}

write() { echo "$1" >"$2"; }
