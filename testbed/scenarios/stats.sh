# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2154
# summary: ip -s link, ethtool -S and dom0's counters agree with the traffic that was sent
# groups: functional
# 500 frames of 1000 to 1099 bytes go out and come back. Neighbour discovery may add a few small packets of its own.
# Netback counts what it receives without the Ethernet header; so does stock netfront. Ours counts whole frames.
FRAMES=500 BYTES=524750 STRAY=20
BARE=$((BYTES - FRAMES * 14))

scenario() {
	local n
	for n in tx_packets tx_bytes rx_packets rx_bytes; do eval "near_$n=$(counter $n) far_$n=$(far_counter $n)"; done
	must "$FRAMES frames, $BYTES bytes" exactly
	for n in tx_packets tx_bytes rx_packets rx_bytes; do eval "near_$n=\$((\$(counter $n) - near_$n)) far_$n=\$((\$(far_counter $n) - far_$n))"; done
	check "tx_packets: $near_tx_packets" close "$near_tx_packets" "$FRAMES" "$STRAY"
	check "rx_packets: $near_rx_packets" close "$near_rx_packets" "$FRAMES" "$STRAY"
	check "tx_bytes: $near_tx_bytes" close "$near_tx_bytes" "$BYTES" $((STRAY * 100))
	check "rx_bytes: $near_rx_bytes" close "$near_rx_bytes" "$(if [ "$DRIVER" = ours ]; then echo "$BYTES"; else echo "$BARE"; fi)" $((STRAY * 100))
	check "dom0 got what the guest sent: $far_rx_packets" close "$far_rx_packets" "$FRAMES" "$STRAY"
	check "the guest got what dom0 sent: $far_tx_packets" close "$far_tx_packets" "$FRAMES" "$STRAY"
	check "dom0 counts the same bytes in: $far_rx_bytes" close "$far_rx_bytes" "$BARE" $((STRAY * 100))
	check "dom0 counts the same bytes out: $far_tx_bytes" close "$far_tx_bytes" "$BYTES" $((STRAY * 100))
	for n in tx_errors tx_dropped rx_errors rx_dropped; do check "$n is 0" test "$(counter $n)" = 0; done
	[ "$DRIVER" != ours ] || ours_only
	check "no violation counted" no_violations
}

ours_only() {
	check "ethtool -S sums up to ip -s link" sums_agree
	check "pool_pages is a number above 0" test "$(stat pool_pages)" -gt 0
	check "grants_shared is at least pool_pages" test "$(stat grants_shared)" -ge "$(stat pool_pages)"
	check "no page is in quarantine" test "$(stat quarantined_pages)" = 0
}

exactly() {
	local n
	for n in 1 2 3 4 5; do peer frames "$IFACE" "$DOM0_MAC" 1000 1099 || return 1; done
}

close() { [ "$1" -ge "$2" ] && [ "$1" -le $(($2 + $3)) ]; }

# Read again when a packet slipped in between the two readings.
sums_agree() { wait_for 5 sums_agree_now || { sums_agree_now; return 1; }; }
sums_agree_now() {
	local n sum link
	for n in tx_packets tx_bytes rx_packets rx_bytes; do
		sum=$(ethtool -S "$IFACE" | awk -v n="${n#*_}" -v way="${n%_*}" '$1 ~ "^" way "_queue_[0-9]+_" n ":$" { s += $2; seen = 1 } END { if (seen) print s }')
		link=$(counter "$n")
		echo "$n: queues $sum, link $link"
		[ "$sum" = "$link" ] || return 1
	done
}
