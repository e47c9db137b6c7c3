// SPDX-License-Identifier: GPL-2.0
/*
 * The calls that tx.c and rx.c make for a batch of frames, without the skbs,
 * and the plain copies of the same bytes that they are compared with
 */
#include <linux/compiler.h>
#include <linux/string.h>

#include "native.h"

static void send_frame(struct native *n, u16 *slot)
{
	u32 i;

	for (i = 0; i < n->slots; i++) {
		int claimed = nfh_tx_ring_claim(&n->tx);

		if (claimed < 0)
			native_die("no slot");
		slot[i] = claimed;
		memcpy(nfh_pool_fill(n->tx_pool, slot[i]), native_private(n, i),
		       native_chunk(n, i));
		nfh_pool_seal(n->tx_pool, slot[i], native_chunk(n, i));
	}
	for (i = 0; i < n->slots; i++) {
		struct nfh_tx_req req = {
			.gref = nfh_pool_gref(n->tx_pool, slot[i]),
			.size = i ? native_chunk(n, i) : n->len,
			.cookie = i == n->slots - 1 ? n : NULL,
		};

		nfh_tx_ring_put(&n->tx, slot[i], &req);
		if (!i && n->slots > 1)
			nfh_tx_ring_put_gso(&n->tx, XEN_NETIF_GSO_TYPE_TCPV4,
					    1448);
	}
	nfh_tx_ring_publish(&n->tx);
}

void native_tx_send(struct native *n)
{
	u32 f;

	for (f = 0; f < n->frames; f++, n->turn += n->slots)
		send_frame(n, n->used + f * n->slots);
}

void native_tx_reap(struct native *n)
{
	struct nfh_tx_done done;
	u32 count = 0;

	if (nfh_tx_ring_pending(&n->tx, &count))
		native_die("transmit producer");
	while (count--)
		if (nfh_tx_ring_take(&n->tx, &done))
			native_die("transmit response");
	if (nfh_tx_ring_arm(&n->tx, &count) || count)
		native_die("transmit event");
}

void native_rx_poll(struct native *n)
{
	u32 count = 0, i = 0;

	if (nfh_rx_ring_pending(&n->rx, &count))
		native_die("receive producer");
	while (count--) {
		struct nfh_rx_data data;
		enum nfh_violation why;

		why = nfh_rx_ring_take_data(&n->rx, &data);
		nfh_frame_data(&n->frame, &data, why);
		if (why || n->frame.drop ||
		    nfh_pool_copy_out(n->rx_pool, data.slot, data.offset,
				      native_private(n, i++), data.len))
			native_die("receive response");
		if (n->frame.phase == NFH_FRAME_END) {
			n->turn += n->slots;
			i = 0;
			nfh_frame_reset(&n->frame);
		}
	}
	nfh_rx_ring_repost(&n->rx);
	if (nfh_rx_ring_arm(&n->rx, &count) || count)
		native_die("receive event");
}

void native_tx_plain(struct native *n)
{
	u32 f, i;

	for (f = 0; f < n->frames; f++, n->turn += n->slots)
		for (i = 0; i < n->slots; i++)
			memcpy(nfh_pool_fill(n->tx_pool,
					     n->used[f * n->slots + i]),
			       native_private(n, i), native_chunk(n, i));
}

void native_rx_plain(struct native *n)
{
	u32 f, i;

	for (f = 0; f < n->frames; f++, n->turn += n->slots)
		for (i = 0; i < n->slots; i++)
			memcpy(native_private(n, i),
			       nfh_pool_fill(n->rx_pool,
					     n->used[f * n->slots + i]),
			       native_chunk(n, i));
}
