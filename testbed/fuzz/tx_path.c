// SPDX-License-Identifier: GPL-2.0
/*
 * tx.c over the real ring: from any skbs to requests, and any responses
 *
 * Each published frame is put together again from what the backend can see,
 * and must be the one that was given, with nothing but zeroes behind it.
 */
#include <stdlib.h>
#include <string.h>

#include <linux/errno.h>

#include "input.h"
#include "ring_page.h"
#include "stack.h"

#define SLOTS		NFH_RING_SLOTS
#define FRAMES_MAX	1024U

/* A frame as it was given to tx.c, or as much of it as is needed. */
struct given {
	unsigned int len, id, freed;
	u8 ip_summed;
	u16 gso_size;
	u32 gso_type;
	bool sent;
	unsigned long sent_at;
};

static struct {
	struct given frame[FRAMES_MAX];
	unsigned int frames;	/* given so far */
	unsigned int published;	/* of those that were sent: seen on the wire */
	u32 pub;		/* requests looked at */
	u16 id[SLOTS];		/* of requests that owe a response */
	unsigned int ids;
	bool in_flight[SLOTS];
	bool sealed[SLOTS];
	unsigned int busy;
} seen;

u32 backend_rsp_prod(void)
{
	const struct nfh_tx_ring *ring = &stack.queue.tx;
	u8 how = fuzz_u8();

	if (how < 0x60)
		return ring->req_pub;
	if (how < 0xfc)
		return ring->rsp_seen +
		       fuzz_below(ring->req_pub - ring->rsp_seen + 1);
	return fuzz_u32();
}

u32 backend_req_event(void)
{
	return stack.queue.tx.req_pub - 8 + fuzz_u8() % 17;
}

/* The driver will take this for an answer, as it should. */
static void answer(u16 id)
{
	unsigned int i;

	if (id >= SLOTS || !seen.in_flight[id])
		return;
	seen.in_flight[id] = false;
	for (i = 0; seen.id[i] != id; i++)
		;
	seen.id[i] = seen.id[--seen.ids];
}

/* Mostly what an honest backend says: ids in any order, nulls for extras. */
u64 backend_slot(u32 slot)
{
	struct xen_netif_tx_response rsp = { .status = XEN_NETIF_RSP_OKAY };
	u8 how = fuzz_u8();
	u32 raw;

	if (how >= 0xfc) {
		rsp.id = how & 1 ? fuzz_u16() : fuzz_u8();
		rsp.status = (s8)fuzz_u8();
		if (rsp.status != XEN_NETIF_RSP_NULL)
			answer(rsp.id);
	} else if (stack.queue.tx.nulls && (how & 0x10 || !seen.ids)) {
		rsp.status = XEN_NETIF_RSP_NULL;
	} else if (seen.ids) {
		rsp.id = seen.id[how & 3 ? 0 : fuzz_below(seen.ids)];
		answer(rsp.id);
		if (how % 16 == 15)
			rsp.status = XEN_NETIF_RSP_ERROR + (how >> 7);
	}
	memcpy(&raw, &rsp, sizeof(raw));
	return raw;
}

/* the pool */

grant_ref_t nfh_pool_gref(const struct nfh_pool *pool, u16 index)
{
	nfh_user_check(index < SLOTS);
	return 5000 + index;
}

/* TRUST: a page that the backend may be reading is not written to. */
void *nfh_pool_fill(const struct nfh_pool *pool, u16 index)
{
	nfh_user_check(index < SLOTS && !seen.in_flight[index]);
	seen.sealed[index] = false;
	return stack.shared[index];
}

void nfh_pool_seal(struct nfh_pool *pool, u16 index, u32 len)
{
	nfh_user_check(index < SLOTS && len && len <= NFH_PAGE_BYTES);
	nfh_user_check(!seen.in_flight[index]);
	memset(stack.shared[index] + len, 0, NFH_PAGE_BYTES - len);
	seen.sealed[index] = true;
}

/* frames */

