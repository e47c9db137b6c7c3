# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2154,SC2034
# summary: xl takes the vif away while the backend answers nothing: removal does not wait for it, and the next vif works
# timeout: 180
# groups: lifecycle lifecycle-short
MAC=$(cat "/sys/class/net/$IFACE/address")

scenario() {
	local connected
	connected=$(in_use)
	must "load to dom0" load_begin
	must "netback lets go" backend_unbind
	must "xl network-detach" dom0 'timeout 50 xl network-detach $DOMNAME 0; xenstore-rm /local/domain/0/backend/vif/$DOMID/0; true'
	must "the interface is gone" wait_for 20 gone
	must "xl network-attach" attach
	must "the interface is back" wait_for 20 present
	must "the interface comes up" net_up
	check "works" works 60
	check "the load was intact" load_end
	check "no page is kept" wait_for 15 in_use_is "$connected"
}

cleanup() {
	traffic_ends
	present || attach
}
