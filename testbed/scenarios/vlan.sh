# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2154
# summary: VLAN-tagged traffic: ping, datagrams, streams and raw frames up to 65535 bytes on the wire
# groups: functional
VLAN4=10.9.5 VLAN6=fd00:9:5:

scenario() {
	modprobe 8021q 2>/tmp/8021q || [ -e /proc/net/vlan ] || skip "no 8021q module for this guest kernel: $(cat /tmp/8021q)"
	must "a VLAN device in dom0" far_device
	must "a VLAN device in the guest" near_device
	check "ping v4 through the VLAN" answers "$VLAN4.1"
	check "ping v6 through the VLAN" answers -6 "$VLAN6:1"
	check "datagrams v4, every 8th size" peer udp "$VLAN4.1" 12-1472/8 5000
	check "datagrams v6, every 8th size" peer udp "$VLAN6:1" 12-1452/8 5000
	check "a stream v4" peer tcp "$VLAN4.1" 10000000
	check "a stream v6" peer tcp "$VLAN6:1" 10000000
	check "the tag is on the wire" tagged
	must "MTU $MTU_MAX at both ends" mtu_everywhere "$MTU_MAX"
	must "MTU $MTU_MAX for the VLAN devices" vlan_mtu "$MTU_MAX"
	check "frames, every 7th size 60..9000" peer frames "$IFACE.5" "$DOM0_MAC" 60 9000 7
	check "frames up to 65535 with the tag" peer frames "$IFACE.5" "$DOM0_MAC" 9001 65531 5653
	check "the largest of all" peer frames "$IFACE.5" "$DOM0_MAC" 65520 65531
	check "untagged traffic goes on beside it" intact
	check "no violation counted" no_violations
}

far_device() {
	dom0 "ip link add link xenbr0 name xenbr0.5 type vlan id 5 && ip addr add $VLAN4.1/24 dev xenbr0.5 &&
		ip addr add $VLAN6:1/64 dev xenbr0.5 nodad && ip link set xenbr0.5 up || exit 1
		nfh-peer serve xenbr0.5 --frames-only </dev/null >/run/vlan-peer 2>&1 & echo \$! >/run/vlan-peer.pid"
}

near_device() {
	ip link add link "$IFACE" name "$IFACE.5" type vlan id 5 && ip addr add "$VLAN4.2/24" dev "$IFACE.5" &&
		ip addr add "$VLAN6:2/64" dev "$IFACE.5" nodad && ip link set "$IFACE.5" up
}

vlan_mtu() { dom0 "ip link set xenbr0.5 mtu $1" && ip link set "$IFACE.5" mtu "$1"; }

# What dom0 sees on the vif, below every VLAN device: the tag 5 in front of our datagrams.
tagged() {
	capture_begin 4 -e -i '$VIF' '"vlan 5 and udp dst port 7777"' || return 1
	peer udp "$VLAN4.1" 100 101 102 103 && captured 4 'vlan 5, '
}

cleanup() {
	[ -e "/sys/class/net/$IFACE.5" ] || return 0
	ip link del "$IFACE.5"
	dom0 'kill $(cat /run/vlan-peer.pid); ip link del xenbr0.5'
	mtu_everywhere 1500
}
