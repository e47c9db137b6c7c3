// SPDX-License-Identifier: GPL-2.0
/*
 * nfh_tx_ring_init(): the invariant holds at the start, whatever was there
 */
#include "tx_model.h"

#include "ring.c"

void harness(void)
{
	struct nfh_tx_ring ring;
	struct tx_others others = { 0, SLOTS - 1 };
	u32 any = nondet_below(SLOTS), other = nondet_below(SLOTS);
	void *at = model_page(12, 4);

	nfh_tx_ring_init(&ring, at);

	check(ring.sring == at);
	check(ring.slot[any].state == NFH_TX_FREE && !ring.slot[any].cookie);
	/* no slot is listed twice */
	check(any == other || ring.free[any] != ring.free[other]);
	check(tx_counts_ok(&ring) && ring.req_prod == ring.rsp_cons);
	check(tx_free_ok(&ring, any));
	check(tx_owed_ok(&ring, others, any));
	check(tx_list_ok(&ring, others, any));
	check(nfh_tx_ring_room(&ring) == SLOTS);
	check(slot_stores == 0 && slot_loads == 0 && index_loads == 0);
	reach();
}
