# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
# summary: the KUnit suites; every test case is counted on its own (nfh-testbed kunit)
# load: no
# kernels: debug
# types: pvh
# timeout: 300
# groups: kunit
scenario() {
	for module in /nfh/modules/*kunit*.ko; do must "insmod ${module##*/}" insmod "$module"; done
}
cleanup() { rmmod netfront_hardened_kunit; }
