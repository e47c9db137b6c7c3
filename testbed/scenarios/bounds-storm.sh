# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2154,SC2034
# summary: events as fast as a backend can send them: a program that computes keeps its pace (2 vCPUs)
# timeout: 180
# kernels: 6.12
# vcpus: 2
# hostile: yes
# groups: instructions
# By the wall clock the emulated machine says little: beside a backend that sends and a second vCPU the same program runs at 75 to 95 %
# of its pace, whatever the guest does. Where time is instructions the host is out of it, and pace is counted for each second that the
# guest's CPUs ran, by Xen's books: what handlers, softirqs and Xen's own work for the guest cost is in it, on either CPU.
STORM_SECONDS=8
PACE_MIN=90 # percent
KERNEL_MAX=10 # percent of one CPU

scenario() {
	local before after
	must "a busy dom0" dom0 'setsid timeout 8 sh -c "while :; do :; done" </dev/null >/dev/null 2>&1 & true'
	compute calm
	must "the hostile backend takes the vif" hostile_begin event-storm $STORM_SECONDS
	before=$(interrupts)
	cpu_time >/tmp/cpu.before
	word attack
	compute storm
	cpu_time >/tmp/cpu.after
	after=$(interrupts)
	must "the storm is over" wait_for 20 answered_with attack
	say "bound: $(((after - before) / 6)) interrupts a second; events sent by the backend: $(answer)"
	check "more events were sent than taken" test "$(answer | cut -d' ' -f2)" -gt $((after - before))
	check "for each second that Xen gave the guest, the program got as far as $PACE_MIN % of before" pace_kept
	check "by its ticks, softirqs included, the kernel took at most $KERNEL_MAX % of a CPU" kernel_share
	check "it still works" wait_for 20 ping -q -c 1 -W 2 "$DOM0_4"
	check "no violation counted" no_violations
}

cleanup() { hostile_over; }

interrupts() { awk '/vif/ { for (i = 2; i <= NF; i++) if ($i ~ /^[0-9]+$/) s += $i } END { print s + 0 }' /proc/interrupts; }

# The program's rounds a second, and the nanoseconds that the guest's CPUs ran meanwhile.
compute() { # NAME
	local before
	before=$(cpu_ns) && echo "$(nfh-hog 6) $(($(cpu_ns) - before))" >"/tmp/$1"
}
cpu_ns() { dom0 'nfh-cputime $DOMID'; }

pace_kept() {
	cat /tmp/calm /tmp/storm | awk -v min=$PACE_MIN '
		{ wall[NR] = $1; ran[NR] = $2 / 6e9; pace[NR] = $2 > 0 ? $1 / ran[NR] : 0 }
		END {
			if (NR != 2 || pace[1] <= 0) { print "no pace"; exit 1 }
			printf "pace %d beside a busy dom0, of %.2f CPUs, %d in the storm, of %.2f CPUs: %.0f %%; by the clock %.0f %%\n",
				pace[1], ran[1], pace[2], ran[2], 100 * pace[2] / pace[1], 100 * wall[2] / wall[1]
			exit pace[2] < pace[1] * min / 100
		}' >/tmp/pace
	told $? /tmp/pace
}

# Ticks of the program, of the kernel, and of nobody, on all CPUs; what Xen gave to others does not count.
cpu_time() { awk '$1 == "cpu" { print $2 + $3, $4 + $7 + $8, $5 + $6 }' /proc/stat; }
kernel_share() {
	cat /tmp/cpu.before /tmp/cpu.after | awk -v cpus="$(nproc)" -v max=$KERNEL_MAX '
		NR == 1 { user = $1; kernel = $2; idle = $3; next }
		{ user = $1 - user; kernel = $2 - kernel; idle = $3 - idle
			share = 100 * kernel * cpus / (user + kernel + idle)
			printf "ticks: program %d, kernel %d, idle %d: kernel %.1f %% of one CPU\n", user, kernel, idle, share
			exit !(user + kernel + idle > 0 && share <= max) }' >/tmp/share
	told $? /tmp/share
}

# The figure is said, whatever the verdict on it.
told() { # STATUS FILE
	say "bound: $(cat "$2")"
	return "$1"
}
