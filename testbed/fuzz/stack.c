// SPDX-License-Identifier: GPL-2.0
/*
 * The network stack above tx.c and rx.c, and the rooms beside them
 *
 * Every allocation may fail.  Each skb and page is memory of its own, so that
 * the address sanitizer sees a byte too many.
 */
#include <stdlib.h>
#include <string.h>

#include <linux/errno.h>

#include "input.h"
#include "stack.h"

#define COPYBREAK_ROOM	64U	/* napi_alloc_skb() may give more than asked */

struct stack stack;
unsigned long jiffies;

/* A page that is not granted. */
struct page {
	u8 bytes[NFH_PAGE_BYTES];
};

void stack_reset(void)
{
	nfh_user_check(!stack.skbs && !stack.pages);
	memset(&stack, 0, offsetof(struct stack, shared));
	stack.netdev.priv = &stack.dev;
	stack.netdev.features = fuzz_u8() & 1 ? NETIF_F_RXCSUM : 0;
	stack.dev.netdev = &stack.netdev;
	stack.dev.queues = &stack.queue;
	stack.dev.num_queues = 1;
	stack.dev.state = NFH_CONNECTED;
	stack.queue.dev = &stack.dev;
	stack.queue.rx_event.port = 1;
}

static bool out_of_memory(void)
{
	return fuzz_u8() >= 0xf8;
}

/* the rooms beside */

void nfh_dev_drop(struct nfh_dev *nd, enum nfh_violation why)
{
	nfh_user_check(why > NFH_V_NONE && why < NFH_V_FIRST_FAULT);
	stack.drops[why]++;
}

void nfh_dev_fault(struct nfh_queue *q, enum nfh_violation why)
{
	nfh_user_check(why >= NFH_V_FIRST_FAULT && why < NFH_V_COUNT);
	/* LOCKING: health.c wakes NAPI, which takes it */
	nfh_user_check(!stack.netdev.txq.locked);
	if (stack.dev.state != NFH_CONNECTED)
		return;
	stack.fault = why;
	stack.dev.state = NFH_FAULTED;
	stack.netdev.txq.stopped = true;
}

void nfh_event_notify(const struct nfh_event *event)
{
	nfh_user_check(event->port);
	stack.notified++;
}

/* devices */

bool netdev_xmit_more(void)
{
	return stack.netdev.xmit_more;
}

void __netif_tx_lock(struct netdev_queue *txq, int cpu)
{
	nfh_user_check(!txq->locked);
	txq->locked = true;
}

bool __netif_tx_trylock(struct netdev_queue *txq)
{
	if (txq->locked)
		return false;
	txq->locked = true;
	return true;
}

void __netif_tx_unlock(struct netdev_queue *txq)
{
	nfh_user_check(txq->locked);
	txq->locked = false;
}

/* Returns whether the backend must be told: always, unless more is to come. */
bool __netdev_tx_sent_queue(struct netdev_queue *txq, unsigned int bytes,
			    bool xmit_more)
{
	nfh_user_check(txq->locked);
	txq->in_flight += bytes;
	return !xmit_more || txq->stopped || fuzz_u8() >= 0xf0;
}

/* More than was sent is a BUG in the real one. */
void netdev_tx_completed_queue(struct netdev_queue *txq, unsigned int packets,
			       unsigned int bytes)
{
	nfh_user_check(!packets == !bytes);
	txq->in_flight -= bytes;
	nfh_user_check(txq->in_flight >= 0);
}

/* skbs */

static struct sk_buff *skb_new(u8 *head, unsigned int room)
{
	struct sk_buff *skb = calloc(1, sizeof(*skb));

	skb->info = calloc(1, sizeof(*skb->info));
	skb->head = head;
	skb->data = head;
	skb->tail = head;
	skb->end = head + room;
	skb->alive = true;
	skb->rx_queue = -1;
	skb->dev = &stack.netdev;
	stack.skbs++;
	return skb;
}

struct sk_buff *stack_skb(unsigned int linear)
{
	return skb_new(malloc(linear), linear);
}

