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
hostile_ready() { # SEED
	cache_lock
	xen_dev_ready
	cache_unlock
	step hostile "hostile backend: build" make -j2 -C "$TB/hostile" CC=gcc-12 "XEN=$XEN_DEV" "OUT=$RUN/hostile"
	"$RUN/hostile/nfh-hostile" list >"$RUN/hostile/attacks"
	printf 'SEED=%s\n' "$1" >"$RUN/hostile/hostile.conf"
}

attack_names() { awk -F'|' '$3 !~ /,moved,/ { print $1 }' "$RUN/hostile/attacks"; }

# Those that need two backend domains.
moved_names() { awk -F'|' '$3 ~ /,moved,/ { print $1 }' "$RUN/hostile/attacks"; }

# Those for a backend in a driver domain: one of each class, and what only two backends can show.
far_names() {
	awk -F'|' '$2 != "none" && $3 !~ /,(suspend|queues),/ && !seen[$2]++ { print $1 }' "$RUN/hostile/attacks"
	printf '%s\n' killed-connected race-bytes
	moved_names
}

# One guest with all these attacks, and a look at what is left at its end. SECONDS: of attacks that take a time; 0: as they have it.
plan_attacks() { # WHERE(hostile: dom0, far: a driver domain) DRIVER KERNEL TYPE QUEUES SECONDS NAME...
	local where=$1 driver=$2 kernel=$3 type=$4 queues=$5 seconds=$6 memory=512 jobs='' a
	shift 6
	[ "$kernel" != debug ] || memory=1024
	[ "$where" != far ] || DRIVER_DOMAIN=1
	for a in "$@"; do jobs+=" $where/$a:$queues:$seconds"; done
	jobs+=" hostile/leftovers:$queues:0"
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

# What `make test` runs: all attacks, five minutes of racer and scribbler, and the planted bugs, on a plain kernel, each time with
# another seed.
plan_hostile() {
	hostile_ready "${SEED:=$(random_seed)}"
	planted_ready 6.12
	say "seed of the hostile backend: $SEED"
	plan_planted 6.12 pv
	# shellcheck disable=SC2046
	plan_attacks hostile ours 6.12 pv 1 0 $(attack_names)
	# shellcheck disable=SC2046
	plan_attacks far ours 6.12 pv 1 0 $(moved_names)
	plan_attacks hostile ours 6.12 pv 1 150 race-slots-and-bytes scribble-everything
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
	for plant in "${PLANTED[@]}"; do jobs+=" planted/$(cut -d' ' -f2 <<<"$plant"):1:0"; done
	PLAN+=("${#PLAN[@]} $1 $2 1 512 planted$jobs")
}

random_seed() { od -An -N4 -tu4 /dev/urandom | tr -d ' '; }

cmd_attacks() {
	[ $# = 0 ] || die "attacks takes no argument"
	start
	hostile_ready 1 >/dev/null
	awk -F'|' '{ printf "%-24s %-16s %-28s %s\n", $1, $2, $4, $6 }' "$RUN/hostile/attacks"
}

# Options of `hostile` into H_*.
hostile_options() {
	while [ $# -gt 0 ]; do
		case $1 in
		--resume | --far | -v) ;;
		--*) [ $# -ge 2 ] || die "$1 wants a value" ;;&
		--kernel) H_KERNELS=$2 ;;
		--type) H_TYPES=$2 ;;
		--driver) H_DRIVER=$2 ;;
		--attack) H_NAMES=$2 ;;
		--seed) SEED=$2 ;;
		--seconds) H_SECONDS=$2 ;;
		--queues) H_QUEUES=$(number_of "$1" "$2") ;;
		--count) H_COUNT=$2 ;;
		*) die "unknown option '$1' (see: nfh-testbed help)" ;;
		esac
		case $1 in
		-v) VERBOSE=1 ;;
		--resume) H_RESUME=1 ;;
		--far) H_WHERE=far ;;
		*) shift ;;
		esac
		shift
	done
	H_DRIVER=$(words_of driver "$H_DRIVER" ours stock planted)
	H_KERNELS=$(words_of kernel "$H_KERNELS" "${ALL_KERNELS[@]}")
	H_TYPES=$(words_of type "$H_TYPES" "${ALL_TYPES[@]}")
	[[ ${SEED:=$(random_seed)} =~ ^[0-9]+$ && $H_SECONDS =~ ^[0-9]+$ && $H_COUNT =~ ^[0-9]+$ ]] ||
		die "--seed, --seconds and --count want numbers"
}

# "KERNEL TYPE WHERE", one line for each guest. Without a word about it: a plain PV guest and the debug kernel, and some attacks from
# a driver domain.
hostile_guests() {
	local k t
	if [ -z "$H_KERNELS$H_TYPES$H_WHERE" ]; then
		echo "6.12 pv hostile"
		[ "$H_DRIVER" != ours ] || echo "debug pvh hostile"
		[ "$H_DRIVER" != ours ] || [ -n "$H_NAMES" ] || echo "6.12 pv far"
		return
	fi
	for k in ${H_KERNELS:-6.12}; do
		for t in ${H_TYPES:-$(kernel_types "$k" pv)}; do
			[ "$k $t" != "debug pv" ] || die "kernel debug (KASAN) boots only as --type pvh"
			echo "$k $t ${H_WHERE:-hostile}"
		done
	done
}

