// SPDX-License-Identifier: GPL-2.0
/*
 * nfh_tx_ring_publish(): exactly what was composed becomes the backend's, in
 * the private half first; the loop is bounded by our own indexes
 *
 * BATCH requests at most, at any position of any ring.  The invariant is
 * shown for one slot in the focus and for the number of slots that the batch
 * holds besides; slots that the batch does not name do not change.
 */
#include "tx_model.h"

#include "ring.c"

#define BATCH	4U

void harness(void)
{
	struct nfh_tx_ring ring, before;
	u32 any = nondet_below(SLOTS);
	u32 i, k, batch, extras = 0;
	bool named = false, notify;

	ring.sring = model_page(12, 4);
	assume(tx_counts_ok(&ring));
	batch = ring.req_prod - ring.req_pub;
	assume(batch <= BATCH);
	/* what was composed: extras, and slots in NFH_TX_PUT, none twice */
	for (i = 0; i < BATCH; i++) {
		u16 slot = ring.posted[(ring.req_pub + i) & MASK];

		if (i >= batch)
			break;
		assume(slot == EXTRA || slot < SLOTS);
		if (slot == EXTRA) {
			extras++;
			continue;
		}
		assume(ring.slot[slot].state == NFH_TX_PUT);
		for (k = 0; k < i; k++)
			assume(ring.posted[(ring.req_pub + k) & MASK] != slot);
		named |= slot == any;
	}
	before = ring;

	notify = nfh_tx_ring_publish(&ring);

	check(req_prod_is_stored && req_prod_stored == before.req_prod);
	check(stores == 1 && slot_stores == 0);
	check(index_loads == 1 && slot_loads == 0);
	check(notify == (before.req_prod - req_event_loaded <
			 before.req_prod - before.req_pub));
	check(ring.req_pub == before.req_prod);
	/* batch - extras slots more are SENT: each was PUT, none twice */
	check(ring.nulls == before.nulls + extras);
	check(ring.slot[any].state ==
	      (named ? NFH_TX_SENT : before.slot[any].state));
	check(ring.slot[any].cookie == before.slot[any].cookie);
	check(ring.posted[any] == before.posted[any]);
	check(ring.free[any] == before.free[any]);
	check(tx_counts_ok(&ring));
	ring.req_pub = before.req_pub;
	ring.nulls = before.nulls;
	check(tx_same_indexes(&ring, &before));
	reach();
}
