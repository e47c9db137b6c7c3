// SPDX-License-Identifier: GPL-2.0
/*
 * A connected queue of a net device that nobody has registered
 */
#include <kunit/test.h>
#include <linux/etherdevice.h>
#include <linux/string.h>
#include <net/sch_generic.h>

#include "fake_evtchn.h"
#include "fake_gnttab.h"
#include "fake_memory.h"
#include "queue_fixture.h"

/* The domain of the backend; not 0, which anything could be. */
#define BACKEND	7

/* Its NAPI is never enabled: the test makes every call by itself. */
static int no_poll(struct napi_struct *napi, int budget)
{
	return 0;
}

static void make_netdev(struct kunit *test, struct queue_fixture *fx)
{
	u16 i;

	fx->netdev = alloc_etherdev_mqs(sizeof(*fx->nd), FIXTURE_QUEUES,
					FIXTURE_QUEUES);
	KUNIT_ASSERT_NOT_NULL(test, fx->netdev);
	fx->nd = netdev_priv(fx->netdev);
	fx->nd->netdev = fx->netdev;
	fx->nd->xbdev = &fx->xbdev;
	fx->nd->queues = kunit_kcalloc(test, FIXTURE_QUEUES,
				       sizeof(*fx->nd->queues), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, fx->nd->queues);
	fx->nd->num_queues = FIXTURE_QUEUES;
	for (i = 0; i < FIXTURE_QUEUES; i++) {
		struct nfh_queue *q = &fx->nd->queues[i];

		q->dev = fx->nd;
		q->index = i;
		netif_napi_add(fx->netdev, &q->napi, no_poll);
		/* as a device has it before it is brought up */
		rcu_assign_pointer(nfh_txq(q)->qdisc, &noop_qdisc);
	}
	netif_carrier_on(fx->netdev);
	netif_tx_start_all_queues(fx->netdev);
	fx->q = &fx->nd->queues[FIXTURE_QUEUE];
}

static struct nfh_pool *make_pool(struct kunit *test, struct queue_fixture *fx,
				  u16 pages, enum nfh_pool_use use)
{
	struct nfh_pool *pool;

	if (!pages)
		return NULL;
	pool = nfh_pool_create(fx->nd->account, BACKEND, pages, use);
	KUNIT_ASSERT_FALSE(test, IS_ERR(pool));
	return pool;
}

static void make_rings(struct queue_fixture *fx, u16 rx_pages)
{
	struct nfh_queue *q = fx->q;
	u16 i;

	fx->tx_page = (void *)backend_page(q->ring_pool, 0);
	fx->rx_page = (void *)backend_page(q->ring_pool, 1);
	nfh_tx_ring_init(&q->tx, nfh_pool_shared(q->ring_pool, 0));
	nfh_rx_ring_init(&q->rx, nfh_pool_shared(q->ring_pool, 1));
	for (i = 0; i < rx_pages; i++)
		q->rx.gref[i] = nfh_pool_gref(q->rx_pool, i);
	nfh_rx_ring_repost(&q->rx);
}

/*
 * A connected queue with so many pages in its pools.  A row of a table needs
 * few of them; making all 512 for each row would take the suites minutes.
 */
struct queue_fixture *fixture_create(struct kunit *test, u16 tx_pages,
				     u16 rx_pages)
{
	struct queue_fixture *fx;

	fake_gnttab_init(test);
	fake_memory_init(test);
	fake_evtchn_init(test);
	fx = kunit_kzalloc(test, sizeof(*fx), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, fx);
	test->priv = fx;
	fx->xbdev.dev.init_name = "vif-0";
	make_netdev(test, fx);
	fx->nd->account = nfh_account_create();
	KUNIT_ASSERT_NOT_NULL(test, fx->nd->account);
	fx->q->ring_pool = make_pool(test, fx, 2, NFH_POOL_WRITE);
	fx->q->tx_pool = make_pool(test, fx, tx_pages, NFH_POOL_READ);
	fx->q->rx_pool = make_pool(test, fx, rx_pages, NFH_POOL_WRITE);
	make_rings(fx, rx_pages);
	KUNIT_ASSERT_EQ(test, nfh_event_open(&fx->q->rx_event, fx->q, "txrx"),
			0);
	fx->nd->state = NFH_CONNECTED;
	return fx;
}

/* Everything must be back in the end, whatever the test did. */
void fixture_destroy(struct queue_fixture *fx)
{
	u16 i;

	if (!fx)
		return;
	nfh_event_close(&fx->q->tx_event);
	nfh_event_close(&fx->q->rx_event);
	nfh_pool_destroy(fx->q->rx_pool);
	nfh_pool_destroy(fx->q->tx_pool);
	nfh_pool_destroy(fx->q->ring_pool);
	nfh_account_put(fx->nd->account);
	for (i = 0; i < FIXTURE_QUEUES; i++)
		netif_napi_del(&fx->nd->queues[i].napi);
	free_netdev(fx->netdev);
	fake_evtchn_exit();
	fake_gnttab_exit();
	fake_memory_exit();
}

/* Drops and faults of all reasons. */
s64 fixture_violations(const struct queue_fixture *fx)
{
	s64 sum = 0;
	u32 why;

	for (why = 0; why < NFH_V_COUNT; why++)
		sum += atomic64_read(&fx->nd->violations[why]);
	return sum;
}

/* Byte @at of every frame: never 0, and no two pages are alike. */
u8 fixture_byte(u32 at)
{
	return 1 + at % 251;
}

struct sk_buff *fixture_skb(struct kunit *test, u32 len)
{
	struct queue_fixture *fx = test->priv;
	struct sk_buff *skb = alloc_skb(len + 64, GFP_KERNEL);
	u8 *to;
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, skb);
	skb_reserve(skb, 16);
	to = skb_put(skb, len);
	for (i = 0; i < len; i++)
		to[i] = fixture_byte(i);
	skb->dev = fx->netdev;
	skb_set_queue_mapping(skb, FIXTURE_QUEUE);
	fixture_watch(fx, skb);
	return skb;
}

static void skb_is_gone(struct sk_buff *skb)
{
	struct queue_fixture *fx = skb_shinfo(skb)->destructor_arg;

	fx->freed++;
}

/* Count @skb when it is freed. */
void fixture_watch(struct queue_fixture *fx, struct sk_buff *skb)
{
	skb_shinfo(skb)->destructor_arg = fx;
	skb->destructor = skb_is_gone;
}

/* Behind the last response. */
void backend_answers_tx(struct queue_fixture *fx, u16 id, s16 status)
{
	u32 pos = fx->tx_page->rsp_prod++ % NFH_RING_SLOTS;

	fx->tx_page->ring[pos].rsp.id = id;
	fx->tx_page->ring[pos].rsp.status = status;
}

/* TRUST: the test is the backend; what it casts away here it takes as plain */
u8 *backend_page(struct nfh_pool *pool, u16 slot)
{
	return (u8 __force *)nfh_pool_shared(pool, slot);
}
