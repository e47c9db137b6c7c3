# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2034
# queues: many flows, from every CPU, and a look at which queues carried them.

all_queues_carry() {
	local q
	check "$QUEUES transmit queues" test "$(transmit_queues)" = "$QUEUES"
	queue_counts >/tmp/queues.before
	check "many flows, intact" many_flows
	check "four streams both ways" iperf -t 1 -P 4 --bidir
	queue_counts >/tmp/queues.after
	for q in $(seq 0 $((QUEUES - 1))); do
		check "queue $q sent packets" queue_carried "$q" 2
		check "queue $q received packets" queue_carried "$q" 3
	done
	check "there is no further queue" no_queue "$QUEUES"
	check "no violation counted" no_violations
}

# Each flow has a port of its own, hence a hash of its own; every CPU starts some of them.
many_flows() {
	local cpu n
	for cpu in $(seq 0 $(($(nproc) - 1))); do
		for n in $(seq $((32 / $(nproc)))); do
			on_cpu "$cpu" nfh-peer --max-retries 0 --timeout 10000 udp "$DOM0_4" 60-1472/353 || return 1
			[ $((n % 4)) != 0 ] || on_cpu "$cpu" nfh-peer tcp "$DOM0_6" 100000 || return 1
		done
	done
}

# Lines "QUEUE SENT RECEIVED". Stock has no counters for queues: its interrupts stand in for them.
queue_counts() {
	if [ "$DRIVER" = ours ]; then
		ethtool -S "$IFACE" | awk '$1 ~ /^[rt]x_queue_[0-9]+_packets:$/ { split($1, w, "_"); c[w[1] w[3]] = $2; q[w[3]] = 1 }
			END { for (n in q) print n, c["tx" n], c["rx" n] }'
	else
		awk -v name=vif0-q 'index($NF, name) == 1 { s = 0; for (i = 2; i < NF; i++) if ($i ~ /^[0-9]+$/) s += $i
			split(substr($NF, length(name) + 1), w, "-"); c[w[2] w[1]] = s; q[w[1]] = 1 }
			END { for (n in q) print n, c["tx" n], c["rx" n] }' /proc/interrupts
	fi
}

queue_carried() { # QUEUE COLUMN
	local before after
	before=$(awk -v q="$1" -v c="$2" '$1 == q { print $c }' /tmp/queues.before)
	after=$(awk -v q="$1" -v c="$2" '$1 == q { print $c }' /tmp/queues.after)
	echo "queue $1: ${before:-no counter} before, ${after:-no counter} after"
	[ -n "$before" ] && [ -n "$after" ] && [ "$after" -gt "$before" ]
}

no_queue() { ! grep -q "^$1 " /tmp/queues.after && [ "$(wc -l </tmp/queues.after)" = "$1" ]; }
