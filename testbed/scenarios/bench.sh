# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2154
# summary: the measurements of `make bench`: stock trusted, stock untrusted and ours in turn, in one guest
# timeout: 2400
# groups: bench
# load: no
# Words for the host: "bench ARM WORKLOAD VALUE", one line a measurement. Parameters come from /nfh/bench.

scenario() {
	local round=0 arm
	# shellcheck disable=SC1091
	. /nfh/bench # ROUNDS, SECONDS_EACH, WORKLOADS
	has_module xen-netfront || skip "no xen-netfront module for this guest kernel"
	modprobe pktgen || skip "no pktgen module for this guest kernel"
	while [ "$round" -lt "$ROUNDS" ]; do
		for arm in $(arms "$round"); do must "round $round, $arm" measure "$arm"; done
		round=$((round + 1))
	done
}

# Every arm is first, second and last equally often.
arms() {
	case $(($1 % 3)) in
	0) echo trusted untrusted ours ;;
	1) echo ours trusted untrusted ;;
	2) echo untrusted ours trusted ;;
	esac
}

measure() { # ARM
	local workload
	export DRIVER=stock # lib.sh's
	ARM=$1
	case $ARM in
	ours) DRIVER=ours ;;
	trusted) dom0 'xenstore-write /local/domain/$DOMID/device/vif/0/trusted 1' ;;
	untrusted) dom0 'xenstore-write /local/domain/$DOMID/device/vif/0/trusted 0' ;;
	esac
	driver_load && net_up && ping -q -c 1 -W 10 "$DOM0_4" || return 1
	for workload in $WORKLOADS; do "$workload" || return 1; done
	ip link set "$IFACE" down
	driver_unload
}

cleanup() { dom0 'xenstore-write /local/domain/$DOMID/device/vif/0/trusted 1'; }

result() { # WORKLOAD VALUE
	case $2 in
	'' | *[!0-9.]*) echo "$ARM $1: no number but '$2'" && return 1 ;;
	esac
	note "bench $ARM $1 $2"
}

# Mbit/s that the receiver saw.
stream() { # WORKLOAD IPERF-OPTIONS...
	local workload=$1
	shift
	iperf -t "$SECONDS_EACH" -O 0.5 -f k "$@" || return 1
	result "$workload" "$(awk '/receiver/ { for (i = 2; i <= NF; i++) if ($i == "Kbits/sec") v = $(i - 1) } END { print v / 1000 }' /tmp/iperf)"
}

tcp_tx_1() { stream tcp_tx_1; }
tcp_rx_1() { stream tcp_rx_1 -R; }
tcp_tx_8() { stream tcp_tx_8 -P 8; }
tcp_rx_8() { stream tcp_rx_8 -P 8 -R; }
sendfile_tx() { stream sendfile_tx -Z; }

# Datagrams a second that the receiver saw.
flood() { # WORKLOAD SIZE IPERF-OPTIONS...
	local workload=$1 size=$2
	shift 2
	iperf -u -b 0 -t "$SECONDS_EACH" -f k -l "$size" "$@" || return 1
	result "$workload" "$(awk -v s="$size" '/receiver/ { for (i = 2; i <= NF; i++) if ($i == "Kbits/sec") v = $(i - 1) } END { print int(v * 125 / s) }' /tmp/iperf)"
}

udp_tx_64() { flood udp_tx_64 64; }
udp_rx_64() { flood udp_rx_64 64 -R; }
udp_tx_512() { flood udp_tx_512 512; }
udp_rx_512() { flood udp_rx_512 512 -R; }
udp_tx_1400() { flood udp_tx_1400 1400; }
udp_rx_1400() { flood udp_rx_1400 1400 -R; }

# Frames of 60 bytes a second that dom0's end of the wire saw, sent by the kernel itself.
pktgen_tx() {
	local before after pg=/proc/net/pktgen
	echo rem_device_all >$pg/kpktgend_0
	echo "add_device $IFACE" >$pg/kpktgend_0
	for word in "count 0" "clone_skb 0" "pkt_size 60" "delay 0" "dst 10.9.0.1" "dst_mac $DOM0_MAC"; do
		echo "$word" >"$pg/$IFACE" || return 1
	done
	before=$(far_counter rx_packets)
	timeout "$SECONDS_EACH" sh -c "echo start >$pg/pgctrl"
	after=$(far_counter rx_packets)
	grep -q 'errors: 0' "$pg/$IFACE" || cat "$pg/$IFACE"
	result pktgen_tx $(((after - before) / SECONDS_EACH))
}

# The same from dom0: frames a second that reached the guest's stack, of more than it can take.
pktgen_rx() {
	local before after mac
	mac=$(cat "/sys/class/net/$IFACE/address")
	before=$(counter rx_packets)
	dom0 "modprobe pktgen; cd /proc/net/pktgen
		echo rem_device_all >kpktgend_1; echo add_device \$VIF >kpktgend_1
		for w in 'count 0' 'clone_skb 0' 'pkt_size 60' 'delay 0' 'dst $GUEST4' 'dst_mac $mac'; do echo \$w >\$VIF; done
		timeout $SECONDS_EACH sh -c 'echo start >pgctrl'; true" || return 1
	after=$(counter rx_packets)
	result pktgen_rx $(((after - before) / SECONDS_EACH))
}

# Microseconds there and back, one datagram at a time.
latency() {
	nfh-peer --timeout 10000 rr "$DOM0_4" $((SECONDS_EACH * 1000)) >/tmp/rr || { cat /tmp/rr && return 1; }
	result latency_p50 "$(sed -n 's/.*p50 \([0-9.]*\).*/\1/p' /tmp/rr)" &&
		result latency_p99 "$(sed -n 's/.*p99 \([0-9.]*\).*/\1/p' /tmp/rr)"
}
