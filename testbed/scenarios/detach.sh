# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2154,SC2034
# summary: xl takes the interface away under traffic and gives it back, three times
# timeout: 180
# groups: functional lifecycle
MAC=$(cat "/sys/class/net/$IFACE/address")

scenario() {
	local n
	must "load to dom0" load_begin
	for n in 1 2 3; do
		check "no violation counted ($n)" no_violations
		must "xl network-detach ($n)" dom0 'xl network-detach $DOMNAME 0'
		must "the interface is gone ($n)" wait_for 20 gone
		must "xl has no interface left ($n)" dom0 '[ "$(xl network-list $DOMNAME | wc -l)" = 1 ]'
		must "xl network-attach ($n)" attach
		must "the interface is back ($n)" wait_for 20 present
		must "the interface comes up ($n)" net_up
		must "and answers ($n)" wait_for 20 ping -q -c 1 -W 1 "$DOM0_4"
	done
	check "the load was intact and went through" load_end
	check "traffic intact" intact
	check "frames intact" frames 60 1514 11
	check "no violation counted" no_violations
}

cleanup() {
	traffic_ends
	present || attach
}
