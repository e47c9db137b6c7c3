# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2154,SC2034
# summary: a backend that answers nothing: sockets are not held for ever, and all is well when it answers again
# timeout: 240
# groups: lifecycle lifecycle-short
scenario() {
	must "load to dom0" load_begin --pause 0 --window 200
	must "netback lets go" backend_unbind
	check "skbs are given back" wait_for 25 stalled
	must "carrier is left alone" has_carrier
	check "no socket waits" wait_for 10 no_socket_waits
	must "netback takes it again" backend_bind
	check "works" works 60
	check "the load was intact and went through" load_end
	check "no violation counted" no_violations
}

cleanup() {
	traffic_ends
	backend_restore
}

stalled() { [ "$(stat tx_stalled)" -gt 0 ]; }

# The fifth column of /proc/net/udp begins with the bytes that a socket still has to answer for.
no_socket_waits() { awk 'NR > 1 && $5 !~ /^00000000:/ { bad = 1 } END { exit bad }' /proc/net/udp; }
