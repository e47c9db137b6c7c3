// SPDX-License-Identifier: GPL-2.0
/*
 * The life of a queue
 *
 *	create - connect - start - stop - disconnect - destroy
 *
 * A queue is created with the net device.  A connection gives it pools, rings
 * and event channels; starting enables its NAPI.  Each step back undoes one
 * step and accepts a half-made one.
 *
 * INVARIANT: NAPI is enabled if and only if nd->running, which is changed
 * under RTNL.  napi_disable() waits for the poll that runs at most; the poll
 * always ends as NAPI wants it, also on a faulted device, so RTNL is never
 * held at the backend's pleasure.
 */
#include <linux/netdevice.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "nfh.h"

/* Pages of the ring pool. */
enum ring_page {
	RING_PAGE_TX,
	RING_PAGE_RX,
	RING_PAGES
};

/*
 * Nothing more to take?  Asks for events first, so that none is lost.  What
 * is seen here must be there at the next poll (ring.c), so a poll that is
 * repeated for it makes progress.
 */
static bool queue_idle(struct nfh_queue *q)
{
	u32 tx = 0, rx = 0;
	enum nfh_violation why;

	why = nfh_tx_arm(q, &tx);
	if (why == NFH_V_NONE)
		why = nfh_rx_ring_arm(&q->rx, &rx);
	if (why != NFH_V_NONE)
		nfh_dev_fault(q, why);
	return !tx && !rx;
}

/* Faulted, or closing: NAPI ends properly, and no EOI is paid. */
static int queue_poll_dark(struct nfh_queue *q, int work)
{
	struct netdev_queue *txq = nfh_txq(q);

	__netif_tx_lock(txq, smp_processor_id());
	nfh_tx_release(q);
	__netif_tx_unlock(txq);
	napi_complete_done(&q->napi, work);
	return work;
}

static int queue_poll(struct napi_struct *napi, int budget)
{
	struct nfh_queue *q = container_of(napi, struct nfh_queue, napi);
	int work = 0;

	if (nfh_dev_is_connected(q->dev))
		nfh_tx_reap(q, budget);
	/* netpoll: transmit only, and it completes NAPI itself */
	if (!budget)
		return 0;
	if (nfh_dev_is_connected(q->dev))
		work = nfh_rx_poll(q, budget);
	if (work == budget)
		return budget;

	if (nfh_dev_is_connected(q->dev) && !queue_idle(q))
		return budget;
	if (!nfh_dev_is_connected(q->dev))
		return queue_poll_dark(q, work);
	nfh_event_pay(&q->tx_event);
	nfh_event_pay(&q->rx_event);
	napi_complete_done(napi, work);
	return work;
}

static int queue_share_pages(struct nfh_queue *q)
{
	domid_t backend = q->dev->xbdev->otherend_id;
	struct nfh_account *account = q->dev->account;
	struct nfh_pool *pool;

	pool = nfh_pool_create(account, backend, RING_PAGES, NFH_POOL_WRITE);
	if (IS_ERR(pool))
		return PTR_ERR(pool);
	q->ring_pool = pool;
	pool = nfh_pool_create(account, backend, NFH_RING_SLOTS, NFH_POOL_READ);
	if (IS_ERR(pool))
		return PTR_ERR(pool);
	q->tx_pool = pool;
	pool = nfh_pool_create(account, backend, NFH_RING_SLOTS,
			       NFH_POOL_WRITE);
	if (IS_ERR(pool))
		return PTR_ERR(pool);
	q->rx_pool = pool;
	return 0;
}

static void queue_init_rings(struct nfh_queue *q)
{
	unsigned int i;

	nfh_tx_ring_init(&q->tx, nfh_pool_shared(q->ring_pool, RING_PAGE_TX));
	nfh_rx_ring_init(&q->rx, nfh_pool_shared(q->ring_pool, RING_PAGE_RX));
	for (i = 0; i < NFH_RING_SLOTS; i++)
		q->rx.gref[i] = nfh_pool_gref(q->rx_pool, i);
	/* nobody listens yet: no notification */
	nfh_rx_ring_repost(&q->rx);
}

static int queue_open_events(struct nfh_queue *q)
{
	int err;

	if (!q->dev->caps.split_events)
		return nfh_event_open(&q->rx_event, q, "txrx");
	err = nfh_event_open(&q->rx_event, q, "rx");
	if (err)
		return err;
	return nfh_event_open(&q->tx_event, q, "tx");
}

/* All that a connection gave but the pages; nobody looks at them afterwards. */
static void queue_detach(struct nfh_queue *q)
{
	nfh_event_close(&q->tx_event);
	nfh_event_close(&q->rx_event);
	if (q->tx_pool)
		nfh_tx_release(q);
	nfh_rx_forget(q);
}

static void queue_forget_pools(struct nfh_queue *q)
{
	q->rx_pool = NULL;
	q->tx_pool = NULL;
	q->ring_pool = NULL;
}

/**
 * nfh_queue_connect() - give a queue what a connection needs
 * @q: queue without a connection
 *
 * Context: process context, sleeps; NAPI disabled.
 * Return: 0; -ENOMEM, -ENOSPC (the grant table or the event channels are used
 * up), -EDQUOT (see nfh_pool_create()), or another error of nfh_rx_create() or
 * nfh_event_open(); nothing is left behind on failure.
 */
int nfh_queue_connect(struct nfh_queue *q)
{
	int err;

	err = queue_share_pages(q);
	if (err)
		goto err_disconnect;
	err = nfh_rx_create(q);
	if (err)
		goto err_disconnect;
	queue_init_rings(q);
	err = queue_open_events(q);
	if (err)
		goto err_disconnect;
	return 0;

err_disconnect:
	nfh_queue_disconnect(q);
	return err;
}

