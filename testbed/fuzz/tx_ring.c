// SPDX-License-Identifier: GPL-2.0
/*
 * Transmit ring: any order of calls that the contract allows, any backend
 *
 * A model remembers what is outstanding.  After each call the ring must agree
 * with it: an id is handed out at most once and only while it is in flight,
 * a refused response changes nothing, counts are conserved.
 */
#include <stdlib.h>
#include <string.h>

#include <linux/errno.h>

#include "ring.h"

#include "input.h"
#include "ring_page.h"

#define EXTRA	0xffffU
#define SLOTS	NFH_RING_SLOTS

static struct nfh_tx_ring ring;

/* The word that is kept for the record says nothing about the ring. */
static bool same_ring(const struct nfh_tx_ring *before)
{
	return !memcmp(&ring, before, offsetof(struct nfh_tx_ring, refused));
}

static struct {
	enum nfh_tx_state state[SLOTS];
	void *cookie[SLOTS];
	u16 posted[SLOTS];	/* by position */
	u16 claimed[SLOTS];
	u32 claims;
	u32 prod, pub, cons, seen;
	u32 nulls;
	uintptr_t next_cookie;
} model;

u32 backend_rsp_prod(void)
{
	u32 owed = model.pub - model.cons;
	u8 how = fuzz_u8();

	if (how < 0x40)
		return model.pub;
	if (how < 0xd0)
		return model.cons + fuzz_below(owed + 1);
	if (how < 0xf0)
		return model.cons - 4 + fuzz_below(owed + 9);
	return fuzz_u32();
}

u32 backend_req_event(void)
{
	u8 how = fuzz_u8();

	return how < 0xe0 ? model.pub - 8 + how % 17 : fuzz_u32();
}

/* A slot in flight, if the fuzzer names one within reach. */
static u16 some_sent(void)
{
	u32 first = fuzz_below(SLOTS);
	u32 i;

	for (i = 0; i < SLOTS; i++)
		if (model.state[(first + i) % SLOTS] == NFH_TX_SENT)
			return (first + i) % SLOTS;
	return first;
}

u64 backend_slot(u32 slot)
{
	struct xen_netif_tx_response rsp = { 0 };
	u8 how = fuzz_u8();
	u32 raw;

	nfh_user_check(slot == model.cons % SLOTS);
	if (how < 0x80)
		rsp.id = some_sent();
	else if (how < 0xb0)
		rsp.id = fuzz_u8();
	else if (how < 0xd0)
		rsp.id = SLOTS - 2 + fuzz_below(4);
	else
		rsp.id = fuzz_u16();
	if (how % 8 < 4)
		rsp.status = XEN_NETIF_RSP_OKAY;
	else if (how % 8 == 4)
		rsp.status = XEN_NETIF_RSP_NULL;
	else if (how % 8 < 7)
		rsp.status = -3 + (int)fuzz_below(6);
	else
		rsp.status = fuzz_u16();
	memcpy(&raw, &rsp, sizeof(raw));
	return raw;
}

/* What costs little, after each call. */
static void check_indexes(void)
{
	nfh_user_check(ring.nulls == model.nulls);
	nfh_user_check(ring.req_prod == model.prod && ring.req_pub == model.pub);
	nfh_user_check(ring.rsp_cons == model.cons && ring.rsp_seen == model.seen);
	nfh_user_check(model.prod - model.cons <= SLOTS);
	nfh_user_check(nfh_tx_ring_room(&ring) == SLOTS - (model.prod - model.cons));
}

/* Every slot, now and then and at the end: what is wrong once, stays wrong. */
static void check_slots(void)
{
	u32 count[4] = { 0 };
	bool listed[SLOTS] = { false };
	u32 i;

	for (i = 0; i < SLOTS; i++) {
		nfh_user_check(ring.slot[i].state == model.state[i]);
		count[model.state[i]]++;
	}
	nfh_user_check(ring.free_count == count[NFH_TX_FREE]);
	for (i = 0; i < ring.free_count; i++) {
		nfh_user_check(ring.free[i] < SLOTS && !listed[ring.free[i]]);
		nfh_user_check(model.state[ring.free[i]] == NFH_TX_FREE);
		listed[ring.free[i]] = true;
	}
	nfh_user_check(model.pub - model.cons == count[NFH_TX_SENT] + model.nulls);
}

