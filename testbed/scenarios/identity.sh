# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2154
# summary: name, driver, MAC address, MTU limits, timestamping and queues are what the toolstack and the driver promise
# groups: functional
RENAMED=nfh-renamed

scenario() {
	local mac
	mac=$(cat "/sys/class/net/$IFACE/address")
	check "the MAC address is the one of the toolstack" mac_of_toolstack "$mac"
	check "the driver is bound to the vif" test -e "/sys/bus/xen/drivers/$(bus_driver)/vif-0"
	check "the carrier is on" grep -qx 1 "/sys/class/net/$IFACE/carrier"
	check "the MTU is 1500 to begin with" mtu_is 1500
	[ "$DRIVER" != ours ] || ours_only

	must "the interface takes another name" rename "$RENAMED"
	IFACE=$RENAMED
	check "traffic under the other name" answers "$DOM0_4"
	check "ethtool under the other name" ethtool -S "$IFACE"
	must "the interface gets its name back" rename eth0
	IFACE=eth0

	check "the interface takes another MAC address" set_mac 02:00:00:00:00:42
	check "traffic with the other MAC address" answers "$DOM0_4"
	check "the MAC address goes back" set_mac "$mac"
	check "traffic with the old MAC address" answers "$DOM0_4"
	check "no violation counted" no_violations
}

cleanup() { [ ! -e /sys/class/net/$RENAMED ] || { IFACE=$RENAMED && rename eth0; }; }

mac_of_toolstack() { [ "$(dom0 'xenstore-read /local/domain/$DOMID/device/vif/0/mac')" = "$1" ]; }

ours_only() {
	check "ethtool -i says netfront_hardened" sh -c "ethtool -i $IFACE | grep -qx 'driver: netfront_hardened'"
	check "ethtool -i has the address on the xenbus" sh -c "ethtool -i $IFACE | grep -qx 'bus-info: vif-0'"
	check "ip shows MTU limits 68 and $MTU_MAX" mtu_limits
	check "software timestamps for sent packets" sh -c "ethtool -T $IFACE | grep -q software-transmit"
	check "as many transmit queues as asked for ($QUEUES)" test "$(transmit_queues)" = "$QUEUES"
}

mtu_limits() { ip -d link show dev "$IFACE" | grep -q "minmtu 68 maxmtu $MTU_MAX "; }
set_mac() { ip link set "$IFACE" down && ip link set "$IFACE" address "$1" && ip link set "$IFACE" up; }

rename() { ip link set "$IFACE" down && ip link set "$IFACE" name "$1" && ip link set "$1" up; }