/**
 * nfh_queue_disconnect() - take away what the connection gave
 * @q: queue, connected, half connected or not
 *
 * Context: process context, sleeps; NAPI disabled, nothing transmits.
 */
void nfh_queue_disconnect(struct nfh_queue *q)
{
	queue_detach(q);
	nfh_pool_destroy(q->rx_pool);
	nfh_pool_destroy(q->tx_pool);
	nfh_pool_destroy(q->ring_pool);
	queue_forget_pools(q);
}

/**
 * nfh_queue_leave() - as nfh_queue_disconnect(), but leave the pages behind
 * @q: queue, connected, half connected or not
 * @orphan: gets them
 *
 * Context: process context, sleeps; NAPI disabled, nothing transmits.
 */
void nfh_queue_leave(struct nfh_queue *q, struct nfh_orphan *orphan)
{
	queue_detach(q);
	nfh_orphan_adopt(orphan, q->rx_pool);
	nfh_orphan_adopt(orphan, q->tx_pool);
	nfh_orphan_adopt(orphan, q->ring_pool);
	queue_forget_pools(q);
}

static void queue_init(struct nfh_dev *nd, struct nfh_queue *q, u16 index)
{
	q->dev = nd;
	q->index = index;
	u64_stats_init(&q->tx_stats.syncp);
	u64_stats_init(&q->rx_stats.syncp);
	netif_napi_add(nd->netdev, &q->napi, queue_poll);
}

/**
 * nfh_queues_create() - make the queues of a new net device
 * @nd: device with its net device allocated
 *
 * Context: process context, sleeps.
 * Return: 0 or -ENOMEM.
 */
int nfh_queues_create(struct nfh_dev *nd)
{
	unsigned int i;

	nd->queues = kvcalloc(nd->netdev->num_tx_queues, sizeof(*nd->queues),
			      GFP_KERNEL);
	if (!nd->queues)
		return -ENOMEM;
	for (i = 0; i < nd->netdev->num_tx_queues; i++)
		queue_init(nd, &nd->queues[i], i);
	return 0;
}

/**
 * nfh_queues_destroy() - free the queues of an unregistered net device
 * @nd: device whose connection is gone
 *
 * Context: process context, sleeps.
 */
void nfh_queues_destroy(struct nfh_dev *nd)
{
	unsigned int i;

	for (i = 0; i < nd->netdev->num_tx_queues; i++) {
		nfh_rx_destroy(&nd->queues[i]);
		netif_napi_del(&nd->queues[i].napi);
	}
	kvfree(nd->queues);
	nd->queues = NULL;
}

/**
 * nfh_queues_start() - let the queues of the connection run
 * @nd: connected device; already running is fine
 *
 * Each queue is polled once: events that came before NAPI was enabled are
 * waiting for it.
 *
 * Context: process context, RTNL held.
 */
void nfh_queues_start(struct nfh_dev *nd)
{
	unsigned int i;

	ASSERT_RTNL();
	if (nd->running)
		return;
	nd->running = true;
	for (i = 0; i < nd->num_queues; i++)
		nfh_tx_start(&nd->queues[i]);
	nfh_recover_watch(nd);
	/* a fault comes from NAPI and stops the queues: it must come last */
	netif_tx_wake_all_queues(nd->netdev);
	for (i = 0; i < nd->num_queues; i++) {
		napi_enable(&nd->queues[i].napi);
		local_bh_disable();
		napi_schedule(&nd->queues[i].napi);
		local_bh_enable();
	}
}

/**
 * nfh_queues_stop() - stop the queues of the connection
 * @nd: any device; not running is fine
 *
 * Afterwards nothing transmits, no NAPI runs, no skb waits for the backend.
 *
 * Context: process context, RTNL held, sleeps.
 */
void nfh_queues_stop(struct nfh_dev *nd)
{
	unsigned int i;

	ASSERT_RTNL();
	if (!nd->running)
		return;
	nd->running = false;
	nfh_recover_unwatch(nd);
	/* ORDER: a poll may wake a queue, so nothing polls any more first */
	for (i = 0; i < nd->num_queues; i++)
		napi_disable(&nd->queues[i].napi);
	netif_tx_disable(nd->netdev);
	for (i = 0; i < nd->num_queues; i++)
		nfh_tx_release(&nd->queues[i]);
}

/**
 * nfh_queue_count() - read the counters of a queue
 * @q: queue
 * @counts: set; those of one direction are of one moment
 *
 * Context: any.
 */
void nfh_queue_count(const struct nfh_queue *q, struct nfh_queue_counts *counts)
{
	const struct nfh_tx_stats *tx = &q->tx_stats;
	const struct nfh_rx_stats *rx = &q->rx_stats;
	unsigned int start;

	do {
		start = nfh_stats_begin(&tx->syncp);
		counts->tx_packets = u64_stats_read(&tx->packets);
		counts->tx_bytes = u64_stats_read(&tx->bytes);
		counts->tx_dropped = u64_stats_read(&tx->dropped);
		counts->tx_errors = u64_stats_read(&tx->errors);
	} while (nfh_stats_retry(&tx->syncp, start));
	do {
		start = nfh_stats_begin(&rx->syncp);
		counts->rx_packets = u64_stats_read(&rx->packets);
		counts->rx_bytes = u64_stats_read(&rx->bytes);
		counts->rx_dropped = u64_stats_read(&rx->dropped);
		counts->rx_no_memory = u64_stats_read(&rx->no_memory);
	} while (nfh_stats_retry(&rx->syncp, start));
}
