/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The invariant of a transmit ring
 */
#ifndef NFH_PROOF_TX_MODEL_H
#define NFH_PROOF_TX_MODEL_H

#include "ring_model.h"

/* Indexes and counts by themselves. */
static bool tx_counts_ok(const struct nfh_tx_ring *r)
{
	u32 owed = r->req_pub - r->rsp_cons;

	return r->req_prod - r->rsp_cons <= SLOTS &&
	       owed <= r->req_prod - r->rsp_cons &&
	       r->rsp_seen - r->rsp_cons <= owed && r->nulls <= owed &&
	       r->free_count <= SLOTS;
}

/* One slot. */
static bool tx_slot_ok(const struct nfh_tx_ring *r, u32 slot)
{
	return r->slot[slot].state <= NFH_TX_SENT;
}

/* One entry of the free list. */
static bool tx_free_ok(const struct nfh_tx_ring *r, u32 i)
{
	return i >= r->free_count ||
	       (r->free[i] < SLOTS && r->slot[r->free[i]].state == NFH_TX_FREE);
}

/*
 * How many slots are SENT and how many FREE, without a loop over all: those
 * among the other 255, whatever their number, and one slot in the focus.  A
 * proof that shows that no slot but the one in the focus changes (for any
 * other slot: tx_same_slot()) has shown that the numbers of the others stay.
 */
struct tx_others {
	u32 sent;
	u32 free;
};

static struct tx_others tx_any_others(void)
{
	struct tx_others others = { nondet_u32(), nondet_u32() };

	assume(others.sent < SLOTS && others.free < SLOTS);
	assume(others.sent + others.free < SLOTS);
	return others;
}

/* What the backend owes is what it has: the heart of it. */
static bool tx_owed_ok(const struct nfh_tx_ring *r, struct tx_others others,
		       u32 focus)
{
	return r->req_pub - r->rsp_cons == others.sent + r->nulls +
	       (r->slot[focus].state == NFH_TX_SENT);
}

/* The free list is as long as there are free slots. */
static bool tx_list_ok(const struct nfh_tx_ring *r, struct tx_others others,
		       u32 focus)
{
	return r->free_count == others.free +
	       (r->slot[focus].state == NFH_TX_FREE);
}

static bool tx_same_slot(const struct nfh_tx_ring *a,
			 const struct nfh_tx_ring *b, u32 slot)
{
	return a->slot[slot].state == b->slot[slot].state &&
	       a->slot[slot].cookie == b->slot[slot].cookie;
}

static bool tx_same_indexes(const struct nfh_tx_ring *a,
			    const struct nfh_tx_ring *b)
{
	return a->sring == b->sring && a->req_prod == b->req_prod &&
	       a->req_pub == b->req_pub && a->rsp_cons == b->rsp_cons &&
	       a->rsp_seen == b->rsp_seen && a->nulls == b->nulls &&
	       a->free_count == b->free_count;
}

#endif /* NFH_PROOF_TX_MODEL_H */
