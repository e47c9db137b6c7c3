# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
# summary: KUnit suites with a planted bug, from /nfh/extra; testbed/mutants/run judges what they say
# load: no
# kernels: debug
# types: pvh
# timeout: 600
# groups: mutants
scenario() {
	# What a bug does is to be seen, and the next one to be tried; an oops leaves the fixtures of its suite where the next
	# one trips over them, so it takes the guest down, which costs a boot and no more.
	echo 0 >/proc/sys/kernel/panic_on_warn
	while read -r id filter; do
		echo "mutant $id begins"
		# a line's end would be a part of the pattern
		printf %s "$filter" >/sys/module/kunit/parameters/filter_glob
		timeout 60 insmod "/nfh/extra/$id.ko"
		timeout 20 rmmod netfront_hardened_kunit
		echo "mutant $id ends"
	done </nfh/extra/order
}
