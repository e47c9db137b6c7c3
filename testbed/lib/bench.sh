# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
# bench: the same workloads with stock xen-netfront (trusted, untrusted) and ours, in turn in one guest, by several methods.

# pktgen is for PVH guests alone: QEMU's trouble with cmpxchg16b (dom0/guests) hits a PV guest that does nothing but allocate.
# METHOD TYPE QUEUES ROUNDS SECONDS WORKLOADS
#   two-core      wall time, two emulated processors: the backend is the bottleneck
#   one-core      wall time with everything on one processor: the total work of guest, backend and hypervisor
#   instructions  virtual time that counts instructions instead: the same twice, and says nothing of caches
BENCH_QUICK="
two-core pv 1 3 1 tcp_tx_1 tcp_rx_1 latency
instructions pvh 1 1 1 tcp_tx_1 tcp_rx_1 pktgen_tx pktgen_rx udp_tx_64 latency grant_calls
"
BENCH_FULL="
two-core pv 1 5 1 tcp_tx_1 tcp_rx_1 tcp_tx_8 tcp_rx_8 sendfile_tx udp_tx_64 udp_rx_64 udp_tx_1400 udp_rx_1400 latency
two-core pv 4 3 2 tcp_tx_8 tcp_rx_8
two-core pvh 1 5 2 tcp_tx_1 tcp_rx_1 pktgen_tx pktgen_rx latency
two-core pv 1 3 1 forward
one-core pv 1 5 2 tcp_tx_1 tcp_rx_1
one-core pv 1 3 1 forward
instructions pv 1 1 2 tcp_tx_1 tcp_rx_1 udp_tx_64 latency grant_calls
instructions pvh 1 1 1 pktgen_tx pktgen_rx udp_tx_64
"

cmd_bench() {
	local which=${BENCH:-full} settings method rest
	[ $# = 0 ] || die "bench takes no argument (BENCH=quick for the short one)"
	case $which in
	quick) settings=$BENCH_QUICK ;;
	full) settings=$BENCH_FULL ;;
	*\ *\ *) settings=$which ;; # lines like those above
	*) die "BENCH is quick or full, not '$which'" ;;
	esac
	VERBOSE=1
	start
	has_gnuplot
	prepare ours 6.12
	mkdir -p "$BUILD/bench"
	: >"$BUILD/bench/results"
	step native "bench: ring, frame, grant and pool on this processor" "$TB/bench/native/run"
	while read -r method rest; do
		# shellcheck disable=SC2086
		[ -z "$method" ] || bench_setting "$method" $rest
	done <<<"$settings"
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

# One machine for each setting; its results are read from the guest's console.
bench_setting() { # METHOD TYPE QUEUES ROUNDS SECONDS WORKLOAD...
	local method=$1 type=$2 queues=$3 log
	rm -rf "$RUN"
	mkdir -p "$RUN"
	printf 'ROUNDS=%s\nSECONDS_EACH=%s\nWORKLOADS="%s"\nARMS="%s"\n' "$4" "$5" "${*:6}" "${BENCH_ARMS:-}" >"$RUN/bench"
	say "bench: $method, $type, $queues queues: ${*:6}"
	case $method in
	two-core) MACHINE_CPUS=(-smp 2 -accel "tcg,thread=multi") ;;
	one-core) MACHINE_CPUS=(-smp 1 -accel "tcg,thread=single") ;;
	instructions) MACHINE_CPUS=(-smp 1 -accel "tcg,thread=single" -icount "shift=1,sleep=off" -rtc "base=2026-01-01,clock=vm") ;;
	esac
	PLAN=()
	plan_add ours 6.12 "$type" "$queues" "$queues" '' bench
	run_plan
	for log in "$LOGS"/guest-*.log; do
		sed -n "s/.*\] nfh: bench \([a-z]*\) \([a-z0-9_.]*\) \([0-9.]*\)\r*$/$method $type $queues \1 \2 \3/p" "$log"
		mv "$log" "$LOGS/$method-$type-$queues.log"
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
		echo "Costs: .ns_packet and .ns_kib are nanoseconds of the guest's processors (in the method \"instructions\" two for each"
		echo "instruction, Xen's on its behalf included), .notified what it notified dom0 and .events what it was interrupted, a frame."
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
