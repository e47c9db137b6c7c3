// SPDX-License-Identifier: GPL-2.0
/*
 * From skbs to transmit slots, and the responses
 *
 * A frame is copied into pages of the queue's transmit pool, full pages first,
 * so that even 64 KiB made of many fragments take 16 slots and nothing is ever
 * linearised.  Only the bytes of the frame are copied: no headroom, no slab
 * neighbour, no rest of a page can reach the backend.
 *
 * The skb stays with the last slot of its frame until the backend has answered
 * that slot.  So socket limits (SO_SNDBUF, TCP small queues) and byte queue
 * limits see what is really in flight, although our copy would let us free
 * it at once.  That is done for a backend that does not answer at all.
 *
 * LOCKING: the ring and the counters belong to the transmit lock of the
 * queue.  The net core holds it around nfh_start_xmit().  NAPI takes it at most
 * three times per poll: to take responses, to ask for an event, to free the
 * skbs of a connection that is over.  The work that looks for stalled queues
 * takes it once per look.  netpoll may call NAPI from under that very lock, with
 * a budget of 0: then it is only tried.
 */
#include <linux/minmax.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/string.h>

#include "nfh.h"

/* A queue is woken when two of the largest frames fit. */
#define NFH_TX_WAKE_ROOM	(2 * NFH_TX_SLOTS_MAX)

/* One frame on its way into the ring. */
struct tx_frame {
	struct sk_buff *skb;
	struct skb_seq_state source;
	unsigned int slots;
	u16 slot[NFH_TX_DATA_SLOTS_MAX];
};

static void tx_count_drop(struct nfh_queue *q)
{
	u64_stats_update_begin(&q->tx_stats.syncp);
	u64_stats_inc(&q->tx_stats.dropped);
	u64_stats_update_end(&q->tx_stats.syncp);
}

static void tx_count_frame(struct nfh_queue *q, unsigned int len)
{
	u64_stats_update_begin(&q->tx_stats.syncp);
	u64_stats_inc(&q->tx_stats.packets);
	u64_stats_add(&q->tx_stats.bytes, len);
	u64_stats_update_end(&q->tx_stats.syncp);
}

static unsigned int tx_page_len(unsigned int len, unsigned int i)
{
	return min_t(unsigned int, len - i * NFH_PAGE_BYTES, NFH_PAGE_BYTES);
}

/* Give back the slots of a frame that is not going to be sent. */
static void tx_unclaim(struct nfh_queue *q, struct tx_frame *frame)
{
	while (frame->slots)
		nfh_tx_ring_unclaim(&q->tx, frame->slot[--frame->slots]);
}

/*
 * Copy page @i of the frame; the page is clean behind the data in any case.
 *
 * No piece is longer than a page.  Told so, the compiler moves it as a string,
 * in about half the time of the kernel's memcpy() on processors without FSRM,
 * where that goes word by word.
 */
static int tx_copy_page(struct nfh_queue *q, struct tx_frame *frame,
			unsigned int i)
{
	unsigned int len = tx_page_len(frame->skb->len, i);
	u16 slot = frame->slot[i];
	void *to = nfh_pool_fill(q->tx_pool, slot);
	unsigned int done, n;
	const u8 *from;

	for (done = 0; done < len; done += n) {
		n = skb_seq_read(i * NFH_PAGE_BYTES + done, &from,
				 &frame->source);
		n = min3(n, len - done, NFH_PAGE_BYTES);
		if (!n)
			break;
		memcpy(to + done, from, n);
	}
	nfh_pool_seal(q->tx_pool, slot, len);
	return done < len ? -EFAULT : 0;
}

/* Claim and fill the slots of a frame.  All of them, or none. */
static int tx_fill(struct nfh_queue *q, struct tx_frame *frame)
{
	unsigned int want = DIV_ROUND_UP(frame->skb->len, NFH_PAGE_BYTES);
	int err = 0;

	frame->slots = 0;
	skb_prepare_seq_read(frame->skb, 0, frame->skb->len, &frame->source);
	while (frame->slots < want && !err) {
		int slot = nfh_tx_ring_claim(&q->tx);

		if (slot < 0) {
			err = slot;
			break;
		}
		frame->slot[frame->slots] = slot;
		err = tx_copy_page(q, frame, frame->slots++);
	}
	skb_abort_seq_read(&frame->source);
	if (err)
		tx_unclaim(q, frame);
	return err;
}

