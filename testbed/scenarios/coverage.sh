# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
# summary: which lines and branches the KUnit suites reach, with gates (nfh-testbed kunit)
# load: no
# kernels: debug
# types: pvh
# timeout: 300
# groups: kunit
scenario() {
	must "the suites run with counters" insmod /nfh/modules/netfront-hardened-coverage.ko
	find /sys/kernel/debug/gcov -name '*.gcda' | while read -r file; do
		gzip -c "$file" | base64 -w 800 | while read -r line; do echo "gcda ${file##*/} $line"; done
	done
}
cleanup() { rmmod netfront_hardened_kunit; }
