# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2154,SC2034
# summary: name, addresses, MAC, MTU, features, queues, qdisc, queue length, neighbours: kept over faults, restarts and lost backends
# timeout: 300
# queues: 2
# vcpus: 2
# groups: lifecycle lifecycle-short
scenario() {
	log_begin
	must "many settings" change
	settings >/tmp/settings.before
	must "works" works
	must "a fault" fault
	must "a new connection" wait_for 20 connections_are 2
	must "works" works
	check "all kept over a fault" kept
	must "the backend closes" backend_write state 5
	must "a new connection" wait_for 30 connections_are 3
	must "works" works
	check "all kept over a restart" kept
	must "netback lets go" backend_unbind
	must "its state is Closed" backend_write state 6
	usleep 500000
	must "netback takes it again" backend_bind
	must "a new connection" wait_for 60 connections_are 4
	must "works" works
	check "all kept over a backend that was lost" kept
	must "down" ip link set "$IFACE" down
	must "a connection without it" again_down
	must "up" ip link set "$IFACE" up
	must "what the kernel takes from an interface that goes down" routes
	check "works" works
	check "the rest was kept while it was down" kept
	check "nothing was lost" test "$(log_count 'MTU lowered\|offloads off\|queues: [0-9]* instead')" = 0
}

cleanup() {
	[ ! -e /sys/class/net/wan0 ] || { ip link set wan0 down && ip link set wan0 name eth0 up; }
	backend_restore
}

change() {
	ip link set "$IFACE" down && ip link set "$IFACE" name wan0 && IFACE=wan0 &&
		ip link set wan0 mtu 1400 address 00:16:3e:00:00:77 alias uplink txqueuelen 777 && ip link set wan0 up &&
		ip addr replace "$GUEST4/24" dev wan0 && ip addr replace "$GUEST6/64" dev wan0 nodad &&
		ip addr add 10.9.7.7/24 dev wan0 && routes &&
		ethtool -K wan0 tso off rx off gro off && tc qdisc replace dev wan0 root pfifo limit 321 &&
		echo 5 >/sys/class/net/wan0/gro_flush_timeout && ip link set wan0 promisc on && wait_for 10 has_carrier
}

routes() {
	ip addr replace "$GUEST6/64" dev wan0 nodad && ip route replace 10.77.0.0/16 via "$DOM0_4" dev wan0 &&
		ip neigh replace 10.9.0.99 lladdr 00:16:3e:00:00:99 nud permanent dev wan0
}

# What counts or comes with time is left out.
settings() {
	ip -d link show "$IFACE" | sed 's/state [A-Z]*//'
	ip -4 addr show dev "$IFACE" | grep inet
	ip route show dev "$IFACE"
	ip neigh show dev "$IFACE" nud permanent
	tc qdisc show dev "$IFACE" | sed 's/qdisc \([a-z]*\) [0-9a-f]*:/\1/'
	ethtool -l "$IFACE"
	ethtool -g "$IFACE"
	ethtool -k "$IFACE" | grep -v fixed
	cat "/sys/class/net/$IFACE/gro_flush_timeout" "/sys/class/net/$IFACE/ifindex" "/sys/class/net/$IFACE/ifalias"
}

kept() {
	settings >/tmp/settings.after
	diff /tmp/settings.before /tmp/settings.after
}

again_down() { backend_write state 5 && wait_for 30 connections_are 5; }
