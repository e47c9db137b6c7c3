// SPDX-License-Identifier: GPL-2.0
/*
 * nfh_rx_ring_repost(): every consumed slot and no other goes back, each with
 * its own page, and none before it is complete
 *
 * BATCH slots consumed at most, at any position of any ring.
 */
#include "rx_model.h"

#include "ring.c"

#define BATCH	8U

void harness(void)
{
	struct nfh_rx_ring ring, before;
	u32 any = nondet_below(SLOTS);
	u32 consumed;
	bool notify;

	ring.sring = model_page(8, 8);
	assume(rx_ok(&ring));
	before = ring;
	consumed = SLOTS - (before.req_prod - before.rsp_cons);
	assume(consumed <= BATCH);
	store_from = before.req_prod & MASK;
	store_room = consumed;

	notify = nfh_rx_ring_repost(&ring);

	check(slot_stores == consumed && slot_loads == 0);
	check(watched_stored == (((watched - store_from) & MASK) < consumed));
	if (watched_stored) {
		check(watched_wire.rx.id == watched && !watched_wire.rx.pad);
		check(watched_wire.rx.gref == before.gref[watched]);
	}
	if (consumed) {
		check(req_prod_is_stored && stores == 1 && index_loads == 1);
		check(req_prod_stored == before.rsp_cons + SLOTS);
		check(notify == (req_prod_stored - req_event_loaded < consumed));
	} else {
		check(!notify && stores == 0 && index_loads == 0);
	}
	before.req_prod = before.rsp_cons + SLOTS;
	check(rx_same(&ring, &before, any));
	check(rx_ok(&ring));
	reach();
}
