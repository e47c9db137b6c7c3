// SPDX-License-Identifier: GPL-2.0
/*
 * From receive slots to skbs
 *
 * Slots are consumed one by one and their bytes copied at once into memory
 * that the backend has never seen; after that nothing it does can change the
 * frame.  A short frame goes into a small skb, any other one into private
 * pages of the queue's page pool: the first page has headroom for XDP and
 * tailroom for the skb's own data, so that the skb is built around it.
 *
 * The stack is told what the backend says about checksums and segmentation
 * only after it has been compared with the headers in the private copy.
 *
 * LOCKING: everything here belongs to the queue's NAPI.
 */
#include <linux/bpf.h>
#include <linux/etherdevice.h>
#include <linux/if_ether.h>
#include <linux/in6.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/tcp.h>

#include "nfh.h"

/* Frames up to this size are copied into a small skb: one cache miss less. */
#define NFH_RX_COPYBREAK	256U

/* Bytes of the first page in front of the frame, and what is left of it. */
#define NFH_RX_HEADROOM		XDP_PACKET_HEADROOM
#define NFH_RX_LINEAR \
	(NFH_PAGE_BYTES - NFH_RX_HEADROOM - \
	 SKB_DATA_ALIGN(sizeof(struct skb_shared_info)))

/*
 * Extension headers that may stand before a header whose checksum is blank.
 * Honest peers send one or two, if any.
 */
#define NFH_RX_EXTENSIONS_MAX	8
#define NFH_IPV6_HLEN		40U
#define NFH_IPV6_NEXT		6

/* Linear part and fragments hold the longest frame that frame.c lets pass. */
static_assert(NFH_RX_GSO_MAX < GSO_BY_FRAGS);
static_assert(NFH_RX_LINEAR + MAX_SKB_FRAGS * NFH_PAGE_BYTES >= NFH_FRAME_MAX);

static void rx_count_frame(struct nfh_queue *q, unsigned int len)
{
	u64_stats_update_begin(&q->rx_stats.syncp);
	u64_stats_inc(&q->rx_stats.packets);
	u64_stats_add(&q->rx_stats.bytes, len);
	u64_stats_update_end(&q->rx_stats.syncp);
}

static void rx_count_drop(struct nfh_queue *q)
{
	u64_stats_update_begin(&q->rx_stats.syncp);
	u64_stats_inc(&q->rx_stats.dropped);
	u64_stats_update_end(&q->rx_stats.syncp);
}

static void rx_count_no_memory(struct nfh_queue *q)
{
	u64_stats_update_begin(&q->rx_stats.syncp);
	u64_stats_inc(&q->rx_stats.no_memory);
	u64_stats_update_end(&q->rx_stats.syncp);
}

/* An skb around a private page, empty, with headroom in front. */
static struct sk_buff *rx_build_skb(struct nfh_queue *q)
{
	struct page *page = page_pool_dev_alloc_pages(q->rx_private);
	struct sk_buff *skb;

	if (unlikely(!page))
		return NULL;
	skb = napi_build_skb(page_address(page), NFH_PAGE_BYTES);
	if (unlikely(!skb)) {
		page_pool_recycle_direct(q->rx_private, page);
		return NULL;
	}
	skb_mark_for_recycle(skb);
	skb_reserve(skb, NFH_RX_HEADROOM);
	return skb;
}

static struct sk_buff *rx_alloc_skb(struct nfh_queue *q,
				    const struct nfh_rx_data *data)
{
	if (!data->more && data->len <= NFH_RX_COPYBREAK)
		return napi_alloc_skb(&q->napi, data->len);
	return rx_build_skb(q);
}

/* Copy into the linear part what fits.  Returns the bytes taken, or -errno. */
static int rx_fill_linear(struct nfh_queue *q, struct sk_buff *skb,
			  const struct nfh_rx_data *data)
{
	/* skb_tailroom() is 0 once there is a fragment */
	unsigned int len = min_t(unsigned int, data->len, skb_tailroom(skb));
	int err;

	if (!len)
		return 0;
	err = nfh_pool_copy_out(q->rx_pool, data->slot, data->offset,
				skb_tail_pointer(skb), len);
	if (err)
		return err;
	skb_put(skb, len);
	return len;
}

