# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2154,SC2034
# summary: xl save -c: the guest is suspended, written away and goes on
# timeout: 180
# groups: lifecycle lifecycle-short
scenario() {
	must "load to dom0" load_begin
	must "xl save -c" dom0 nfh-checkpoint
	check "works" works 60
	check "the load was intact and went through" load_end
	check "no page is kept" wait_for 15 no_quarantine
	check "no violation counted" no_violations
}

cleanup() { traffic_ends; }
