/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A connected queue of a net device that nobody has registered
 *
 * Rings, pools, frames, events and health are the real ones; below them are
 * the fake grant table, the fake memory and the fake event channels.  The test
 * is the backend, and the net core.
 */
#ifndef NFH_KUNIT_QUEUE_FIXTURE_H
#define NFH_KUNIT_QUEUE_FIXTURE_H

#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/types.h>

#include "../nfh.h"

struct kunit;

/* The device has two queues, the second one is under test. */
#define FIXTURE_QUEUES	2U
#define FIXTURE_QUEUE	1U

/**
 * struct queue_fixture - a queue and what is around it
 * @netdev: never registered
 * @nd: its private part
 * @q: queue under test
 * @xbdev: has a name and nothing else
 * @tx_page: shared page of the transmit ring
 * @rx_page: shared page of the receive ring
 * @freed: skbs from fixture_skb() that are gone
 */
struct queue_fixture {
	struct net_device *netdev;
	struct nfh_dev *nd;
	struct nfh_queue *q;
	struct xenbus_device xbdev;
	struct xen_netif_tx_sring *tx_page;
	struct xen_netif_rx_sring *rx_page;
	u32 freed;
};

struct queue_fixture *fixture_create(struct kunit *test, u16 tx_pages,
				     u16 rx_pages);
void fixture_destroy(struct queue_fixture *fx);
s64 fixture_violations(const struct queue_fixture *fx);
u8 fixture_byte(u32 at);

/* A frame of @len bytes, fixture_byte() each, in a linear skb. */
struct sk_buff *fixture_skb(struct kunit *test, u32 len);
void fixture_watch(struct queue_fixture *fx, struct sk_buff *skb);

/* The hands of the backend. */
void backend_answers_tx(struct queue_fixture *fx, u16 id, s16 status);
u8 *backend_page(struct nfh_pool *pool, u16 slot);

#endif /* NFH_KUNIT_QUEUE_FIXTURE_H */
