// SPDX-License-Identifier: GPL-2.0
/*
 * rx.c over the real ring and grammar: from any slots to skbs
 *
 * The bytes that are copied out of the granted pages are written down, and the
 * pages spoilt right afterwards; what is delivered must be what was written
 * down, cut and labelled as the headers in it allow.
 */
#include <stdlib.h>
#include <string.h>

#include <linux/errno.h>

#include "input.h"
#include "ring_page.h"
#include "stack.h"

#define SLOTS	NFH_RING_SLOTS

static struct {
	u8 bytes[NFH_FRAME_MAX];	/* copied since the frame began */
	unsigned int len;
	unsigned int delivered;
	unsigned int budget;
	unsigned int frames;
} seen;

u32 backend_rsp_prod(void)
{
	const struct nfh_rx_ring *ring = &stack.queue.rx;
	u8 how = fuzz_u8();

	if (how < 0x60)
		return ring->req_prod;
	if (how < 0xf8)
		return ring->rsp_seen +
		       fuzz_below(ring->req_prod - ring->rsp_seen + 1);
	return fuzz_u32();
}

u32 backend_req_event(void)
{
	return stack.queue.rx.req_prod - 8 + fuzz_u8() % 17;
}

static u64 backend_extra(u8 how)
{
	struct xen_netif_extra_info info = {
		.type = how & 0x70 ? XEN_NETIF_EXTRA_TYPE_GSO : how,
		.flags = (how & 0xf) == 0xf,
	};
	u64 raw;

	info.u.gso.type = how & 4 ? XEN_NETIF_GSO_TYPE_TCPV4 :
				    XEN_NETIF_GSO_TYPE_TCPV6;
	info.u.gso.size = how & 8 ? fuzz_u8() : fuzz_u16();
	memcpy(&raw, &info, sizeof(raw));
	return raw;
}

u64 backend_slot(u32 slot)
{
	struct xen_netif_rx_response rsp = { .id = slot };
	u8 how = fuzz_u8();
	u64 raw;

	if (stack.queue.rx_frame.phase == NFH_FRAME_EXTRA)
		return backend_extra(how);
	if (how == 0xff)
		rsp.id = fuzz_u16();
	rsp.flags = fuzz_u8() & (how & 8 ? 0xf : 7);
	switch (how % 8) {
	case 0:
		rsp.status = 1 + fuzz_u8();
		rsp.offset = fuzz_below(4096);
		break;
	case 1:
		rsp.status = fuzz_u16();
		rsp.offset = fuzz_u16();
		break;
	case 2:
		rsp.offset = fuzz_below(4096);
		rsp.status = 4096 - rsp.offset;
		break;
	case 3:
		rsp.status = 14 + fuzz_u8();
		break;
	default:
		rsp.status = 4096;
		break;
	}
	memcpy(&raw, &rsp, sizeof(raw));
	return raw;
}

/* Every run finds the same pages; only those that it spoilt are made anew. */
static bool spoilt[SLOTS];

static void spoil(u16 slot, u32 seed)
{
	u8 *page = stack.shared[slot];
	u32 next = seed * 2654435761U + slot;
	unsigned int i;

	for (i = 0; i < NFH_PAGE_BYTES; i += sizeof(next)) {
		next = next * 1103515245 + 12345;
		memcpy(page + i, &next, sizeof(next));
	}
	/* mostly a type that rx.c knows, wherever the frame begins */
	for (i = 12; i + 1 < NFH_PAGE_BYTES && next & 0x30000; i += 2) {
		page[i] = next & 0x10000 ? 0x08 : 0x86;
		page[i + 1] = next & 0x10000 ? 0x00 : 0xdd;
	}
}

static void pages_reset(void)
{
	static bool made;
	unsigned int i;

	for (i = 0; i < SLOTS; i++) {
		if (!made || spoilt[i])
			spoil(i, 0);
		spoilt[i] = false;
	}
	made = true;
}

int nfh_pool_copy_out(const struct nfh_pool *pool, u16 index, u32 offset,
		      void *to, u32 len)
{
	nfh_user_check(index < SLOTS && len && offset + len <= NFH_PAGE_BYTES);
	if (fuzz_u8() >= 0xfe)
		return -ERANGE;
	memcpy(to, stack.shared[index] + offset, len);
	nfh_user_check(seen.len + len <= sizeof(seen.bytes));
	memcpy(seen.bytes + seen.len, to, len);
	seen.len += len;
	/* TOCTOU: the backend writes right behind us */
	spoilt[index] = true;
	spoil(index, fuzz_u8());
	return 0;
}

void stack_freed(const struct sk_buff *skb)
{
	seen.len = 0;
}

