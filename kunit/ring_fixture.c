// SPDX-License-Identifier: GPL-2.0
/*
 * Both rings of a queue, and the hands of the backend on their pages
 */
#include <kunit/test.h>
#include <linux/string.h>

#include "ring_fixture.h"

static void *shared_page(struct kunit *test)
{
	void *page = kunit_kzalloc(test, NFH_PAGE_BYTES, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, page);
	return page;
}

/* TRUST: the test is the backend; what it casts away here it takes as plain */
void __untrusted *as_shared(void *page)
{
	return (void __untrusted __force *)page;
}

grant_ref_t gref_of(u32 slot)
{
	return 7000 + 3 * slot;
}

/* All indexes of the transmit ring are @index, nothing is outstanding. */
void tx_start(struct ring_fixture *fx, u32 index)
{
	memset(fx->tx_page, 0, NFH_PAGE_BYTES);
	nfh_tx_ring_init(&fx->tx, as_shared(fx->tx_page));
	fx->tx.req_prod = index;
	fx->tx.req_pub = index;
	fx->tx.rsp_cons = index;
	fx->tx.rsp_seen = index;
	fx->tx_page->req_prod = index;
	fx->tx_page->rsp_prod = index;
}

/* The same for the receive ring; no slot has been posted. */
void rx_start(struct ring_fixture *fx, u32 index)
{
	memset(fx->rx_page, 0, NFH_PAGE_BYTES);
	nfh_rx_ring_init(&fx->rx, as_shared(fx->rx_page));
	fx->rx.req_prod = index;
	fx->rx.rsp_cons = index;
	fx->rx.rsp_seen = index;
	fx->rx_page->req_prod = index;
	fx->rx_page->rsp_prod = index;
}

/* Of the suite: both rings at index 0, on cleared pages. */
int ring_init(struct kunit *test)
{
	struct ring_fixture *fx = kunit_kzalloc(test, sizeof(*fx), GFP_KERNEL);
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, fx);
	fx->tx_page = shared_page(test);
	fx->rx_page = shared_page(test);
	for (i = 0; i < NFH_RING_SLOTS; i++)
		fx->rx.gref[i] = gref_of(i);
	tx_start(fx, 0);
	rx_start(fx, 0);
	test->priv = fx;
	return 0;
}

void tx_remember(struct ring_fixture *fx)
{
	memcpy(&fx->tx_before, &fx->tx, sizeof(fx->tx));
}

bool tx_unchanged(const struct ring_fixture *fx)
{
	return !memcmp(&fx->tx_before, &fx->tx,
		       offsetof(struct nfh_tx_ring, refused));
}

void tx_restore(struct ring_fixture *fx)
{
	memcpy(&fx->tx, &fx->tx_before, sizeof(fx->tx));
}

void rx_remember(struct ring_fixture *fx)
{
	memcpy(&fx->rx_before, &fx->rx, sizeof(fx->rx));
}

bool rx_unchanged(const struct ring_fixture *fx)
{
	return !memcmp(&fx->rx_before, &fx->rx,
		       offsetof(struct nfh_rx_ring, refused));
}

void rx_restore(struct ring_fixture *fx)
{
	memcpy(&fx->rx, &fx->rx_before, sizeof(fx->rx));
}

/* Has every byte kept the mark? */
bool is_untouched(const void *object, size_t size)
{
	return !memchr_inv(object, UNTOUCHED, size);
}

u16 tx_claim(struct kunit *test)
{
	struct ring_fixture *fx = test->priv;
	int slot = nfh_tx_ring_claim(&fx->tx);

	KUNIT_ASSERT_GE(test, slot, 0);
	KUNIT_ASSERT_LT(test, slot, (int)NFH_RING_SLOTS);
	return slot;
}

void tx_put(struct ring_fixture *fx, u16 slot)
{
	const struct nfh_tx_req req = {
		.gref = gref_of(slot),
		.size = 60,
		.cookie = &fx->cookies[slot],
	};

	nfh_tx_ring_put(&fx->tx, slot, &req);
}

/* A slot that is in flight. */
u16 tx_send(struct kunit *test)
{
	struct ring_fixture *fx = test->priv;
	u16 slot = tx_claim(test);

	tx_put(fx, slot);
	nfh_tx_ring_publish(&fx->tx);
	return slot;
}

/* An extra that is in flight. */
void tx_send_extra(struct ring_fixture *fx)
{
	nfh_tx_ring_put_gso(&fx->tx, XEN_NETIF_GSO_TYPE_TCPV4, 1448);
	nfh_tx_ring_publish(&fx->tx);
}

/* The backend answers behind its last response. */
void tx_answer(struct ring_fixture *fx, u16 id, s16 status)
{
	u32 pos = fx->tx_page->rsp_prod++ % NFH_RING_SLOTS;

	fx->tx_page->ring[pos].rsp.id = id;
	fx->tx_page->ring[pos].rsp.status = status;
}

void rx_answer(struct ring_fixture *fx,
	       const struct xen_netif_rx_response *rsp)
{
	u32 pos = fx->rx_page->rsp_prod++ % NFH_RING_SLOTS;

	fx->rx_page->ring[pos].rsp = *rsp;
}

void rx_answer_extra(struct ring_fixture *fx,
		     const struct xen_netif_extra_info *info)
{
	u32 pos = fx->rx_page->rsp_prod++ % NFH_RING_SLOTS;

	memcpy(&fx->rx_page->ring[pos].rsp, info, sizeof(*info));
}

/* Does the page hold the request that belongs to ring position @pos? */
bool rx_is_posted(const struct ring_fixture *fx, u32 pos)
{
	const struct xen_netif_rx_request want = {
		.id = pos % NFH_RING_SLOTS,
		.pad = 0,
		.gref = gref_of(pos % NFH_RING_SLOTS),
	};

	return !memcmp(&fx->rx_page->ring[pos % NFH_RING_SLOTS].req, &want,
		       sizeof(want));
}
