// SPDX-License-Identifier: GPL-2.0
/*
 * Receive ring and the grammar of frames: any backend
 *
 * Slots are taken and fed to the grammar in the way rx.c does it.  What comes
 * out is compared with a second opinion on the very words that were loaded.
 */
#include <stdlib.h>
#include <string.h>

#include "frame.h"
#include "ring.h"

#include "input.h"
#include "ring_page.h"

#define SLOTS	NFH_RING_SLOTS

static struct nfh_rx_ring ring;
static struct nfh_frame frame;

/* The word that is kept for the record says nothing about the ring. */
static bool same_ring(const struct nfh_rx_ring *before)
{
	return !memcmp(&ring, before, offsetof(struct nfh_rx_ring, refused));
}

static struct {
	u32 prod, cons, seen;
	/* of the frame under way */
	bool open;
	bool extras;		/* an extra comes next */
	bool more_after;	/* data comes after the extras */
	bool bad;
	u32 bytes, slots, gso;
	u64 first;		/* its first response */
	u8 gso_type;
	u16 gso_size;
} model;

u32 backend_rsp_prod(void)
{
	u32 owed = model.prod - model.cons;
	u8 how = fuzz_u8();

	if (how < 0x60)
		return model.prod;
	if (how < 0xd0)
		return model.cons + fuzz_below(owed + 1);
	if (how < 0xf0)
		return model.cons - 4 + fuzz_below(owed + 9);
	return fuzz_u32();
}

u32 backend_req_event(void)
{
	u8 how = fuzz_u8();

	return how < 0xe0 ? model.prod - 8 + how % 17 : fuzz_u32();
}

static u64 backend_extra(void)
{
	struct xen_netif_extra_info info = { 0 };
	u8 how = fuzz_u8();
	u64 raw;

	info.type = how & 0x70 ? XEN_NETIF_EXTRA_TYPE_GSO : fuzz_u8();
	info.flags = how & 0x80 ? fuzz_u8() : how & 1;
	info.u.gso.type = how & 6 ? 1 + (how >> 3 & 1) : fuzz_u8();
	info.u.gso.size = how & 8 ? 1448 : fuzz_u16();
	info.u.gso.features = how == 0xff;
	memcpy(&raw, &info, sizeof(raw));
	return raw;
}

static u64 backend_data(u32 slot)
{
	struct xen_netif_rx_response rsp = { 0 };
	u8 how = fuzz_u8();
	u64 raw;

	rsp.id = how == 0xff ? fuzz_u16() : slot;
	rsp.flags = how >= 0xf0 ? fuzz_u16() : fuzz_u8() & 0xf;
	switch (how % 8) {
	case 0:
		rsp.status = fuzz_u16();
		rsp.offset = fuzz_u16();
		break;
	case 1:
		rsp.status = 4096 - 2 + fuzz_below(5);
		break;
	case 2:
		rsp.status = fuzz_below(20);
		break;
	case 3:
		rsp.offset = fuzz_below(4097);
		rsp.status = 4096 - rsp.offset + (how > 0xd0);
		break;
	case 4:
		rsp.status = -(int)fuzz_u8();
		break;
	default:
		rsp.status = 4096;
		break;
	}
	memcpy(&raw, &rsp, sizeof(raw));
	return raw;
}

u64 backend_slot(u32 slot)
{
	u64 raw;

	nfh_user_check(slot == model.cons % SLOTS);
	/* now and then the wrong kind; the driver goes by what it expects */
	if (model.extras != (fuzz_u8() >= 0xf0))
		raw = backend_extra();
	else
		raw = backend_data(slot);
	return raw;
}

