# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2154
# summary: the guest is restored and its new backend's directory is gone before it runs: it lives, and the next vif works
# timeout: 240
# kernels: 6.1 6.12
# (the image of a debug guest, 1 GiB, has no room in dom0)
# groups: lifecycle lifecycle-short
scenario() {
	local domid
	domid=$(dom0 'echo $DOMID')
	must "load to dom0" load_begin
	must "the move begins" dom0 'setsid nfh-move lost </dev/null >/run/nfh/move.log 2>&1 & true'
	# the vif without a backend has no interface any more; a question to dom0 would be lost with the old domain
	must "the interface goes" wait_for 150 gone
	sleep 5 # dom0 has to find the guest again
	must "it is another domain" dom0 "test \$DOMID != $domid"
	check "the directory was taken away in time" dom0 'grep -qx "directory gone" /run/nfh/move.log'
	check "what it shared with the old one is its own again" wait_for 20 few_grants
	must "the vif goes" vif_detach
	must "dom0 serves the next one" vif_attach dom0
	check "works" works 60
	check "the load was intact" load_end
	check "no violation counted" no_violations
}

cleanup() {
	moves_end
	present || vif_attach dom0
}

few_grants() { [ "$(in_use)" -lt 100 ]; }
