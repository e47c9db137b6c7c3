# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2154
# summary: iperf3 TCP both ways, several streams, v6, UDP both ways and a flood of small datagrams
# groups: functional
scenario() {
	check "TCP to dom0" carried 1000000 -n 20M
	check "TCP from dom0" carried 1000000 -n 20M -R
	check "TCP v6 to dom0" carried 1000000 -n 10M -c "$DOM0_6"
	check "TCP v6 from dom0" carried 1000000 -n 10M -R -c "$DOM0_6"
	check "four streams to dom0" carried 1000000 -t 1 -P 4
	check "four streams from dom0" carried 1000000 -t 1 -P 4 -R
	check "TCP both ways at once" carried 200000 -t 1 --bidir
	check "UDP to dom0" few_lost -u -b 2M -l 1400 -t 1
	check "UDP from dom0" few_lost -u -b 2M -l 1400 -t 1 -R
	check "a flood of small datagrams to dom0" iperf -u -b 0 -l 64 -t 1
	check "a flood of small datagrams from dom0" iperf -u -b 0 -l 64 -t 1 -R
	check "traffic intact after the floods" intact
	check "no violation counted" no_violations
}

# The bits that arrived, by the receiver's count, are at least this many a second. This is no benchmark: the machine
# is emulated and may be busy with something else, so only a stream that hardly moves is a failure.
carried() { # BITS-A-SECOND IPERF-OPTIONS...
	local want=$1 got
	shift
	iperf -f k "$@" || return 1
	got=$(awk '/receiver/ { for (i = 2; i <= NF; i++) if ($i == "Kbits/sec") v = $(i - 1) } END { print int(v * 1000) }' /tmp/iperf)
	echo "$got bit/s received, $want wanted"
	[ "$got" -ge "$want" ]
}

# At a rate that an emulated machine carries, next to nothing is lost: at most 10 of 100.
few_lost() {
	iperf "$@" || return 1
	awk '/receiver/ && match($0, /\([0-9.e+-]+%\)/) { seen = 1; if (substr($0, RSTART + 1, RLENGTH - 3) + 0 > 10) bad = 1 }
		END { exit !seen || bad }' /tmp/iperf
}
