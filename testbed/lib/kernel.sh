# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
# kernel: a kernel's name (6.1, 6.12, debug) becomes a folder in the cache with vmlinux or bzImage, lib/modules/ and kdir/.

ALL_KERNELS=(6.1 6.12 debug)
DOM0_MODULES=(pktgen xen-gntdev xen-gntalloc xen-evtchn xen-privcmd xenfs xen-netback bridge 8021q tun)
DRIVER_DOMAIN_MODULES=(xen-gntdev xen-gntalloc xen-evtchn xenfs xen-netback bridge tun)
GUEST_MODULES=(pktgen xen-netfront 8021q netconsole xen-gntalloc xen-evtchn)

# Sets KERNEL_DIR[$1]; builds the cache entry when it is missing.
declare -A KERNEL_DIR=()
kernel_ready() { # NAME
	[ -z "${KERNEL_DIR[$1]:-}" ] || return 0
	case $1 in
	6.1) debian_kernel 6.1 linux-image-amd64 ;;
	6.12) debian_kernel 6.12 linux-image-6.12-amd64 ;;
	debug) debug_kernel ;;
	esac
}

debian_kernel() { # NAME METAPACKAGE
	local image version abi dir
	setup_apt
	image=$(behind "$2" linux-image-)
	[ -n "$image" ] || die "kernel $1: the archive in your apt configuration has no $2 (it is in $SUITE or $SUITE-security)"
	version=$(apt-cache show --no-all-versions "$image" | sed -n 's/^Version: //p' | head -n 1)
	abi=${image#linux-image-}
	dir=$CACHE/kernel-$abi-$version-$(recipe debian_kernel_build extract_vmlinux unpack_deb)
	if [ ! -d "$dir" ]; then
		step "kernel-$1" "kernel $1: fetch and unpack $abi $version" debian_kernel_build "$dir" "$abi" "$version"
	fi
	used "$dir"
	KERNEL_DIR[$1]=$dir
}

debian_kernel_build() ( # DIR ABI VERSION
	set -e
	dir=$1 abi=$2 tmp=$(mktemp -d "$CACHE/testbed-tmp.XXXXXX")
	trap 'rm -rf "$tmp"' EXIT
	mkdir "$tmp/debs" "$tmp/out"
	fetch_debs "$tmp/debs" "linux-image-$abi=$3" "linux-headers-$abi=$3" \
		"$(behind "linux-headers-$abi" 'linux-headers-[^ ]*-common')=$3" "$(behind "linux-headers-$abi" linux-kbuild-)"
	unpack_deb "$tmp"/debs/linux-image-* "$tmp/image" --exclude='*/kernel/'{sound,drivers/{gpu,media,usb,iio,staging,infiniband}}
	for deb in "$tmp"/debs/linux-headers-* "$tmp"/debs/linux-kbuild-*; do unpack_deb "$deb" "$tmp/out"; done
	# the headers name each other by absolute path
	sed -i "s:/usr/src:$dir/usr/src:" "$tmp/out/usr/src/linux-headers-$abi/Makefile"
	ln -s "usr/src/linux-headers-$abi" "$tmp/out/kdir"
	cp "$tmp/image/boot/vmlinuz-$abi" "$tmp/out/vmlinuz"
	# uncompressed once here: unpacking xz under emulation costs seconds at every boot
	extract_vmlinux "$tmp/out/vmlinuz" >"$tmp/out/vmlinux"
	rm -rf "$tmp/out/lib"
	mv "$tmp/image/lib" "$tmp/out/lib"
	depmod -b "$tmp/out" "$abi"
	mv -T "$tmp/out" "$dir"
)

# The ELF inside a bzImage; the header's fields are those of Documentation/arch/x86/boot.rst.
extract_vmlinux() { # BZIMAGE
	local sects offset length tool
	u32() { od -An -t u4 -j "$2" -N 4 "$1" | tr -d ' '; }
	sects=$(od -An -t u1 -j $((0x1f1)) -N 1 "$1" | tr -d ' ')
	offset=$(((sects + 1) * 512 + $(u32 "$1" $((0x248)))))
	length=$(u32 "$1" $((0x24c)))
	case $(od -An -t x1 -j "$offset" -N 4 "$1" | tr -d ' ') in
	1f8b*) tool=gzip ;;
	fd377a58) tool=xz ;;
	28b52ffd) tool=zstd ;;
	*) echo "extract_vmlinux: unknown compression in $1" >&2 && return 1 ;;
	esac
	dd if="$1" iflag=skip_bytes,count_bytes skip="$offset" count=$((length - 4)) bs=1M status=none | "$tool" -dc
}

