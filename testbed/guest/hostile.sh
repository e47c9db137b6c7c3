# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC1090,SC1091,SC2013,SC2016
# hostile: one attack from an honest start to an honest end. The table of the attacks is hostile/ in the testbed.

[ ! -e /nfh/hostile.conf ] || . /nfh/hostile.conf # SEED, RACE_SECONDS
[ "$DRIVER" != planted ] || MODULE=/nfh/planted.ko DRIVER=ours

LOG_LINES_MAX=20	# of the kernel, from the vif on to the unloading
UNLOAD_MS_MAX=13000 # 5 s for a backend that does not close, 5 s for one that keeps pages
case $KERNEL in
debug) GAP_MS_MAX=6000 ;;
*) GAP_MS_MAX=3000 ;; # an emulated machine on a busy host stands still by itself
esac

# Hundredths of a second. (No program is started for it: under emulation that costs more than all the rest.)
now_cs() {
	local up
	read -r up _ </proc/uptime
	echo "${up%.*}${up#*.}"
}

# Sets FLAGS, EXPECT and ALSO from the table; FLAGS is empty when there is no such attack.
attack_find() {
	local name
	FLAGS=''
	while IFS='|' read -r name _ FLAGS EXPECT ALSO _; do
		[ "$name" != "$ATTACK" ] || return 0
	done </nfh/attacks
	FLAGS=''
}
has() { case $FLAGS in *,$1,*) ;; *) return 1 ;; esac; }

run_attack() { # hostile/NAME or planted/NAME (the driver is one with bugs), QUEUES
	local verdict=pass reason
	ATTACK=${1#*/} QUEUES=$2 FLAGS=''
	rm -f /tmp/failed /tmp/remark /tmp/moved /tmp/opinion
	[ "$SEARCHED" != 0 ] || SEARCHED=$(dmesg | wc -l)
	event begin "$1"
	note "begin $1"
	event phase 110 "attack, limit 110 s"
	if [ "$ATTACK" = leftovers ]; then leftovers; else attack_case; fi
	forbidden_words
	reason=$(cat /tmp/remark 2>/dev/null)
	[ ! -s /tmp/failed ] || { verdict=fail && reason=$(head -n 1 /tmp/failed); }
	note "end $1 $verdict $reason"
	event end "$1" "$verdict" "$(printf '%.300s' "$reason")"
}

attack_case() {
	attack_find
	[ -n "$FLAGS" ] || { echo "no attack '$ATTACK'" >/tmp/failed && return; }
	[ -e /tmp/before ] || grants >/tmp/before
	before=$(cat /tmp/before)
	rm -f /tmp/status
	{
		( attack_body ) </dev/null 2>&1 3<&-
		echo $? >/tmp/status
	} | note_lines '  '
	[ "$(cat /tmp/status)" = 0 ] || [ -s /tmp/failed ] || echo "the case ended with an error" >/tmp/failed
	attack_over
}

attack_body() {
	loaded || must "driver loads" attack_load
	lines=$(kernel_lines)
	must "the backend starts" backend_start "$ATTACK" "$SEED"
	beat_begin
	has early || attack_scene
	must "the attack happens" strike
	attack_verdict
	traffic_stop
	has keep || word release
	check "other work and RTNL went on" beat_end
	check "driver unloads in time" attack_unload
	! has keep || backend_ended release
	check "grants are back to: $before" wait_for "$(if has keep; then echo 75; else echo 15; fi)" grants_back
	backend_ended quit
	check "the backend has seen nothing bad" backend_content
	aftermath
}

# Whatever the case left running.
attack_over() {
	traffic_stop
	[ ! -e /tmp/beat.pid ] || beat_end >/dev/null
	[ ! -e /tmp/backend ] || dom0 nfh-hostile-stop >/dev/null
	rm -f /tmp/backend
}

# Interface up, traffic both ways, before anything happens.
attack_scene() {
	must "interface comes up" attack_up
	traffic_start
	must "honest traffic flows" answered
}

attack_verdict() {
	usleep 300000
	check "counters: $EXPECT" counters_judged
	if has lives; then
		! has early || check "interface comes up" attack_up
		check "traffic goes on" carries
	fi
	if [ -e "/sys/class/net/$IFACE" ]; then
		check "the interface goes down" timeout 5 ip link set "$IFACE" down
		check "the interface goes up" timeout 5 ip link set "$IFACE" up
		check "its counters can be read" timeout 5 sh -c "ethtool -S $IFACE >/dev/null"
	fi
}

# The backend is honest, or honest again.
carries() {
	wait_for 8 answered && nfh-peer --max-retries 0 --timeout 10000 udp "$DOM0_4" 100-1400/300
}

# A good backend gets traffic through, with the driver loaded anew. Where traffic went on as it was, that has been seen.
aftermath() {
	LINES_SEEN=$(($(kernel_lines) - lines))
	check "at most $LOG_LINES_MAX lines in the log, not $LINES_SEEN" test "$LINES_SEEN" -le "$LOG_LINES_MAX"
	if has lives; then
		remark
		return
	fi
	must "driver loads again" attack_load
	must "a good backend starts" backend_start honest 1
	must "interface comes up again" attack_up
	check "a good backend carries traffic" carries
	backend_ended quit
	remark
}

remark() {
	local gap rtnl
	read -r gap rtnl </tmp/beat
	printf '%s gap %s ms, RTNL %s ms, unload %s ms' "$(counters_moved | tr '\n' ' ')" "$gap" "$rtnl" "$(cat /tmp/unload)" >/tmp/remark
}

loaded() { [ -d /sys/module/netfront_hardened ] || [ -d /sys/module/xen_netfront ]; }

attack_load() {
	case $DRIVER in
	ours) insmod "$MODULE" max_queues="$QUEUES" ;;
	stock) modprobe xen-netfront max_queues="$QUEUES" ;;
	esac
	MODULE_RANGES="$(module_ranges)"
	echo "$MODULE_RANGES" >>/tmp/ranges
	loaded
}