/* Flags of the first request; the others carry XEN_NETTXF_more_data alone. */
static u16 tx_flags(const struct sk_buff *skb)
{
	u16 flags = 0;

	if (skb->ip_summed == CHECKSUM_PARTIAL)
		flags |= XEN_NETTXF_csum_blank | XEN_NETTXF_data_validated;
	else if (skb->ip_summed == CHECKSUM_UNNECESSARY)
		flags |= XEN_NETTXF_data_validated;
	if (skb_is_gso(skb))
		flags |= XEN_NETTXF_extra_info;
	return flags;
}

static void tx_put_gso(struct nfh_queue *q, const struct sk_buff *skb)
{
	u8 type = skb_shinfo(skb)->gso_type & SKB_GSO_TCPV6 ?
		  XEN_NETIF_GSO_TYPE_TCPV6 : XEN_NETIF_GSO_TYPE_TCPV4;

	nfh_tx_ring_put_gso(&q->tx, type, skb_shinfo(skb)->gso_size);
}

/* When an skb that waits was sent.  It is ours, and so is its control block. */
static unsigned long *tx_sent_at(struct sk_buff *skb)
{
	static_assert(sizeof(unsigned long) <= sizeof(skb->cb));

	return (unsigned long *)skb->cb;
}

/* Compose the requests of a filled frame. */
static void tx_put(struct nfh_queue *q, const struct tx_frame *frame)
{
	struct sk_buff *skb = frame->skb;
	unsigned int last = frame->slots - 1;
	unsigned int i;

	*tx_sent_at(skb) = jiffies;
	for (i = 0; i <= last; i++) {
		struct nfh_tx_req req = {
			.gref = nfh_pool_gref(q->tx_pool, frame->slot[i]),
			.flags = i ? 0 : tx_flags(skb),
			.size = i ? tx_page_len(skb->len, i) : skb->len,
			.cookie = i == last && !q->tx_stalled ? skb : NULL,
		};

		if (i < last)
			req.flags |= XEN_NETTXF_more_data;
		nfh_tx_ring_put(&q->tx, frame->slot[i], &req);
		if (!i && skb_is_gso(skb))
			tx_put_gso(q, skb);
	}
}

static void tx_publish(struct nfh_queue *q)
{
	if (nfh_tx_ring_publish(&q->tx))
		nfh_event_notify(nfh_tx_event(q));
}

/*
 * Does the connection have this queue?  The core's own checks of the index are
 * not ordered against a connection with fewer queues than the one before.
 */
static bool tx_connected(const struct nfh_queue *q)
{
	return nfh_dev_is_connected(q->dev) &&
	       q->index < READ_ONCE(q->dev->num_queues);
}

/*
 * Can the frame be said to this backend?  The stack asks for features before,
 * but a frame may have waited in a queue while the backend changed.
 */
static bool tx_sayable(const struct nfh_caps *caps, const struct sk_buff *skb)
{
	if (!skb->len || skb->len > (caps->sg ? NFH_FRAME_MAX : NFH_PAGE_BYTES))
		return false;
	if (!skb_is_gso(skb))
		return true;
	if (skb_shinfo(skb)->gso_type & SKB_GSO_TCPV6)
		return caps->gso_tcpv6;
	return skb_shinfo(skb)->gso_type & SKB_GSO_TCPV4 && caps->gso_tcpv4;
}

/**
 * nfh_start_xmit() - ndo_start_xmit
 * @skb: a frame; consumed unless NETDEV_TX_BUSY is returned
 * @netdev: its device
 *
 * Context: softirq or BH disabled, transmit lock of the queue held.
 * Return: NETDEV_TX_OK, also for a frame that was dropped and counted;
 * NETDEV_TX_BUSY when the ring is full and the queue has been stopped.
 */
