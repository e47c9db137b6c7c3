# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
# hostile: the hostile backend. One attack is one job of a guest, so a guest that dies costs one attack.

SEED=${SEED:-}

# Headers and static libraries of Xen, unpacked. Sets XEN_DEV.
xen_dev_ready() {
	local version
	setup_apt
	version=$(apt-cache show --no-all-versions libxen-dev 2>/dev/null | sed -n 's/^Version: //p' | head -n 1)
	[ -n "$version" ] || die "the archive in your apt configuration has no libxen-dev"
	XEN_DEV=$CACHE/xen-dev-$version-$(recipe xen_dev_build unpack_deb)
	[ -d "$XEN_DEV" ] || step xen-dev "Xen's headers and libraries: fetch and unpack $version" xen_dev_build "$XEN_DEV" "$version"
	used "$XEN_DEV"
}

xen_dev_build() ( # DIR VERSION
	set -e
	tmp=$(mktemp -d "$CACHE/testbed-tmp.XXXXXX")
	trap 'rm -rf "$tmp"' EXIT
	mkdir "$tmp/debs"
	fetch_debs "$tmp/debs" "libxen-dev=$2"
	unpack_deb "$tmp"/debs/*.deb "$tmp/out"
	mv -T "$tmp/out/usr" "$1"
)

# Builds the backend and its table of attacks into $RUN/hostile, which makes the images take them in.
hostile_ready() { # SEED SECONDS
	cache_lock
	xen_dev_ready
	cache_unlock
	step hostile "hostile backend: build" make -j2 -C "$TB/hostile" CC=gcc-12 "XEN=$XEN_DEV" "OUT=$RUN/hostile"
	"$RUN/hostile/nfh-hostile" list >"$RUN/hostile/attacks"
	printf 'SEED=%s\nRACE_SECONDS=%s\n' "$1" "$2" >"$RUN/hostile/hostile.conf"
}

attack_names() { cut -d'|' -f1 "$RUN/hostile/attacks"; }

# One guest with all these attacks, and a look at what is left at its end.
plan_attacks() { # DRIVER KERNEL TYPE QUEUES NAME...
	local driver=$1 kernel=$2 type=$3 queues=$4 memory=512 jobs='' a
	shift 4
	[ "$kernel" != debug ] || memory=1024
	for a in "$@" leftovers; do jobs+=" hostile/$a:$queues:120"; done
	PLAN+=("${#PLAN[@]} $kernel $type 1 $memory $driver$jobs")
}

# A driver with bugs on purpose: the cases that are meant for them must be judged failed. FILE ATTACK FROM TO, each FROM once.
PLANTED=(
	'ring.c tx-id-256 if (id >= NFH_RING_SLOTS) if (0)'
	'ring.c rx-offset-4095 if (raw_offset + (u32)raw_status > NFH_PAGE_BYTES) if (0)'
	'ring.c tx-null-for-data if (!ring->nulls) if (0)'
	'pool.c leak-udp if (len < entry->high_water) if (0)'
)
PLANTED_EXPECT='counters: |has seen nothing bad|crashed|hang|forbidden word'

# The first two of each class, and all those that leave something behind or everything to chance.
attack_selection() {
	awk -F'|' '++n[$2] <= 2 || $2 ~ /^(race|leak|events|grants kept|sudden end|xenstore states)$/ { print $1 }' "$RUN/hostile/attacks"
}

# What `make test` runs: a selection on a plain kernel, and the planted bugs.
plan_hostile() {
	hostile_ready "${SEED:=$(random_seed)}" 0
	planted_ready 6.12
	say "seed of the hostile backend: $SEED"
	# shellcheck disable=SC2046
	plan_attacks ours 6.12 pv 1 $(attack_selection)
	plan_planted 6.12 pv
}

planted_ready() { # KERNEL
	local src=$RUN/planted-$1 plant file attack change
	mkdir "$src"
	(cd "$TREE" && cp -r Kbuild ./*.c ./*.h kunit "$src")
	for plant in "${PLANTED[@]}"; do
		read -r file attack change <<<"$plant"
		FROM=${change% if (0)} perl -0pi -e 's/\Q$ENV{FROM}\E/if (0)/ or die' "$src/$file" || die "planted bug for $attack: nothing to change in $file"
	done
	step "planted-$1" "module with planted bugs: build" make -j"$(nproc)" -C "${KERNEL_DIR[$1]}/kdir" "M=$src" modules
	cp "$src/netfront-hardened.ko" "$RUN/hostile/planted-$1.ko"
}

plan_planted() { # KERNEL TYPE
	local plant jobs=''
	for plant in "${PLANTED[@]}"; do jobs+=" planted/$(cut -d' ' -f2 <<<"$plant"):1:120"; done
	PLAN+=("${#PLAN[@]} $1 $2 1 512 planted$jobs")
}

random_seed() { od -An -N4 -tu4 /dev/urandom | tr -d ' '; }

cmd_attacks() {
	[ $# = 0 ] || die "attacks takes no argument"
	start
	hostile_ready 1 0 >/dev/null
	awk -F'|' '{ printf "%-24s %-16s %-28s %s\n", $1, $2, $4, $6 }' "$RUN/hostile/attacks"
}

cmd_hostile() {
	local kernels=${KERNEL:-6.12} types=${TYPE:-pv} driver=${DRIVER:-ours} names=${ATTACK:-} seed=${SEED:-} seconds=0 queues=1 k t status=0
	while [ $# -gt 0 ]; do
		case $1 in
		--*) [ $# -ge 2 ] || die "$1 wants a value" ;;&
		--kernel) kernels=$2 ;;
		--type) types=$2 ;;
		--driver) driver=$2 ;;
		--attack) names=$2 ;;
		--seed) seed=$2 ;;
		--seconds) seconds=$2 ;;
		--queues) queues=$(number_of "$1" "$2") ;;
		-v) VERBOSE=1 ;;
		*) die "unknown option '$1' (see: nfh-testbed help)" ;;
		esac
		[[ $1 != --* ]] || shift
		shift
	done
	driver=$(words_of driver "$driver" ours stock planted)
	kernels=$(words_of kernel "$kernels" "${ALL_KERNELS[@]}")
	types=$(words_of type "$types" "${ALL_TYPES[@]}")
	[[ $kernels != *debug* || $types == pvh ]] || die "kernel debug (KASAN) boots only as --type pvh"
	[[ ${seed:=$(random_seed)} =~ ^[0-9]+$ && $seconds =~ ^[0-9]+$ ]] || die "--seed and --seconds want numbers"
	SEED=$seed
	start
	# shellcheck disable=SC2086
	prepare "${driver/planted/ours}" $kernels
	hostile_ready "$seed" "$seconds"
	# shellcheck disable=SC2046
	if [ -n "$names" ]; then names=$(words_of attack "$names" $(attack_names)); else names=$(attack_names); fi
	say "seed $seed"
	# shellcheck disable=SC2086
	for k in $kernels; do
		[ "$driver" != planted ] || planted_ready "$k"
		for t in $types; do
			if [ "$driver" = planted ]; then plan_planted "$k" "$t"; else plan_attacks "$driver" "$k" "$t" "$queues" $names; fi
		done
	done
	run_plan
	hostile_report "$driver" "$seed" "$seconds" "$queues"
	summary || status=$?
	[ "$driver" != stock ] || status=$BROKE
	return "$status"
}

# The one command that plays a case again.
replay() { # DRIVER TYPE KERNEL SEED SECONDS QUEUES NAME
	local words=(testbed/nfh-testbed hostile --driver "$1" --type "$2" --kernel "$3" --seed "$4" --attack "$7")
	[ "$5" = 0 ] || words+=(--seconds "$5")
	[ "$6" = 1 ] || words+=(--queues "$6")
	echo "${words[*]}"
}

# Table on the screen and build/hostile/report.md. Sets BROKE: 1 if a case never got a verdict.
BROKE=0
hostile_report() { # DRIVER SEED SECONDS QUEUES
	local r verdict type kernel name seconds reason
	table
	mkdir -p "$BUILD/hostile"
	{
		printf '# Hostile backend: driver %s, seed %s, %s\n\n' "$1" "$2" "$(date -u +%F)"
		for r in "${!KERNEL_DIR[@]}"; do printf -- '- kernel %s: %s\n' "$r" "$(basename "${KERNEL_DIR[$r]}")"; done
		printf '\n| guest | attack | class | verdict | what was seen |\n|---|---|---|---|---|\n'
		for r in "${RESULTS[@]}"; do
			IFS='|' read -r verdict type kernel name seconds reason <<<"$r"
			printf '| %s %s | %s | %s | %s | %s |\n' "$type" "$kernel" "${name#*/}" \
				"$(awk -F'|' -v n="${name#*/}" '$1 == n { print $2 }' "$RUN/hostile/attacks")" "$verdict" "$reason"
		done
		printf '\n%s passed, %s failed\n' "$PASSED" "$FAILED"
	} >"$BUILD/hostile/report.md"
	for r in "${RESULTS[@]}"; do
		IFS='|' read -r verdict type kernel name seconds reason <<<"$r"
		[ "$verdict" = fail ] || continue
		[[ $reason != 'not run'* ]] || BROKE=1
		[[ $name != hostile/* ]] || echo "replay: $(replay "$1" "$type" "$kernel" "$2" "$3" "$4" "${name#hostile/}")"
	done
	say "report: build/hostile/report.md"
}
