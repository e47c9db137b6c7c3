# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# sparse: the types of trust.h hold. Every remark of sparse is an error.

gates_sparse() {
	local k
	need "${KERNELS[@]}"
	for k in "${KERNELS[@]}"; do
		gate "sparse $k" sparse_module "$k" "$(built "$k")"
		rejects "sparse $k: plain read of a shared index" "dereference of noderef expression" \
			sparse_object "$k" "$(plant "sparse-read-$k" ring.c "$BAD_READ")" ring.o
		rejects "sparse $k: raw number as an index" "restricted nfh_raw16_t degrades to integer" \
			sparse_object "$k" "$(plant "sparse-index-$k" ring.c "$BAD_INDEX")" ring.o
	done
	rejects "sparse: READ_ONCE of a shared index, not by its door" "cast removes address space|dereference of noderef" \
		sparse_object 6.12 "$(plant sparse-once ring.c "$BAD_ONCE")" ring.o
	rejects "sparse: request changed in the shared page" "dereference of noderef expression" \
		sparse_object 6.12 "$(plant sparse-modify ring.c "$BAD_MODIFY")" ring.o
	rejects "sparse: ring page as a plain pointer" "different address spaces" \
		sparse_object 6.12 "$(plant sparse-pointer ring.c "$BAD_POINTER")" ring.o
	rejects "sparse: raw number compared with a length" "restricted nfh_raw32_t degrades to integer" \
		sparse_object 6.12 "$(plant sparse-compare ring.c "$BAD_COMPARE")" ring.o
	rejects "sparse: packet page without its annotation" "different address spaces" \
		sparse_object 6.12 "$(mutate sparse-force pool.c 's/\(void __untrusted __force \*\)page/page/')" pool.o
}

bad_function() { # BODY
	printf 'u32 bad(struct nfh_tx_ring *r, nfh_raw16_t raw, nfh_raw32_t raw32);\nu32 bad(struct nfh_tx_ring *r, nfh_raw16_t raw, nfh_raw32_t raw32)\n{\n%s\n}' "$1"
}
BAD_READ=$(bad_function '	return r->sring->rsp_prod;')
BAD_INDEX=$(bad_function '	return r->posted[raw];')
BAD_ONCE=$(bad_function '	return READ_ONCE(r->sring->rsp_prod);')
BAD_MODIFY=$(bad_function '	r->sring->ring[0].req.flags |= 1;
	return 0;')
BAD_POINTER=$(bad_function '	struct xen_netif_tx_sring *s = r->sring;

	return s->rsp_prod;')
BAD_COMPARE=$(bad_function '	return raw32 > NFH_PAGE_BYTES;')

sparse_make() { # KERNEL DIR ARGUMENT...
	local checker=sparse
	[ "$1" != 7.2 ] || checker=/tools/sparse-7.2
	make_quiet "$1" "$2" '' "CHECK=$checker" C=2 CF=-Wsparse-error "${@:3}"
}

sparse_object() { sparse_make "$@"; } # KERNEL DIR OBJECT

# make says CHECK for every file that sparse has read.
sparse_module() { # KERNEL DIR
	local out sources
	out=$(sparse_make "$@" modules) || {
		echo "$out"
		return 1
	}
	echo "$out"
	sources=$(cd "$2" && find . -maxdepth 1 -name '*.c' ! -name '*.mod.c' | wc -l)
	[ "$(grep -c '^  CHECK ' <<<"$out")" -ge "$sources" ] || {
		echo "sparse read fewer files than the $sources of the driver"
		return 1
	}
	[ "$1" != 7.2 ] ||
		echo "remark: 7.2: Debian's headers lack scripts/checker-valid.sh and its sparse is older than they expect; see check/tools/"
}