static void do_claim(void)
{
	int slot = nfh_tx_ring_claim(&ring);
	u32 i, used = 0;

	for (i = 0; i < SLOTS; i++)
		used += model.state[i] != NFH_TX_FREE;
	if (used == SLOTS) {
		nfh_user_check(slot == -ENOBUFS);
		return;
	}
	nfh_user_check(slot >= 0 && slot < (int)SLOTS);
	nfh_user_check(model.state[slot] == NFH_TX_FREE);
	model.state[slot] = NFH_TX_FILLED;
	model.claimed[model.claims++] = slot;
}

/* Any number at all: only that of a claimed slot has an effect. */
static void do_unclaim(void)
{
	u16 slot = fuzz_u8() & 1 ? fuzz_u16() : fuzz_below(SLOTS);
	u32 i;

	nfh_tx_ring_unclaim(&ring, slot);
	if (slot >= SLOTS || model.state[slot] != NFH_TX_FILLED)
		return;
	model.state[slot] = NFH_TX_FREE;
	for (i = 0; model.claimed[i] != slot; i++)
		;
	model.claimed[i] = model.claimed[--model.claims];
}

static void do_put(void)
{
	struct xen_netif_tx_request wire;
	struct nfh_tx_req req = {
		.gref = fuzz_u8(),
		.flags = fuzz_u8() & 0xf,
		.size = fuzz_u8(),
		.cookie = (void *)(++model.next_cookie),
	};
	u16 slot;

	if (!model.claims || model.prod - model.cons == SLOTS)
		return;
	slot = model.claimed[--model.claims];
	nfh_tx_ring_put(&ring, slot, &req);
	memcpy(&wire, ring_page.wire[model.prod % SLOTS], sizeof(wire));
	nfh_user_check(wire.id == slot && wire.gref == req.gref &&
		       wire.flags == req.flags && wire.size == req.size);
	model.state[slot] = NFH_TX_PUT;
	model.cookie[slot] = req.cookie;
	model.posted[model.prod++ % SLOTS] = slot;
}

static void do_put_gso(void)
{
	struct xen_netif_extra_info wire;
	u8 type = fuzz_u8();
	u16 size = fuzz_u16();

	if (model.prod - model.cons == SLOTS)
		return;
	nfh_tx_ring_put_gso(&ring, type, size);
	memcpy(&wire, ring_page.wire[model.prod % SLOTS], sizeof(wire));
	nfh_user_check(wire.type == XEN_NETIF_EXTRA_TYPE_GSO && !wire.flags);
	nfh_user_check(wire.u.gso.type == type && wire.u.gso.size == size);
	nfh_user_check(!wire.u.gso.features && !wire.u.gso.pad);
	model.posted[model.prod++ % SLOTS] = EXTRA;
}

static void do_publish(void)
{
	u32 old = model.pub;
	bool notify = nfh_tx_ring_publish(&ring);

	for (; model.pub != model.prod; model.pub++) {
		u16 slot = model.posted[model.pub % SLOTS];

		if (slot == EXTRA)
			model.nulls++;
		else
			model.state[slot] = NFH_TX_SENT;
	}
	nfh_user_check(ring_page.req_prod == model.pub);
	nfh_user_check(notify == (model.pub - ring_page.last_index < model.pub - old));
}

/* Is @why what the index that was loaded deserves? */
static bool pending_ok(enum nfh_violation why, u32 count)
{
	u32 ready = ring_page.last_index - model.cons;
	bool good = ready <= model.pub - model.cons &&
		    ready >= model.seen - model.cons;

	if (!good) {
		nfh_user_check(why == NFH_V_TX_PRODUCER && count == ~0U);
		return false;
	}
	nfh_user_check(why == NFH_V_NONE && count == ready);
	model.seen = model.cons + ready;
	return true;
}

