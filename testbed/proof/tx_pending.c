// SPDX-License-Identifier: GPL-2.0
/*
 * nfh_tx_ring_pending() and _arm(): never more than is owed, never less than
 * was there already; a refused index changes nothing
 */
#include "tx_model.h"

#include "ring.c"

void harness(void)
{
	struct nfh_tx_ring ring, before;
	u32 count, untouched, any = nondet_below(SLOTS);
	bool arm = nondet_bool();
	enum nfh_violation why;
	u32 owed, seen, ready;

	ring.sring = model_page(12, 4);
	assume(tx_counts_ok(&ring));
	before = ring;
	untouched = count;

	why = arm ? nfh_tx_ring_arm(&ring, &count) :
		    nfh_tx_ring_pending(&ring, &count);

	check(index_loads == 1 && slot_loads == 0 && slot_stores == 0);
	check(rsp_event_is_stored == arm && !req_prod_is_stored);
	check(!arm || rsp_event_stored == before.rsp_cons + 1);
	owed = before.req_pub - before.rsp_cons;
	seen = before.rsp_seen - before.rsp_cons;
	ready = rsp_prod_loaded - before.rsp_cons;
	if (ready <= owed && ready >= seen) {
		check(why == NFH_V_NONE && count == ready);
		check(count <= SLOTS);
		check(ring.rsp_seen == before.rsp_cons + count);
		ring.rsp_seen = before.rsp_seen;
	} else {
		check(why == NFH_V_TX_PRODUCER && count == untouched);
	}
	/* nothing else has changed, so the rest of the invariant holds */
	check(tx_same_indexes(&ring, &before));
	check(tx_same_slot(&ring, &before, any));
	check(ring.free[any] == before.free[any]);
	check(ring.posted[any] == before.posted[any]);
	if (why == NFH_V_NONE)
		ring.rsp_seen = before.rsp_cons + count;
	check(tx_counts_ok(&ring));
	reach();
}
