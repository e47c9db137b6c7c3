# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2154
# summary: a file of random bytes goes to dom0 and back, its checksum is compared at both ends
# groups: functional
scenario() {
	local sum
	dd if=/dev/urandom of=/tmp/there bs=64k count=256 2>/dev/null
	sum=$(sha256sum </tmp/there | cut -d' ' -f1)
	must "a file of 16 MiB" test "$(wc -c </tmp/there)" = 16777216
	must "dom0 listens" dom0 'timeout 50 busybox nc -l -p 9101 -e sh -c "cat >/run/there" </dev/null >/run/nc 2>&1 &'
	check "guest to dom0" wait_for 10 send
	check "dom0 got the same bytes" dom0_has "$sum"
	must "dom0 offers it" dom0 'timeout 50 busybox nc -l -p 9102 -e cat /run/there </dev/null >/run/nc 2>&1 &'
	check "dom0 to guest" wait_for 10 fetch
	check "the guest got the same bytes" test "$(sha256sum </tmp/back | cut -d' ' -f1)" = "$sum"
	check "no violation counted" no_violations
}

cleanup() {
	rm -f /tmp/there /tmp/back
	dom0 "rm -f /run/there"
}

# dom0's nc runs a program on the connection: reading from a file itself, it would end when that file does.
# Repeated until dom0's end listens.
send() { timeout 40 nc "$DOM0_4" 9101 </tmp/there; }
fetch() { timeout 40 nc "$DOM0_4" 9102 </dev/null >/tmp/back && [ -s /tmp/back ]; }
dom0_has() { [ "$(dom0 'sha256sum </run/there | cut -d" " -f1')" = "$1" ]; }
