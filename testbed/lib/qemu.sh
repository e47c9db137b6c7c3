# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# qemu: one emulated machine with Xen and dom0 that runs the plan, and the words that come back from it.

# smap: dom0 dies in iret with it; rdtscp, xsave, avx: PVH guests die; erms, fsrm: rep movsb is slow under emulation
CPU=max,-smap,-smep,-rdtscp,-xsave,-avx,-avx2,-erms,-fsrm
MACHINE_MB=3072
# shellcheck disable=SC2034
METHODS=(two-core one-core instructions)
MACHINE_CPUS=()
QEMU_PID=
AGAINS=()
UNSEARCHED=() # what ran in this debug guest since leaks were last searched for
declare -A BEGUN=() # "BOOT-ID NAME" of each scenario that was begun
TIME_LIMIT=0 # seconds after which this command begins no further scenario; 0: it has all the time

#   two-core      wall time, two emulated processors
#   one-core      wall time with everything on one processor
#   instructions  virtual time that counts instructions instead, on one processor: 2 ns each, whatever the host does meanwhile
machine_method() { # METHOD: how the machines that follow are to keep time
	case $1 in
	two-core) MACHINE_CPUS=(-smp 2 -accel "tcg,thread=multi") ;;
	one-core) MACHINE_CPUS=(-smp 1 -accel "tcg,thread=single") ;;
	instructions) MACHINE_CPUS=(-smp 1 -accel "tcg,thread=single" -icount "shift=1,sleep=off" -rtc "base=2026-01-01,clock=vm") ;;
	esac
}
machine_method two-core

# Another one in the same run begins with nothing: no plan, nothing built for the one before.
next_machine() { # METHOD
	rm -rf "$RUN"
	mkdir -p "$RUN"
	PLAN=()
	machine_method "$1"
}

qemu_start() { # FIFO
	qemu-system-x86_64 -M q35 -cpu $CPU "${MACHINE_CPUS[@]}" -m $MACHINE_MB -display none -no-reboot -nic none -monitor none \
		-kernel "$BASE/xen.elf" -append "console=com1 com1=115200 loglvl=all guest_loglvl=all dom0_mem=1536M dom0_max_vcpus=2 sched=credit" \
		-initrd "${KERNEL_DIR[6.1]}/vmlinux console=hvc0 loglevel=6 net.ifnames=0 rdinit=/init,$RUN/dom0.cpio" \
		-serial "file:$LOGS/xen-console.log" -serial stdio </dev/null >"$1" 2>"$LOGS/qemu.log" &
	QEMU_PID=$!
}

qemu_stop() { # [SECONDS to wait for its own end]
	local n
	[ -n "$QEMU_PID" ] || return 0
	for ((n = 0; n < ${1:-0} * 10; n++)); do kill -0 "$QEMU_PID" 2>/dev/null && sleep 0.1; done
	kill "$QEMU_PID" 2>/dev/null || true
	wait "$QEMU_PID" || true
	QEMU_PID=
}

# Boots the machine, runs $RUN/plan in it and records a verdict for every scenario of the plan.
run_plan() {
	local fifo=$RUN/words line kind fd limit=180
	need_memory $((MACHINE_MB + 300))
	printf '%s\n' "${PLAN[@]}" >"$RUN/plan"
	# shellcheck disable=SC2046
	images_for_run $(printf '%s\n' "${PLAN[@]}" | cut -d' ' -f2 | sort -u)
	say "boot: QEMU, Xen, dom0 ..."
	rm -f "$fifo" && mkfifo "$fifo"
	qemu_start "$fifo"
	exec {fd}<"$fifo"
	DONE='' BROKEN='' CUT='' CURRENT='' GUEST_LOG=/dev/null AGAINS=() BEGUN=() UNSEARCHED=()
	while [ -z "$DONE$BROKEN" ]; do
		IFS= read -r -t "$limit" line <&"$fd" || {
			if [ $? -gt 128 ]; then BROKEN="no word from dom0 for $limit s"; else BROKEN="Xen or dom0 crashed (QEMU ended)"; fi
			break
		}
		kind=${line:0:1} line=${line:1}
		case $kind in
		@) host_event "${line%$'\r'}" && limit=270 ;; # dom0 gives a guest 240 s to boot
		'|') guest_line "${line%$'\r'}" ;;
		*) echo "$line" >>"$LOGS/dom0.log" ;;
		esac
	done
	exec {fd}<&-
	qemu_stop 5
	[ -z "$BROKEN" ] || machine_broke
	unfinished
}

host_event() {
	local word=${1%% *} rest=${1#* }
	case $word in
	stage) say "boot: $rest" ;;
	boot) guest_boots "${rest% *}" "${rest#* }" ;;
	begin) CURRENT=$rest CURRENT_MS=$(now_ms) BEGUN["$BOOT_ID $rest"]=1 && say "$TYPE $KERNEL $CURRENT ..." ;;
	end) guest_ends_scenario "$rest" && plan_cut ;;
	again) guest_again "$rest" ;;
	domain) domain_again "$rest" ;;
	fatal) BROKEN="dom0: $rest" ;;
	done) guest_over && DONE=1 ;;
	esac
}

