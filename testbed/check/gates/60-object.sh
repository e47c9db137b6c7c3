# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2016
# object: in the code that the compilers made, each shared word is loaded once. What the source says once, a compiler may do twice.

gates_object() {
	local k
	need "${KERNELS[@]}"
	gate "sring is the first field of both rings" ring_layout "$TREE"
	rejects "sring that is not the first field" "is not first" ring_layout \
		"$(mutate object ring.h 's/(struct nfh_rx_ring \{\n)(.*\n)/$1\tu32 spare;\n$2/')"
	for k in "${KERNELS[@]}"; do
		gate "one load per slot, $k gcc" object_loads "$k" "$(copy "object-$k")"
		rejects "slot loaded twice, $k gcc" "nfh_rx_ring_take_data: loads on its paths: 2, expected 1" \
			object_loads "$k" "$(mutate "object-$k" ring.c "$DOUBLE_SLOT")"
		rejects "index loaded twice on one path, $k gcc" "nfh_tx_ring_pending: loads on its paths: 12, expected 1" \
			object_loads "$k" "$(mutate "object-$k" ring.c "$DOUBLE_INDEX")"
	done
	for k in 6.1 6.12; do
		gate "one load per slot, $k clang" object_loads "$k" "$(copy "object-clang-$k")" "${CLANG[@]}"
	done
	rejects "slot loaded twice, 6.12 clang" "nfh_rx_ring_take_extra: loads on its paths: 2, expected 1" \
		object_loads 6.12 "$(mutate object ring.c "$DOUBLE_SLOT")" "${CLANG[@]}"
	rejects "one field of a slot loaded again" "nfh_[rt]x_ring_take.*: loads on its paths: [01]*2, expected 1" \
		object_loads 6.1 "$(mutate object ring.c "$AGAIN_SLOT")"
	rejects "slot loaded in bytes" "nfh_rx_ring_take_extra: loads " object_loads 6.1 "$(mutate object ring.c "$BYTES_SLOT")"
	rejects "request read back" "nfh_tx_ring_put: loads on its paths: 1, expected 0" \
		object_loads 7.2 "$(mutate object ring.c "$READ_BACK")"
	rejects "shared page given away" "hands a pointer to the shared page to memcmp|hands a pointer to the shared page to stray" \
		object_loads 6.12 "$(mutate object ring.c "$GIVEN_AWAY")"
	rejects "function that is gone" "nfh_rx_ring_arm: not in the object" \
		object_loads 6.12 "$(mutate object ring.c 's/\bnfh_rx_ring_arm\(struct/nfh_rx_ring_arm_gone(struct/')"
}

DOUBLE_SLOT='s/load64\((&ring->sring[^)]*)\)/(load64($1), load64($1))/g'
# only where the first value was refused
DOUBLE_INDEX='s/(count\)\) \{\n.*\n)(\t\treturn NFH_V_TX_PRODUCER;)/$1\t\treturn load32(&ring->sring->rsp_prod) == 0 ? NFH_V_NONE : NFH_V_TX_PRODUCER;/'
# what the copying macro of the protocol's header amounts to
AGAIN_SLOT='s/if \(wire\.rsp\.id != pos\)/asm volatile("" ::: "memory");\n\tif (*(volatile u16 __force *)&ring->sring->ring[pos].rsp.id != pos)/'
BYTES_SLOT='s/(\textra->more = )wire\.info\.flags/$1*((volatile u8 __force *)&ring->sring->ring[pos].rsp + 1)/'
READ_BACK='s/(\tstore_slot\(&ring->sring->ring\[pos\]\.req, &wire, sizeof\(wire\)\);)/$1\n\tring->nulls += (__force u32)load32(&ring->sring->ring[pos].req);/'
GIVEN_AWAY='s/(\tstore32\(&ring->sring->rsp_event, ring->rsp_cons \+ 1\);)/\textern int stray(void __untrusted *page);\n\tring->rsp_seen += stray(ring->sring);\n$1/'

ring_layout() { # DIR
	local ring
	for ring in tx rx; do
		grep -A 1 "^struct nfh_${ring}_ring {" "$1/ring.h" | tail -n 1 | grep -qx "	struct xen_netif_${ring}_sring __untrusted \*sring;" || {
			echo "sring is not first in struct nfh_${ring}_ring"
			return 1
		}
	done
}

object_loads() { # KERNEL DIR [ARGUMENT...]
	kmake "$1" "$2" '' "${@:3}" ring.o
	nm -g --defined-only "$2/ring.o" >"$2/symbols"
	objdump -d -r -j .text -M suffix --no-show-raw-insn "$2/ring.o" >"$2/code"
	[ "$(objdump -h "$2/ring.o" | awk '$2 ~ /^\.text\./ && $3 !~ /^0*$/' | wc -l)" = 0 ] || {
		echo "ring.o has code in other sections than .text"
		return 1
	}
	"$CHECK/tools/object-loads" "$2/symbols" <"$2/code"
}
