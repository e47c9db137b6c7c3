// SPDX-License-Identifier: GPL-2.0
/*
 * nfh_tx_ring_put() and _put_gso(): composed in a local, stored once, at a
 * position that is not waited for; not the backend's before it is published
 */
#include "tx_model.h"

#include "ring.c"

void harness(void)
{
	struct nfh_tx_ring ring, before;
	struct tx_others others = tx_any_others();
	u32 focus = nondet_below(SLOTS), any = nondet_below(SLOTS);
	bool gso = nondet_bool();
	u16 size = nondet_u16();
	u8 type = nondet_u8();
	struct nfh_tx_req req;
	u32 pos;

	ring.sring = model_page(12, 4);
	assume(tx_counts_ok(&ring));
	assume(tx_slot_ok(&ring, focus) && tx_slot_ok(&ring, any));
	assume(tx_owed_ok(&ring, others, focus));
	assume(tx_list_ok(&ring, others, focus));
	assume(tx_free_ok(&ring, any));
	/* the contract: there is room, and the slot is the caller's */
	assume(nfh_tx_ring_room(&ring) > 0);
	assume(ring.slot[focus].state == NFH_TX_FILLED);
	before = ring;
	pos = before.req_prod & MASK;
	store_from = pos;
	store_room = 1;
	watched = pos;

	if (gso)
		nfh_tx_ring_put_gso(&ring, type, size);
	else
		nfh_tx_ring_put(&ring, focus, &req);

	check(slot_stores == 1 && stores == 0 && watched_stored);
	check(index_loads == 0 && slot_loads == 0);
	check(ring.req_prod == before.req_prod + 1);
	check(ring.posted[pos] == (gso ? EXTRA : focus));
	if (gso) {
		check(watched_wire.extra.type == XEN_NETIF_EXTRA_TYPE_GSO);
		check(!watched_wire.extra.flags);
		check(watched_wire.extra.u.gso.type == type);
		check(watched_wire.extra.u.gso.size == size);
		check(!watched_wire.extra.u.gso.features);
		check(!watched_wire.extra.u.gso.pad);
		check(tx_same_slot(&ring, &before, focus));
	} else {
		check(watched_wire.tx.id == focus);
		check(watched_wire.tx.gref == req.gref);
		check(watched_wire.tx.flags == req.flags);
		check(watched_wire.tx.size == req.size);
		check(ring.slot[focus].state == NFH_TX_PUT);
		check(ring.slot[focus].cookie == req.cookie);
	}
	check(any == focus || tx_same_slot(&ring, &before, any));
	check(any == pos || ring.posted[any] == before.posted[any]);
	check(ring.free[any] == before.free[any]);
	check(tx_counts_ok(&ring));
	check(tx_free_ok(&ring, any));
	check(tx_owed_ok(&ring, others, focus));
	check(tx_list_ok(&ring, others, focus));
	ring.req_prod--;
	check(tx_same_indexes(&ring, &before));
	reach();
}