netdev_tx_t nfh_start_xmit(struct sk_buff *skb, struct net_device *netdev)
{
	struct nfh_dev *nd = netdev_priv(netdev);
	struct nfh_queue *q = &nd->queues[skb_get_queue_mapping(skb)];
	struct netdev_queue *txq = nfh_txq(q);
	struct tx_frame frame;
	unsigned int len = skb->len;
	bool kick = !netdev_xmit_more();

	if (unlikely(!tx_connected(q))) {
		kick = false;
		goto drop;
	}
	if (unlikely(!tx_sayable(&nd->caps, skb)))
		goto drop;
	if (unlikely(nfh_tx_ring_room(&q->tx) < NFH_TX_SLOTS_MAX)) {
		if (q->tx_stalled)
			goto drop;
		netif_tx_stop_queue(txq);
		tx_publish(q);
		return NETDEV_TX_BUSY;
	}
	frame.skb = skb;
	if (unlikely(tx_fill(q, &frame)))
		goto drop;

	skb_tx_timestamp(skb);
	/* the skb waits for the backend; what hangs on it need not */
	nf_reset_ct(skb);
	skb_ext_reset(skb);
	tx_put(q, &frame);
	tx_count_frame(q, len);
	if (unlikely(q->tx_stalled)) {
		/* no slot has it: nobody waits, and no limit counts it */
		dev_consume_skb_any(skb);
		kick = true;
	} else {
		kick = __netdev_tx_sent_queue(txq, len, !kick);
	}
	if (nfh_tx_ring_room(&q->tx) < NFH_TX_SLOTS_MAX) {
		if (!q->tx_stalled)
			netif_tx_stop_queue(txq);
		kick = true;
	}
	if (kick)
		tx_publish(q);
	return NETDEV_TX_OK;

drop:
	tx_count_drop(q);
	dev_kfree_skb_any(skb);
	if (kick)
		tx_publish(q);
	return NETDEV_TX_OK;
}

/* What one pass over the responses came to. */
struct tx_pass {
	struct sk_buff_head skbs;
	unsigned int responses;
	unsigned int bytes;
	unsigned int errors;	/* frames whose last slot was refused */
};

static void tx_done(struct nfh_queue *q, struct tx_pass *pass,
		    const struct nfh_tx_done *done)
{
	struct sk_buff *skb = done->cookie;

	pass->responses++;
	if (!skb)
		return;
	if (done->status != XEN_NETIF_RSP_OKAY)
		pass->errors++;
	pass->bytes += skb->len;
	__skb_queue_tail(&pass->skbs, skb);
}

/*
 * Take all responses that are there now.  INVARIANT: at most NFH_RING_SLOTS,
 * the count is taken once, from what is outstanding.
 */
static enum nfh_violation tx_take_all(struct nfh_queue *q, struct tx_pass *pass)
{
	enum nfh_violation why;
	u32 count = 0;

	why = nfh_tx_ring_pending(&q->tx, &count);
	while (why == NFH_V_NONE && count--) {
		struct nfh_tx_done done;

		why = nfh_tx_ring_take(&q->tx, &done);
		if (why >= NFH_V_FIRST_FAULT)
			break;
		if (why != NFH_V_NONE) {
			nfh_dev_drop(q->dev, why);
			why = NFH_V_NONE;
		}
		tx_done(q, pass, &done);
	}
	return why;
}

static void tx_account(struct nfh_queue *q, const struct tx_pass *pass)
{
	struct netdev_queue *txq = nfh_txq(q);

	if (pass->errors) {
		u64_stats_update_begin(&q->tx_stats.syncp);
		u64_stats_add(&q->tx_stats.errors, pass->errors);
		u64_stats_update_end(&q->tx_stats.syncp);
	}
	if (pass->responses)
		q->tx_stalled = false;
	netdev_tx_completed_queue(txq, skb_queue_len(&pass->skbs), pass->bytes);
	if (netif_tx_queue_stopped(txq) && nfh_dev_is_connected(q->dev) &&
	    nfh_tx_ring_room(&q->tx) >= NFH_TX_WAKE_ROOM)
		netif_tx_wake_queue(txq);
}

/* One pass, transmit lock held. */
static enum nfh_violation tx_reap_locked(struct nfh_queue *q,
					 struct tx_pass *pass)
{
	enum nfh_violation why = tx_take_all(q, pass);

	tx_account(q, pass);
	return why;
}

/**
 * nfh_tx_reap() - take the transmit responses of a queue
 * @q: queue
 * @budget: of the NAPI poll; 0 for netpoll
 *
 * Context: NAPI.
 */
void nfh_tx_reap(struct nfh_queue *q, int budget)
{
	struct netdev_queue *txq = nfh_txq(q);
	struct tx_pass pass = { };
	enum nfh_violation why = NFH_V_NONE;
	struct sk_buff *skb;

	__skb_queue_head_init(&pass.skbs);
	if (budget) {
		__netif_tx_lock(txq, smp_processor_id());
		why = tx_reap_locked(q, &pass);
		__netif_tx_unlock(txq);
	} else if (nfh_tx_trylock(txq)) {
		why = tx_reap_locked(q, &pass);
		__netif_tx_unlock(txq);
	}

	nfh_tx_event(q)->progress += pass.responses;
	while ((skb = __skb_dequeue(&pass.skbs)))
		napi_consume_skb(skb, budget);
	if (why != NFH_V_NONE)
		nfh_dev_fault(q, why);
}

