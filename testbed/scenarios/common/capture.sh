# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2034
# capture: what dom0 sees on its end of the wire. One capture at a time.

# Returns when tcpdump listens. (Without -Z it wants a user of its own, which dom0 lacks.)
capture_begin() { # COUNT TCPDUMP-ARGUMENTS...
	local count=$1
	shift
	dom0 "timeout 50 tcpdump -Z root -l -n -c $count $* </dev/null >/run/capture 2>&1 &
		for n in \$(seq 50); do grep -q 'listening on' /run/capture && exit 0; sleep 0.1; done
		cat /run/capture; exit 1"
}

# At least so many lines of the capture have these words; waits for them a while.
captured() { # COUNT WORDS
	dom0 "for n in \$(seq 50); do [ \$(grep -c '$2' /run/capture) -ge $1 ] && exit 0; sleep 0.1; done
		tail -n 20 /run/capture; echo \"\$(grep -c '$2' /run/capture) lines with '$2', $1 wanted\"; exit 1"
}