/*
 * Bytes @at and on of frame @id, none of them zero.  Most of the time of a run
 * goes into these: many at once, as the processor can, not one by one with a
 * look at each, as the sanitizer would have it.
 */
__attribute__((no_sanitize("address")))
static void fill_bytes(u8 *to, unsigned int len, unsigned int id,
		       unsigned int at)
{
	unsigned int i;

	for (i = 0; i < len; i++)
		to[i] = (id * 31 + (at + i) * 7 + ((at + i) >> 8)) | 1;
}

static void fill_frame(struct sk_buff *skb)
{
	unsigned int at = skb_headlen(skb), k;

	fill_bytes(skb->data, at, skb->id, 0);
	for (k = 0; k < skb->info->nr_frags; k++) {
		const skb_frag_t *frag = &skb->info->frags[k];

		fill_bytes(skb_frag_address(frag), frag->len, skb->id, at);
		at += frag->len;
	}
}

static unsigned int some_len(unsigned int max)
{
	u8 how = fuzz_u8();

	if (how < 0x80)
		return fuzz_below(256);
	if (how < 0xc0)
		return min(max, NFH_PAGE_BYTES - 1 + fuzz_below(3));
	return fuzz_below(max + 1);
}

/* As much as fits a frame, for little input: it fills the ring. */
static struct sk_buff *large_skb(void)
{
	struct sk_buff *skb = stack_skb(256);
	unsigned int frags = 15;

	skb_put(skb, 256);
	while (frags--)
		stack_skb_frag(skb, 0, NFH_PAGE_BYTES);
	skb->id = seen.frames;
	fill_frame(skb);
	return skb;
}

static struct sk_buff *some_skb(void)
{
	unsigned int headroom = fuzz_u8() & 0x3f;
	unsigned int frags = fuzz_u8();
	unsigned int linear = some_len(20000);
	struct sk_buff *skb = stack_skb(headroom + linear);

	skb_reserve(skb, headroom);
	skb_put(skb, linear);
	for (frags = frags & 0x80 ? frags % 18 : 0; frags; frags--) {
		unsigned int len = some_len(NFH_PAGE_BYTES);

		len = min(len, NFH_PAGE_BYTES);
		stack_skb_frag(skb, fuzz_below(NFH_PAGE_BYTES - len + 1), len);
	}
	skb->ip_summed = fuzz_u8() % 4;
	if (fuzz_u8() & 0x80) {
		skb->info->gso_size = 1 + fuzz_below(1500);
		skb->info->gso_type = fuzz_u8() & 0x30 ? SKB_GSO_TCPV4 :
				      fuzz_u8() & 0x10 ? SKB_GSO_TCPV6 :
							 SKB_GSO_OTHER;
	}
	skb->id = seen.frames;
	fill_frame(skb);
	return skb;
}

void stack_delivers(struct sk_buff *skb)
{
	nfh_user_check(!"tx.c delivers nothing");
}

void stack_freed(const struct sk_buff *skb)
{
	nfh_user_check(skb->id < seen.frames);
	nfh_user_check(!seen.frame[skb->id].freed++);
}

/* what the backend sees */

static struct xen_netif_tx_request request_at(u32 pos)
{
	struct xen_netif_tx_request req;

	memcpy(&req, ring_page.wire[pos % SLOTS], sizeof(req));
	return req;
}

static void check_gso(const struct given *given, u32 pos)
{
	struct xen_netif_extra_info info;

	memcpy(&info, ring_page.wire[pos % SLOTS], sizeof(info));
	nfh_user_check(info.type == XEN_NETIF_EXTRA_TYPE_GSO && !info.flags);
	nfh_user_check(info.u.gso.size == given->gso_size);
	nfh_user_check(info.u.gso.type ==
		       (given->gso_type & SKB_GSO_TCPV6 ?
				XEN_NETIF_GSO_TYPE_TCPV6 :
				XEN_NETIF_GSO_TYPE_TCPV4));
}

