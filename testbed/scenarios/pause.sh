# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2154,SC2034
# summary: the guest is paused for three seconds under traffic, twice
# timeout: 120
# groups: lifecycle lifecycle-short
scenario() {
	local n
	must "load to dom0" load_begin
	for n in 1 2; do
		must "xl pause, 3 s, xl unpause ($n)" dom0 'xl pause $DOMNAME; sleep 3; xl unpause $DOMNAME'
		must "works ($n)" works
	done
	check "the load was intact and went through" load_end
	check "one connection was enough" connections_are 1
	check "no violation counted" no_violations
}

cleanup() { traffic_ends; }