guest_boots() { # ID N
	guest_over
	[ ${#UNSEARCHED[@]} = 0 ] || leaks_unknown
	read -r BOOT_ID KERNEL TYPE VCPUS _ <<<"${PLAN[$1]}"
	GUEST_LOG=$LOGS/guest-$1-$2-$TYPE-$KERNEL.log
	GUEST_FAILED='' CURRENT='' CURRENT_MS=$(now_ms)
	: >"$GUEST_LOG"
	say "$TYPE $KERNEL: guest boots, $VCPUS vCPUs"
}

guest_line() {
	printf '%s\n' "$1" >>"$GUEST_LOG"
	if [ -n "$VERBOSE" ] && [[ $1 == *"] nfh: "* ]]; then say "  ${1#*] nfh: }"; fi
}

guest_over() {
	[ "$GUEST_LOG" = /dev/null ] || [ -n "$GUEST_FAILED" ] || sweep_log "$GUEST_LOG" "$TYPE" "$KERNEL"
	GUEST_LOG=/dev/null
}

# The guest is over before the next search for leaks: that of another guest knows nothing of these.
leaks_unknown() {
	record skip "$TYPE" "$KERNEL" leaks 0 "a guest was over before the search; ran in it: ${UNSEARCHED[*]}"
	UNSEARCHED=()
}

# dom0 begins a guest again for a reason that is the emulated machine's; the verdict of the scenario will tell of it.
guest_again() { # REASON
	warn "$TYPE $KERNEL ${CURRENT:-(no scenario yet)}: $1; the guest is begun again"
	AGAINS+=("$BOOT_ID:$CURRENT:$1")
	GUEST_FAILED=1 CURRENT=''
}

# So does a driver domain; the guest goes on.
domain_again() { # REASON
	warn "$TYPE $KERNEL ${CURRENT:-(no scenario)}: $1; it is begun again"
	AGAINS+=("$BOOT_ID:$CURRENT:$1")
}

again_of() { # NAME: the remark that its verdict gets
	local a
	for a in "${AGAINS[@]}"; do
		[[ $a != "$BOOT_ID:$1:"* && $a != "$BOOT_ID::"* ]] || { echo "second try: ${a#*:*:}" && return; }
	done
}

guest_ends_scenario() { # "NAME VERDICT REASON"
	local name verdict reason seconds again
	read -r name verdict reason <<<"$1"
	seconds=$(since "$CURRENT_MS")
	PLAN[BOOT_ID]=${PLAN[BOOT_ID]/ $name:*([^ ])/}
	unset "BEGUN[$BOOT_ID $name]" # a name may be there again: leaks
	case $KERNEL/$name in
	debug/leaks | debug/hostile/leftovers) UNSEARCHED=() ;;
	debug/*) UNSEARCHED+=("$name") ;;
	esac
	case $verdict in pass | skip) ;; *) GUEST_FAILED=1 ;; esac
	again=$(again_of "$name")
	reason+=${again:+${reason:+; }$again}
	if [ "$name" = kunit ] && [ "$verdict" = pass ]; then
		record_ktap "$GUEST_LOG" "$TYPE" "$KERNEL"
	elif [ "$name" = coverage ] && [ "$verdict" = pass ]; then
		record_coverage "$GUEST_LOG" "$TYPE" "$KERNEL"
	else
		record "$verdict" "$TYPE" "$KERNEL" "$name" "$seconds" "$reason"
	fi
	[ "$LAST_VERDICT" != fail ] || show_tail "$GUEST_LOG" 25
	CURRENT=''
}

# On a slow host time may be over before the plan is: then the rest of it is left out, and said to be.
plan_cut() {
	[ "$TIME_LIMIT" != 0 ] && [ "$SECONDS" -ge "$TIME_LIMIT" ] || return 0
	warn "$((TIME_LIMIT / 60)) minutes are over: what is left of the plan is skipped"
	guest_over
	DONE=1 CUT=1
}

show_tail() { # LOG LINES
	echo "    ... the end of $1:" >&2
	tail -n "$2" "$1" | sed 's/^/    | /' >&2
}

machine_broke() {
	echo "nfh-testbed: the machine broke: $BROKEN" >&2
	[ ! -s "$LOGS/qemu.log" ] || show_tail "$LOGS/qemu.log" 5
	[ ! -s "$LOGS/dom0.log" ] || show_tail "$LOGS/dom0.log" 10
	[ ! -s "$LOGS/xen-console.log" ] || show_tail "$LOGS/xen-console.log" 20
}

# What was planned and never got a verdict has failed, unless it was not even begun since there was no time.
unfinished() {
	local line job id kernel type
	for line in "${PLAN[@]}"; do
		read -r id kernel type _ _ _ line <<<"$line"
		for job in $line; do
			job=${job%%:*}
			if [ -n "$CUT" ] && [ -z "${BEGUN["$id $job"]:-}" ]; then
				record skip "$type" "$kernel" "$job" 0 "not run: no time left after $((TIME_LIMIT / 60)) minutes"
			else
				record fail "$type" "$kernel" "$job" 0 "not run: ${BROKEN:-no verdict arrived}"
			fi
		done
	done
}