/* A data slot with @len bytes of the frame, from byte @at on. */
static void check_page(const struct given *given,
		       const struct xen_netif_tx_request *req,
		       unsigned int at, unsigned int len)
{
	static u8 wanted[NFH_PAGE_BYTES];

	nfh_user_check(req->id < SLOTS && req->gref == 5000U + req->id);
	nfh_user_check(seen.sealed[req->id] && !seen.in_flight[req->id]);
	nfh_user_check(!req->offset && len <= NFH_PAGE_BYTES);
	fill_bytes(wanted, len, given->id, at);
	memset(wanted + len, 0, NFH_PAGE_BYTES - len);
	nfh_user_check(!memcmp(stack.shared[req->id], wanted, NFH_PAGE_BYTES));
	seen.in_flight[req->id] = true;
	seen.id[seen.ids++] = req->id;
}

/* The frame that begins at @pos; returns where the next one does. */
static u32 check_frame(const struct given *given, u32 pos)
{
	struct xen_netif_tx_request req = request_at(pos);
	unsigned int len = given->len, at = 0, flags = req.flags;
	unsigned int first, more;

	nfh_user_check(req.size == len);
	nfh_user_check(!!(flags & XEN_NETTXF_csum_blank) ==
		       (given->ip_summed == CHECKSUM_PARTIAL));
	nfh_user_check(!!(flags & XEN_NETTXF_extra_info) == !!given->gso_size);
	/* netif.h: the first one says the whole, its own part is what is left */
	first = min(len, NFH_PAGE_BYTES);
	check_page(given, &req, 0, first);
	pos++;
	if (given->gso_size)
		check_gso(given, pos++);
	more = flags & XEN_NETTXF_more_data;
	for (at = first; more; at += req.size) {
		req = request_at(pos++);
		check_page(given, &req, at, req.size);
		nfh_user_check(!(req.flags & ~XEN_NETTXF_more_data));
		more = req.flags & XEN_NETTXF_more_data;
	}
	nfh_user_check(at == len);
	return pos;
}

static void check_published(void)
{
	while (seen.pub != ring_page.req_prod) {
		while (!seen.frame[seen.published].sent)
			seen.published++;
		nfh_user_check(seen.published < seen.frames);
		seen.pub = check_frame(&seen.frame[seen.published++], seen.pub);
		/* no half frame */
		nfh_user_check(ring_page.req_prod - seen.pub <= SLOTS);
	}
}

/* what happens */

static bool sayable(const struct given *given)
{
	const struct nfh_caps *caps = &stack.dev.caps;

	if (!given->len || given->len > (caps->sg ? 65535 : NFH_PAGE_BYTES))
		return false;
	if (!given->gso_size)
		return true;
	return given->gso_type == SKB_GSO_TCPV4 ? caps->gso_tcpv4 :
	       given->gso_type == SKB_GSO_TCPV6 && caps->gso_tcpv6;
}

static void xmit(struct sk_buff *skb)
{
	struct given *given = &seen.frame[seen.frames++];
	u64 packets = stack.queue.tx_stats.packets;
	u64 dropped = stack.queue.tx_stats.dropped;

	*given = (struct given){
		.len = skb->len,
		.id = skb->id,
		.ip_summed = skb->ip_summed,
		.gso_size = skb->info->gso_size,
		.gso_type = skb->info->gso_type,
		.sent_at = jiffies,
	};
	stack.netdev.xmit_more = fuzz_u8() & 1;
	__netif_tx_lock(&stack.netdev.txq, 0);
	if (nfh_start_xmit(skb, &stack.netdev) == NETDEV_TX_BUSY) {
		nfh_user_check(!given->freed && stack.netdev.txq.stopped);
		dev_kfree_skb_any(skb);
		seen.busy++;
	} else {
		given->sent = stack.queue.tx_stats.packets == packets + 1;
		nfh_user_check(given->sent !=
			       (stack.queue.tx_stats.dropped == dropped + 1));
		/* one that does not answer has nothing to hold it */
		nfh_user_check(given->freed ==
			       (!given->sent || stack.queue.tx_stalled));
		nfh_user_check(!given->sent || sayable(given));
	}
	__netif_tx_unlock(&stack.netdev.txq);
	nfh_user_check(!stack.mapped);
	check_published();
	/* nobody would come back for what is left */
	if (stack.fault == NFH_V_NONE &&
	    (!stack.netdev.xmit_more || stack.netdev.txq.stopped))
		nfh_user_check(stack.queue.tx.req_pub == stack.queue.tx.req_prod);
	/* no slot is lost */
	if (stack.fault == NFH_V_NONE &&
	    stack.queue.tx.req_pub == stack.queue.tx.req_prod)
		nfh_user_check(stack.queue.tx.free_count + seen.ids == SLOTS);
}

