# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2034
# (ash has `local`; $ in single quotes is for the shell in dom0; scenarios use the variables)
# traffic: content that is compared, load in the background, iperf3 for what only it can do.

answers() { ping -q -c 3 -i 0.2 -W 3 "$@"; }

# Nothing may get lost where nothing is overloaded. The time is long because an emulated machine may stand still. An address
# that is not resolved yet is resolved first: what waits for that is dropped by the kernel beyond 208 KiB.
peer() {
	[ "$1" != udp ] || ping -q -c 1 -W 10 "$2" || return 1
	nfh-peer --max-retries 0 --timeout 10000 "$@" && return
	evidence
	return 1
}

# A short check that both address families carry datagrams, fragments and a stream, every byte compared.
intact() {
	peer udp "$DOM0_4" 64-1472/64 4000 && peer udp "$DOM0_6" 64-1452/64 4000 &&
		peer tcp "$DOM0_4" 3000000 && peer tcp "$DOM0_6" 3000000
}

# Where packets may have got lost: what each of the places on their way has counted.
evidence() {
	ethtool -S "$IFACE" | grep -v ': 0$'
	ip -s link show dev "$IFACE"
	tc -s qdisc show dev "$IFACE"
	dom0 'ip -s link show dev $VIF; tc -s qdisc show dev $VIF; ethtool -S $VIF | grep -v ": 0$"; cat /sys/class/net/$VIF/brport/state'
	grep -E '^(Udp|Ip):' /proc/net/snmp
	grep -E '^(Udp6|Ip6)' /proc/net/snmp6 | grep -v -w 0
	dom0 "grep -E '^(Udp|Ip):' /proc/net/snmp; grep -E '^(Udp6|Ip6)' /proc/net/snmp6 | grep -v -w 0"
}

# Raw frames of all these sizes, every byte compared.
frames() { peer frames "$IFACE" "$DOM0_MAC" "$@"; }

# The server takes one test at a time and may still be busy with the last one, behind which it closes its listening socket and opens
# another (esnet/iperf, pull request 2066): a client that comes just then is refused, or reset. It asks again, if no stream was there.
iperf() {
	local tries=3
	until timeout -k 2 40 iperf3 -c "$DOM0_4" --connect-timeout 5000 "$@" >/tmp/iperf 2>&1; do
		cat /tmp/iperf
		tries=$((tries - 1))
		[ "$tries" -gt 0 ] && turned_away || return 1
		sleep 1
	done
	cat /tmp/iperf
}
turned_away() {
	! grep -q ' connected to ' /tmp/iperf &&
		grep -q -E 'server is busy|Connection (refused|reset)|closed unexpectedly|Broken pipe' /tmp/iperf
}

# UDP through the interface until load_end, whatever happens to it meanwhile.
load_begin() { # nfh-peer load's sizes and options
	nfh-peer load "$DOM0_4" 110 --min-echoes 20 "$@" </dev/null >/tmp/load 2>&1 &
	echo $! >/tmp/load.pid
}

# Fails when a byte was wrong or next to nothing was ever echoed.
load_end() {
	local status pid
	pid=$(cat /tmp/load.pid)
	rm /tmp/load.pid
	kill -TERM "$pid"
	wait "$pid"
	status=$?
	cat /tmp/load
	return "$status"
}

# The same from dom0 to the guest: packets that arrive while the interface is busy with something else.
far_load_begin() { # nfh-peer load's sizes and options
	nfh-peer serve "$IFACE" --sockets-only </dev/null >/tmp/serve 2>&1 &
	echo $! >/tmp/serve.pid
	wait_for 10 grep -q 'serve: ready' /tmp/serve || { cat /tmp/serve && return 1; }
	dom0 "nfh-peer load $GUEST4 110 --min-echoes 20 $* </dev/null >/run/far-load 2>&1 & echo \$! >/run/far-load.pid"
}

far_load_end() {
	local status=0
	dom0 'kill $(cat /run/far-load.pid); rm /run/far-load.pid
		for n in $(seq 50); do grep -q "^load:" /run/far-load && break; sleep 0.1; done
		cat /run/far-load; grep -q "^load:" /run/far-load && ! grep -q "^nfh-peer:" /run/far-load' || status=1
	kill "$(cat /tmp/serve.pid)"
	rm /tmp/serve.pid
	return "$status"
}

# For cleanup(): nothing of this scenario goes on behind the next one's back.
traffic_ends() {
	[ ! -e /tmp/load.pid ] || kill "$(cat /tmp/load.pid)"
	if [ -e /tmp/serve.pid ]; then
		kill "$(cat /tmp/serve.pid)"
		dom0 'kill $(cat /run/far-load.pid)'
	fi
	rm -f /tmp/load.pid /tmp/serve.pid
}
