# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2034
# (ash has `local`; $ in single quotes is for the shell in dom0; scenarios use the variables)
# interface: MTU, offloads and the way from the kernel module to an answering peer.

# The largest MTU of the driver: a request carries 65535 bytes, VLAN tag and Ethernet header included.
MTU_MAX=65517

mtu_is() { [ "$(cat "/sys/class/net/$IFACE/mtu")" = "$1" ]; }

mtu_far() { dom0 "ip link set \$VIF mtu $1 && ip link set xenbr0 mtu $1"; }

# IPv6 leaves an interface with an MTU below 1280 and takes its addresses along: give ours back.
mtu_near() {
	ip link set "$IFACE" mtu "$1" || return 1
	[ "$1" -lt 1280 ] || ip addr replace "$GUEST6/64" dev "$IFACE" nodad
}

mtu_everywhere() { mtu_far "$1" && mtu_near "$1" && mtu_is "$1"; }

# on or off, without the remarks behind it
feature() { ethtool -k "$IFACE" | sed -n "s/^[[:space:]]*$1: \([a-z]*\).*/\1/p"; }
feature_is() { [ "$(feature "$1")" = "$2" ] || { ethtool -k "$IFACE" | grep -w -- "$1" && return 1; }; }
feature_fixed() { ethtool -k "$IFACE" | grep -q "^[[:space:]]*$1: .*\[fixed\]"; }

feature_set() { ethtool -K "$IFACE" "$1" "$2" && feature_is "$1" "$2"; }

# Under the name of the driver in sysfs: netfront_hardened is ours, vif is stock.
bus_driver() { if [ "$DRIVER" = ours ]; then echo netfront_hardened; else echo vif; fi; }

no_carrier() { [ "$(cat "/sys/class/net/$IFACE/carrier")" = 0 ]; }

# Down and up again: RTNL and NAPI wait for nobody. The kernel takes IPv6 addresses from what goes down.
bounce() {
	timeout 5 ip link set "$IFACE" down && timeout 5 ip link set "$IFACE" up &&
		ip addr replace "$GUEST6/64" dev "$IFACE" nodad
}

gone() { [ ! -e "/sys/class/net/$IFACE" ]; }
present() { [ -e "/sys/class/net/$IFACE" ]; }

transmit_queues() { (cd "/sys/class/net/$IFACE/queues" && ls -d tx-*) | wc -l; }
queues_are() { echo "$(transmit_queues) queues" && [ "$(transmit_queues)" = "$1" ]; }

has_module() { find /lib/modules -name "$1.ko*" | grep -q .; }

# A vif with the MAC address that the scenario file kept in MAC before the vif went.
attach() { dom0 "xl network-attach \$DOMNAME bridge=xenbr0 mac=$MAC"; }
