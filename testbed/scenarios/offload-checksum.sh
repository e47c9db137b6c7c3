# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2154
# summary: checksum offload on and off both ways, v4 and v6: the switch works, dom0 sees the difference, content is intact
# groups: functional
scenario() {
	transmit tx-checksum-ipv4 4 "$DOM0_4"
	transmit tx-checksum-ipv6 6 "$DOM0_6"
	receive
	check "dom0 computes checksums itself" dom0 'ethtool -K $VIF tx off && ethtool -k $VIF | grep -q "^tx-checksumming: off"'
	check "traffic intact with dom0's checksums" intact
	check "no datagram with a wrong checksum" test "$(snmp Udp InCsumErrors)" = 0
	check "no segment with a wrong checksum" test "$(snmp Tcp InCsumErrors)" = 0
	check "no violation counted" no_violations
}

cleanup() { dom0 'ethtool -K $VIF tx on'; }

# An offloaded checksum is not yet in the packet when dom0 looks at it; one computed by the guest is there and right.
transmit() { # FEATURE FAMILY PEER
	if feature_fixed "$1" && [ "$DRIVER" = stock ]; then
		say "$1 cannot be switched in the stock driver"
	else
		check "$1 off" feature_set "$1" off
		check "v$2 datagrams have their checksum" sums_seen 'udp sum ok' "$3"
		check "traffic intact with $1 off" intact
		check "$1 on" feature_set "$1" on
	fi
	check "v$2 datagrams leave their checksum to dom0" sums_seen 'bad udp cksum' "$3"
	check "traffic intact with $1 on" intact
}

receive() {
	if feature_fixed rx-checksumming; then
		check "rx-checksumming is on for good" feature_is rx-checksumming on
		return
	fi
	check "rx-checksumming off" feature_set rx-checksumming off
	check "traffic intact with rx-checksumming off" intact
	check "rx-checksumming on" feature_set rx-checksumming on
	check "traffic intact with rx-checksumming on" intact
}

# Four datagrams, all of them seen by dom0 with these words.
sums_seen() { # WORDS PEER
	capture_begin 4 -vv -i '$VIF' '"udp dst port 7777"' || return 1
	peer udp "$2" 200 201 202 203 && captured 4 "$1"
}
