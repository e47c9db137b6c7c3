# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2154,SC2034
# summary: while the guest is paused its vif gets another backend: the old one lives, then another is destroyed; under traffic
# timeout: 300
# driver-domain: yes
# groups: lifecycle lifecycle-short
scenario() {
	local connected
	connected=$(in_use)
	domains_serve driver1 driver2
	must "works" works
	check "no violation counted so far" no_violations
	must "load" load_begin
	must "paused: from driver1, which lives, to driver2" changed driver2 :
	must "the interface comes up" address
	must "works" works 60
	must "it is driver2's" served_by driver2
	check "no violation counted so far" no_violations
	must "paused: from driver2, which is destroyed, to dom0" changed dom0 'xl destroy driver2'
	must "the interface comes up" address
	must "works" works 60
	check "the load was intact" load_end
	check "no page is kept" wait_for 15 in_use_is "$connected"
	check "no violation counted" no_violations
}

cleanup() { driver_domains_end; }

# The scenario stands still together with the guest.
changed() { # TO COMMAND-IN-BETWEEN
	dom0 "rm -f /run/nfh/changed; setsid bash -c 'sleep 1; xl pause \$DOMNAME; $2
		timeout 50 xl network-detach \$DOMNAME 0; timeout 50 xl network-attach \$DOMNAME mac=$MAC $(vif_words "$1")
		xl unpause \$DOMNAME; touch /run/nfh/changed' </dev/null >/run/nfh/change.log 2>&1 & true" &&
		wait_for 120 dom0 'rm /run/nfh/changed' && dom0 'cat /run/nfh/change.log'
}

# Whether it is the same net device or another one is up to the xenbus core.
address() { wait_for 60 try_address; }
try_address() {
	ip link set "$IFACE" up && has_carrier && ip addr replace "$GUEST4/24" dev "$IFACE" && ip addr replace "$GUEST6/64" dev "$IFACE" nodad
}

served_by() { dom0 "xenstore-read /local/domain/\$DOMID/device/vif/0/backend-id | grep -qx \$(xl domid $1)"; }
