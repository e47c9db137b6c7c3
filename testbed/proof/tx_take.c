// SPDX-License-Identifier: GPL-2.0
/*
 * nfh_tx_ring_take(): a slot is given back at most once, and only while the
 * backend owes it; a refused response changes nothing; counts are conserved
 */
#include "tx_model.h"

#include "ring.c"

void harness(void)
{
	struct nfh_tx_ring ring, before;
	struct nfh_tx_done done, untouched;
	struct tx_others others = tx_any_others();
	u32 focus = nondet_below(SLOTS), any = nondet_below(SLOTS);
	struct xen_netif_tx_response rsp;
	enum nfh_violation why;

	ring.sring = model_page(12, 4);
	assume(tx_counts_ok(&ring));
	assume(tx_slot_ok(&ring, focus) && tx_slot_ok(&ring, any));
	assume(tx_owed_ok(&ring, others, focus));
	assume(tx_list_ok(&ring, others, focus));
	assume(tx_free_ok(&ring, any));
	may_load = ring.rsp_cons & MASK;
	before = ring;
	untouched = done;

	why = nfh_tx_ring_take(&ring, &done);

	/* one load, of id and status together */
	check(slot_loads == 1 && index_loads == 0 && stores == 0);
	rsp = *(struct xen_netif_tx_response *)&value_loaded;
	/* the focus is on the slot that is named, if one is */
	assume(rsp.id >= SLOTS || rsp.id == focus);

	if (why >= NFH_V_FIRST_FAULT) {
		check(why == NFH_V_TX_ID_RANGE || why == NFH_V_TX_ID_IDLE ||
		      why == NFH_V_TX_NULL);
		check(tx_same_indexes(&ring, &before));
		check(tx_same_slot(&ring, &before, any));
		check(ring.free[any] == before.free[any]);
		check(done.cookie == untouched.cookie &&
		      done.status == untouched.status);
	} else if (rsp.status == XEN_NETIF_RSP_NULL) {
		check(why == NFH_V_NONE && !done.cookie);
		check(before.nulls > 0 && ring.nulls == before.nulls - 1);
		check(ring.free_count == before.free_count);
		check(tx_same_slot(&ring, &before, any));
		check(ring.rsp_cons == before.rsp_cons + 1);
	} else {
		bool known = rsp.status == XEN_NETIF_RSP_OKAY ||
			     rsp.status == XEN_NETIF_RSP_ERROR ||
			     rsp.status == XEN_NETIF_RSP_DROPPED;

		check(why == (known ? NFH_V_NONE : NFH_V_TX_STATUS));
		check(rsp.id < SLOTS);
		check(before.slot[rsp.id].state == NFH_TX_SENT);
		check(ring.slot[rsp.id].state == NFH_TX_FREE);
		check(!ring.slot[rsp.id].cookie);
		check(done.cookie == before.slot[rsp.id].cookie);
		check(done.status == rsp.status);
		check(ring.free_count == before.free_count + 1);
		check(ring.free[before.free_count] == rsp.id);
		check(ring.nulls == before.nulls);
		check(any == rsp.id || tx_same_slot(&ring, &before, any));
		check(any == before.free_count ||
		      ring.free[any] == before.free[any]);
		check(ring.rsp_cons == before.rsp_cons + 1);
	}

	/* progress is bounded: each response is one that was owed */
	if (why < NFH_V_FIRST_FAULT)
		check(before.req_pub != before.rsp_cons);
	/* never changed by anything that the backend says */
	check(ring.req_prod == before.req_prod && ring.sring == before.sring);
	check(ring.req_pub == before.req_pub);
	check(ring.rsp_seen == before.rsp_seen);
	check(ring.posted[any] == before.posted[any]);

	/* the invariant holds again, if there was a pending response */
	check(tx_slot_ok(&ring, any) && tx_slot_ok(&ring, focus));
	check(tx_owed_ok(&ring, others, focus));
	check(tx_list_ok(&ring, others, focus));
	check(tx_free_ok(&ring, any));
	check(before.rsp_seen == before.rsp_cons || tx_counts_ok(&ring));
	reach();
}
