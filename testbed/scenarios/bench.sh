# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2154
# summary: the measurements of `make bench`: stock trusted, stock untrusted and ours in turn, in one guest
# timeout: 2400
# groups: bench
# load: no
# Words for the host: "bench ARM WORKLOAD VALUE", one line a measurement. Parameters come from /nfh/bench/ID, one file for each guest of the plan.

scenario() {
	local round=0 arm guest
	guest=$(dom0 'echo ${DOMNAME%-*}')
	# shellcheck disable=SC1090
	. "/nfh/bench/${guest#g}" # ROUNDS, SECONDS_EACH, WORKLOADS, ARMS
	note "settings: $WORKLOADS"
	has_module xen-netfront || skip "no xen-netfront module for this guest kernel"
	modprobe pktgen || skip "no pktgen module for this guest kernel"
	! forwards || must "a second vif" second_vif
	while [ "$round" -lt "$ROUNDS" ]; do
		for arm in $(arms "$round"); do check "round $round, $arm" measure "$arm"; done
		round=$((round + 1))
	done
}

forwards() { case " $WORKLOADS " in *" forward "*) ;; *) return 1 ;; esac; }

# Every arm is first, second and last equally often.
arms() {
	[ -z "$ARMS" ] || { echo "$ARMS" && return; }
	case $(($1 % 3)) in
	0) echo trusted untrusted ours ;;
	1) echo ours trusted untrusted ;;
	2) echo untrusted ours trusted ;;
	esac
}

# A workload that fails is told of; the others are measured all the same.
measure() { # ARM
	local workload bad=''
	export DRIVER=stock # lib.sh's
	ARM=$1
	case $ARM in
	ours) DRIVER=ours ;;
	trusted) trust 1 ;;
	untrusted) trust 0 ;;
	esac
	driver_load && net_up && ping -q -c 1 -W 10 "$DOM0_4" || return 1
	iperf -n 1M || return 1 # programs and caches are warm for all
	# with a second vif it would be those of both
	forwards || result grants_held "$(dom0 'nfh-grants $DOMID' | cut -d' ' -f1)" || return 1
	meter start >/tmp/meter
	for workload in $WORKLOADS; do
		"$workload" && meter "$workload" >>/tmp/meter && continue
		bad="$bad $workload"
		meter failed >>/tmp/meter
	done
	costs || bad="$bad costs"
	ip link set "$IFACE" down
	driver_unload || return 1
	[ -z "$bad" ] || { echo "failed:$bad" && return 1; }
}

cleanup() {
	trust 1
	dom0 '! ip netns list | grep -q far || { '"$FAR_ENDS"'; xl network-detach $DOMNAME 1; }'
}

trust() { dom0 "for v in \$(xenstore-list /local/domain/\$DOMID/device/vif); do xenstore-write /local/domain/\$DOMID/device/vif/\$v/trusted $1; done"; }

result() { # WORKLOAD VALUE
	case $2 in
	'' | *[!0-9.]*) echo "$ARM $1: no number but '$2'" && return 1 ;;
	esac
	note "bench $ARM $1 $2"
}

# What a workload costs, besides: of all that happens between two looks. They are looked through when all is over, since what
# the guest does meanwhile counts; and they fork as little as they can, which is slow on an emulated processor.
costs() {
	local name value
	awk 'NF != 6 { print "the meter says: " $0; bad = 1; exit }
		NR > 1 && $1 != "failed" {
			frames = $3 > frames_before ? $3 - frames_before : 1
			kib = int(($4 - bytes_before) / 1024)
			printf "%s.ns_packet %.3f\n%s.ns_kib %.3f\n", $1, ($2 - ns_before) / frames, $1, ($2 - ns_before) / (kib > 0 ? kib : 1)
			printf "%s.notified %.3f\n%s.events %.3f\n", $1, ($5 - notified_before) / frames, $1, ($6 - events_before) / frames
		}
		{ ns_before = $2; frames_before = $3; bytes_before = $4; notified_before = $5; events_before = $6 }
		END { exit bad }' /tmp/meter >/tmp/costs || { cat /tmp/costs && return 1; }
	while read -r name value; do result "$name" "$value" || return 1; done </tmp/costs
}

per() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.3f", a / (b > 0 ? b : 1) }'; }

# Frames and bytes that dom0's end of the wire has seen, for the shell there.
SEEN='(cd /sys/class/net/$VIF/statistics && read -r a <rx_packets && read -r b <tx_packets && read -r c <rx_bytes && read -r d <tx_bytes &&
	echo $((a + b)) $((c + d)))'

# One line: NAME, nanoseconds that the guest's processors ran, frames, bytes, notifications to dom0, events to the guest.
meter() { # NAME
	# shellcheck disable=SC2046
	echo "$1" $(dom0 "nfh-cputime \$DOMID && $SEEN"' &&
		awk -v vif="$VIF" "index(\$0, vif \"-q\") { for (i = 2; i <= 1 + cpus; i++) n += \$i } NR == 1 { cpus = NF } END { print n + 0 }" /proc/interrupts' &&
		awk '/vif-?0-q/ { for (i = 2; i <= 1 + cpus; i++) n += $i } NR == 1 { cpus = NF } END { print n + 0 }' /proc/interrupts)
}

# Mbit/s that the receiver saw.
stream() { # WORKLOAD IPERF-OPTIONS...
	local workload=$1
	shift
	iperf -t "$SECONDS_EACH" -O 0.5 -f k "$@" || return 1
	result "$workload" "$(received)"
}
received() { awk '/receiver/ { for (i = 2; i <= NF; i++) if ($i == "Kbits/sec") v = $(i - 1) } END { print v / 1000 }' /tmp/iperf; }

tcp_tx_1() { stream tcp_tx_1; }
tcp_rx_1() { stream tcp_rx_1 -R; }
tcp_tx_8() { stream tcp_tx_8 -P 8; }
tcp_rx_8() { stream tcp_rx_8 -P 8 -R; }
sendfile_tx() { stream sendfile_tx -Z; }

# A vif whose other end is in a network namespace of dom0, which would else send to itself, not through the guest. A guest that died
# may have left its own.
FAR_ENDS='ip netns pids far | xargs -r kill; ip netns del far; ip link del xenbr1'
second_vif() {
	dom0 '{ '"$FAR_ENDS"'; } 2>/dev/null; ip link add xenbr1 type bridge && xl network-attach $DOMNAME bridge=xenbr1 mac=00:16:3e:00:00:02 &&
		ip netns add far && ip link set vif$DOMID.1 nomaster && ip link set vif$DOMID.1 netns far &&
		ip netns exec far ip addr add 10.8.0.1/24 dev vif$DOMID.1 && ip netns exec far ip link set vif$DOMID.1 up &&
		ip netns exec far ip link set lo up && ip netns exec far ip route add default via 10.8.0.2 &&
		ip netns exec far iperf3 -s -D && ip route replace 10.8.0.0/24 via '"$GUEST4"
}

# From dom0 through the guest to that namespace: in by one vif, out by the other.
forward() {
	ip link set eth1 up && ip addr replace 10.8.0.2/24 dev eth1 && echo 1 >/proc/sys/net/ipv4/ip_forward &&
		wait_for 10 ping -q -c 1 -W 1 10.8.0.1 || return 1
	dom0 "iperf3 -c 10.8.0.1 -t $SECONDS_EACH -O 0.5 -f k --connect-timeout 5000" >/tmp/iperf 2>&1 || { cat /tmp/iperf && return 1; }
	result forward "$(received)"
}

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

