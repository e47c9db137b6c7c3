# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2034
# hostile-backend: the hostile backend takes the vif over from netback, in a scenario that says "# hostile: yes". The words to
# it, and attack_up, are those of the hostile suite (guest/hostile.sh).

hostile_begin() { # ATTACK SECONDS (0: as long as it wants)
	dom0 'xl network-detach $DOMNAME 0; modprobe -r xen-netback' && wait_for 20 gone &&
		dom0 "nfh-hostile-start $1 1 $2" && wait_for 20 present && attack_up && ping -q -c 3 -i 0.2 -W 2 "$DOM0_4"
}

# For cleanup(): netback serves the vif again.
hostile_over() {
	word quit
	wait_for 10 answered_with quit
	dom0 'nfh-hostile-stop; modprobe xen-netback max_queues=4'
	wait_for 20 gone
	dom0 'xl network-attach $DOMNAME bridge=xenbr0 mac=00:16:3e:00:00:01'
	wait_for 20 present
}
