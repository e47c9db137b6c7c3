# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2154
# summary: raw frames of every size from 60 to 9000 and a set up to the largest come back with every byte as it was sent
# timeout: 180
# groups: functional
scenario() {
	check "every size 60..1514 at MTU 1500" frames 60 1514
	check "one byte more does not fit" too_large 1515
	must "MTU $MTU_MAX at both ends" mtu_everywhere "$MTU_MAX"
	check "every size 1515..9000" frames 1515 9000
	check "sizes up to the largest" frames 9001 65531 521
	# shellcheck disable=SC2046
	check "around every page boundary" frames $(page_boundaries)
	check "the largest frame" frames 65531 65531
	check "the smallest frames" frames 26 59
	check "no violation counted" no_violations
}

cleanup() { mtu_everywhere 1500; }

too_large() { ! frames "$1" "$1" >/tmp/frames.out 2>&1 && grep -q 'does not fit' /tmp/frames.out; }

page_boundaries() {
	local size=4096
	while [ "$size" -lt 65531 ]; do
		echo "$((size - 3))-$((size + 16))"
		size=$((size + 4096))
	done
}
