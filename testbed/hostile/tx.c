// SPDX-License-Identifier: GPL-2.0
/*
 * Transmit: requests of the guest, and their answers
 *
 * Requests are read in any case; what an attack holds back or twists are the
 * answers.  Every request that was read stands in queue.owed until then.
 */
#include <string.h>

#include "hostile.h"

static struct frame frame;

/* The ring index of a request that was read goes on the list of debts. */
static void owe(struct queue *q, u16 id, bool null)
{
	if (q->n_owed < SLOTS)
		q->owed[q->n_owed++] = (struct owed) { .id = id, .null = null };
}

void tx_forget(struct queue *q, unsigned int i)
{
	q->n_owed--;
	memmove(&q->owed[i], &q->owed[i + 1],
		(q->n_owed - i) * sizeof(q->owed[0]));
}

/* Copy the bytes of one request behind those of the frame. */
static void fetch(struct backend *b, struct queue *q,
		  const struct netif_tx_request *req, unsigned int len)
{
	xengnttab_grant_copy_segment_t seg = {
		.source.foreign = {
			.ref = req->gref,
			.offset = req->offset,
			.domid = b->domid,
		},
		.dest.virt = frame.data + frame.len,
		.len = len,
		.flags = GNTCOPY_source_gref,
	};

	if (!len || len > PAGE_BYTES || req->offset + len > PAGE_BYTES ||
	    frame.len + len > FRAME_MAX || req->gref < FIRST_GRANT)
		return;
	if (xengnttab_grant_copy(b->xgt, 1, &seg) || seg.status)
		return;
	leak_tx_seen(b, q, req->gref, req->offset, frame.data + frame.len, len);
	frame.len += len;
}

static struct netif_tx_request take(struct queue *q)
{
	struct netif_tx_request req;

	memcpy(&req, &q->txs->ring[q->tx_cons++ & SLOT_MASK].req, sizeof(req));
	return req;
}

static void take_extras(struct queue *q, u32 prod)
{
	struct netif_extra_info info;

	do {
		memcpy(&info, &q->txs->ring[q->tx_cons++ & SLOT_MASK],
		       sizeof(info));
		owe(q, 0, true);
		if (info.type == XEN_NETIF_EXTRA_TYPE_GSO) {
			frame.gso_size = info.u.gso.size;
			frame.gso_type = info.u.gso.type;
		}
	} while (info.flags & XEN_NETIF_EXTRA_FLAG_MORE && q->tx_cons != prod);
}

/* Read one frame's requests; the first one names the size of the whole. */
static void take_frame(struct backend *b, struct queue *q, u32 prod)
{
	struct netif_tx_request req[32];
	unsigned int n = 0, rest = 0, i;

	frame.len = 0;
	frame.gso_size = 0;
	req[n++] = take(q);
	owe(q, req[0].id, false);
	frame.csum_blank = req[0].flags & NETTXF_csum_blank;
	if (req[0].flags & NETTXF_extra_info && q->tx_cons != prod)
		take_extras(q, prod);
	while (req[n - 1].flags & NETTXF_more_data && n < ARRAY_SIZE(req) &&
	       q->tx_cons != prod) {
		req[n] = take(q);
		owe(q, req[n].id, false);
		rest += req[n++].size;
	}
	fetch(b, q, &req[0], req[0].size - rest);
	for (i = 1; i < n; i++)
		fetch(b, q, &req[i], req[i].size);
}

void tx_respond(struct queue *q, u16 id, int16_t status)
{
	struct netif_tx_response rsp = { .id = id, .status = status };

	memcpy(&q->txs->ring[q->tx_prod++ & SLOT_MASK].rsp, &rsp, sizeof(rsp));
}

void tx_push(struct backend *b, struct queue *q)
{
	barrier();
	WRITE_ONCE(q->txs->rsp_prod, q->tx_prod);
	barrier();
	vif_notify(b, q->tx_port);
}

void tx_answer_all(struct backend *b, struct queue *q)
{
	unsigned int i;

	if (q->n_owed <= b->withhold)
		return;
	for (i = b->withhold; i < q->n_owed; i++) {
		tx_respond(q, q->owed[i].id, q->owed[i].null ?
			   NETIF_RSP_NULL : NETIF_RSP_OKAY);
		/* one by one, if each is to be looked behind */
		if (b->attack->flags & LEAK && b->armed) {
			tx_push(b, q);
			leak_answered(b);
		}
	}
	q->n_owed = b->withhold;
	tx_push(b, q);
}

/* Read what the guest has sent, send it on, answer unless told otherwise. */
void tx_serve(struct backend *b, struct queue *q)
{
	u32 prod = READ_ONCE(q->txs->req_prod);

	barrier();
	if (prod - q->tx_cons > SLOTS)
		return;
	while (q->tx_cons != prod) {
		take_frame(b, q, prod);
		tap_write(b, &frame);
	}
	WRITE_ONCE(q->txs->req_event, q->tx_cons + 1);
	barrier();
	if (!b->hold)
		tx_answer_all(b, q);
}
