# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
# What both gates need to compile the driver's pure files in user space. The
# Xen interface headers are those of the newest installed linux-headers
# package (XEN_HEADERS=DIR to use others); they are reached through a link,
# because their neighbours in that package are the kernel's own headers.

SOURCES=(ring.c frame.c grant.c pool.c tx.c rx.c)

# Installs packages on this system, or says how.
need_packages() { # PACKAGE...
	local -x APT_CONFIG= # not the private apt of who called us
	[ $# -gt 0 ] || return 0
	if [ "$(id -u)" = 0 ]; then
		echo "installing $*"
		{ apt-get update && DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends "$@"; } >"$OUT/apt.log" 2>&1 && return 0
		tail -n 5 "$OUT/apt.log" >&2
	fi
	echo "packages are missing; as root: apt-get update && apt-get install -y --no-install-recommends $*" >&2
	exit 1
}

newest_headers() {
	local dirs=(/usr/src/linux-headers-*-common/include/xen/interface)
	[ -e "${dirs[0]}/io/netif.h" ] || return 1
	printf '%s\n' "${dirs[@]}" | sort -V | tail -n 1
}

# Fills FLAGS with what finds the shims and the Xen headers, in this order.
find_headers() {
	local from=${XEN_HEADERS:-}
	if [ -z "$from" ]; then
		newest_headers >/dev/null || need_packages linux-headers-amd64
		from=$(newest_headers)
	fi
	[ -e "$from/io/netif.h" ] || {
		echo "no Xen interface headers in $from" >&2
		exit 1
	}
	mkdir -p "$OUT/include/xen"
	ln -sfn "$from" "$OUT/include/xen/interface"
	FLAGS=(-std=gnu11 -I "$TB/user/include" -I "$OUT/include")
	echo "Xen interface headers: $from"
}

# Is it among what this run was asked for? No name is all of them. (No pipe into grep -q: that ends early, and then the answer is no.)
wanted() { # NAME; reads NAMES
	[ ${#NAMES[@]} = 0 ] || [[ " ${NAMES[*]} " == *" $1 "* ]]
}

# A private copy of the driver's files with one line changed. A change
# that changes nothing is an error: the mutant has lost its target.
plant() { # DIR FILE SED-EXPRESSION
	rm -rf "$1"
	mkdir -p "$1"
	cp "$ROOT"/*.h "$1"
	(cd "$ROOT" && cp "${SOURCES[@]}" "$1")
	[ -n "$2" ] || return 0
	sed -i -E "$3" "$1/$2"
	! cmp -s "$ROOT/$2" "$1/$2"
}

now() { echo $((${EPOCHREALTIME%[.,]*} * 1000 + 10#${EPOCHREALTIME#*[.,]} / 1000)); }
took() { # SINCE: seconds, one decimal
	local d=$(($(now) - $1))
	echo "$((d / 1000)).$((d % 1000 / 100))"
}
