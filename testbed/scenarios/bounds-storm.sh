# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2154,SC2034
# summary: events as fast as a backend can send them: a program that computes keeps its pace (2 vCPUs)
# timeout: 180
# kernels: 6.12
# vcpus: 2
# hostile: yes
# groups: lifecycle
# The emulated machine has 2 CPUs in all: Xen takes from the program what it gives to the backend and to the other vCPU, whatever
# the driver does. So the verdict is by the guest's own books, the time that its kernel was at work; the pace is only shown.
STORM_SECONDS=8
KERNEL_MAX=10 # percent of one CPU, so that a program that shares it keeps 90 %

scenario() {
	local calm storm before after
	must "a busy dom0" dom0 'setsid timeout 8 sh -c "while :; do :; done" </dev/null >/dev/null 2>&1 & true'
	calm=$(nfh-hog 6)
	must "the hostile backend takes the vif" hostile_begin event-storm $STORM_SECONDS
	before=$(interrupts)
	cpu_time >/tmp/cpu.before
	word attack
	storm=$(nfh-hog 6)
	cpu_time >/tmp/cpu.after
	after=$(interrupts)
	say "bound: pace $calm beside a busy dom0, $storm in the storm: $((storm * 100 / calm)) %; $(((after - before) / 6)) interrupts a second"
	must "the storm is over" wait_for 20 answered_with attack
	say "events sent by the backend: $(answer)"
	check "more events were sent than taken" test "$(answer | cut -d' ' -f2)" -gt $((after - before))
	check "by its ticks, softirqs included, the kernel took at most $KERNEL_MAX % of a CPU" kernel_share
	check "it still works" wait_for 20 ping -q -c 1 -W 2 "$DOM0_4"
	check "no violation counted" no_violations
}

cleanup() { hostile_over; }

interrupts() { awk '/vif/ { for (i = 2; i <= NF; i++) if ($i ~ /^[0-9]+$/) s += $i } END { print s + 0 }' /proc/interrupts; }

# Ticks of the program, of the kernel, and of nobody, on all CPUs; what Xen gave to others does not count.
cpu_time() { awk '$1 == "cpu" { print $2 + $3, $4 + $7 + $8, $5 + $6 }' /proc/stat; }
kernel_share() {
	cat /tmp/cpu.before /tmp/cpu.after | awk -v cpus="$(nproc)" -v max=$KERNEL_MAX '
		NR == 1 { user = $1; kernel = $2; idle = $3; next }
		{ user = $1 - user; kernel = $2 - kernel; idle = $3 - idle
			share = 100 * kernel * cpus / (user + kernel + idle)
			printf "ticks: program %d, kernel %d, idle %d: kernel %.1f %% of one CPU\n", user, kernel, idle, share
			exit !(user + kernel + idle > 0 && share <= max) }' >/tmp/share
	set -- $?
	say "bound: $(cat /tmp/share)"
	return "$1"
}
