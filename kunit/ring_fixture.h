/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Both rings of a queue, and the hands of the backend on their pages
 */
#ifndef NFH_KUNIT_RING_FIXTURE_H
#define NFH_KUNIT_RING_FIXTURE_H

#include <linux/types.h>

#include "../ring.h"

struct kunit;

/* In structs that a refusal must not touch. */
#define UNTOUCHED	0x5a

/* Indexes run into their wrap soon after this. */
#define NEAR_WRAP	0xfffffff0U

/**
 * struct ring_fixture - both rings, as the driver and as the backend see them
 * @tx: transmit ring under test
 * @tx_before: what tx_remember() saw
 * @tx_page: its shared page
 * @rx: receive ring under test
 * @rx_before: what rx_remember() saw
 * @rx_page: its shared page
 * @cookies: the cookie of slot i is &cookies[i]
 */
struct ring_fixture {
	struct nfh_tx_ring tx;
	struct nfh_tx_ring tx_before;
	struct xen_netif_tx_sring *tx_page;
	struct nfh_rx_ring rx;
	struct nfh_rx_ring rx_before;
	struct xen_netif_rx_sring *rx_page;
	u8 cookies[NFH_RING_SLOTS];
};

void __untrusted *as_shared(void *page);
int ring_init(struct kunit *test);
void tx_start(struct ring_fixture *fx, u32 index);
void rx_start(struct ring_fixture *fx, u32 index);

/* The whole private half, byte by byte. */
void tx_remember(struct ring_fixture *fx);
bool tx_unchanged(const struct ring_fixture *fx);
void tx_restore(struct ring_fixture *fx);
void rx_remember(struct ring_fixture *fx);
bool rx_unchanged(const struct ring_fixture *fx);
void rx_restore(struct ring_fixture *fx);
bool is_untouched(const void *object, size_t size);

/* What the driver does. */
grant_ref_t gref_of(u32 slot);
u16 tx_claim(struct kunit *test);
void tx_put(struct ring_fixture *fx, u16 slot);
u16 tx_send(struct kunit *test);
void tx_send_extra(struct ring_fixture *fx);

/* What the backend does, and what it sees. */
void tx_answer(struct ring_fixture *fx, u16 id, s16 status);
void rx_answer(struct ring_fixture *fx,
	       const struct xen_netif_rx_response *rsp);
void rx_answer_extra(struct ring_fixture *fx,
		     const struct xen_netif_extra_info *info);
bool rx_is_posted(const struct ring_fixture *fx, u32 pos);

/* Cases of ring_walk.c, listed in ring_kunit.c. */
void tx_ring_random_walk(struct kunit *test);
void rx_ring_random_walk(struct kunit *test);

#endif /* NFH_KUNIT_RING_FIXTURE_H */
