// SPDX-License-Identifier: GPL-2.0
/*
 * nfh_tx_ring_claim() and _unclaim(): a slot that was free, then the caller's;
 * what is not the caller's is left alone
 */
#include "tx_model.h"

#include "ring.c"

void harness(void)
{
	struct nfh_tx_ring ring, before;
	struct tx_others others = tx_any_others();
	u32 focus = nondet_below(SLOTS), any = nondet_below(SLOTS);
	bool claim = nondet_bool(), moved = false;
	u16 slot = nondet_u16();
	int got;

	ring.sring = model_page(12, 4);
	assume(tx_counts_ok(&ring));
	assume(tx_slot_ok(&ring, focus) && tx_slot_ok(&ring, any));
	assume(tx_owed_ok(&ring, others, focus));
	assume(tx_list_ok(&ring, others, focus));
	assume(tx_free_ok(&ring, any));
	if (ring.free_count)
		assume(tx_free_ok(&ring, ring.free_count - 1));
	/* no slot is listed twice */
	if (any != ring.free_count - 1 && any < ring.free_count)
		assume(ring.free[any] != ring.free[ring.free_count - 1]);
	before = ring;

	if (claim) {
		got = nfh_tx_ring_claim(&ring);
		slot = got;
		if (got < 0) {
			check(got == -ENOBUFS && before.free_count == 0);
		} else {
			moved = true;
			check(slot < SLOTS);
			assume(slot == focus);
			check(before.slot[slot].state == NFH_TX_FREE);
			check(ring.slot[slot].state == NFH_TX_FILLED);
			check(ring.free_count == before.free_count - 1);
			ring.free_count++;
		}
	} else {
		nfh_tx_ring_unclaim(&ring, slot);
		if (slot < SLOTS && before.slot[slot].state == NFH_TX_FILLED) {
			moved = true;
			assume(slot == focus);
			check(ring.slot[slot].state == NFH_TX_FREE);
			check(!ring.slot[slot].cookie);
			check(ring.free_count == before.free_count + 1);
			check(ring.free[before.free_count] == slot);
			ring.free_count--;
		}
	}
	check(tx_same_indexes(&ring, &before));
	check(moved && any == slot || tx_same_slot(&ring, &before, any));
	check(moved && !claim && any == before.free_count ||
	      ring.free[any] == before.free[any]);
	check(ring.posted[any] == before.posted[any]);
	check(index_loads == 0 && slot_loads == 0);
	check(stores == 0 && slot_stores == 0);
	if (moved)
		ring.free_count += claim ? -1 : 1;

	check(tx_counts_ok(&ring));
	check(tx_slot_ok(&ring, any) && tx_slot_ok(&ring, focus));
	check(tx_free_ok(&ring, any));
	check(tx_owed_ok(&ring, others, focus));
	check(tx_list_ok(&ring, others, focus));
	reach();
}