debug_kernel() {
	local out
	[ -x "$TB/debug-kernel/build" ] || die "kernel debug: testbed/debug-kernel/build is missing"
	setup_apt
	say "kernel debug: from the cache, or built in 4 to 8 minutes ..."
	out=$("$TB/debug-kernel/build" 2> >(tee "$LOGS/kernel-debug.log" >&2) | tail -n 1) ||
		die "kernel debug: the build failed (log: $LOGS/kernel-debug.log)"
	KERNEL_DIR[debug]=$out
}

# Copies modules with what they depend on from the kernel folder $1 into the tree $2.
copy_modules() { # KERNELDIR ROOT MODULE...
	local from=$1 root=$2 release file
	shift 2
	release=$(cd "$from/lib/modules" && echo *)
	for file in $(modprobe -d "$from" -S "$release" -a --show-depends "$@" | awk '/^insmod/ { print $2 }' | sort -u); do
		install -D -m 644 "$file" "$root${file#"$from"}"
	done
	cp "$from/lib/modules/$release"/modules.{builtin,order,builtin.modinfo} "$root/lib/modules/$release/"
	depmod -b "$root" "$release"
}

# Our module for one kernel: built in a copy of the sources, cached by content. Sets MODULE_DIR[$1].
declare -A MODULE_DIR=()
module_ready() { # KERNEL
	local kdir src=$RUN/module-$1 key dir tmp
	local -a kunit=()
	[ -e "$TREE/Kbuild" ] || die "no driver in this tree (no Kbuild); use --driver stock"
	kdir=${KERNEL_DIR[$1]}/kdir
	[ "$1" != debug ] || kunit=(NFH_KUNIT=y)
	mkdir "$src"
	(cd "$TREE" && cp -r Kbuild ./*.c ./*.h kunit "$src")
	[ "$1" != debug ] || cp -r "$TB/src/leak" "$src/leak"
	key=$( (cd "$src" && find . -type f -print0 | sort -z | xargs -0 sha256sum && echo "$kdir") | sha256sum | cut -c1-16)
	dir=$CACHE/module-$key
	if [ ! -d "$dir" ]; then
		step "module-$1" "module for kernel $1: build" make -j"$(nproc)" -C "$kdir" "M=$src" "${kunit[@]}" modules
		[ ! -e "$src/leak" ] || step module-leak "module that leaks: build" make -C "$kdir" "M=$src/leak" modules
		tmp=$(mktemp -d "$CACHE/testbed-tmp.XXXXXX")
		find "$src" -name '*.ko' -exec cp -t "$tmp" {} +
		[ "$1" != debug ] || step module-coverage "KUnit suites that count what they reach: build" coverage_module "$kdir" "$src" "$tmp"
		mv -T "$tmp" "$dir"
	fi
	used "$dir"
	[ -e "$dir/netfront-hardened.ko" ] || die "the build for kernel $1 made no netfront-hardened.ko (log: $LOGS/module-$1.log)"
	MODULE_DIR[$1]=$dir
}

# The suites once more, with counters; beside the module what gcov wants to know of each object.
coverage_module() ( # KDIR SOURCES DIR
	set -e
	make -C "$1" "M=$2" clean
	make -j"$(nproc)" -C "$1" "M=$2" NFH_KUNIT=y NFH_GCOV=y modules
	cp "$2/kunit/netfront-hardened-kunit.ko" "$3/netfront-hardened-coverage.ko"
	mkdir -p "$3/gcno/driver"
	cp "$2"/kunit/*.gcno "$3/gcno"
	cp -r "$2"/*.[ch] "$2/kunit" "$3/gcno/driver"
)
