# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# image: the two initramfs. Both are concatenations of cpio archives: a base from the cache and what changes from run to run.

DOM0_PACKAGES=(xen-utils-4.17 xen-utils-common xenstore-utils xen-hypervisor-4.17-amd64 iproute2 iputils-ping iperf3 kmod
	ethtool tcpdump busybox-static dash bash coreutils findutils grep sed mawk procps util-linux bridge-utils)
# come along as dependencies, but nothing in dom0 runs them
DOM0_UNUSED='^(lib)?(python|perl|.*-perl|pam|semanage|sepol|sqlite|krb|db5)|^(udev|dpkg|debconf|usrmerge|adduser|passwd|ucf|media-types|gcc-12-base)$'
GUEST_BINARIES=(ip devlink ethtool ping iperf3 xenstore-read xenstore-write xenstore-exists xenstore-rm xenstore-ls tc bridge
	kmod dash timeout env nice nohup setsid xargs) # busybox's own timeout, env ... would prefer busybox's ip and ping to the real ones

pack() { (cd "$1" && find . -print0 | LC_ALL=C sort -z | cpio -0 -o -H newc --quiet -R 0:0); }

# Sets BASE to the folder with dom0.cpio, guest.cpio, xen.elf; key: the package versions and the code that unpacks them.
base_ready() {
	local list
	setup_apt
	list=$(closure "${DOM0_PACKAGES[@]}") || die "the archive in your apt configuration lacks one of: ${DOM0_PACKAGES[*]}"
	BASE=$CACHE/base-$(echo "$list" "$DOM0_UNUSED" "${GUEST_BINARIES[@]}" | sha256sum | cut -c1-12)
	BASE+=-$(recipe base_build unpack_deb pack busybox_links guest_tree copy_binary copy_libs)
	[ -d "$BASE" ] || step base "dom0 and guest userland: fetch and unpack" base_build "$BASE" "$list"
	used "$BASE"
}

