# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2034
# hostile-backend: the hostile backend takes the vif over from netback, in a scenario that says "# hostile: yes". Orders go to
# the process in dom0 that begins and ends backends (hostile/serve.c), words to the backend at work (hostile/main.c).

hostile_begin() { # ATTACK SECONDS (0: as long as it wants)
	dom0 'xl network-detach $DOMNAME 0; nfh-netback off' && wait_for 20 gone || return 1
	dom0 'setsid nfh-hostile serve $DOMID 0 </dev/null >/run/nfh/hostile.log 2>&1 & echo $! >/run/nfh/hostile.pid'
	order run "$1" 1 "$2" && wait_for 20 present && hostile_up && ping -q -c 3 -i 0.2 -W 2 "$DOM0_4"
}

hostile_up() { ip link set "$IFACE" up && wait_for 15 has_carrier && ip addr replace "$GUEST4/24" dev "$IFACE"; }

# Each order has a number that was not there before; the reply repeats it.
order() {
	local number
	number=$(tr -dc 0-9 </proc/uptime)
	xenstore-write data/nfh-hostile/order "$number $*" && wait_for 10 replied "$number"
}
replied() { [ "$(xenstore-read data/nfh-hostile/reply 2>/dev/null)" = "$1 ok" ]; }

word() { xenstore-write data/nfh-hostile/word "$1"; }
answer() { xenstore-read data/nfh-hostile/answer 2>/dev/null; }
answered_with() { case $(answer) in "$1 "*) ;; *) return 1 ;; esac; }

# For cleanup(): netback serves the vif again.
hostile_over() {
	order stop
	dom0 'kill $(cat /run/nfh/hostile.pid); cat /run/nfh/hostile.log; nfh-netback on'
	wait_for 20 gone
	dom0 'xl network-attach $DOMNAME bridge=xenbr0 mac=00:16:3e:00:00:01'
	wait_for 20 present
}
