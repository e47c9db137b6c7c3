// SPDX-License-Identifier: GPL-2.0
/*
 * Receive: frames to the guest, honest ones and crafted slots
 */
#include <string.h>

#include "hostile.h"

/* Are there so many requests that we have not answered? */
bool rx_room(struct queue *q, unsigned int slots)
{
	u32 room = READ_ONCE(q->rxs->req_prod) - q->rx_prod;

	barrier();
	return room <= SLOTS && room >= slots;
}

/* The request at the place of the next response. */
static struct netif_rx_request next(struct queue *q)
{
	struct netif_rx_request req;

	memcpy(&req, &q->rxs->ring[q->rx_prod & SLOT_MASK].req, sizeof(req));
	return req;
}

/* Bytes for the page behind the next slot. */
void rx_fill(struct backend *b, struct queue *q, unsigned int offset,
	     const void *data, unsigned int len)
{
	struct netif_rx_request req = next(q);
	xengnttab_grant_copy_segment_t seg = {
		.source.virt = (void *)data,
		.dest.foreign = {
			.ref = req.gref,
			.offset = offset,
			.domid = b->domid,
		},
		.len = len,
		.flags = GNTCOPY_dest_gref,
	};

	if (!len || offset + len > PAGE_BYTES || req.gref < FIRST_GRANT)
		return;
	leak_rx_written(b, req.gref, offset, data, len);
	xengnttab_grant_copy(b->xgt, 1, &seg);
}

/* Write the next response as the slot says; the guest sees it after a push. */
void rx_put(struct queue *q, const struct rx_slot *slot)
{
	struct netif_rx_request req = next(q);
	struct netif_rx_response rsp = {
		.id = req.id + slot->id_add,
		.offset = slot->offset,
		.flags = slot->flags,
		.status = slot->status,
	};
	void *at = &q->rxs->ring[q->rx_prod++ & SLOT_MASK];

	if (slot->extra)
		memcpy(at, &slot->info, sizeof(slot->info));
	else
		memcpy(at, &rsp, sizeof(rsp));
}

void rx_push(struct backend *b, struct queue *q)
{
	barrier();
	WRITE_ONCE(q->rxs->rsp_prod, q->rx_prod);
	barrier();
	vif_notify(b, q->rx_port);
}

static void put_gso(struct queue *q, const struct frame *frame)
{
	struct rx_slot slot = {
		.extra = true,
		.info.type = XEN_NETIF_EXTRA_TYPE_GSO,
	};

	slot.info.u.gso.size = frame->gso_size;
	slot.info.u.gso.type = frame->gso_type;
	rx_put(q, &slot);
}

/* An honest frame; false when the guest has no room for it now. */
bool rx_send(struct backend *b, struct queue *q, const struct frame *frame)
{
	unsigned int slots = (frame->len + PAGE_BYTES - 1) / PAGE_BYTES;
	unsigned int i;

	if (!rx_room(q, slots + 1))
		return false;
	for (i = 0; i < slots; i++) {
		unsigned int len = frame->len - i * PAGE_BYTES;
		struct rx_slot slot = { .id_add = 0 };

		if (len > PAGE_BYTES)
			len = PAGE_BYTES;
		slot.status = len;
		if (i + 1 < slots)
			slot.flags |= NETRXF_more_data;
		if (!i && frame->gso_size)
			slot.flags |= NETRXF_extra_info;
		if (!i && (frame->csum_blank || frame->gso_size))
			slot.flags |= NETRXF_csum_blank | NETRXF_data_validated;
		rx_fill(b, q, 0, frame->data + i * PAGE_BYTES, len);
		rx_put(q, &slot);
		if (!i && frame->gso_size)
			put_gso(q, frame);
	}
	rx_push(b, q);
	leak_answered(b);
	b->frames_in++;
	return true;
}