# The kernel's own source of small frames, ready to be started. Not shared: it would spin until the last one is answered.
PKTGEN=/proc/net/pktgen
pktgen_ready() { # FRAMES (0: without end)
	local word
	echo rem_device_all >$PKTGEN/kpktgend_0
	echo "add_device $IFACE" >$PKTGEN/kpktgend_0
	for word in "count $1" "clone_skb 0" "flag !SHARED" "pkt_size 60" "delay 0" "dst 10.9.0.1" "dst_mac $DOM0_MAC"; do
		echo "$word" >"$PKTGEN/$IFACE" || return 1
	done
}

# Frames of 60 bytes a second that dom0's end of the wire saw.
pktgen_tx() {
	local before after
	pktgen_ready 0 || return 1
	before=$(far_counter rx_packets)
	timeout "$SECONDS_EACH" sh -c "echo start >$PKTGEN/pgctrl"
	after=$(far_counter rx_packets)
	result pktgen_tx $(((after - before) / SECONDS_EACH))
}

# Calls of the kernel's grant table for each frame, with a probe on what makes and what ends a grant.
GRANT_CALLS="gnttab_grant_foreign_access_ref gnttab_end_foreign_access_ref gnttab_try_end_foreign_access"
grant_calls() {
	local call before after calls tracing=/sys/kernel/debug/tracing
	for call in $GRANT_CALLS; do echo "p:nfh/$call $call" >>$tracing/kprobe_events || return 1; done
	echo 1 >$tracing/events/nfh/enable
	before=$(frames) && iperf -n 4M && iperf -n 4M -R && after=$(frames) || return 1
	calls=$(awk '{ n += $2 } END { print n + 0 }' $tracing/kprobe_profile)
	echo 0 >$tracing/events/nfh/enable
	echo >$tracing/kprobe_events
	result grant_calls "$(per "$calls" $((after - before)))"
}
frames() { echo $(($(counter rx_packets) + $(counter tx_packets))); }

# Hypercalls of the guest for each frame, from Xen's own trace of three seconds in the midst of a stream: all, to grant tables, to event
# channels. Traced is who runs, and what a PV guest asks for (TRC_SCHED and TRC_PV of Xen's public/trace.h).
TRACED=0x0022f000
hypercalls() { hypercalls_of tx && hypercalls_of rx -R; }
hypercalls_of() { # WAY IPERF-OPTIONS...
	local way=$1 stream
	shift
	iperf -t 6 "$@" &
	stream=$!
	sleep 1
	dom0 "$SEEN"' && rm -f /run/trace && timeout -s INT 3 xentrace -D -S 256 -e '$TRACED' /run/trace >/dev/null 2>&1
		'"$SEEN"' && xenalyze -s /run/trace 2>/dev/null | awk -v domain="$DOMID" "
			/^.-- Domain/ { ours = \$3 == domain }
			ours && /^ +[a-z_]+ +.[ 0-9]+.: +[0-9]+\$/ { all += \$NF; calls[\$1] += \$NF }
			END { print all + 0, calls[\"grant_table_op\"] + 0, calls[\"evtchn_op\"] + 0 }"' >/tmp/trace
	# shellcheck disable=SC2046
	set -- $(cat /tmp/trace)
	if ! wait $stream || [ $# != 7 ] || [ $(($3 - $1)) -lt 100 ] || [ "$5" = 0 ]; then
		echo "traced: $*" && return 1
	fi
	result "hypercalls.$way" "$(per "$5" $(($3 - $1)))" &&
		result "hypercalls.${way}_grant" "$(per "$6" $(($3 - $1)))" &&
		result "hypercalls.${way}_event" "$(per "$7" $(($3 - $1)))"
}

# The same from dom0: frames a second that reached the guest's stack, of more than it can take.
pktgen_rx() {
	local before after mac
	mac=$(cat "/sys/class/net/$IFACE/address")
	before=$(counter rx_packets)
	dom0 "modprobe pktgen; cd /proc/net/pktgen; thread=\$(ls -d kpktgend_* | tail -n 1)
		echo rem_device_all >\$thread; echo add_device \$VIF >\$thread
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