attack_unload() {
	local begin took
	begin=$(now_cs)
	driver_unload || return 1
	took=$((($(now_cs) - begin) * 10))
	echo $took >/tmp/unload
	[ "$took" -le "$UNLOAD_MS_MAX" ] || { echo "took $took ms, $UNLOAD_MS_MAX are allowed" && return 1; }
}

# The vif comes with the backend, into a guest whose driver is loaded already.
backend_start() { # ATTACK SEED
	BACKEND=$1
	touch /tmp/backend
	dom0 "nfh-hostile-start $1 $2 ${RACE_SECONDS:-0}" || return 1
	if has early && [ "$1" != honest ]; then return 0; fi
	wait_for 20 test -e "/sys/class/net/$IFACE"
}

word() { xenstore-write data/nfh-hostile/word "$1"; }
answer() { xenstore-read data/nfh-hostile/answer 2>/dev/null; }
answered_with() { case $(answer) in "$1 "*) ;; *) return 1 ;; esac; }

# WORD COUNT OPINION: the attack must have happened at least once.
strike() {
	has early || word attack
	! has down || { usleep 200000 && ip link set "$IFACE" down; }
	wait_for 60 answered_with attack || return 1
	! has down || ip link set "$IFACE" up
	answer
	[ "$(answer | cut -d' ' -f2)" -gt 0 ]
}

# A backend that has ended itself cannot obey.
backend_ended() { # WORD
	if has dead && [ "$BACKEND" != honest ]; then
		[ "$1" = release ] || dom0 nfh-hostile-stop
		return
	fi
	word "$1"
	wait_for 10 answered_with "$1" || return 1
	[ "$1" = quit ] || return 0
	answer >/tmp/opinion
	rm -f /tmp/backend
}

backend_content() {
	has dead || grep -q ' ok$' /tmp/opinion || {
		cat /tmp/opinion
		return 1
	}
}

attack_up() {
	ip link set "$IFACE" up && wait_for 15 has_carrier || return 1
	ip addr replace "$GUEST4/24" dev "$IFACE"
}

answered() { ping -q -c 1 -W 2 "$DOM0_4"; }

traffic_start() {
	traffic >/tmp/traffic.out 2>&1 &
	echo $! >/tmp/traffic.pid
}

traffic_stop() {
	local pid
	[ -e /tmp/traffic.pid ] || return 0
	pid=$(cat /tmp/traffic.pid)
	rm /tmp/traffic.pid
	kill "$pid" 2>/dev/null
	for pid in $(pidof nfh-peer nfh-canary); do kill -9 "$pid"; done
}

traffic() {
	! has leak || { nfh-canary fill 40 && nfh-canary slab 200; }
	case $ATTACK in
	leak-sendfile) forever pieces ;;
	leak-tcp) forever nfh-peer tcp "$DOM0_4" 2000000 ;;
	leak-*) forever datagrams ;;
	*)
		! has tcp || forever nfh-peer tcp "$DOM0_4" 2000000 &
		forever nfh-peer load "$DOM0_4" 60 100-1400/300
		;;
	esac
}

forever() {
	while [ -e /tmp/traffic.pid ]; do
		"$@"
		usleep 10000
	done
}

datagrams() {
	nfh-canary slab 50
	[ "$ATTACK" != leak-reattach ] || attack_up
	nfh-peer --timeout 300 udp "$DOM0_4" 20-1472/117 4000
}

pieces() {
	nfh-canary file /tmp/pieces
	nfh-canary send /tmp/pieces "$DOM0_4" 7778
}

counters_moved() { cat /tmp/moved 2>/dev/null; }

# EXPECT: at least one of these, or "none", or "any". Nothing else but ALSO.
counters_judged() {
	local name hit=''
	ethtool -S "$IFACE" 2>/dev/null | sed -n 's/^ *\(\(drop\|fault\)_[a-z_]*\): \([1-9][0-9]*\)$/\1=\3/p' >/tmp/moved
	counters_moved
	[ "$DRIVER" = ours ] && [ "$EXPECT" != any ] || return 0
	for name in $(counters_moved); do
		case " $EXPECT " in *" ${name%=*} "*) hit=1 && continue ;; esac
		case " $ALSO " in *" ${name%=*} "*) ;; *) echo "$name was not expected" && return 1 ;; esac
	done
	[ "$EXPECT" = none ] || [ -n "$hit" ]
}

kernel_lines() { dmesg | grep -c -v '\] nfh: '; }

beat_begin() {
	nfh-beat >/tmp/beat 2>&1 &
	echo $! >/tmp/beat.pid
}

beat_end() {
	local pid gap rtnl
	pid=$(cat /tmp/beat.pid)
	rm /tmp/beat.pid
	kill "$pid"
	wait_for 10 test -s /tmp/beat || return 1
	read -r gap rtnl </tmp/beat
	echo "longest gap $gap ms, longest wait for RTNL $rtnl ms, $GAP_MS_MAX are allowed"
	[ "$gap" -le $GAP_MS_MAX ] && [ "$rtnl" -le $GAP_MS_MAX ]
}

# Last of a guest: nothing is left of all the cases.
leftovers() {
	! loaded || check "driver unloads" driver_unload
	[ ! -e /tmp/ranges ] || leaks "$(sort -u /tmp/ranges | tr '\n' ' ')"
}