/* Bytes of the last fragment's page that are still free. */
static unsigned int rx_frag_room(const struct sk_buff *skb)
{
	unsigned int nr = skb_shinfo(skb)->nr_frags;

	if (!nr)
		return 0;
	return NFH_PAGE_BYTES - skb_frag_size(&skb_shinfo(skb)->frags[nr - 1]);
}

/* Fill up the last fragment.  Returns the bytes taken, or -errno. */
static int rx_fill_frag(struct nfh_queue *q, struct sk_buff *skb,
			const struct nfh_rx_data *data)
{
	unsigned int len = min_t(unsigned int, data->len, rx_frag_room(skb));
	skb_frag_t *frag;
	int err;

	if (!len)
		return 0;
	frag = &skb_shinfo(skb)->frags[skb_shinfo(skb)->nr_frags - 1];
	err = nfh_pool_copy_out(q->rx_pool, data->slot, data->offset,
				skb_frag_address(frag) + skb_frag_size(frag),
				len);
	if (err)
		return err;
	skb_frag_size_add(frag, len);
	skb->len += len;
	skb->data_len += len;
	return len;
}

/* Start a new fragment with what is left of the slot from byte @done on. */
static int rx_add_frag(struct nfh_queue *q, struct sk_buff *skb,
		       const struct nfh_rx_data *data, unsigned int done)
{
	unsigned int nr = skb_shinfo(skb)->nr_frags;
	unsigned int len = data->len - done;
	struct page *page;

	if (unlikely(nr >= MAX_SKB_FRAGS))
		return -EMSGSIZE;
	page = page_pool_dev_alloc_pages(q->rx_private);
	if (unlikely(!page))
		return -ENOMEM;
	if (nfh_pool_copy_out(q->rx_pool, data->slot, data->offset + done,
			      page_address(page), len)) {
		page_pool_recycle_direct(q->rx_private, page);
		return -ERANGE;
	}
	skb_add_rx_frag(skb, nr, page, 0, len, NFH_PAGE_BYTES);
	return 0;
}

/*
 * Copy the bytes of a slot behind those of the frame: into what the last page
 * has room for, then into a fresh one, which holds any slot.
 */
static int rx_append(struct nfh_queue *q, struct sk_buff *skb,
		     const struct nfh_rx_data *data)
{
	int done = rx_fill_linear(q, skb, data);

	if (!done)
		done = rx_fill_frag(q, skb, data);
	if (done >= 0 && done < data->len)
		return rx_add_frag(q, skb, data, done);
	return min(done, 0);
}

/*
 * Does the TCP header in the private copy agree that this is a train of
 * segments?  Sets the GSO fields if so.  The checksum has been set up before:
 * csum_start and csum_offset name a header in the linear part.
 */
static enum nfh_violation rx_set_gso(struct sk_buff *skb,
				     const struct nfh_frame *frame)
{
	bool v6 = frame->gso_type == XEN_NETIF_GSO_TYPE_TCPV6;
	unsigned int start = skb_checksum_start_offset(skb);
	const struct tcphdr *th;
	unsigned int header;

	if (skb->protocol != (v6 ? htons(ETH_P_IPV6) : htons(ETH_P_IP)) ||
	    skb->csum_offset != offsetof(struct tcphdr, check))
		return NFH_V_RX_GSO;
	if (!pskb_may_pull(skb, start + sizeof(*th)))
		return NFH_V_RX_GSO;
	th = (const struct tcphdr *)(skb->data + start);
	header = th->doff * 4;
	if (header < sizeof(*th) || start + header > skb->len)
		return NFH_V_RX_GSO;
	/* one segment or less is an ordinary frame */
	if (skb->len - start - header <= frame->gso_size)
		return NFH_V_NONE;

	skb_shinfo(skb)->gso_size = frame->gso_size;
	skb_shinfo(skb)->gso_segs = 0;
	skb_shinfo(skb)->gso_type = SKB_GSO_DODGY |
		(v6 ? SKB_GSO_TCPV6 : SKB_GSO_TCPV4);
	return NFH_V_NONE;
}

