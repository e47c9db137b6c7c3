# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# apt: packages. The host's own few are installed by `deps`; everything that goes into an image is fetched
# with a private apt configuration (own lists and cache, the host's own mirror) and only unpacked.

SUITE=bookworm
HOST_PACKAGES=(qemu-system-x86 gcc gcc-12 make libc6-dev binutils cpio kmod xz-utils zstd pahole debian-archive-keyring
	flex bison bc perl libelf-dev) # from flex on: for the debug kernel

missing_packages() {
	local p
	for p in "${HOST_PACKAGES[@]}"; do
		dpkg-query -W -f '${db:Status-Status}\n' "$p" 2>/dev/null | grep -qx installed || echo "$p"
	done
}

ensure_deps() {
	local missing
	[ "$(dpkg --print-architecture 2>/dev/null)" = amd64 ] || die "this testbed needs a Debian amd64 system"
	missing=$(missing_packages | sort -u | tr '\n' ' ')
	if [ -z "$missing" ] && [ -n "$(mirror_of "$SUITE")" ]; then return 0; fi
	if [ "$(id -u)" != 0 ]; then
		echo "apt-get update && apt-get install -y --no-install-recommends $missing"
		die "packages are missing; run the line above as root"
	fi
	step deps-update "apt-get update" host_apt update
	# shellcheck disable=SC2086
	[ -z "$missing" ] || step deps "apt-get install $missing" host_apt install $missing
}

# Only one package transaction at a time on a machine: wait for others. It is about this system, whatever private apt is in use.
host_apt() {
	env -u APT_CONFIG DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 -y --no-install-recommends "$@"
}

# The address of the archive comes from the system's own apt configuration, so that a user's mirror is used.
mirror_of() { # SUITE: prints its URI, or nothing
	local host
	# shellcheck disable=SC2016
	host=$(env -u APT_CONFIG apt-get indextargets --format '$(ORIGIN) $(CODENAME) $(REPO_URI)' 'Created-By: Packages' 2>/dev/null)
	case $1 in
	*-security) awk '$1 == "Debian" && $2 ~ /-security$/ { print $3; exit }' <<<"$host" ;;
	*) awk '$1 == "Debian" && $2 !~ /-/ { print $3; exit }' <<<"$host" ;;
	esac
}

# Private lists; refreshed when older than half a day. Without network the old lists serve.
APT_READY=
setup_apt() {
	[ -z "$APT_READY" ] || return 0
	local dir=$CACHE/apt main security
	main=$(mirror_of $SUITE) security=$(mirror_of $SUITE-security)
	[ -n "$main" ] || die "apt knows no Debian archive: run 'apt-get update' (is there a network?)"
	mkdir -p "$dir"
	printf 'deb %s %s main\n' "$main" $SUITE "$main" $SUITE-updates ${security:+"$security" $SUITE-security} >"$dir/sources.list"
	private_apt "$dir"
	fresh_lists "$dir" || refresh_lists "$dir"
	APT_READY=1
}

# From here on apt knows DIR/sources.list alone, keeps everything in DIR and has never heard of an installed package.
# What it takes for its own state is a file in DIR: it sets the mode of such a file, of a device too.
private_apt() { # DIR
	mkdir -p "$1/lists/partial" "$1/cache/archives/partial"
	: >"$1/status"
	cat >"$1/apt.conf" <<-EOF
		Dir::Etc::sourcelist "$1/sources.list";
		Dir::Etc::sourceparts "/dev/null";
		Dir::Etc::trusted "/usr/share/keyrings/debian-archive-keyring.gpg";
		Dir::State::Lists "$1/lists";
		Dir::State::status "$1/status";
		Dir::State::extended_states "$1/extended_states";
		Dir::Cache "$1/cache";
		Acquire::Languages "none";
		Acquire::Retries "3";
		Acquire::http::Timeout "30";
		APT::Sandbox::User "";
		Debug::NoLocking "1";
	EOF
	export APT_CONFIG=$1/apt.conf
}

fresh_lists() { [ -n "$(find "$1/stamp" -mmin -720 2>/dev/null)" ]; } # DIR

refresh_lists() { # DIR
	say "package lists ..."
	if apt-get update --error-on=any >"$LOGS/apt-update.log" 2>&1; then
		touch "$1/stamp"
	elif [ -e "$1/stamp" ]; then
		warn "no network: $(grep -m1 '^[EW]:' "$LOGS/apt-update.log"); going on with the package lists of $(date -r "$1/stamp" +%F)"
	else
		die "no network: the Debian archive cannot be reached: $(grep -m1 '^[EW]:' "$LOGS/apt-update.log")"
	fi
}

# name of the package behind a meta package, e.g. linux-image-amd64 -> linux-image-6.1.0-56-amd64
behind() { apt-cache show --no-all-versions "$1" 2>/dev/null | sed -n "s/^Depends:.*\(${2}[^ ,]*\).*/\1/p" | head -n 1; }

# "package version" of everything that installing $@ on an empty system would bring, one a line
closure() { apt-get install -s --no-install-recommends "$@" | sed -n 's/^Inst \([^ ]*\) (\([^ ]*\).*/\1 \2/p' | sort; }

fetch_debs() { # DIR PACKAGE[=VERSION]...: puts the debs (no dependencies) into DIR
	local dir=$1
	shift
	need_space "$dir" 2000
	(cd "$dir" && apt-get download "$@") || {
		rm -f "$CACHE/apt/stamp" # a point release may have replaced what the lists name: ask again next time
		echo "cannot download: no network, or the archive has newer versions by now; try again" >&2
		return 1
	}
}

unpack_deb() { # DEB DIR [TAR OPTION...]
	local deb=$1 dir=$2
	shift 2
	mkdir -p "$dir"
	dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$dir" --keep-directory-symlink --no-same-owner "$@"
}