/**
 * nfh_tx_arm() - ask for an event with the next transmit response
 * @q: queue
 * @count: responses that are there already
 *
 * Context: NAPI with a budget.
 * Return: %NFH_V_NONE, or %NFH_V_TX_PRODUCER.
 */
enum nfh_violation nfh_tx_arm(struct nfh_queue *q, u32 *count)
{
	struct netdev_queue *txq = nfh_txq(q);
	enum nfh_violation why;

	__netif_tx_lock(txq, smp_processor_id());
	why = nfh_tx_ring_arm(&q->tx, count);
	__netif_tx_unlock(txq);
	return why;
}

static bool tx_overdue(unsigned long since)
{
	return time_after_eq(jiffies,
			     since + msecs_to_jiffies(NFH_TX_STALL_MS));
}

/* Frees the skbs that wait for responses, all or those that are overdue. */
static unsigned int tx_free_skbs(struct nfh_queue *q, bool all, u32 *bytes)
{
	unsigned int freed = 0;
	unsigned int i;

	for (i = 0; i < NFH_RING_SLOTS; i++) {
		struct sk_buff *skb = q->tx.slot[i].cookie;

		if (!skb || !(all || tx_overdue(*tx_sent_at(skb))))
			continue;
		q->tx.slot[i].cookie = NULL;
		*bytes += skb->len;
		dev_kfree_skb_any(skb);
		freed++;
	}
	return freed;
}

/**
 * nfh_tx_release() - free the skbs that wait for responses
 * @q: queue
 *
 * The slots stay in flight until the backend answers them or the connection
 * ends; only the skbs go, so that no socket waits for a backend.
 *
 * Context: transmit lock held, or nothing can transmit and no NAPI runs.
 * Return: how many there were.
 */
unsigned int nfh_tx_release(struct nfh_queue *q)
{
	u32 bytes = 0;
	unsigned int freed = tx_free_skbs(q, true, &bytes);

	netdev_tx_reset_queue(nfh_txq(q));
	return freed;
}

/**
 * nfh_tx_start() - the queue is about to run
 * @q: queue
 *
 * Context: process context, nothing transmits.
 */
void nfh_tx_start(struct nfh_queue *q)
{
	q->tx_progress = q->tx.rsp_cons;
	q->tx_alive = jiffies;
	q->tx_stalled = false;
}

/* Nothing owed, or something answered since the last look. */
static bool tx_alive(struct nfh_queue *q)
{
	if (q->tx.req_pub != q->tx.rsp_cons &&
	    q->tx_progress == q->tx.rsp_cons)
		return false;
	q->tx_progress = q->tx.rsp_cons;
	q->tx_alive = jiffies;
	return true;
}

/* The backend answers nothing at all. */
static unsigned int tx_stall(struct nfh_queue *q)
{
	struct netdev_queue *txq = nfh_txq(q);
	unsigned int freed = nfh_tx_release(q);

	q->tx_stalled = true;
	/* netif_tx_wake_queue() knows no byte queue limits */
	netif_tx_start_queue(txq);
	netif_schedule_queue(txq);
	return freed;
}

/* The backend answers, but not these. */
static unsigned int tx_release_overdue(struct nfh_queue *q)
{
	u32 bytes = 0;
	unsigned int freed = tx_free_skbs(q, false, &bytes);

	netdev_tx_completed_queue(nfh_txq(q), freed, bytes);
	return freed;
}

/**
 * nfh_tx_check_stall() - does the backend answer?
 * @q: running queue
 *
 * An skb that has waited for its response for NFH_TX_STALL_MS is freed.  If
 * there was no response at all for that long, all of them are; until there is
 * one, further ones are freed when they have been copied, and frames that find
 * no room are dropped instead of kept: no socket and no qdisc waits for a
 * backend for ever.  The connection and the slots in flight are left alone.
 *
 * Context: process context, NAPI may run.
 * Return: how many skbs were freed.
 */
unsigned int nfh_tx_check_stall(struct nfh_queue *q)
{
	struct netdev_queue *txq = nfh_txq(q);
	unsigned int freed = 0;

	__netif_tx_lock_bh(txq);
	if (nfh_dev_is_connected(q->dev)) {
		if (!tx_alive(q) && tx_overdue(q->tx_alive))
			freed = tx_stall(q);
		else
			freed = tx_release_overdue(q);
	}
	__netif_tx_unlock_bh(txq);
	return freed;
}