/* The frame is complete: what was made of it? */
static void check_end(void)
{
	struct xen_netif_rx_response rsp;

	memcpy(&rsp, &model.first, sizeof(rsp));
	nfh_user_check(frame.phase == NFH_FRAME_END);
	if (model.bytes < 14)
		model.bad = true;
	nfh_user_check(model.bad == (frame.drop != NFH_V_NONE));
	nfh_user_check(frame.drop < NFH_V_FIRST_FAULT);
	if (!model.bad) {
		nfh_user_check(frame.len == model.bytes);
		nfh_user_check(frame.len >= 14 && frame.len <= 65535);
		nfh_user_check(frame.slots == model.slots);
		nfh_user_check(frame.slots >= 1 && frame.slots <= 18);
		nfh_user_check(frame.csum_blank == !!(rsp.flags & 2));
		nfh_user_check(frame.csum_valid == !!(rsp.flags & 1));
		nfh_user_check(frame.gso_type == model.gso_type);
		nfh_user_check(frame.gso_size == model.gso_size);
		nfh_user_check(!frame.gso_type || frame.gso_size >= 8);
	}
	nfh_frame_reset(&frame);
	model.open = false;
}

/* A data response, read the way netif.h says it. */
static void model_data(enum nfh_violation why, const struct nfh_rx_data *data)
{
	struct xen_netif_rx_response rsp;
	bool good, first = !model.open;
	u64 raw = ring_page.last_value;

	memcpy(&rsp, &raw, sizeof(rsp));
	good = rsp.status > 0 && rsp.offset + rsp.status <= 4096 &&
	       !(rsp.flags & ~0xf);
	nfh_user_check(good == (why == NFH_V_NONE));
	nfh_user_check(data->offset + data->len <= 4096);
	nfh_user_check(data->slot == model.cons % SLOTS);
	nfh_user_check(data->offset == (good ? rsp.offset : 0));
	nfh_user_check(data->len == (good ? rsp.status : 0));
	nfh_user_check(data->more == !!(rsp.flags & 4));
	nfh_user_check(data->extra == !!(rsp.flags & 8));

	if (first) {
		model.first = raw;
		model.bytes = 0;
		model.slots = 0;
		model.gso = 0;
		model.gso_type = 0;
		model.gso_size = 0;
		model.bad = false;
		model.open = true;
		model.more_after = rsp.flags & 4;
		model.extras = rsp.flags & 8;
	} else if (rsp.flags & 8) {
		model.bad = true;
	}
	if (good) {
		model.bytes += rsp.status;
		model.slots++;
	} else {
		model.bad = true;
	}
	if (model.slots > 18 || model.bytes > 65535)
		model.bad = true;
	nfh_user_check(frame.slots <= 18 && frame.len <= 65535);
	nfh_user_check(model.bad == (frame.drop != NFH_V_NONE) ||
		       frame.drop == NFH_V_RX_SHORT);
	model.cons++;
	if (model.extras)
		nfh_user_check(frame.phase == NFH_FRAME_EXTRA);
	else if (rsp.flags & 4)
		nfh_user_check(frame.phase == NFH_FRAME_MORE);
	else
		check_end();
}

static void model_extra(enum nfh_violation why)
{
	struct xen_netif_extra_info info;
	u64 raw = ring_page.last_value;
	bool good;

	memcpy(&info, &raw, sizeof(info));
	good = info.type == XEN_NETIF_EXTRA_TYPE_GSO && !(info.flags & ~1) &&
	       (info.u.gso.type == 1 || info.u.gso.type == 2) &&
	       info.u.gso.size >= 8 && info.u.gso.size < 65535 &&
	       !info.u.gso.features;
	nfh_user_check(good == (why == NFH_V_NONE));
	nfh_user_check(why < NFH_V_FIRST_FAULT);
	if (good && !model.gso_type) {
		model.gso_type = info.u.gso.type;
		model.gso_size = info.u.gso.size;
	} else {
		model.bad = true;
	}
	model.cons++;
	model.extras = info.flags & 1;
	if (model.extras)
		nfh_user_check(frame.phase == NFH_FRAME_EXTRA);
	else if (model.more_after)
		nfh_user_check(frame.phase == NFH_FRAME_MORE);
	else
		check_end();
}

