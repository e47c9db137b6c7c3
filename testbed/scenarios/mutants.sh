# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
# summary: KUnit suites with a planted bug, from /nfh/extra; testbed/mutants/run judges what they say
# load: no
# kernels: debug
# types: pvh
# timeout: 400
# groups: mutants
scenario() {
	# what a bug does is to be seen, and the next one to be tried
	echo 0 >/proc/sys/kernel/panic_on_warn
	echo 0 >/proc/sys/kernel/panic_on_oops
	while read -r id filter; do
		echo "mutant $id begins"
		# a line's end would be a part of the pattern
		printf %s "$filter" >/sys/module/kunit/parameters/filter_glob
		timeout 60 insmod "/nfh/extra/$id.ko"
		timeout 20 rmmod netfront_hardened_kunit
		echo "mutant $id ends"
	done </nfh/extra/order
}