static void check_bytes(const struct sk_buff *skb)
{
	unsigned int at = ETH_HLEN, i;

	nfh_user_check(skb->len + ETH_HLEN == seen.len);
	nfh_user_check(!memcmp(skb->data, seen.bytes + at, skb_headlen(skb)));
	at += skb_headlen(skb);
	for (i = 0; i < skb->info->nr_frags; i++) {
		const skb_frag_t *frag = &skb->info->frags[i];

		nfh_user_check(frag->offset + frag->len <= NFH_PAGE_BYTES);
		nfh_user_check(!memcmp(skb_frag_address(frag), seen.bytes + at,
				       frag->len));
		at += frag->len;
	}
	nfh_user_check(at == seen.len);
}

/* What the stack believes without looking must be true. */
static void check_labels(const struct sk_buff *skb)
{
	const struct nfh_frame *frame = &stack.queue.rx_frame;
	const struct skb_shared_info *info = skb->info;
	unsigned int start;
	struct tcphdr th;

	nfh_user_check(skb->rx_queue == 0);
	nfh_user_check((skb->ip_summed == CHECKSUM_PARTIAL) ==
		       (frame->csum_blank || frame->gso_type));
	nfh_user_check(skb->ip_summed != CHECKSUM_UNNECESSARY ||
		       (frame->csum_valid &&
			stack.netdev.features & NETIF_F_RXCSUM));
	if (skb->ip_summed == CHECKSUM_PARTIAL)
		nfh_user_check(skb_checksum_start_offset(skb) +
			       skb->csum_offset + 2U <= skb_headlen(skb));
	if (!info->gso_type) {
		nfh_user_check(!info->gso_size);
		return;
	}
	nfh_user_check(info->gso_size == frame->gso_size);
	nfh_user_check(info->gso_size >= NFH_RX_GSO_MIN &&
		       info->gso_size <= NFH_RX_GSO_MAX);
	nfh_user_check(info->gso_type & SKB_GSO_DODGY);
	nfh_user_check(skb->protocol ==
		       (info->gso_type & SKB_GSO_TCPV6 ? htons(ETH_P_IPV6) :
							 htons(ETH_P_IP)));
	nfh_user_check(skb->csum_offset == offsetof(struct tcphdr, check));
	start = skb_checksum_start_offset(skb);
	nfh_user_check(start + sizeof(th) <= skb_headlen(skb));
	memcpy(&th, skb->data + start, sizeof(th));
	nfh_user_check(th.doff >= 5);
	nfh_user_check(start + th.doff * 4 + info->gso_size < skb->len);
}

void stack_delivers(struct sk_buff *skb)
{
	nfh_user_check(stack.fault == NFH_V_NONE);
	check_bytes(skb);
	check_labels(skb);
	seen.delivered++;
}

/* Each frame is delivered, dropped for a reason, or lost for want of memory. */
static void check_counts(void)
{
	const struct nfh_rx_stats *stats = &stack.queue.rx_stats;
	unsigned int dropped = 0, i;

	for (i = 0; i < NFH_V_COUNT; i++)
		dropped += stack.drops[i];
	nfh_user_check(stats->packets == seen.delivered);
	nfh_user_check(stats->dropped == dropped);
	nfh_user_check(stats->packets + stats->dropped + stats->no_memory ==
		       seen.frames);
	nfh_user_check(stack.queue.rx_event.progress == seen.delivered);
	nfh_user_check(stack.skbs == !!stack.queue.rx_skb);
}

static void poll_once(void)
{
	int budget = 1 + fuzz_u8() % 64;
	u64 loads = ring_page.loads;
	int frames = nfh_rx_poll(&stack.queue, budget);

	nfh_user_check(frames >= 0 && frames <= budget);
	nfh_user_check(ring_page.loads - loads <= SLOTS);
	seen.frames += frames;
	check_counts();
	if (stack.fault == NFH_V_NONE)
		nfh_user_check(stack.queue.rx.req_prod ==
			       stack.queue.rx.rsp_cons + SLOTS);
}

void fuzz_run(void)
{
	struct nfh_queue *q = &stack.queue;

	stack_reset();
	memset(&seen, 0, sizeof(seen));
	pages_reset();
	if (nfh_rx_create(q))
		return;
	nfh_rx_ring_init(&q->rx, ring_page_reset(8, 8));
	nfh_rx_ring_repost(&q->rx);
	while (fuzz_more() && stack.fault == NFH_V_NONE)
		poll_once();
	nfh_rx_forget(q);
	nfh_rx_destroy(q);
	nfh_user_check(!stack.skbs && !stack.pages && !q->rx_private);
}
