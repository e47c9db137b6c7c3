# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
# places: the kernels to build for. 6.1, 6.12 and debug are folders in the testbed's cache; 7.2 is a chroot of its suite.

KERNELS=(6.1 6.12 7.2)
CHECK_PACKAGES=(gcc gcc-12 clang make libc6-dev binutils libelf1 cpio kmod xz-utils zstd tar perl util-linux debian-archive-keyring
	sparse coccinelle shellcheck mmdebstrap uidmap flex bison bc libelf-dev) # from flex on: for the debug kernel
JOBS=$(nproc)

# Makes ready what a group of gates needs, the first time that it is asked for.
need() { # KERNEL|source...
	local what
	for what; do
		case $what in
		source) [ -n "${SOURCE:-}" ] || source_ready ;;
		7.2) [ -n "${CHROOT:-}" ] || under_lock chroot_ready ;;
		# by its own program, with its own lock; takes minutes when the cache is empty
		debug) kernel_ready debug ;;
		*) [ -n "${KERNEL_DIR[$what]:-}" ] || under_lock kernel_ready "$what" ;;
		esac
	done
}

under_lock() {
	cache_lock
	"$@"
	cache_unlock
}

source_ready() {
	SOURCE=$("$TB/debug-kernel/source" 2>"$LOGS/source.log") || die "the kernel's source is missing: $(tail -n 1 "$LOGS/source.log")"
}

# make in a copy of the driver, for a kernel. SUB is a folder in it, or nothing.
kmake() { # KERNEL DIR SUB ARGUMENT...
	local kernel=$1 dir=$2 sub=$3
	shift 3
	# without M make would take the kernel's own tree in the cache for its work
	[ -d "$dir" ] || { echo "kmake: no copy of the driver" && return 2; }
	if [ "$kernel" = 7.2 ]; then
		in_chroot "$dir" make -j"$JOBS" -C "$CHROOT_KDIR" "M=/build${sub:+/$sub}" "$@"
	else
		make -j"$JOBS" -C "${KERNEL_DIR[$kernel]}/kdir" "M=$dir${sub:+/$sub}" "$@"
	fi
}