static void reap(void)
{
	bool locked = fuzz_u8() >= 0xf0; /* netpoll, from under the lock */
	u64 loads = ring_page.loads;

	if (stack.fault != NFH_V_NONE) /* as queue.c */
		return;
	stack.netdev.txq.locked = locked;
	nfh_tx_reap(&stack.queue, locked ? 0 : 64);
	nfh_user_check(stack.netdev.txq.locked == locked);
	stack.netdev.txq.locked = false;
	nfh_user_check(ring_page.loads - loads <= (locked ? 0 : SLOTS));
	nfh_user_check(stack.fault != NFH_V_NONE || !stack.netdev.txq.stopped ||
		       nfh_tx_ring_room(&stack.queue.tx) < SLOTS);
}

static void arm(void)
{
	enum nfh_violation why;
	u32 count = 0;

	if (stack.fault != NFH_V_NONE)
		return;
	why = nfh_tx_arm(&stack.queue, &count);
	nfh_user_check(why == NFH_V_NONE || why == NFH_V_TX_PRODUCER);
	nfh_user_check(count <= SLOTS);
	if (why != NFH_V_NONE)
		nfh_dev_fault(&stack.queue, why);
}

/* A long time without an answer: the skbs go, the slots stay in flight. */
static void stall(void)
{
	unsigned int waiting = stack.skbs, freed, i;

	jiffies += fuzz_u8() << 5;
	freed = nfh_tx_check_stall(&stack.queue);
	nfh_user_check(!stack.netdev.txq.locked);
	nfh_user_check(stack.skbs == waiting - freed);
	if (!nfh_dev_is_connected(stack.queue.dev))
		return;
	nfh_user_check(!stack.queue.tx_stalled ||
		       (!stack.skbs && !stack.netdev.txq.stopped));
	for (i = 0; i < seen.frames; i++)
		nfh_user_check(seen.frame[i].freed ||
			       jiffies - seen.frame[i].sent_at <
			       msecs_to_jiffies(NFH_TX_STALL_MS));
}

static void check_end(void)
{
	unsigned int i;

	nfh_tx_release(&stack.queue);
	nfh_user_check(!stack.skbs && !stack.pages);
	nfh_user_check(!stack.netdev.txq.in_flight);
	for (i = 0; i < seen.frames; i++)
		nfh_user_check(seen.frame[i].freed == 1);
}

void fuzz_run(void)
{
	u8 offers = fuzz_u8();
	unsigned int burst;

	stack_reset();
	memset(&seen, 0, sizeof(seen));
	stack.dev.caps.sg = !!(offers & 3);
	stack.dev.caps.gso_tcpv4 = !!(offers & 12);
	stack.dev.caps.gso_tcpv6 = !!(offers & 48);
	nfh_tx_ring_init(&stack.queue.tx, ring_page_reset(12, 4));
	nfh_tx_start(&stack.queue);
	while (fuzz_more() && seen.frames < FRAMES_MAX - 18) {
		switch (fuzz_u8() % 8) {
		case 0:
			arm();
			break;
		case 4:
			stall();
			break;
		case 1:
		case 2:
			reap();
			break;
		case 3:
			for (burst = fuzz_u8() % 18; burst; burst--)
				xmit(large_skb());
			break;
		default:
			xmit(some_skb());
			break;
		}
	}
	check_end();
}
