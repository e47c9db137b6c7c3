// SPDX-License-Identifier: GPL-2.0
/*
 * The slot changes while it is looked at
 *
 * A second thread writes one of two words to the slot, in turn and as fast as
 * it can.  Each word has one right answer; an answer that fits neither was
 * made from two loads, half from the one word and half from the other.
 */
#include <kunit/test.h>
#include <linux/sched.h>
#include <linux/workqueue.h>

#include "ring_fixture.h"

#define RACE_TRIES	100000

/**
 * struct ring_race - the thread that writes, and what it writes
 * @work: its work item
 * @wq: its workqueue
 * @stop: it has to come to an end
 * @slot: where it writes
 * @bytes: so many, 4 or 8
 * @word: what it writes
 */
struct ring_race {
	struct work_struct work;
	struct workqueue_struct *wq;
	bool stop;
	void *slot;
	size_t bytes;
	u64 word[2];
};

static void race_run(struct work_struct *work)
{
	struct ring_race *race = container_of(work, struct ring_race, work);
	u32 i;

	for (i = 0; !READ_ONCE(race->stop); i++) {
		if (race->bytes == sizeof(u64))
			WRITE_ONCE(*(u64 *)race->slot, race->word[i & 1]);
		else
			WRITE_ONCE(*(u32 *)race->slot, race->word[i & 1]);
		if (!(i & 0xff))
			cond_resched();
	}
}

static void race_end(struct kunit_resource *resource)
{
	struct ring_race *race = resource->data;

	WRITE_ONCE(race->stop, true);
	destroy_workqueue(race->wq);
}

/* The race is on until the test is over. */
static void race_begin(struct kunit *test, void *slot, size_t bytes,
		       const void *one, const void *other)
{
	struct ring_race *race = kunit_kzalloc(test, sizeof(*race), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, race);
	race->slot = slot;
	race->bytes = bytes;
	memcpy(&race->word[0], one, bytes);
	memcpy(&race->word[1], other, bytes);
	memcpy(slot, one, bytes);
	race->wq = alloc_workqueue("nfh_kunit", WQ_UNBOUND, 0);
	KUNIT_ASSERT_NOT_NULL(test, race->wq);
	kunit_alloc_resource(test, NULL, race_end, GFP_KERNEL, race);
	INIT_WORK(&race->work, race_run);
	queue_work(race->wq, &race->work);
}

/* A null response that is not due, or an id that is idle; never a wild id. */
void tx_ring_take_while_slot_changes(struct kunit *test)
{
	static const struct xen_netif_tx_response idle = {
		.id = 77,
		.status = XEN_NETIF_RSP_OKAY,
	};
	static const struct xen_netif_tx_response null = {
		.id = 0xffff,
		.status = XEN_NETIF_RSP_NULL,
	};
	struct ring_fixture *fx = test->priv;
	u32 mixed = 0;
	u32 i;

	tx_send(test);
	tx_remember(fx);
	race_begin(test, &fx->tx_page->ring[0].rsp, sizeof(idle), &idle, &null);

	for (i = 0; i < RACE_TRIES; i++) {
		struct nfh_tx_done done;
		enum nfh_violation why = nfh_tx_ring_take(&fx->tx, &done);

		mixed += why != NFH_V_TX_ID_IDLE && why != NFH_V_TX_NULL;
	}
	KUNIT_EXPECT_EQ(test, mixed, 0U);
	KUNIT_EXPECT_TRUE(test, tx_unchanged(fx));
}

/* The whole page, or its last byte; never more than the page. */
void rx_ring_take_data_while_slot_changes(struct kunit *test)
{
	static const struct xen_netif_rx_response whole = {
		.offset = 0,
		.status = 4096,
	};
	static const struct xen_netif_rx_response last = {
		.offset = 4095,
		.flags = XEN_NETRXF_more_data,
		.status = 1,
	};
	struct ring_fixture *fx = test->priv;
	u32 mixed = 0;
	u32 i;

	nfh_rx_ring_repost(&fx->rx);
	race_begin(test, &fx->rx_page->ring[0].rsp, sizeof(whole), &whole,
		   &last);

	for (i = 0; i < RACE_TRIES; i++) {
		struct nfh_rx_data data;

		fx->rx.rsp_cons = 0;
		mixed += nfh_rx_ring_take_data(&fx->rx, &data) != NFH_V_NONE;
		mixed += data.len != (data.offset ? 1 : 4096);
		mixed += data.more != !!data.offset;
	}
	KUNIT_EXPECT_EQ(test, mixed, 0U);
}
