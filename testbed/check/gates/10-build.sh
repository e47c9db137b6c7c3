# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# build: the driver and its unit tests compile without a warning on every kernel, with W=1.

gates_build() {
	local k
	need "${KERNELS[@]}"
	for k in "${KERNELS[@]}"; do
		gate "build $k gcc" build_module "$k" "$(copy "build-$k")"
		rejects "build $k gcc: unused variable" "warning: unused variable .*spare" \
			build_object "$k" "$(plant "unused-$k" frame.c "$BAD_UNUSED")" frame.o
		rejects "build $k gcc: prototype missing (W=1)" "warning: no previous prototype" \
			build_object "$k" "$(plant "prototype-$k" frame.c "$BAD_PROTOTYPE")" frame.o
	done
	for k in 6.1 6.12; do
		gate "build $k clang" build_clang "$k" "$(copy "clang-$k")"
		rejects "build $k clang: value never used" "warning: variable .*spare.* set but not used" \
			build_object "$k" "$(plant "clang-$k" frame.c "$BAD_SET")" frame.o "${CLANG[@]}"
	done
	for k in 6.1 7.2; do # these kernels of Debian have no CONFIG_KUNIT to link with
		gate "build $k gcc, KUnit compiled" build_kunit_objects "$k" "$(copy "kunit-$k")"
	done
	rejects "build: source that Kbuild has not" "stray.c: not built" all_built "$(stray_source 6.12)" netfront-hardened.ko
	need debug
	gate "build debug gcc, KUnit linked" build_kunit debug "$(copy build-debug)"
	rejects "build debug: KUnit warns" "warning: unused variable .*spare" \
		make_quiet debug "$(plant kunit kunit/suites.c "$BAD_UNUSED")" kunit suites.o
}

BAD_UNUSED='void bad_unused(void);
void bad_unused(void)
{
	int spare;
}'
BAD_SET='void bad_set(int value);
void bad_set(int value)
{
	int spare;

	spare = value;
}'
BAD_PROTOTYPE='int bad_prototype(void)
{
	return 0;
}'

CLANG=("CC=$CHECK/tools/clang" CONFIG_OBJTOOL=) # objtool wants gcc's mitigations

# make, of which every warning is an error. What the kernel says about itself is left out.
make_quiet() { # KERNEL DIR SUB ARGUMENT...
	local out status=0
	out=$(kmake "$@" W=1 2>&1) || status=$?
	printf '%s\n' "$out"
	! grep -vE 'this kernel has no CONFIG_KUNIT' <<<"$out" | grep -iE 'warning|error' >/dev/null || status=1
	return $status
}

build_object() { make_quiet "$1" "$2" '' "${@:3}"; } # KERNEL DIR OBJECT [ARGUMENT...]

build_module() { # KERNEL DIR [ARGUMENT...]
	make_quiet "$1" "$2" '' "${@:3}" modules
	all_built "$2" netfront-hardened.ko
}

build_clang() { build_module "$1" "$2" "${CLANG[@]}"; }

build_kunit() { # KERNEL DIR
	make_quiet "$1" "$2" '' NFH_KUNIT=y modules
	all_built "$2" netfront-hardened.ko
	all_built "$2/kunit" netfront-hardened-kunit.ko
}

build_kunit_objects() { # KERNEL DIR
	local objects
	mapfile -t objects < <(cd "$2/kunit" && printf '%s\n' *.c | sed 's/c$/o/')
	make_quiet "$1" "$2" kunit "${objects[@]}"
}

# The module is there, and no source was left out of it.
all_built() { # DIR MODULE
	local source bad=0
	[ -e "$1/$2" ] || { echo "$1/$2: not built" && bad=1; }
	for source in "$1"/*.c; do
		[[ $source == *.mod.c || -e ${source%c}o ]] || { echo "$source: not built" && bad=1; }
	done
	return $bad
}

# What the gate above has built, with one source more.
stray_source() { # KERNEL
	cp -r "$WORK/build-$1" "$WORK/bad-stray"
	echo "/* SPDX-License-Identifier: GPL-2.0 */" >"$WORK/bad-stray/stray.c"
	echo "$WORK/bad-stray"
}

# The copy in which the driver was built already, or a new one.
built() { # KERNEL
	if [ -e "$WORK/build-$1/netfront-hardened.ko" ]; then echo "$WORK/build-$1"; else copy "build-$1"; fi
}