/* One response; false when it faults. */
static bool take_one(void)
{
	static struct nfh_rx_ring before;
	struct nfh_rx_extra extra;
	struct nfh_rx_data data;
	u64 loads = ring_page.loads;
	enum nfh_violation why;

	before = ring;
	if (frame.phase == NFH_FRAME_EXTRA) {
		why = nfh_rx_ring_take_extra(&ring, &extra);
		nfh_user_check(ring_page.loads == loads + 1);
		nfh_frame_extra(&frame, &extra, why);
		model_extra(why);
		return true;
	}
	nfh_user_check(frame.phase == (model.open ? NFH_FRAME_MORE : NFH_FRAME_IDLE));
	why = nfh_rx_ring_take_data(&ring, &data);
	nfh_user_check(ring_page.loads == loads + 1);
	nfh_user_check((why == NFH_V_RX_ID) ==
		       ((u16)ring_page.last_value != model.cons % SLOTS));
	if (why >= NFH_V_FIRST_FAULT) {
		struct nfh_ring_view view;

		nfh_user_check(same_ring(&before));
		nfh_rx_ring_look(&ring, &view);
		nfh_user_check(view.refused == ring_page.last_value);
		ring_page_unload();
		return false;
	}
	nfh_frame_data(&frame, &data, why);
	model_data(why, &data);
	return true;
}

static void do_take(bool arm)
{
	u32 count = ~0U, budget = fuzz_u8();
	enum nfh_violation why;
	u32 ready;
	bool good;

	why = arm ? nfh_rx_ring_arm(&ring, &count) :
		    nfh_rx_ring_pending(&ring, &count);
	if (arm)
		nfh_user_check(ring_page.rsp_event == model.cons + 1);
	ready = ring_page.last_index - model.cons;
	good = ready <= model.prod - model.cons &&
	       ready >= model.seen - model.cons;
	if (!good) {
		nfh_user_check(why == NFH_V_RX_PRODUCER && count == ~0U);
		return;
	}
	nfh_user_check(why == NFH_V_NONE && count == ready && count <= SLOTS);
	model.seen = model.cons + ready;
	while (count-- && budget-- && take_one())
		;
}

static void do_repost(void)
{
	u32 old = model.prod;
	bool notify = nfh_rx_ring_repost(&ring);
	u32 pos;

	model.prod = model.cons + SLOTS;
	for (pos = old; pos != model.prod; pos++) {
		struct xen_netif_rx_request wire;

		memcpy(&wire, ring_page.wire[pos % SLOTS], sizeof(wire));
		nfh_user_check(wire.id == pos % SLOTS && !wire.pad);
		nfh_user_check(wire.gref == 9000 + 3 * (pos % SLOTS));
	}
	nfh_user_check(ring_page.req_prod == model.prod);
	if (old == model.prod)
		nfh_user_check(!notify);
	else
		nfh_user_check(notify == (model.prod - ring_page.last_index <
					  model.prod - old));
}

void fuzz_run(void)
{
	u32 start = fuzz_u8() & 1 ? -(u32)fuzz_u16() : 0;
	u32 i;

	memset(&model, 0, sizeof(model));
	nfh_frame_reset(&frame);
	for (i = 0; i < SLOTS; i++)
		ring.gref[i] = 9000 + 3 * i;
	nfh_rx_ring_init(&ring, ring_page_reset(8, 8));
	ring.req_prod = start;
	ring.rsp_cons = start;
	ring.rsp_seen = start;
	ring_page.req_prod = start;
	model.prod = start;
	model.cons = start;
	model.seen = start;
	do_repost();

	while (fuzz_more()) {
		switch (fuzz_u8() % 4) {
		case 0:
			do_repost();
			break;
		case 1:
			do_take(true);
			break;
		default:
			do_take(false);
			break;
		}
		nfh_user_check(ring.req_prod == model.prod);
		nfh_user_check(ring.rsp_cons == model.cons);
		nfh_user_check(ring.rsp_seen == model.seen);
		nfh_user_check(model.prod - model.cons <= SLOTS);
	}
}
