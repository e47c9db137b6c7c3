# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2154,SC2034
# summary: what cannot be honoured is refused with an error, never taken in silence; what the backend stops to offer is told
# timeout: 180
# queues: 2
# groups: lifecycle lifecycle-short
scenario() {
	refuse "MTU $((MTU_MAX + 1))" ip link set "$IFACE" mtu $((MTU_MAX + 1))
	refuse "MTU 67" ip link set "$IFACE" mtu 67
	refuse "three queues" ethtool -L "$IFACE" combined 3
	refuse "a ring of 512" ethtool -G "$IFACE" rx 512
	refuse "a ring of 128" ethtool -G "$IFACE" tx 128
	refuse "coalescing" ethtool -C "$IFACE" rx-usecs 50
	refuse "pause frames" ethtool -A "$IFACE" rx on
	refuse "a hash key" ethtool -X "$IFACE" equal 2
	refuse "a flow rule" ethtool -N "$IFACE" flow-type tcp4 action 1
	refuse "LRO" ethtool -K "$IFACE" lro on
	refuse "a speed" ethtool -s "$IFACE" speed 1000 duplex full autoneg off
	refuse "an address of a group" ip link set "$IFACE" address 01:00:5e:00:00:01
	check "the settings are as before" test "$(settings)" = "$BEFORE"
	check "works" works
	log_begin
	must "an MTU that needs SG" ip link set "$IFACE" mtu 9000
	must "the backend stops to offer TSO, SG and two queues" offers 0 1
	must "a new connection" again
	check "TSO is off" feature_is tcp-segmentation-offload off
	check "SG is off" feature_is tx-scatter-gather off
	check "the MTU is lowered" mtu_is 1500
	check "there is one queue" queues_are 1
	check "the log says so, once" log_says_once 'MTU lowered'
	check "of the offloads, too" log_says_once 'offloads off.*: tx-scatter-gather tx-tcp-segmentation tx-tcp6-segmentation'
	check "of the queues, too" log_says_once 'queues: 1 instead of 2'
	refuse "TSO, which the backend does not offer" ethtool -K "$IFACE" tso on
	refuse "SG, which the backend does not offer" ethtool -K "$IFACE" tx-scatter-gather on
	refuse "an MTU that needs SG" ip link set "$IFACE" mtu 1501
	check "works" works
	must "the same backend once more" again
	check "nothing more was lost, nothing more is said" log_says_once 'offloads off'
	must "the backend offers them again" offers 1 4
	must "a new connection" again
	check "TSO is on again, as it was" feature_is tcp-segmentation-offload on
	check "there are two queues again" queues_are 2
	check "works" works
}

cleanup() { offers 1 4; }

BEFORE=$(ip -d link show "$IFACE"; ethtool -k "$IFACE"; ethtool -l "$IFACE"; ethtool -g "$IFACE")
settings() { ip -d link show "$IFACE"; ethtool -k "$IFACE"; ethtool -l "$IFACE"; ethtool -g "$IFACE"; }

offers() { # OFFLOADS(0, 1) QUEUES
	backend_write feature-gso-tcpv4 "$1" && backend_write feature-sg "$1" && backend_write multi-queue-max-queues "$2"
}
again() {
	local made
	made=$(stat connections)
	backend_write state 5 && wait_for 60 connections_above "$made" && wait_for 10 has_carrier
}

refuse() { # DESCRIPTION COMMAND...
	local what="$1"
	shift
	check "$what is refused, with words" refused "$@" && say "$*: $(head -n 1 /tmp/refused)"
}

refused() {
	if "$@" >/tmp/refused 2>&1; then
		echo "was not refused: $*"
		return 1
	fi
	[ -s /tmp/refused ]
}
