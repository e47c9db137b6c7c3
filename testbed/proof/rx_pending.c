// SPDX-License-Identifier: GPL-2.0
/*
 * nfh_rx_ring_init(), _pending() and _arm(): never more than is owed, never
 * less than was there already; a refused index changes nothing
 */
#include "rx_model.h"

#include "ring.c"

void harness(void)
{
	struct nfh_rx_ring ring, before;
	u32 count, untouched, any = nondet_below(SLOTS);
	bool arm = nondet_bool();
	enum nfh_violation why;
	u32 owed, seen, ready;
	void *at = model_page(8, 8);

	before = ring;
	nfh_rx_ring_init(&ring, at);
	check(ring.sring == at && rx_ok(&ring) && ring.req_prod == ring.rsp_cons);
	check(ring.gref[any] == before.gref[any]);
	check(slot_stores == 0 && slot_loads == 0 && index_loads == 0);
	stores = 0;
	rsp_event_is_stored = false;

	ring = before;
	ring.sring = at;
	assume(rx_ok(&ring));
	before = ring;
	untouched = count;

	why = arm ? nfh_rx_ring_arm(&ring, &count) :
		    nfh_rx_ring_pending(&ring, &count);

	check(index_loads == 1 && slot_loads == 0 && slot_stores == 0);
	check(rsp_event_is_stored == arm && !req_prod_is_stored);
	check(!arm || rsp_event_stored == before.rsp_cons + 1);
	owed = before.req_prod - before.rsp_cons;
	seen = before.rsp_seen - before.rsp_cons;
	ready = rsp_prod_loaded - before.rsp_cons;
	if (ready <= owed && ready >= seen) {
		check(why == NFH_V_NONE && count == ready);
		check(count <= SLOTS);
		check(ring.rsp_seen == before.rsp_cons + count);
		before.rsp_seen = ring.rsp_seen;
	} else {
		check(why == NFH_V_RX_PRODUCER && count == untouched);
	}
	check(rx_same(&ring, &before, any));
	check(rx_ok(&ring));
	reach();
}
