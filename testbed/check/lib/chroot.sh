# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
# chroot: the newest kernel's headers need a newer libc than the oldest system we run on, so they live in a chroot of
# their suite, made once for each version of the package. Root is not needed, user namespaces are.

CHROOT_SUITE=trixie
CHROOT_SERIES=7.2 # the backports go on to the next one, and keep this one for a while

# Sets CHROOT and CHROOT_KDIR (a path inside it).
chroot_ready() {
	local package
	package=$(backports_package)
	if [ -n "$package" ]; then
		CHROOT=$CACHE/chroot-$CHROOT_SUITE-${package//[!A-Za-z0-9.+-]/-}-$(recipe chroot_build chroot_tar)
	else
		CHROOT=$(find "$CACHE" -maxdepth 1 -name "chroot-$CHROOT_SUITE-*" | sort -V | tail -n 1)
		[ -n "$CHROOT" ] || die "kernel $CHROOT_SERIES: the archive cannot be asked for its version (log: $LOGS/apt-backports.log)"
		warn "kernel $CHROOT_SERIES: the archive cannot be reached; going on with ${CHROOT##*/}"
	fi
	[ -d "$CHROOT" ] || step chroot "kernel $CHROOT_SERIES: chroot of $CHROOT_SUITE with $package" chroot_build "$CHROOT" "$package"
	used "$CHROOT"
	find "$CACHE" -maxdepth 1 -mtime +60 -name "chroot-$CHROOT_SUITE-*" -exec rm -rf {} +
	CHROOT_KDIR=$(cd "$CHROOT" && printf '%s\n' usr/src/linux-headers-*-amd64)
	[[ $CHROOT_KDIR == *linux-headers-$CHROOT_SERIES.* && -d $CHROOT/$CHROOT_KDIR ]] ||
		warn "kernel $CHROOT_SERIES: the backports have $CHROOT_KDIR by now"
	CHROOT_KDIR=/$CHROOT_KDIR
}

# Asks a private apt with the lists of the backports alone; refreshed when older than half a day. Prints PACKAGE=VERSION: the
# newest headers of the series, or the newest that there are when the series has left the archive.
backports_package() (
	dir=$CACHE/apt-backports
	mkdir -p "$dir"
	echo "deb $(mirror_of "$CHROOT_SUITE") $CHROOT_SUITE-backports main" >"$dir/sources.list"
	private_apt "$dir"
	fresh_lists "$dir" || { apt-get update --error-on=any >"$LOGS/apt-backports.log" 2>&1 && touch "$dir/stamp"; }
	package=$(apt-cache pkgnames "linux-headers-$CHROOT_SERIES." 2>/dev/null | newest_amd64)
	apt-cache show --no-all-versions "$package" 2>/dev/null |
		awk '$1 == "Package:" { package = $2 } $1 == "Version:" { print package "=" $2; exit }'
)

newest_amd64() { # of the names on stdin
	{ grep -E '^linux-headers-[0-9.]+(\+deb[0-9]+)?-amd64$' || echo linux-headers-amd64; } | sort -V | tail -n 1
}

chroot_build() ( # DIR PACKAGE=VERSION
	set -e
	tmp=$(mktemp -d "$CACHE/testbed-tmp.XXXXXX")
	trap 'rm -rf "$tmp"' EXIT
	need_space "$CACHE" 1500
	mkdir "$tmp/root"
	chroot_tar "$2" | tar -x -C "$tmp/root" --no-same-owner --exclude='./dev/*'
	mkdir -p "$tmp/root"/{proc,dev,build,tools}
	for scripts in "$tmp"/root/usr/src/linux-headers-*-common/scripts; do # see the comment in that file
		[ -e "$scripts/checker-valid.sh" ] || ln -s /tools/checker-valid.sh "$scripts/checker-valid.sh"
	done
	mv -T "$tmp/root" "$1"
)

chroot_tar() { # PACKAGE=VERSION
	local mirror
	mirror=$(mirror_of "$CHROOT_SUITE")
	mmdebstrap --variant=essential --include="make,sparse,$1" --format=tar \
		--dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/man/*' \
		"$CHROOT_SUITE" - "deb $mirror $CHROOT_SUITE main" "deb $mirror $CHROOT_SUITE-backports main"
}

# Runs a command in the chroot, with DIR as /build and the tools of the gates as /tools. All mounts are of its own
# namespace and end with it; objtool wants /proc.
in_chroot() { # DIR COMMAND...
	local -a map=()
	[ "$(id -u)" = 0 ] || map=(--map-root-user)
	# shellcheck disable=SC2016
	unshare "${map[@]}" --mount --pid --fork --kill-child bash -euc '
		mount --bind "$2" "$1/build"
		mount --bind "$3" "$1/tools"
		mount --rbind /dev "$1/dev"
		mount -t proc proc "$1/proc"
		root=$1
		shift 3
		exec chroot "$root" /usr/bin/env PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@"
	' bash "$CHROOT" "$1" "$CHECK/tools" "${@:2}"
}
