# SPDX-License-Identifier: GPL-2.0
# From lines "METHOD TYPE QUEUES ARM WORKLOAD VALUE" to a table of medians, or to one line for each target.
#   -v out=table     Markdown: medians, spread, ratio of ours to each arm of stock, run by run
#   -v out=targets   "TYPE METHOD NAME RATIO TARGET met|missed"
#   -v out=plot      data for gnuplot: label and ratio to trusted

function median(list, n,    i, j, t, a) {
	for (i = 1; i <= n; i++) a[i] = list[i]
	for (i = 2; i <= n; i++)
		for (j = i; j > 1 && a[j - 1] > a[j]; j--) { t = a[j]; a[j] = a[j - 1]; a[j - 1] = t }
	return n % 2 ? a[(n + 1) / 2] : (a[n / 2] + a[n / 2 + 1]) / 2
}

function middle(key,    i, list) {
	for (i = 1; i <= count[key]; i++) list[i] = value[key, i]
	return count[key] ? median(list, count[key]) : 0
}

function spread(key,    i, low, high, m) {
	m = middle(key)
	for (i = 1; i <= count[key]; i++) {
		if (i == 1 || value[key, i] < low) low = value[key, i]
		if (i == 1 || value[key, i] > high) high = value[key, i]
	}
	return m ? 100 * (high - low) / m : 0
}

# The machine's mood changes from round to round, so each round is compared with itself.
function ratio(setting, work, arm,    i, n, list, a, b) {
	a = setting SUBSEP "ours" SUBSEP work
	b = setting SUBSEP arm SUBSEP work
	n = count[a] < count[b] ? count[a] : count[b]
	for (i = 1; i <= n; i++) list[i] = value[b, i] ? value[a, i] / value[b, i] : 0
	return n ? median(list, n) : 0
}

function judge(setting, name, work, arm, target, less,    r, met) {
	r = ratio(setting, work, arm)
	if (!r) return
	met = less ? r <= target : r >= target
	printf "%-24s %-22s %5.2f of %-9s target %s %.2f  %s\n", label(setting), name, r, arm, less ? "<=" : ">=", target, met ? "met" : "missed"
}

function label(setting,    p) {
	split(setting, p, SUBSEP)
	return p[2] " " p[3] "q " p[1]
}

# There an instruction is 2 ns.
$1 == "instructions" && sub(/\.ns_/, ".instr_", $5) { $6 /= 2 }

{
	setting = $1 SUBSEP $2 SUBSEP $3
	key = setting SUBSEP $4 SUBSEP $5
	if (!(setting in settings)) { settings[setting] = ++ns; order[ns] = setting }
	if (!($5 in works)) { works[$5] = ++nw; work[nw] = $5 }
	value[key, ++count[key]] = $6
}

# Pages that an idle vif shares, and 25 KiB of its own for each queue; targets 2.2 MiB for one, 17 for eight.
function held(setting,    o, p, mib, most) {
	o = setting SUBSEP "ours" SUBSEP "grants_held"
	if (!count[o]) return
	split(setting, p, SUBSEP)
	mib = (middle(o) * 4 + p[3] * 25) / 1024
	most = p[3] > 1 ? p[3] * 17 / 8 : 2.2
	printf "%-24s %-22s %5.2f MiB %8s target <= %.2f  %s\n", label(setting), "held by an idle vif", mib, "", most, mib <= most ? "met" : "missed"
}

# What there should be nothing of, for each frame.
function none(setting, name, work,    o) {
	o = setting SUBSEP "ours" SUBSEP work
	if (!count[o]) return
	printf "%-24s %-22s %5.3f a frame, of trusted %.3f, target 0  %s\n", label(setting), name, middle(o),
		middle(setting SUBSEP "trusted" SUBSEP work), middle(o) ? "missed" : "met"
}

function targets(setting) {
	judge(setting, "TCP TX", "tcp_tx_1", "trusted", 1.0)
	judge(setting, "TCP RX", "tcp_rx_1", "trusted", 1.0)
	if (setting ~ /^one-core/) judge(setting, "TCP TX", "tcp_tx_1", "untrusted", 1.15)
	if (setting ~ /^instructions/) {
		judge(setting, "TCP TX", "tcp_tx_1", "untrusted", 1.4)
		judge(setting, "guest work 64-byte TX", "udp_tx_64.instr_packet", "trusted", 0.9, 1)
		judge(setting, "guest work 64-byte RX", "pktgen_rx.instr_packet", "trusted", 0.9, 1)
	}
	judge(setting, "64-byte TX", "pktgen_tx", "trusted", 1.2)
	judge(setting, "64-byte RX", "pktgen_rx", "trusted", 1.1)
	judge(setting, "forwarding", "forward", "trusted", 1.0)
	judge(setting, "p99 latency", "latency_p99", "trusted", 1.0, 1)
	if (setting ~ /^two-core.pv./) held(setting)
	none(setting, "grant table calls", "grant_calls")
	none(setting, "grant hypercalls, TX", "hypercalls.tx_grant")
	none(setting, "grant hypercalls, RX", "hypercalls.rx_grant")
}

# What a workload costs has the name of the workload and a dot in front.
function table(setting, costs,    w, t, u, o) {
	print costs ? "\n| cost | trusted | untrusted | ours | ours/trusted | ours/untrusted |" : \
		"\n| workload | runs | trusted | untrusted | ours | spread of ours | ours/trusted | ours/untrusted |"
	print costs ? "|---|---|---|---|---|---|" : "|---|---|---|---|---|---|---|---|"
	for (w = 1; w <= nw; w++) {
		if (costs != (work[w] ~ /\./)) continue
		t = setting SUBSEP "trusted" SUBSEP work[w]
		u = setting SUBSEP "untrusted" SUBSEP work[w]
		o = setting SUBSEP "ours" SUBSEP work[w]
		if (!count[o]) continue
		printf "| %s | ", work[w]
		if (!costs) printf "%d | ", count[o]
		printf "%.6g | %.6g | %.6g | ", middle(t), middle(u), middle(o)
		if (!costs) printf "%.0f %% | ", spread(o)
		printf "%.2f | %.2f |\n", ratio(setting, work[w], "trusted"), ratio(setting, work[w], "untrusted")
	}
}

function plot(setting,    w) {
	for (w = 1; w <= nw; w++)
		if (work[w] !~ /\./ && count[setting SUBSEP "ours" SUBSEP work[w]])
			printf "\"%s %s\" %.3f %.3f\n", work[w], label(setting), ratio(setting, work[w], "trusted"), ratio(setting, work[w], "untrusted")
}

END {
	for (s = 1; s <= ns; s++) {
		setting = order[s]
		if (out == "targets") targets(setting)
		else if (out == "plot") plot(setting)
		else {
			printf "\n## %s\n", label(setting)
			table(setting, 0)
			table(setting, 1)
		}
	}
}
