# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2034
# (ash has `local`; $ in single quotes is for the shell in dom0; scenarios use the variables)
# counters: what the driver, the kernel and dom0's end of the interface have counted.

# A counter of the interface, as the kernel of the guest sees it.
counter() { cat "/sys/class/net/$IFACE/statistics/$1"; }

# The same at dom0's end, which the driver under test cannot beautify. Its rx is our tx.
far_counter() { dom0 "cat /sys/class/net/\$VIF/statistics/$1"; }

# Counters by which the driver complains of its backend: all 0 with an honest one. A driver without any such
# counter fails, else this check could never fail.
no_violations() {
	local counted
	[ "$DRIVER" = ours ] || return 0
	counted=$(ethtool -S "$IFACE" | grep -E '^ *(drop|fault)_[a-z0-9_]*: ')
	if [ -z "$counted" ]; then
		echo "ethtool -S shows no drop_ and no fault_ counter"
		return 1
	fi
	! echo "$counted" | grep -v ': 0$'
}

# Mean size of the packets that cross the interface while a command runs, counted by dom0. One-way traffic only.
mean_size() { # to-dom0|from-dom0 COMMAND...
	local way=tx packets bytes
	[ "$1" = from-dom0 ] || way=rx
	shift
	packets=$(far_counter ${way}_packets) && bytes=$(far_counter ${way}_bytes) || return 1
	"$@" >/tmp/mean.out 2>&1 || { cat /tmp/mean.out && return 1; }
	packets=$(($(far_counter ${way}_packets) - packets)) bytes=$(($(far_counter ${way}_bytes) - bytes))
	echo "$bytes bytes in $packets packets"
	[ "$packets" -gt 0 ] && MEAN=$((bytes / packets))
}

mean_above() { # SIZE WAY COMMAND...
	local size=$1
	shift
	mean_size "$@" && echo "mean $MEAN, more than $size wanted" && [ "$MEAN" -gt "$size" ]
}

mean_below() { # SIZE WAY COMMAND...
	local size=$1
	shift
	mean_size "$@" && echo "mean $MEAN, less than $size wanted" && [ "$MEAN" -lt "$size" ]
}

# Field of a protocol in /proc/net/snmp, by its name: snmp Udp InCsumErrors
snmp() {
	awk -v protocol="$1:" -v field="$2" '$1 == protocol && !n { for (i = 2; i <= NF; i++) if ($i == field) n = i; next }
		$1 == protocol { print $n }' /proc/net/snmp
}

# How often the kernel log has said these words since log_begin.
log_begin() { dmesg | wc -l >/tmp/log.begin; }
log_count() { dmesg | tail -n "+$(($(cat /tmp/log.begin) + 1))" | grep -c -- "$1"; }
log_says_once() {
	echo "$(log_count "$1") times: $1"
	[ "$(log_count "$1")" = 1 ]
}