static unsigned int rx_extension_len(u8 type, u8 len)
{
	switch (type) {
	case IPPROTO_FRAGMENT:
		return 8;
	case IPPROTO_AH:
		return (len + 2) * 4;
	default:
		return (len + 1) * 8;
	}
}

static bool rx_is_extension(u8 type)
{
	return type == IPPROTO_HOPOPTS || type == IPPROTO_ROUTING ||
	       type == IPPROTO_DSTOPTS || type == IPPROTO_FRAGMENT ||
	       type == IPPROTO_AH;
}

/*
 * skb_checksum_setup() walks any number of extension headers, and pulls them
 * into the linear part one by one: of 64 KiB that is thousands.
 */
static bool rx_few_extensions(const struct sk_buff *skb)
{
	unsigned int at = NFH_IPV6_HLEN;
	unsigned int i;
	u8 type;

	if (skb_headlen(skb) < at)
		return false;
	type = skb->data[NFH_IPV6_NEXT];
	for (i = 0; i < NFH_RX_EXTENSIONS_MAX && rx_is_extension(type); i++) {
		u8 this = type;

		if (at + 2 > skb_headlen(skb))
			return false;
		type = skb->data[at];
		at += rx_extension_len(this, skb->data[at + 1]);
	}
	return !rx_is_extension(type);
}

/*
 * What the backend says about the checksum.  A blank one, and that of a train
 * of segments, must be found in the headers; the stack completes it when the
 * frame leaves the machine again.
 */
static enum nfh_violation rx_set_checksum(struct sk_buff *skb,
					  const struct nfh_frame *frame)
{
	bool blank = frame->csum_blank;

	if (!blank && !frame->gso_type) {
		if (frame->csum_valid && skb->dev->features & NETIF_F_RXCSUM)
			skb->ip_summed = CHECKSUM_UNNECESSARY;
		return NFH_V_NONE;
	}
	skb->ip_summed = CHECKSUM_PARTIAL;
	skb_reset_network_header(skb);
	if (skb->protocol == htons(ETH_P_IPV6) && !rx_few_extensions(skb))
		return NFH_V_RX_CSUM;
	/* without the flag the field holds a full checksum: make it a blank */
	if (skb_checksum_setup(skb, !blank))
		return NFH_V_RX_CSUM;
	return frame->gso_type ? rx_set_gso(skb, frame) : NFH_V_NONE;
}

/* Hand a complete frame to the stack, or say why not. */
static enum nfh_violation rx_deliver(struct nfh_queue *q, struct sk_buff *skb,
				     const struct nfh_frame *frame)
{
	unsigned int len = skb->len;
	enum nfh_violation why;

	/* frame.c: at least ETH_HLEN bytes; the linear part is filled first */
	skb->protocol = eth_type_trans(skb, q->dev->netdev);
	why = rx_set_checksum(skb, frame);
	if (why != NFH_V_NONE)
		return why;
	skb_record_rx_queue(skb, q->index);
	rx_count_frame(q, len);
	napi_gro_receive(&q->napi, skb);
	return NFH_V_NONE;
}

/* The last slot of a frame was consumed: deliver it (true) or drop it. */
static bool rx_frame_end(struct nfh_queue *q)
{
	enum nfh_violation why = q->rx_frame.drop;
	struct sk_buff *skb = q->rx_skb;

	q->rx_skb = NULL;
	if (why == NFH_V_NONE && skb) {
		why = rx_deliver(q, skb, &q->rx_frame);
		if (why == NFH_V_NONE) {
			nfh_frame_reset(&q->rx_frame);
			return true;
		}
	}
	dev_kfree_skb_any(skb);
	if (why == NFH_V_NONE) {
		rx_count_no_memory(q);
	} else {
		rx_count_drop(q);
		nfh_dev_drop(q->dev, why);
	}
	nfh_frame_reset(&q->rx_frame);
	return false;
}

