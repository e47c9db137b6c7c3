# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
# scenario: the files in scenarios/ and the plan, which is a list of guest boots with the scenarios to run in each.

ALL_TYPES=(pv pvh)
ALL_GROUPS=(smoke functional lifecycle lifecycle-short instructions kunit negative negative-debug debug demo bench mutants)

scenarios() { (cd "$TB/scenarios" && ls -- *.sh) | sed 's/\.sh$//'; }
meta() { sed -n "s/^# $2: *//p" "$TB/scenarios/$1.sh" | head -n 1; } # SCENARIO KEY
in_group() { [[ " $(meta "$1" groups) " == *" $2 "* ]]; }

has() { # WORD LIST...
	local word=$1 w
	shift
	for w in "$@"; do [ "$w" != "$word" ] || return 0; done
	return 1
}

list_scenarios() {
	local s
	for s in $(scenarios); do printf '%-24s %-24s %s\n' "$s" "[$(meta "$s" groups)]" "$(meta "$s" summary)"; done
}

# Empty when the scenario is meant for this guest, else the reason why not.
not_for() { # SCENARIO KERNEL TYPE
	local types kernels
	types=$(meta "$1" types) kernels=$(meta "$1" kernels)
	if [ -n "$types" ] && [[ " $types " != *" $3 "* ]]; then
		echo "only for $types guests"
	elif [ -n "$kernels" ] && [[ " $kernels " != *" $2 "* ]]; then
		echo "only for kernel $kernels"
	fi
}

# Leaks are searched for after so many scenarios of a debug guest, and after its last one. A search takes a minute; but what ran in
# a guest since the one before is never searched when QEMU makes the guest's CPU triple-fault, which has taken 19 along.
LEAKS_EVERY=6

# The plan: one guest for the scenarios of one kernel, type and count of vCPUs. Line: ID KERNEL TYPE VCPUS MEMORY DRIVER JOB...
PLAN=()
plan_add() { # DRIVER KERNEL TYPE VCPUS QUEUES LOUD SCENARIO...   (VCPUS, QUEUES empty: as the scenario wants)
	local driver=$1 kernel=$2 type=$3 vcpus=$4 queues=$5 loud=$6 s v why memory=512 slow=1
	local -A jobs=() count=()
	local -a order=()
	shift 6
	[ "$kernel" != debug ] || memory=1024 slow=2
	for s in "$@"; do
		why=$(not_for "$s" "$kernel" "$type")
		if [ -n "$why" ]; then
			[ -z "$loud" ] || record skip "$type" "$kernel" "$s" 0 "$why"
			continue
		fi
		v=${vcpus:-$(meta "$s" vcpus)} v=${v:-1}
		[ -n "${jobs[$v]:-}" ] || order+=("$v")
		jobs[$v]+=$(plan_job "$s" "$queues" "$slow")
		count[$v]=$((${count[$v]:-0} + 1))
		[ "$kernel" != debug ] || [ $((count[$v] % LEAKS_EVERY)) != 0 ] || jobs[$v]+=$(plan_job leaks '' "$slow")
	done
	for v in "${order[@]}"; do
		[ "$kernel" != debug ] || [[ ${jobs[$v]##* } == leaks:* ]] || jobs[$v]+=$(plan_job leaks '' "$slow")
		PLAN+=("${#PLAN[@]} $kernel $type $v $memory $driver${jobs[$v]}")
	done
}

plan_job() { # SCENARIO QUEUES SLOW (how many times its time limit)
	echo " $1:$(default "$2" "$(meta "$1" queues)" 1):$(($(default "$(meta "$1" timeout)" 120) * $3))"
}

# The debug kernel (KASAN) boots only as PVH.
kernel_types() { if [ "$1" = debug ]; then echo pvh; else echo "$2"; fi; } # KERNEL TYPES

# The scenarios of a group, on the guests named, as far as they are meant for these. One at least is.
plan_group() { # GROUP KERNELS TYPES
	local k t s before=${#PLAN[@]}
	local -a names=()
	for s in $(scenarios); do ! in_group "$s" "$1" || names+=("$s"); done
	for t in ${3//,/ }; do
		for k in ${2//,/ }; do plan_add ours "$k" "$t" '' '' '' "${names[@]}"; done
	done
	[ ${#PLAN[@]} -gt "$before" ] || die "group '$1' has no scenario for the guests $2 $3"
}

# Does a scenario of the plan say "# KEY: yes"?
plan_wants() { # KEY
	local line job
	for line in "${PLAN[@]}"; do
		read -r _ _ _ _ _ _ line <<<"$line"
		for job in $line; do
			[ ! -e "$TB/scenarios/${job%%:*}.sh" ] || [ "$(meta "${job%%:*}" "$1")" != yes ] || return 0
		done
	done
	return 1
}

# Whoever plans something else that wants a driver domain sets this.
DRIVER_DOMAIN=
driver_domain_planned() { [ -n "$DRIVER_DOMAIN" ] || plan_wants driver-domain; }

default() { # the first of the words that is not empty
	local w
	for w in "$@"; do [ -z "$w" ] || { echo "$w" && return; }; done
}
