/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The invariant of a receive ring
 */
#ifndef NFH_PROOF_RX_MODEL_H
#define NFH_PROOF_RX_MODEL_H

#include "ring_model.h"

static bool rx_ok(const struct nfh_rx_ring *r)
{
	u32 owed = r->req_prod - r->rsp_cons;

	return owed <= SLOTS && r->rsp_seen - r->rsp_cons <= owed;
}

static bool rx_same(const struct nfh_rx_ring *a, const struct nfh_rx_ring *b,
		    u32 any)
{
	return a->sring == b->sring && a->req_prod == b->req_prod &&
	       a->rsp_cons == b->rsp_cons && a->rsp_seen == b->rsp_seen &&
	       a->gref[any] == b->gref[any];
}

#endif /* NFH_PROOF_RX_MODEL_H */
