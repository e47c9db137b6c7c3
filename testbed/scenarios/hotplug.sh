# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2154
# summary: sixteen vifs come and go under traffic on the first one
# timeout: 300
# kernels: 6.12
# groups: lifecycle
scenario() {
	local n
	must "load to dom0" load_begin
	for n in 1 5 9 13; do must "four more vifs, from $n on" four attach "$n"; done
	must "sixteen interfaces" wait_for 20 interfaces_are 17
	for n in $(seq 16); do must "eth$n has carrier" carrier "eth$n"; done
	for n in 1 5 9 13; do must "four vifs go, from $n on" four detach "$n"; done
	must "one interface is left" wait_for 20 interfaces_are 1
	check "the load was intact and went through" load_end
	check "one connection of the first was enough" connections_are 1
	check "works" works
}

cleanup() {
	local n
	traffic_ends
	for n in 1 5 9 13; do four detach "$n" 2>/dev/null; done
}

interfaces_are() { [ "$(find /sys/class/net -name 'eth*' | wc -l)" = "$1" ]; }
carrier() { ip link set "$1" up && wait_for 20 grep -qx 1 "/sys/class/net/$1/carrier"; }

four() { # attach|detach FIRST
	local n words=bridge=xenbr0
	for n in 0 1 2 3; do
		[ "$1" = attach ] || words=$(($2 + n))
		dom0 "xl network-$1 \$DOMNAME $words" || return 1
	done
}
