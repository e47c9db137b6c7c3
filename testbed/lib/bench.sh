# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
# bench: the same workloads with stock xen-netfront (trusted, untrusted) and ours, in turn in one guest, by several methods.

# pktgen is for PVH guests alone: QEMU's trouble with cmpxchg16b (dom0/guests) hits a PV guest that does nothing but allocate.
# METHOD TYPE QUEUES ROUNDS SECONDS WORKLOADS; the methods (qemu.sh) show:
#   two-core      a transfer in which the backend is the bottleneck
#   one-core      the total work of guest, backend and hypervisor
#   instructions  the same twice, and nothing of caches
BENCH_QUICK="
two-core pv 1 3 1 tcp_tx_1 tcp_rx_1 latency
instructions pvh 1 1 1 tcp_tx_1 tcp_rx_1 pktgen_tx pktgen_rx udp_tx_64 latency grant_calls
"
BENCH_FULL="
two-core pv 1 5 1 tcp_tx_1 tcp_rx_1 sendfile_tx udp_tx_64 udp_rx_64 udp_tx_512 udp_rx_512 udp_tx_1400 udp_rx_1400 latency
two-core pv 4 5 1 tcp_tx_8 tcp_rx_8
two-core pvh 1 5 1 tcp_tx_1 tcp_rx_1 pktgen_tx pktgen_rx latency
two-core pvh 4 5 1 tcp_tx_8 tcp_rx_8
two-core pv 1 5 1 forward
two-core pvh 1 5 1 forward
two-core pv 1 1 1 grant_calls hypercalls
one-core pv 1 5 1 tcp_tx_1 tcp_rx_1
one-core pvh 1 5 1 tcp_tx_1 tcp_rx_1
instructions pv 1 3 1 tcp_tx_1 tcp_rx_1 udp_tx_64 latency
instructions pvh 1 3 1 tcp_tx_1 tcp_rx_1 pktgen_tx pktgen_rx udp_tx_64
"

cmd_bench() {
	local which=${BENCH:-full} settings method lines
	[ $# = 0 ] || die "bench takes no argument (BENCH=quick for the short one)"
	case $which in
	quick) settings=$BENCH_QUICK ;;
	full) settings=$BENCH_FULL ;;
	*\ *\ *) settings=$which ;; # lines like those above
	*) die "BENCH is quick or full, not '$which'" ;;
	esac
	words_of method "$(cut -d' ' -f1 <<<"$settings")" "${METHODS[@]}" >/dev/null
	VERBOSE=1
	start
	has_gnuplot
	prepare ours 6.12
	mkdir -p "$BUILD/bench"
	: >"$BUILD/bench/results"
	step native "bench: ring, frame, grant and pool on this processor" "$TB/bench/native/run"
	for method in "${METHODS[@]}"; do
		mapfile -t lines < <(sed -n "s/^$method //p" <<<"$settings")
		[ ${#lines[@]} = 0 ] || bench_machine "$method" "${lines[@]}"
	done
	[[ $which != *\ *\ * ]] || which="chosen settings"
	bench_report "$which"
	summary
}

has_gnuplot() {
	command -v gnuplot >/dev/null || {
		[ "$(id -u)" = 0 ] || die "gnuplot is missing; as root: apt-get install -y --no-install-recommends gnuplot-nox"
		step gnuplot "apt-get install gnuplot-nox" host_apt install gnuplot-nox
	}
}

# One machine for a method, a guest for each of its settings; results are read from the guests' consoles.
bench_machine() { # METHOD "TYPE QUEUES ROUNDS SECONDS WORKLOAD..."...
	local method=$1 type queues rounds seconds workloads n log
	local -a guests=()
	shift
	next_machine "$method"
	mkdir "$RUN/bench"
	while read -r type queues rounds seconds workloads; do
		guests+=("$type $queues")
		printf 'ROUNDS=%s\nSECONDS_EACH=%s\nWORKLOADS="%s"\nARMS="%s"\n' "$rounds" "$seconds" "$workloads" "${BENCH_ARMS:-}" >"$RUN/bench/${#PLAN[@]}"
		plan_add ours 6.12 "$type" "$queues" "$queues" '' bench
	done < <(printf '%s\n' "$@")
	say "bench: $method, $# guests"
	run_plan
	for n in "${!guests[@]}"; do
		for log in "$LOGS/guest-$n"-*.log; do
			[ -e "$log" ] || continue
			sed -n "s/.*\] nfh: bench \([a-z]*\) \([a-z0-9_.]*\) \([0-9.]*\)\r*$/$method ${guests[n]} \1 \2 \3/p" "$log"
			mv "$log" "$LOGS/$method-$(basename "$log")"
		done
	done >>"$BUILD/bench/results"
}

bench_report() { # WHICH
	local out=$BUILD/bench
	awk -v out=plot -f "$TB/bench/report.awk" "$out/results" >"$out/ratios"
	gnuplot -e "out='$out/report.svg'; data='$out/ratios'" "$TB/bench/report.gnuplot"
	{
		echo "# netfront_hardened against stock xen-netfront ($1, $(date +%F))"
		echo
		echo "Commit $(git -C "$TREE" rev-parse --short HEAD 2>/dev/null || echo unknown), guest kernel $(basename "${KERNEL_DIR[6.12]}" | cut -d- -f2-3)," \
			"dom0 kernel $(basename "${KERNEL_DIR[6.1]}" | cut -d- -f2-4), $(qemu-system-x86_64 --version | head -n 1), -cpu $CPU."
		echo "Medians; streams in Mbit/s, udp_ and pktgen_ in packets a second, latency in microseconds. Ratios are medians of the"
		echo "ratios round by round."
		echo "Costs: .ns_packet and .ns_kib are nanoseconds of the guest's processors, .instr_packet and .instr_kib their instructions"
		echo "(Xen's on the guest's behalf included), .notified what it notified dom0, each a hypercall, and .events what it was"
		echo "interrupted, a frame."
		awk -v out=table -f "$TB/bench/report.awk" "$out/results"
		echo
		sed 's/^#/##/; /^target/d' "$out/native.md"
	} >"$out/report.md"
	awk -f "$TB/bench/rst.awk" "$out/report.md" >"$out/report.rst"
	echo
	cat "$out/report.md"
	echo
	{ sed -n 's/^target //p' "$out/native.md" && awk -v out=targets -f "$TB/bench/report.awk" "$out/results"; } | tee "$out/targets"
	say "report: $out/report.md (and .rst), chart: $out/report.svg"
}