/* What one response must lead to, decided by the model alone. */
static enum nfh_violation expected(const struct xen_netif_tx_response *rsp)
{
	if (rsp->status == XEN_NETIF_RSP_NULL)
		return model.nulls ? NFH_V_NONE : NFH_V_TX_NULL;
	if (rsp->id >= SLOTS)
		return NFH_V_TX_ID_RANGE;
	if (model.state[rsp->id] != NFH_TX_SENT)
		return NFH_V_TX_ID_IDLE;
	if (rsp->status != XEN_NETIF_RSP_OKAY &&
	    rsp->status != XEN_NETIF_RSP_ERROR &&
	    rsp->status != XEN_NETIF_RSP_DROPPED)
		return NFH_V_TX_STATUS;
	return NFH_V_NONE;
}

/* One response; false when it faults. */
static bool take_one(void)
{
	static struct nfh_tx_ring before;
	struct xen_netif_tx_response rsp;
	struct nfh_tx_done done = { .cookie = &ring, .status = 77 };
	u64 loads = ring_page.loads;
	enum nfh_violation why;
	u32 raw;

	before = ring;
	why = nfh_tx_ring_take(&ring, &done);
	nfh_user_check(ring_page.loads == loads + 1);
	raw = ring_page.last_value;
	memcpy(&rsp, &raw, sizeof(rsp));
	nfh_user_check(why == expected(&rsp));
	if (why >= NFH_V_FIRST_FAULT) {
		struct nfh_ring_view view;

		nfh_user_check(same_ring(&before));
		nfh_tx_ring_look(&ring, &view);
		nfh_user_check(view.refused == raw);
		nfh_user_check(done.cookie == &ring && done.status == 77);
		ring_page_unload();
		return false;
	}
	model.cons++;
	if (rsp.status == XEN_NETIF_RSP_NULL) {
		nfh_user_check(!done.cookie && done.status == XEN_NETIF_RSP_OKAY);
		model.nulls--;
		return true;
	}
	nfh_user_check(done.cookie == model.cookie[rsp.id]);
	nfh_user_check(done.status == rsp.status);
	model.state[rsp.id] = NFH_TX_FREE;
	model.cookie[rsp.id] = NULL;
	return true;
}

static void do_take(bool arm)
{
	enum nfh_violation why;
	u32 count = ~0U;
	u32 budget;

	why = arm ? nfh_tx_ring_arm(&ring, &count) :
		    nfh_tx_ring_pending(&ring, &count);
	if (arm)
		nfh_user_check(ring_page.rsp_event == model.cons + 1);
	if (!pending_ok(why, count))
		return;
	nfh_user_check(count <= SLOTS);
	budget = fuzz_u8();
	while (count-- && budget-- && take_one())
		;
}

void fuzz_run(void)
{
	/* most of what can go wrong with indexes does so at their wrap */
	u32 start = fuzz_u8() & 1 ? -(u32)fuzz_u8() : 0;
	u32 steps = 0;

	memset(&model, 0, sizeof(model));
	nfh_tx_ring_init(&ring, ring_page_reset(12, 4));
	check_slots();
	ring.req_prod = start;
	ring.req_pub = start;
	ring.rsp_cons = start;
	ring.rsp_seen = start;
	ring_page.req_prod = start;
	model.prod = start;
	model.pub = start;
	model.cons = start;
	model.seen = start;

	while (fuzz_more()) {
		u8 what = fuzz_u8();
		u32 again = what / 8;

		switch (what % 8) {
		case 0:
			do_claim();
			break;
		case 1:
			do_unclaim();
			break;
		case 2:
			do_put_gso();
			break;
		case 3:
			do_publish();
			break;
		case 4:
			do_take(false);
			break;
		case 5:
			do_take(true);
			break;
		case 6:
			for (; again; again--)
				do_claim();
			break;
		case 7:
			for (again++; again; again--)
				do_put();
			break;
		}
		check_indexes();
		if (++steps % 16 == 0)
			check_slots();
	}
	check_slots();
}
