# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2154,SC2034
# summary: netback is unbound and bound again under traffic, five times: the guest needs no help
# timeout: 240
# groups: lifecycle lifecycle-short
scenario() {
	local n
	must "load to dom0" load_begin
	for n in 1 2 3 4 5; do
		must "netback lets go ($n)" backend_unbind
		usleep $((n * 300000))
		must "netback takes it again ($n)" backend_bind
		must "works ($n)" works 60
	done
	check "the load was intact and went through" load_end
	check "no violation counted" no_violations
}

cleanup() {
	traffic_ends
	backend_restore
}
