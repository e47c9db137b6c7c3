# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2154
# summary: TCP streams, v4 and v6, both ways at once, compared byte by byte
# groups: functional
scenario() {
	check "TCP v4" peer tcp "$DOM0_4" 30000000
	check "TCP v6" peer tcp "$DOM0_6" 30000000
	check "eight streams at once" together
	check "forty short connections" short
	check "no segment with a wrong checksum" test "$(snmp Tcp InCsumErrors)" = 0
	check "no violation counted" no_violations
}

together() {
	local n pids='' bad=0
	for n in 1 2 3 4 5 6 7 8; do
		nfh-peer tcp "$DOM0_4" 3000000 >"/tmp/tcp.$n" 2>&1 &
		pids="$pids $!"
	done
	for n in $pids; do wait "$n" || bad=1; done
	cat /tmp/tcp.?
	return "$bad"
}

short() {
	local n
	for n in $(seq 40); do nfh-peer tcp "$DOM0_4" "$n" || return 1; done
}