void stack_skb_frag(struct sk_buff *skb, unsigned int offset,
		    unsigned int len)
{
	skb_frag_t *frag = &skb->info->frags[skb->info->nr_frags++];

	nfh_user_check(offset + len <= NFH_PAGE_BYTES);
	frag->page = malloc(sizeof(*frag->page));
	frag->offset = offset;
	frag->len = len;
	stack.pages++;
	skb->len += len;
	skb->data_len += len;
}

/* The bytes of the shared info at the page's end are gone for the data. */
struct sk_buff *napi_build_skb(void *data, unsigned int bytes)
{
	struct sk_buff *skb;

	nfh_user_check(bytes == NFH_PAGE_BYTES);
	if (out_of_memory())
		return NULL;
	skb = skb_new(data, bytes - SKB_DATA_ALIGN(sizeof(*skb->info)));
	skb->page = data;
	return skb;
}

struct sk_buff *napi_alloc_skb(struct napi_struct *napi, unsigned int len)
{
	unsigned int room = len + fuzz_below(COPYBREAK_ROOM);

	nfh_user_check(napi == &stack.queue.napi);
	return out_of_memory() ? NULL : skb_new(malloc(room), room);
}

static void page_free(struct page *page)
{
	nfh_user_check(stack.pages);
	stack.pages--;
	free(page);
}

void dev_kfree_skb_any(struct sk_buff *skb)
{
	unsigned int i;

	if (!skb)
		return;
	nfh_user_check(skb->alive && stack.skbs);
	stack_freed(skb);
	skb->alive = false;
	stack.skbs--;
	for (i = 0; i < skb->info->nr_frags; i++)
		page_free(skb->info->frags[i].page);
	if (skb->page)
		page_free(skb->page);
	else
		free(skb->head);
	free(skb->info);
	free(skb);
}

void dev_consume_skb_any(struct sk_buff *skb)
{
	dev_kfree_skb_any(skb);
}

void napi_consume_skb(struct sk_buff *skb, int budget)
{
	dev_kfree_skb_any(skb);
}

void skb_reserve(struct sk_buff *skb, unsigned int len)
{
	nfh_user_check(!skb->len && len <= (size_t)(skb->end - skb->tail));
	skb->data += len;
	skb->tail += len;
}

/* Too much is a panic in the real one. */
void *skb_put(struct sk_buff *skb, unsigned int len)
{
	u8 *at = skb->tail;

	nfh_user_check(!skb->data_len);
	nfh_user_check(len <= (size_t)(skb->end - skb->tail));
	skb->tail += len;
	skb->len += len;
	return at;
}

void skb_add_rx_frag(struct sk_buff *skb, int at, struct page *page,
		     unsigned int offset, unsigned int len,
		     unsigned int truesize)
{
	nfh_user_check(at == skb->info->nr_frags && at < MAX_SKB_FRAGS);
	nfh_user_check(len && offset + len <= truesize);
	/* freed as page pool pages only if the skb says so */
	nfh_user_check(skb->recycle);
	skb->info->frags[at].page = page;
	skb->info->frags[at].offset = offset;
	skb->info->frags[at].len = len;
	skb->info->nr_frags++;
	skb->len += len;
	skb->data_len += len;
}

void skb_prepare_seq_read(struct sk_buff *skb, unsigned int from,
			  unsigned int to, struct skb_seq_state *st)
{
	nfh_user_check(skb->alive && !from && to == skb->len);
	st->skb = skb;
	st->mapped = false;
}

/* As long as it is said to be read, a fragment may be mapped. */
static void seq_mapped(struct skb_seq_state *st, bool mapped)
{
	stack.mapped += mapped - st->mapped;
	st->mapped = mapped;
}

unsigned int skb_seq_read(unsigned int at, const u8 **data,
			  struct skb_seq_state *st)
{
	const struct sk_buff *skb = st->skb;
	unsigned int i, start = skb_headlen(skb);

	seq_mapped(st, false);
	/* not for lack of memory, but it may fail */
	if (at >= skb->len || out_of_memory())
		return 0;
	if (at < start) {
		*data = skb->data + at;
		return start - at;
	}
	for (i = 0; i < skb->info->nr_frags; i++) {
		const skb_frag_t *frag = &skb->info->frags[i];

		if (at < start + frag->len) {
			seq_mapped(st, true);
			*data = (u8 *)skb_frag_address(frag) + at - start;
			return start + frag->len - at;
		}
		start += frag->len;
	}
	return 0;
}

