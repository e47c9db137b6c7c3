# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2154,SC2034
# summary: XDP: native mode is refused with words, generic mode drops frames, and goes on to do so over a new connection
# timeout: 180
# groups: lifecycle lifecycle-short
BPF=/tmp/bpf

scenario() {
	must "a bpf file system" bpf_mount
	must "a program that drops all" nfh-bpf drop $BPF/drop
	check "native mode is refused" refused_with 'native' ip link set dev "$IFACE" xdpdrv pinned $BPF/drop
	check "offload is refused" refused_with . ip link set dev "$IFACE" xdpoffload pinned $BPF/drop
	check "and nothing is attached" test -z "$(attached)"
	check "works" works
	must "generic mode is taken" ip link set dev "$IFACE" xdpgeneric pinned $BPF/drop
	check "it drops" silence
	must "a fault" fault
	must "a new connection" wait_for 20 connections_are 2
	check "it is still attached" test -n "$(attached)"
	check "it still drops" silence
	must "the backend closes" backend_write state 5
	must "a new connection" wait_for 30 connections_are 3
	check "it is still attached" test -n "$(attached)"
	check "it still drops" silence
	must "it goes" ip link set dev "$IFACE" xdpgeneric off
	check "works" works
}

cleanup() {
	ip link set dev "$IFACE" xdpgeneric off
	umount $BPF
	ip addr replace "$GUEST6/64" dev "$IFACE" nodad
}

bpf_mount() { mkdir -p $BPF && mount -t bpf bpf $BPF; }
attached() { ip link show dev "$IFACE" | grep -o 'prog/xdp id [0-9]*'; }
# Answers arrive, and nobody gets them.
silence() {
	local before
	wait_for 20 has_carrier || return 1
	before=$(stat rx_queue_0_packets)
	! ping -q -c 2 -i 0.5 -W 1 "$DOM0_4" && [ "$(stat rx_queue_0_packets)" -gt "$before" ]
}

refused_with() { # WORDS COMMAND...
	local words=$1
	shift
	if "$@" >/tmp/refused 2>&1; then
		echo "was not refused: $*"
		return 1
	fi
	cat /tmp/refused
	say "refused: $* -> $(head -n 1 /tmp/refused)"
	grep -q -- "$words" /tmp/refused
}