cmd_hostile() {
	local H_KERNELS=${KERNEL:-} H_TYPES=${TYPE:-} H_DRIVER=${DRIVER:-ours} H_NAMES=${ATTACK:-} H_SECONDS=0 H_QUEUES=1 H_COUNT=${COUNT:-0}
	local H_RESUME=${RESUME:-} H_WHERE='' guests k t where status=0
	hostile_options "$@"
	guests=$(hostile_guests)
	start
	# shellcheck disable=SC2046
	prepare "${H_DRIVER/planted/ours}" $(cut -d' ' -f1 <<<"$guests" | sort -u)
	hostile_ready "$SEED"
	# shellcheck disable=SC2046
	[ -z "$H_NAMES" ] || H_NAMES=$(words_of attack "$H_NAMES" $(cut -d'|' -f1 "$RUN/hostile/attacks"))
	say "seed $SEED"
	KEEP_RESULTS=$BUILD/hostile/results
	mkdir -p "$BUILD/hostile"
	while read -r k t where; do hostile_plan "$k" "$t" "$where"; done <<<"$guests"
	[ ${#PLAN[@]} = 0 ] || run_plan
	hostile_report
	summary || status=$?
	[ "$H_DRIVER" != stock ] || status=$BROKE
	return "$status"
}

# Which of them this guest gets: with --resume not those that have a verdict already, with --count the first so many.
hostile_plan() { # KERNEL TYPE WHERE
	local left=$H_NAMES begin="$H_DRIVER|$2|$1|$3|"
	[ -n "$left" ] || if [ "$3" = far ]; then left=$(far_names); else left=$(attack_names); fi
	if [ "$H_DRIVER" = planted ]; then
		planted_ready "$1"
		plan_planted "$1" "$2"
		return
	fi
	touch "$KEEP_RESULTS"
	if [ -n "$H_RESUME" ]; then
		left=$(grep -vxFf <(awk -F'|' -v b="$begin" 'index($0, b) == 1 { print $5 }' "$KEEP_RESULTS") <<<"$left") || true
	else
		awk -F'|' -v b="$begin" 'NR == FNR { go[$1]; next } index($0, b) != 1 || !($5 in go)' <(echo "$left") "$KEEP_RESULTS" >"$RUN/results"
		cp "$RUN/results" "$KEEP_RESULTS"
	fi
	[ "$H_COUNT" = 0 ] || left=$(head -n "$H_COUNT" <<<"$left")
	[ -n "$left" ] || { say "$2 $1: every attack has its verdict" && return; }
	# shellcheck disable=SC2086
	plan_attacks "$3" "$H_DRIVER" "$1" "$2" "$H_QUEUES" "$H_SECONDS" $left
}

# The one command that plays a case again.
replay() { # TYPE KERNEL WHERE/NAME
	local words=(testbed/nfh-testbed hostile --driver "$H_DRIVER" --type "$1" --kernel "$2" --seed "$SEED" --attack "${3#*/}")
	[[ $3 != far/* ]] || words+=(--far)
	[ "$H_SECONDS" = 0 ] || words+=(--seconds "$H_SECONDS")
	[ "$H_QUEUES" = 1 ] || words+=(--queues "$H_QUEUES")
	echo "${words[*]}"
}

# Called for every verdict: what runs in slices adds up to one report.
keep_result() { # VERDICT TYPE KERNEL NAME SECONDS REASON
	local version
	[ -n "${KEEP_RESULTS:-}" ] && [[ $4 =~ ^(hostile|far)/ && $6 != 'not run'* ]] || return 0
	version=$(basename "${KERNEL_DIR[$3]}")
	version=${version%-*} # of which the last word is a checksum
	echo "$H_DRIVER|$2|$3|${4%%/*}|${4#*/}|$1|$5|${version#kernel-}|$SEED|$(date -u +%F)|$6" >>"$KEEP_RESULTS"
}

# Table on the screen and build/hostile/report.md. Sets BROKE: 1 if a case never got a verdict.
BROKE=0
hostile_report() {
	local r verdict type kernel name seconds reason
	table
	[ ! -e "$KEEP_RESULTS" ] || hostile_report_file >"$BUILD/hostile/report.md"
	for r in "${RESULTS[@]}"; do
		IFS='|' read -r verdict type kernel name seconds reason <<<"$r"
		[ "$verdict" = fail ] || continue
		[[ $reason != 'not run'* ]] || BROKE=1
		[[ ! $name =~ ^(hostile|far)/ ]] || echo "replay: $(replay "$type" "$kernel" "$name")"
	done
	say "report: build/hostile/report.md"
}

# All verdicts that are kept, of this run and those before; first the sums of each guest, by class.
hostile_report_file() {
	printf '# Hostile backend\n\n'
	awk -F'|' -v attacks="$RUN/hostile/attacks" '
		BEGIN { while ((getline line < attacks) > 0) { split(line, a, "|"); class[a[1]] = a[2] } }
		$5 != "leftovers" {
			guest = $1 ", " $2 ", " $8 ($4 == "far" ? ", backend in a driver domain" : "")
			if (!(guest in n)) guests[++g] = guest
			n[guest]++
			lived[guest] += $6 == "pass"
			died[guest] += $6 != "pass" && $11 ~ /^(the guest|hang|triple fault)/
			reloaded[guest] += $6 != "pass" && $11 ~ /traffic again after a reload$/
			rows[guest] = rows[guest] sprintf("| %s | %s | %s | %s | %s | %s |\n", $5, class[$5], $6, $7, $9, $11)
		}
		END {
			print "| driver, guest | attacks | survived | failed a check, traffic again after a reload | guest crashed or hung |\n|---|---|---|---|---|"
			for (i = 1; i <= g; i++) printf "| %s | %d | %d | %d | %d |\n", guests[i], n[guests[i]], lived[guests[i]], reloaded[guests[i]], died[guests[i]]
			for (i = 1; i <= g; i++) {
				printf "\n## %s\n\n", guests[i]
				printf "| attack | class | verdict | seconds | seed | what was seen |\n|---|---|---|---|---|---|\n%s", rows[guests[i]]
			}
		}' "$KEEP_RESULTS"
}