void skb_abort_seq_read(struct skb_seq_state *st)
{
	seq_mapped(st, false);
}

/* All of it in one piece; the linear part moves. */
bool pskb_may_pull(struct sk_buff *skb, unsigned int len)
{
	unsigned int headroom = skb_headroom(skb);
	unsigned int i, whole = skb->len;
	u8 *head;

	if (len <= skb_headlen(skb))
		return true;
	if (len > whole || out_of_memory())
		return false;
	head = malloc(headroom + whole);
	memcpy(head + headroom, skb->data, skb_headlen(skb));
	for (i = 0, len = skb_headlen(skb); i < skb->info->nr_frags; i++) {
		const skb_frag_t *frag = &skb->info->frags[i];

		memcpy(head + headroom + len, frag->page->bytes + frag->offset,
		       frag->len);
		len += frag->len;
		page_free(frag->page);
	}
	skb->info->nr_frags = 0;
	if (skb->page)
		page_free(skb->page);
	else
		free(skb->head);
	skb->page = NULL;
	skb->head = head;
	skb->data = head + headroom;
	skb->data_len = 0;
	skb->tail = skb->data + whole;
	skb->end = skb->tail;
	return true;
}

/* On success there is a checksum field of TCP or UDP in the linear part. */
int skb_checksum_setup(struct sk_buff *skb, bool recalculate)
{
	unsigned int at = fuzz_u8() & 1 ? 6 : 16;
	unsigned int start;

	nfh_user_check(skb->network && skb->ip_summed == CHECKSUM_PARTIAL);
	if (skb->protocol != htons(ETH_P_IP) &&
	    skb->protocol != htons(ETH_P_IPV6))
		return -EPROTO;
	start = fuzz_u8();
	if (start >= 0xc0)
		start = fuzz_u16();
	else if (start >= 0x80) /* as late as may be */
		start = skb_headlen(skb) - min(skb_headlen(skb), at + 2);
	if (start + at + 2 > skb_headlen(skb))
		return -EPROTO;
	skb->csum_start = skb_headroom(skb) + start;
	skb->csum_offset = at;
	return 0;
}

u16 eth_type_trans(struct sk_buff *skb, struct net_device *netdev)
{
	u16 type;

	nfh_user_check(netdev == &stack.netdev);
	nfh_user_check(skb_headlen(skb) >= ETH_HLEN);
	memcpy(&type, skb->data + 12, sizeof(type));
	skb->data += ETH_HLEN;
	skb->len -= ETH_HLEN;
	return type;
}

void napi_gro_receive(struct napi_struct *napi, struct sk_buff *skb)
{
	nfh_user_check(napi == &stack.queue.napi && skb->alive);
	stack_delivers(skb);
	dev_kfree_skb_any(skb);
}

void __skb_queue_head_init(struct sk_buff_head *list)
{
	memset(list, 0, sizeof(*list));
}

void __skb_queue_tail(struct sk_buff_head *list, struct sk_buff *skb)
{
	skb->next = NULL;
	if (list->last)
		list->last->next = skb;
	else
		list->first = skb;
	list->last = skb;
	list->count++;
}

struct sk_buff *__skb_dequeue(struct sk_buff_head *list)
{
	struct sk_buff *skb = list->first;

	if (!skb)
		return NULL;
	list->first = skb->next;
	if (!list->first)
		list->last = NULL;
	list->count--;
	return skb;
}

/* private pages */

struct page_pool *page_pool_create(const struct page_pool_params *params)
{
	if (out_of_memory())
		return ERR_PTR(-ENOMEM);
	return calloc(1, sizeof(struct page_pool));
}

void page_pool_destroy(struct page_pool *pool)
{
	free(pool);
}

struct page *page_pool_dev_alloc_pages(struct page_pool *pool)
{
	struct page *page;

	nfh_user_check(pool);
	if (out_of_memory())
		return NULL;
	page = malloc(sizeof(*page));
	stack.pages++;
	return page;
}

void page_pool_recycle_direct(struct page_pool *pool, struct page *page)
{
	page_free(page);
}

void *nfh_user_page_address(const struct page *page)
{
	return (void *)page->bytes;
}