/* Keep the bytes of a slot, as long as the frame is worth it. */
static void rx_keep(struct nfh_queue *q, const struct nfh_rx_data *data,
		    bool first)
{
	if (q->rx_frame.drop == NFH_V_NONE && first)
		q->rx_skb = rx_alloc_skb(q, data);
	if (!q->rx_skb)
		return;
	if (q->rx_frame.drop == NFH_V_NONE && !rx_append(q, q->rx_skb, data))
		return;
	dev_kfree_skb_any(q->rx_skb);
	q->rx_skb = NULL;
}

/* Consume one slot; a fault is returned, a drop is noted in the frame. */
static enum nfh_violation rx_take(struct nfh_queue *q)
{
	struct nfh_frame *frame = &q->rx_frame;
	bool first = frame->phase == NFH_FRAME_IDLE;
	enum nfh_violation why;

	if (frame->phase == NFH_FRAME_EXTRA) {
		struct nfh_rx_extra extra;

		why = nfh_rx_ring_take_extra(&q->rx, &extra);
		nfh_frame_extra(frame, &extra, why);
	} else {
		struct nfh_rx_data data;

		why = nfh_rx_ring_take_data(&q->rx, &data);
		if (why >= NFH_V_FIRST_FAULT)
			return why;
		nfh_frame_data(frame, &data, why);
		rx_keep(q, &data, first);
	}
	return NFH_V_NONE;
}

/**
 * nfh_rx_poll() - take received frames
 * @q: queue
 * @budget: of the NAPI poll, at least 1
 *
 * INVARIANT: at most NFH_RING_SLOTS slots a call, the count is taken once,
 * from what is outstanding; a dropped frame costs budget like any other.
 *
 * Context: NAPI.
 * Return: frames taken, at most @budget.
 */
int nfh_rx_poll(struct nfh_queue *q, int budget)
{
	enum nfh_violation why;
	u32 count = 0;
	int frames = 0;
	u32 taken = 0;

	why = nfh_rx_ring_pending(&q->rx, &count);
	while (why == NFH_V_NONE && taken < count && frames < budget) {
		why = rx_take(q);
		taken += why == NFH_V_NONE;
		if (q->rx_frame.phase == NFH_FRAME_END) {
			q->rx_event.progress += rx_frame_end(q);
			frames++;
		}
	}
	if (why != NFH_V_NONE)
		nfh_dev_fault(q, why);
	else if (nfh_rx_ring_repost(&q->rx))
		nfh_event_notify(&q->rx_event);
	return frames;
}

/**
 * nfh_rx_create() - private pages for the skbs of a queue
 * @q: queue; fine if it has them from an earlier connection
 *
 * No backend ever sees these pages, so they outlive a connection.  A page
 * pool of its own for each would have to wait for the last skb of each.
 *
 * Context: process context, NAPI disabled.
 * Return: 0; -ENOMEM, or another error of page_pool_create().
 */
int nfh_rx_create(struct nfh_queue *q)
{
	struct page_pool_params params = {
		.pool_size = NFH_RING_SLOTS,
		.nid = NUMA_NO_NODE,
	};
	struct page_pool *pool;

	nfh_frame_reset(&q->rx_frame);
	if (q->rx_private)
		return 0;
	nfh_page_pool_set_napi(&params, &q->napi);
	pool = page_pool_create(&params);
	if (IS_ERR(pool))
		return PTR_ERR(pool);
	q->rx_private = pool;
	return 0;
}

/**
 * nfh_rx_forget() - drop the frame that was coming in
 * @q: queue
 *
 * Context: process context, NAPI disabled.
 */
void nfh_rx_forget(struct nfh_queue *q)
{
	dev_kfree_skb_any(q->rx_skb);
	q->rx_skb = NULL;
}

/**
 * nfh_rx_destroy() - give the private pages back
 * @q: queue without a frame that is coming in; fine if it has no pages
 *
 * Pages that the stack still uses are freed when it is done with them.
 *
 * Context: process context, NAPI disabled.
 */
void nfh_rx_destroy(struct nfh_queue *q)
{
	if (q->rx_private)
		page_pool_destroy(q->rx_private);
	q->rx_private = NULL;
}
