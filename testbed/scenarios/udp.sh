# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2154
# summary: UDP datagrams of every size that fits a frame, v4 and v6, compared byte by byte
# groups: functional
scenario() {
	check "UDP v4, every size" peer udp "$DOM0_4" 12-1472
	check "UDP v6, every size" peer udp "$DOM0_6" 12-1452
	check "a window of 128 small datagrams" peer --window 128 udp "$DOM0_4" 12-600 12-600
	check "one at a time" peer --window 1 udp "$DOM0_4" 12-1472/37
	check "no datagram with a wrong checksum" test "$(snmp Udp InCsumErrors)" = 0
	check "no violation counted" no_violations
}
