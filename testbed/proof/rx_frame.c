// SPDX-License-Identifier: GPL-2.0
/*
 * The grammar of frames: from any state that satisfies the invariant, any slot
 * leads to one that does; what is complete and not dropped is a frame that the
 * rest of the driver may trust
 */
#include <linux/string.h>

#include "proof.h"
#include "frame.h"

#undef memset
void *memset(void *to, int byte, size_t len);

void *nfh_user_memset(void *to, int byte, size_t len)
{
	return memset(to, byte, len);
}

#define memset(to, byte, len)	nfh_user_memset(to, byte, len)

#include "frame.c"

#define GOOD(f)	((f)->drop == NFH_V_NONE)

static bool frame_ok(const struct nfh_frame *f)
{
	bool fresh = f->phase == NFH_FRAME_IDLE;

	return f->phase <= NFH_FRAME_END && f->drop < NFH_V_FIRST_FAULT &&
	       f->slots <= 18 && f->len <= 65535 &&
	       f->len <= f->slots * 4096U && f->len >= f->slots &&
	       (f->gso_type == 0) == (f->gso_size == 0) &&
	       (!f->gso_type || f->gso_size >= 8) &&
	       (!fresh || (GOOD(f) && !f->slots && !f->len && !f->gso_type)) &&
	       (fresh || !GOOD(f) || f->slots >= 1) &&
	       (f->phase != NFH_FRAME_END || !GOOD(f) || f->len >= 14);
}

/* All that nfh_rx_ring_take_data() can say: proved in rx_take.c. */
static bool data_ok(const struct nfh_rx_data *d, enum nfh_violation why)
{
	return why < NFH_V_FIRST_FAULT &&
	       (u32)d->offset + d->len <= 4096 &&
	       (why == NFH_V_NONE ? d->len >= 1 : d->len == 0);
}

static bool extra_ok(const struct nfh_rx_extra *e, enum nfh_violation why)
{
	if (why != NFH_V_NONE)
		return why < NFH_V_FIRST_FAULT;
	return (e->gso_type == XEN_NETIF_GSO_TYPE_TCPV4 ||
		e->gso_type == XEN_NETIF_GSO_TYPE_TCPV6) &&
	       e->gso_size >= 8 && e->gso_size <= 65534;
}

static void data(struct nfh_frame *f)
{
	struct nfh_frame before = *f;
	bool first = before.phase == NFH_FRAME_IDLE;
	enum nfh_violation why;
	struct nfh_rx_data d;
	bool taken;

	assume(before.phase == NFH_FRAME_IDLE || before.phase == NFH_FRAME_MORE);
	assume(data_ok(&d, why));

	nfh_frame_data(f, &d, why);

	/* in phase with what the backend announced, also while dropping */
	if (first && d.extra)
		check(f->phase == NFH_FRAME_EXTRA);
	else
		check(f->phase == (d.more ? NFH_FRAME_MORE : NFH_FRAME_END));
	check(f->more == (first ? d.more : before.more));
	taken = f->slots != before.slots;
	check(!taken || (f->slots == before.slots + 1 &&
			 f->len == before.len + d.len && why == NFH_V_NONE));
	check(taken || f->len == before.len);
	/* a slot that is not part of it costs the frame */
	check(taken || !GOOD(f));
	check(why == NFH_V_NONE || !GOOD(f));
	check(first || !d.extra || !GOOD(f));
	check(GOOD(&before) || f->drop == before.drop);
	if (first)
		check(f->csum_blank == d.csum_blank &&
		      f->csum_valid == d.csum_valid);
	else
		check(f->csum_blank == before.csum_blank &&
		      f->csum_valid == before.csum_valid);
	check(f->gso_type == before.gso_type && f->gso_size == before.gso_size);
	/* nothing good is dropped */
	check(GOOD(f) || !GOOD(&before) || why != NFH_V_NONE ||
	      (!first && d.extra) || before.slots == 18 ||
	      before.len + d.len > 65535 ||
	      (f->phase == NFH_FRAME_END && before.len + d.len < 14));
}

static void extra(struct nfh_frame *f)
{
	struct nfh_frame before = *f;
	enum nfh_violation why;
	struct nfh_rx_extra e;

	assume(before.phase == NFH_FRAME_EXTRA);
	assume(extra_ok(&e, why));

	nfh_frame_extra(f, &e, why);

	if (e.more)
		check(f->phase == NFH_FRAME_EXTRA);
	else
		check(f->phase == (before.more ? NFH_FRAME_MORE : NFH_FRAME_END));
	check(f->len == before.len && f->slots == before.slots);
	check(f->more == before.more && f->csum_blank == before.csum_blank);
	check(f->csum_valid == before.csum_valid);
	check(GOOD(&before) || f->drop == before.drop);
	check(why == NFH_V_NONE || !GOOD(f));
	/* a second one costs the frame, and the first one stands */
	if (before.gso_type)
		check(!GOOD(f) && f->gso_type == before.gso_type &&
		      f->gso_size == before.gso_size);
	check(GOOD(f) || !GOOD(&before) || why != NFH_V_NONE ||
	      before.gso_type || (f->phase == NFH_FRAME_END && f->len < 14));
}

void harness(void)
{
	struct nfh_frame frame;

	nfh_frame_reset(&frame);
	check(frame_ok(&frame) && frame.phase == NFH_FRAME_IDLE);

	frame = (struct nfh_frame){ .phase = nondet_u32(), .drop = nondet_u32(),
		.len = nondet_u32(), .slots = nondet_u8(), .more = nondet_bool(),
		.csum_blank = nondet_bool(), .csum_valid = nondet_bool(),
		.gso_type = nondet_u8(), .gso_size = nondet_u16() };
	assume(frame_ok(&frame));
	if (nondet_bool())
		data(&frame);
	else
		extra(&frame);
	check(frame_ok(&frame));
	reach();
}