base_build() ( # DIR LIST
	set -e
	tmp=$(mktemp -d "$CACHE/testbed-tmp.XXXXXX")
	trap 'rm -rf "$tmp"' EXIT
	mkdir "$tmp/debs" "$tmp/out" "$tmp/root" "$tmp/guest"
	# shellcheck disable=SC2046
	fetch_debs "$tmp/debs" $(awk -v unused="$DOM0_UNUSED" '$1 !~ unused { print $1 "=" $2 }' <<<"$2")
	for d in bin sbin lib lib64; do mkdir -p "$tmp/root/usr/$d" && ln -s "usr/$d" "$tmp/root/$d"; done
	for deb in "$tmp"/debs/*.deb; do
		unpack_deb "$deb" "$tmp/root" --exclude=./usr/share/{doc,man,locale,info,bash-completion,zsh,python3,perl5} \
			--exclude='*/gconv/*' --exclude='*/debug/*' --exclude='./var/lib/*'
	done
	gunzip -c "$tmp"/root/boot/xen-4.17-amd64.gz >"$tmp/out/xen.elf"
	rm -rf "$tmp/root/boot" "$tmp"/root/usr/lib/python*
	busybox_links "$tmp/root"
	ln -s mawk "$tmp/root/bin/awk"
	guest_tree "$tmp/root" "$tmp/guest"
	pack "$tmp/root" >"$tmp/out/dom0.cpio"
	pack "$tmp/guest" >"$tmp/out/guest.cpio"
	mv -T "$tmp/out" "$1"
)

# What coreutils and friends do not bring comes from busybox, last in PATH.
busybox_links() { # ROOT
	mkdir -p "$1/busybox" "$1"/{proc,sys,dev,run,tmp,etc}
	for a in $("$1/bin/busybox" --list); do ln -s /bin/busybox "$1/busybox/$a"; done
}

guest_tree() { # DOM0ROOT GUESTROOT
	local b path
	install -D "$1/bin/busybox" "$2/bin/busybox"
	busybox_links "$2"
	ln -s dash "$2/bin/sh"
	for b in insmod rmmod lsmod modprobe modinfo; do ln -s kmod "$2/bin/$b"; done
	for b in "${GUEST_BINARIES[@]}"; do
		path=usr/bin/$b
		[ -e "$1/$path" ] || path=usr/sbin/$b
		copy_binary "$1" "$2" "$path"
	done
}

# Copies an ELF file to bin/ of the other tree, and the shared libraries it needs, recursively.
copy_binary() { # FROM TO PATH
	install -D "$1/$3" "$2/bin/$(basename "$3")"
	copy_libs "$1" "$2" "$1/$3"
}

copy_libs() { # FROM TO FILE
	local lib path
	for lib in $(readelf -d "$3" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p') ld-linux-x86-64.so.2; do
		path=$2/lib/x86_64-linux-gnu/$lib
		case $lib in ld-linux*) path=$2/lib64/$lib ;; esac
		[ ! -e "$path" ] || continue
		install -D "$(find "$1/usr/lib" -name "$lib" -print -quit)" "$path"
		copy_libs "$1" "$2" "$path"
	done
}

# One initrd for the guests of each kernel, and the archive that is appended to dom0's base. Writes $RUN/dom0.cpio.
images_for_run() { # KERNEL...   (the plan is in $RUN/plan)
	local k tree
	[ -d "$RUN/hostile" ] || ! plan_wants hostile || hostile_ready 1
	build_tools
	tree=$RUN/dom0
	mkdir -p "$tree/nfh/guest"
	cp "$TB"/dom0/* "$RUN"/tools/* "$tree/nfh/"
	cp "$RUN/plan" "$tree/nfh/plan"
	[ ! -d "$RUN/hostile" ] || cp "$RUN"/hostile/nfh-hostile "$tree/nfh/"
	ln -s nfh/init "$tree/init"
	copy_modules "${KERNEL_DIR[6.1]}" "$tree/usr" "${DOM0_MODULES[@]}"
	for k in "$@"; do
		guest_initrd "$k" "$RUN/guest-$k" >"$tree/nfh/guest/initrd-$k"
		cp "$(guest_kernel "$k")" "$tree/nfh/guest/kernel-$k"
	done
	! driver_domain_planned || driver_domain "$tree/nfh/driver-domain" "$@"
	{ cat "$BASE/dom0.cpio" && pack "$tree"; } >"$RUN/dom0.cpio"
	rm -rf "$tree" "$RUN"/guest-* "$RUN/driver-domain"
}

# What a driver domain boots: the kernel of one of the guests that can be a backend, and an initrd of its own.
driver_domain() { # DIR KERNEL...
	local dir=$1 tree=$RUN/driver-domain k=$2
	has "$k" 6.1 6.12 || k=6.1
	mkdir -p "$dir" "$tree/nfh" "$tree/sbin"
	cp "$TB/driver-domain/init" "$RUN"/tools/* "$tree/nfh/"
	cp "$TB/driver-domain/poweroff" "$tree/sbin/"
	[ ! -d "$RUN/hostile" ] || cp "$RUN"/hostile/nfh-hostile "$tree/nfh/"
	ln -s nfh/init "$tree/init"
	copy_modules "${KERNEL_DIR[$k]}" "$tree" "${DRIVER_DOMAIN_MODULES[@]}"
	{ cat "$BASE/guest.cpio" && pack "$tree"; } >"$dir/initrd"
	if [ -e "$dir/../guest/kernel-$k" ]; then ln -s "../guest/kernel-$k" "$dir/kernel-$k"; else cp "$(guest_kernel "$k")" "$dir/kernel-$k"; fi
}

guest_kernel() { if [ -e "${KERNEL_DIR[$1]}/vmlinux" ]; then echo "${KERNEL_DIR[$1]}/vmlinux"; else echo "${KERNEL_DIR[$1]}/bzImage"; fi; }

guest_initrd() { # KERNEL TREE
	mkdir -p "$2/nfh/modules" "$2/nfh/scenarios"
	cp "$TB"/guest/* "$TB"/lib/{forbidden,harmless,harmless-hostile} "$RUN"/tools/* "$2/nfh/"
	cp -r "$TB/scenarios/." "$2/nfh/scenarios/"
	[ ! -d "$RUN/hostile" ] || cp "$RUN"/hostile/{nfh-judge,nfh-canary,attacks,hostile.conf} "$2/nfh/"
	[ ! -e "$RUN/hostile/planted-$1.ko" ] || cp "$RUN/hostile/planted-$1.ko" "$2/nfh/planted.ko"
	ln -s nfh/init "$2/init"
	[ ! -d "$RUN/bench" ] || cp -r "$RUN/bench" "$2/nfh/bench"
	copy_modules "${KERNEL_DIR[$1]}" "$2" "${GUEST_MODULES[@]}"
	[ -z "${MODULE_DIR[$1]:-}" ] || cp "${MODULE_DIR[$1]}"/*.ko "$2/nfh/modules/"
	[ -z "$EXTRA" ] || cp -r "$EXTRA" "$2/nfh/extra"
	cat "$BASE/guest.cpio"
	pack "$2"
}

# Static programs for guest and dom0.
build_tools() {
	mkdir "$RUN/tools"
	step tools "testbed tools: build" build_tools_into "$RUN/tools"
}

build_tools_into() ( # DIR
	set -e
	for p in nfh-channel nfh-grants nfh-bpf nfh-hoard nfh-hog nfh-cputime; do gcc-12 -static -O2 -Wall -Wextra -Werror -o "$1/$p" "$TB/src/$p.c"; done
	make -C "$TB/tools" CC=gcc-12 OUT="$1"
)
