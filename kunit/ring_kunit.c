// SPDX-License-Identifier: GPL-2.0
/*
 * ring.c against a backend that does what it likes
 *
 * The shared page is plain memory, and the test writes to it what a backend
 * would.  Two rules are checked everywhere: a response is accepted exactly as
 * often as it was asked for, and a refused one leaves the whole private half
 * of the ring as it was, byte by byte.
 *
 * A backend may write while ring.c reads.  Every load that ring.c makes of a
 * shared page is counted, and the slots can be made to change right behind it:
 * whoever looks a second time sees something else.
 */
#include <kunit/test.h>
#include <linux/build_bug.h>
#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/nospec.h>
#include <linux/string.h>
#include <asm/barrier.h>

#include "reasons.h"
#include "ring_fixture.h"

/* Loads since the last loads_begin(), and whose slots change behind them. */
static u32 loads;
static struct ring_fixture *changing;

static void page_was_loaded(void)
{
	loads++;
	if (!changing)
		return;
	memset(changing->tx_page->ring, UNTOUCHED,
	       NFH_RING_SLOTS * sizeof(changing->tx_page->ring[0]));
	memset(changing->rx_page->ring, UNTOUCHED,
	       NFH_RING_SLOTS * sizeof(changing->rx_page->ring[0]));
}

#undef READ_ONCE
#define READ_ONCE(x) \
({ \
	typeof(x) __once = __READ_ONCE(x); \
	page_was_loaded(); \
	__once; \
})

#include "../ring.c"

static void loads_begin(struct ring_fixture *fx, bool change)
{
	loads = 0;
	changing = change ? fx : NULL;
}

static u32 loads_end(void)
{
	changing = NULL;
	return loads;
}

/* nfh_tx_ring_init, _room, _claim, _unclaim */

static void tx_ring_init_on_used_memory(struct kunit *test)
{
	struct ring_fixture *fx = test->priv;
	u32 i;

	memset(&fx->tx, UNTOUCHED, sizeof(fx->tx));
	memset(fx->tx_page, 0, NFH_PAGE_BYTES);

	nfh_tx_ring_init(&fx->tx, as_shared(fx->tx_page));

	KUNIT_EXPECT_EQ(test, fx->tx.req_prod, 0U);
	KUNIT_EXPECT_EQ(test, fx->tx.req_pub, 0U);
	KUNIT_EXPECT_EQ(test, fx->tx.rsp_cons, 0U);
	KUNIT_EXPECT_EQ(test, fx->tx.rsp_seen, 0U);
	KUNIT_EXPECT_EQ(test, fx->tx.nulls, 0U);
	KUNIT_EXPECT_EQ(test, nfh_tx_ring_room(&fx->tx), NFH_RING_SLOTS);
	for (i = 0; i < NFH_RING_SLOTS; i++) {
		KUNIT_EXPECT_EQ(test, fx->tx.slot[i].state, NFH_TX_FREE);
		KUNIT_EXPECT_NULL(test, fx->tx.slot[i].cookie);
	}
}

static void tx_ring_init_page(struct kunit *test)
{
	struct ring_fixture *fx = test->priv;
	struct xen_netif_tx_sring *page = fx->tx_page;

	KUNIT_EXPECT_EQ(test, page->req_event, 1U);
	KUNIT_EXPECT_EQ(test, page->rsp_event, 1U);

	page->req_event = 0;
	page->rsp_event = 0;
	KUNIT_EXPECT_NULL(test, memchr_inv(page, 0, NFH_PAGE_BYTES));
}

static void tx_ring_claim_every_slot_once(struct kunit *test)
{
	struct ring_fixture *fx = test->priv;
	u32 i;

	for (i = 0; i < NFH_RING_SLOTS; i++) {
		u16 slot = tx_claim(test);

		KUNIT_EXPECT_EQ(test, fx->tx.slot[slot].state, NFH_TX_FILLED);
		KUNIT_EXPECT_NULL(test, fx->tx.slot[slot].cookie);
		/* the second claim of a slot would find the mark */
		KUNIT_EXPECT_EQ(test, fx->cookies[slot], 0);
		fx->cookies[slot] = 1;
	}
}

static void tx_ring_claim_none_free(struct kunit *test)
{
	struct ring_fixture *fx = test->priv;
	u32 i;

	for (i = 0; i < NFH_RING_SLOTS; i++)
		tx_claim(test);
	tx_remember(fx);

	KUNIT_EXPECT_EQ(test, nfh_tx_ring_claim(&fx->tx), -ENOBUFS);
	KUNIT_EXPECT_TRUE(test, tx_unchanged(fx));
}

static void tx_ring_claim_prefers_the_warm_page(struct kunit *test)
{
	struct ring_fixture *fx = test->priv;
	struct nfh_tx_done done;
	u16 first = tx_send(test);
	u16 second = tx_send(test);

	tx_answer(fx, second, XEN_NETIF_RSP_OKAY);
	tx_answer(fx, first, XEN_NETIF_RSP_OKAY);
	KUNIT_EXPECT_EQ(test, nfh_tx_ring_take(&fx->tx, &done), NFH_V_NONE);
	KUNIT_EXPECT_EQ(test, nfh_tx_ring_take(&fx->tx, &done), NFH_V_NONE);

	KUNIT_EXPECT_EQ(test, tx_claim(test), first);
	KUNIT_EXPECT_EQ(test, tx_claim(test), second);
}

static void tx_ring_unclaim_claimed_slot(struct kunit *test)
{
	struct ring_fixture *fx = test->priv;
	u16 slot = tx_claim(test);

	nfh_tx_ring_unclaim(&fx->tx, slot);

	KUNIT_EXPECT_EQ(test, fx->tx.slot[slot].state, NFH_TX_FREE);
	KUNIT_EXPECT_EQ(test, fx->tx.free_count, NFH_RING_SLOTS);
	KUNIT_EXPECT_EQ(test, tx_claim(test), slot);
}

static void tx_ring_unclaim_other_slots(struct kunit *test)
{
	struct ring_fixture *fx = test->priv;
	u16 sent = tx_send(test);
	u16 back = tx_claim(test);
	u16 put = tx_claim(test);

	tx_put(fx, put);
	nfh_tx_ring_unclaim(&fx->tx, back);
	tx_remember(fx);

	nfh_tx_ring_unclaim(&fx->tx, back);
	KUNIT_EXPECT_TRUE_MSG(test, tx_unchanged(fx), "twice");
	nfh_tx_ring_unclaim(&fx->tx, sent);
	KUNIT_EXPECT_TRUE_MSG(test, tx_unchanged(fx), "in flight");
	nfh_tx_ring_unclaim(&fx->tx, put);
	KUNIT_EXPECT_TRUE_MSG(test, tx_unchanged(fx), "not published");
	nfh_tx_ring_unclaim(&fx->tx, NFH_RING_SLOTS);
	KUNIT_EXPECT_TRUE_MSG(test, tx_unchanged(fx), "one too high");
	nfh_tx_ring_unclaim(&fx->tx, U16_MAX);
	KUNIT_EXPECT_TRUE_MSG(test, tx_unchanged(fx), "highest");
}

static void tx_ring_room_counts_positions(struct kunit *test)
{
	struct ring_fixture *fx = test->priv;
	struct nfh_tx_done done;
	u16 slot;

	tx_start(fx, U32_MAX);
	slot = tx_claim(test);
	KUNIT_EXPECT_EQ_MSG(test, nfh_tx_ring_room(&fx->tx), 256U, "claimed");
	tx_put(fx, slot);
	KUNIT_EXPECT_EQ_MSG(test, nfh_tx_ring_room(&fx->tx), 255U, "put");
	nfh_tx_ring_put_gso(&fx->tx, XEN_NETIF_GSO_TYPE_TCPV4, 1448);
	KUNIT_EXPECT_EQ_MSG(test, nfh_tx_ring_room(&fx->tx), 254U, "extra");
	nfh_tx_ring_publish(&fx->tx);
	KUNIT_EXPECT_EQ_MSG(test, nfh_tx_ring_room(&fx->tx), 254U, "published");

	tx_answer(fx, slot, XEN_NETIF_RSP_OKAY);
	tx_answer(fx, 0, XEN_NETIF_RSP_NULL);
	nfh_tx_ring_take(&fx->tx, &done);
	KUNIT_EXPECT_EQ_MSG(test, nfh_tx_ring_room(&fx->tx), 255U, "answered");
	nfh_tx_ring_take(&fx->tx, &done);
	KUNIT_EXPECT_EQ_MSG(test, nfh_tx_ring_room(&fx->tx), 256U, "both");
}

static void tx_ring_room_of_full_ring(struct kunit *test)
{
	struct ring_fixture *fx = test->priv;
	u32 i;

	tx_start(fx, NEAR_WRAP);
	for (i = 0; i < NFH_RING_SLOTS; i++)
		tx_send(test);

	KUNIT_EXPECT_EQ(test, nfh_tx_ring_room(&fx->tx), 0U);
	KUNIT_EXPECT_EQ(test, fx->tx_page->req_prod, NEAR_WRAP + 256);
}

/* nfh_tx_ring_put, _put_gso, _publish */

static void tx_ring_put_composes_request(struct kunit *test)
{
	struct ring_fixture *fx = test->priv;
	u16 slot = tx_claim(test);
	const struct nfh_tx_req req = {
		.gref = 0xdeadbeef,
		.flags = XEN_NETTXF_csum_blank | XEN_NETTXF_more_data,
		.size = 0xabcd,
		.cookie = &fx->cookies[7],
	};
	const struct xen_netif_tx_request want = {
		.gref = 0xdeadbeef,
		.offset = 0,
		.flags = XEN_NETTXF_csum_blank | XEN_NETTXF_more_data,
		.id = slot,
		.size = 0xabcd,
	};

	/* what the page holds before must not shine through */
	memset(&fx->tx_page->ring[0], UNTOUCHED, sizeof(fx->tx_page->ring[0]));
	nfh_tx_ring_put(&fx->tx, slot, &req);

	KUNIT_EXPECT_EQ(test, memcmp(&fx->tx_page->ring[0].req, &want,
				     sizeof(want)), 0);
	KUNIT_EXPECT_PTR_EQ(test, fx->tx.slot[slot].cookie, req.cookie);
	KUNIT_EXPECT_EQ(test, fx->tx.slot[slot].state, NFH_TX_PUT);
	KUNIT_EXPECT_EQ(test, fx->tx.req_prod, 1U);
}

static void tx_ring_put_shows_nothing(struct kunit *test)
{
	struct ring_fixture *fx = test->priv;
	u32 count;

	tx_put(fx, tx_claim(test));
	nfh_tx_ring_put_gso(&fx->tx, XEN_NETIF_GSO_TYPE_TCPV6, 1428);

	KUNIT_EXPECT_EQ(test, fx->tx_page->req_prod, 0U);
	KUNIT_EXPECT_EQ(test, fx->tx.req_pub, 0U);
	fx->tx_page->rsp_prod = 1;
	KUNIT_EXPECT_EQ(test, nfh_tx_ring_pending(&fx->tx, &count),
			NFH_V_TX_PRODUCER);
}

static void tx_ring_put_position_wraps(struct kunit *test)
{
	struct ring_fixture *fx = test->priv;
	u16 slot[3];
	u32 i;

	tx_start(fx, U32_MAX);
	for (i = 0; i < 3; i++) {
		slot[i] = tx_claim(test);
		tx_put(fx, slot[i]);
	}

	KUNIT_EXPECT_EQ(test, fx->tx_page->ring[255].req.gref,
			gref_of(slot[0]));
	KUNIT_EXPECT_EQ(test, fx->tx_page->ring[0].req.gref, gref_of(slot[1]));
	KUNIT_EXPECT_EQ(test, fx->tx_page->ring[1].req.gref, gref_of(slot[2]));
	KUNIT_EXPECT_EQ(test, fx->tx_page->ring[2].req.gref, 0U);
	KUNIT_EXPECT_EQ(test, fx->tx.req_prod, 2U);
}

static void tx_ring_put_gso_composes_extra(struct kunit *test)
{
	struct ring_fixture *fx = test->priv;
	const struct xen_netif_extra_info want = {
		.type = XEN_NETIF_EXTRA_TYPE_GSO,
		.flags = 0,
		.u.gso.size = 1448,
		.u.gso.type = XEN_NETIF_GSO_TYPE_TCPV6,
		.u.gso.pad = 0,
		.u.gso.features = 0,
	};

	tx_start(fx, 300);
	memset(&fx->tx_page->ring[44], UNTOUCHED, sizeof(want));
	nfh_tx_ring_put_gso(&fx->tx, XEN_NETIF_GSO_TYPE_TCPV6, 1448);

	KUNIT_EXPECT_EQ(test, memcmp(&fx->tx_page->ring[44], &want,
				     sizeof(want)), 0);
	KUNIT_EXPECT_EQ(test, fx->tx.req_prod, 301U);
	KUNIT_EXPECT_EQ(test, fx->tx.free_count, NFH_RING_SLOTS);
	KUNIT_EXPECT_EQ(test, fx->tx.nulls, 0U);
}

static void tx_ring_publish_marks_what_was_put(struct kunit *test)
{
	struct ring_fixture *fx = test->priv;
	u16 claimed, put[2];

	tx_start(fx, U32_MAX);
	put[0] = tx_claim(test);
	claimed = tx_claim(test);
	put[1] = tx_claim(test);
	tx_put(fx, put[0]);
	nfh_tx_ring_put_gso(&fx->tx, XEN_NETIF_GSO_TYPE_TCPV4, 1448);
	tx_put(fx, put[1]);

	nfh_tx_ring_publish(&fx->tx);

	KUNIT_EXPECT_EQ(test, fx->tx.slot[put[0]].state, NFH_TX_SENT);
	KUNIT_EXPECT_EQ(test, fx->tx.slot[put[1]].state, NFH_TX_SENT);
	KUNIT_EXPECT_EQ(test, fx->tx.slot[claimed].state, NFH_TX_FILLED);
	KUNIT_EXPECT_EQ(test, fx->tx_page->req_prod, 2U);
	KUNIT_EXPECT_EQ(test, fx->tx.req_pub, 2U);
	KUNIT_EXPECT_EQ(test, fx->tx.nulls, 1U);
}

static void tx_ring_publish_full_ring(struct kunit *test)
{
	struct ring_fixture *fx = test->priv;
	u32 i;

	tx_start(fx, NEAR_WRAP);
	fx->tx_page->req_event = NEAR_WRAP + 1;
	for (i = 0; i < NFH_RING_SLOTS; i++)
		tx_put(fx, tx_claim(test));

	KUNIT_EXPECT_TRUE(test, nfh_tx_ring_publish(&fx->tx));

	for (i = 0; i < NFH_RING_SLOTS; i++)
		KUNIT_EXPECT_EQ(test, fx->tx.slot[i].state, NFH_TX_SENT);
	KUNIT_EXPECT_EQ(test, fx->tx_page->req_prod, NEAR_WRAP + 256);
}

static void tx_ring_publish_nothing_new(struct kunit *test)
{
	struct ring_fixture *fx = test->priv;

	tx_send(test);
	tx_remember(fx);

	KUNIT_EXPECT_FALSE(test, nfh_tx_ring_publish(&fx->tx));
	KUNIT_EXPECT_TRUE(test, tx_unchanged(fx));
}

/* What the backend writes over our index and our slots is never believed. */
static void tx_ring_publish_does_not_read_back(struct kunit *test)
{
	struct ring_fixture *fx = test->priv;
	u16 slot = tx_claim(test);

	tx_put(fx, slot);
	memset(fx->tx_page->ring, 0xff, 4);
	fx->tx_page->req_prod = 77;
	nfh_tx_ring_publish(&fx->tx);

	KUNIT_EXPECT_EQ(test, fx->tx_page->req_prod, 1U);
	KUNIT_EXPECT_EQ(test, fx->tx.slot[slot].state, NFH_TX_SENT);
	KUNIT_EXPECT_EQ(test, fx->tx.req_prod, 1U);
}

/* Does the backend want an event for @count requests behind @old? */
struct notify_case {
	const char *desc;
	u32 old;
	u32 count;
	u32 event;
	bool notify;
};

static const struct notify_case notify_cases[] = {
	{ "nothing_new",		100, 0, 100, false },
	{ "nothing_new_event_next",	100, 0, 101, false },
	{ "one_event_at_old",		100, 1, 100, false },
	{ "one_event_next",		100, 1, 101, true },
	{ "one_event_one_further",	100, 1, 102, false },
	{ "three_event_at_old",		100, 3, 100, false },
	{ "three_event_first",		100, 3, 101, true },
	{ "three_event_middle",		100, 3, 102, true },
	{ "three_event_last",		100, 3, 103, true },
	{ "three_event_beyond",		100, 3, 104, false },
	{ "ring_event_first",		100, 256, 101, true },
	{ "ring_event_last",		100, 256, 356, true },
	{ "ring_event_beyond",		100, 256, 357, false },
	{ "ring_event_at_old",		100, 256, 100, false },
	{ "event_far_ahead",		100, 3, 100 + 0x80000000U, false },
	{ "event_far_behind",		100, 3, 101 - 0x80000000U, false },
	{ "event_zero",			100, 3, 0, false },
	{ "event_highest",		100, 3, U32_MAX, false },
	{ "wrap_event_first",		U32_MAX - 1, 4, U32_MAX, true },
	{ "wrap_event_zero",		U32_MAX - 1, 4, 0, true },
	{ "wrap_event_last",		U32_MAX - 1, 4, 2, true },
	{ "wrap_event_beyond",		U32_MAX - 1, 4, 3, false },
	{ "wrap_event_at_old",		U32_MAX - 1, 4, U32_MAX - 1, false },
	{ "to_zero_event_zero",		U32_MAX, 1, 0, true },
	{ "to_zero_event_one",		U32_MAX, 1, 1, false },
};

static void notify_desc(const struct notify_case *row, char *desc)
{
	strscpy(desc, row->desc, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(notify, notify_cases, notify_desc);

static void tx_ring_publish_notify(struct kunit *test)
{
	const struct notify_case *row = test->param_value;
	struct ring_fixture *fx = test->priv;
	bool notify;
	u32 i;

	tx_start(fx, row->old);
	fx->tx_page->req_event = row->event;
	for (i = 0; i < row->count; i++)
		tx_put(fx, tx_claim(test));
	loads_begin(fx, false);

	notify = nfh_tx_ring_publish(&fx->tx);

	KUNIT_EXPECT_EQ(test, loads_end(), 1U);
	KUNIT_EXPECT_EQ(test, notify, row->notify);
	KUNIT_EXPECT_EQ(test, fx->tx_page->req_prod, row->old + row->count);
}

static void rx_ring_repost_notify(struct kunit *test)
{
	const struct notify_case *row = test->param_value;
	struct ring_fixture *fx = test->priv;
	bool notify;

	rx_start(fx, row->old);
	fx->rx_page->req_event = row->event;
	/* so many of 256 posted slots were consumed */
	fx->rx.rsp_cons = row->old + row->count - NFH_RING_SLOTS;
	loads_begin(fx, false);

	notify = nfh_rx_ring_repost(&fx->rx);

	KUNIT_EXPECT_EQ(test, loads_end(), row->count ? 1U : 0U);
	KUNIT_EXPECT_EQ(test, notify, row->notify);
	KUNIT_EXPECT_EQ(test, fx->rx_page->req_prod, row->old + row->count);
}

/* nfh_tx_ring_pending, nfh_rx_ring_pending, and both _arm */

/*
 * The backend owes @owed responses, had owned up to @seen of them before, and
 * now claims to have given @ahead.
 */
struct index_case {
	const char *desc;
	u32 cons;
	u32 owed;
	u32 seen;
	u32 ahead;
	bool refused;
};

static const struct index_case index_cases[] = {
	{ "owes_none_gave_none",	0, 0, 0, 0, false },
	{ "owes_none_gave_one",		0, 0, 0, 1, true },
	{ "owes_some_gave_none",	0, 5, 0, 0, false },
	{ "owes_some_gave_one",		0, 5, 0, 1, false },
	{ "owes_some_gave_all",		0, 5, 0, 5, false },
	{ "owes_some_gave_one_more",	0, 5, 0, 6, true },
	{ "owes_some_gave_ring",	0, 5, 0, 256, true },
	{ "owes_ring_less_one_gave_ring", 0, 255, 0, 256, true },
	{ "owes_ring_gave_ring",	0, 256, 0, 256, false },
	{ "owes_ring_gave_one_more",	0, 256, 0, 257, true },
	{ "jump_by_2_15",		0, 256, 0, 0x8000, true },
	{ "jump_by_2_16",		0, 256, 0, 0x10000, true },
	{ "jump_by_2_16_and_one",	0, 256, 0, 0x10001, true },
	{ "jump_below_2_31",		0, 256, 0, 0x7fffffff, true },
	{ "jump_by_2_31",		0, 256, 0, 0x80000000, true },
	{ "jump_beyond_2_31",		0, 256, 0, 0x80000001, true },
	{ "back_by_one",		1000, 256, 0, -1, true },
	{ "back_by_one_owes_none",	1000, 0, 0, -1, true },
	{ "back_by_ring",		1000, 256, 0, -256, true },
	{ "back_below_zero",		0, 256, 0, -1, true },
	{ "back_over_wrap",		3, 256, 0, -4, true },
	{ "wrap_gave_none",		NEAR_WRAP, 32, 0, 0, false },
	{ "wrap_gave_up_to_zero",	NEAR_WRAP, 32, 0, 16, false },
	{ "wrap_gave_all",		NEAR_WRAP, 32, 0, 32, false },
	{ "wrap_gave_one_more",		NEAR_WRAP, 32, 0, 33, true },
	{ "wrap_gave_ring",		NEAR_WRAP, 256, 0, 256, false },
	{ "wrap_gave_ring_and_one",	NEAR_WRAP, 256, 0, 257, true },
	{ "last_index_gave_one",	U32_MAX, 1, 0, 1, false },
	{ "last_index_owes_none",	U32_MAX, 0, 0, 1, true },
	{ "last_index_back_by_one",	U32_MAX, 256, 0, -1, true },
	{ "sign_change_gave_all",	0x7fffffff, 2, 0, 2, false },
	{ "seen_gave_as_many",		0, 5, 3, 3, false },
	{ "seen_gave_one_more",		0, 5, 3, 4, false },
	{ "seen_gave_all",		0, 5, 5, 5, false },
	{ "seen_takes_one_back",	0, 5, 3, 2, true },
	{ "seen_takes_all_back",	0, 5, 3, 0, true },
	{ "seen_takes_one_of_ring_back", 0, 256, 256, 255, true },
	{ "seen_back_before_cons",	1000, 256, 3, -1, true },
	{ "seen_gave_one_too_many",	0, 5, 5, 6, true },
	{ "seen_wrap_gave_as_many",	NEAR_WRAP, 32, 20, 20, false },
	{ "seen_wrap_takes_one_back",	NEAR_WRAP, 32, 20, 19, true },
	{ "seen_wrap_takes_wrap_back",	NEAR_WRAP, 32, 20, 10, true },
	{ "sign_change_gave_one_more",	0x7fffffff, 2, 0, 3, true },
};

static void index_desc(const struct index_case *row, char *desc)
{
	strscpy(desc, row->desc, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(index, index_cases, index_desc);

/* Indexes of the row; what is put but not published does not count. */
static void tx_arrange_index(struct ring_fixture *fx,
			     const struct index_case *row)
{
	tx_start(fx, row->cons);
	fx->tx.req_pub = row->cons + row->owed;
	fx->tx.req_prod = row->cons + NFH_RING_SLOTS;
	fx->tx.rsp_seen = row->cons + row->seen;
	fx->tx_page->rsp_prod = row->cons + row->ahead;
	tx_remember(fx);
	loads_begin(fx, false);
}

static void rx_arrange_index(struct ring_fixture *fx,
			     const struct index_case *row)
{
	rx_start(fx, row->cons);
	fx->rx.req_prod = row->cons + row->owed;
	fx->rx.rsp_seen = row->cons + row->seen;
	fx->rx_page->rsp_prod = row->cons + row->ahead;
	rx_remember(fx);
	loads_begin(fx, false);
}

/* A good index is remembered, and nothing else; a bad one not even that. */
static void tx_expect_index(struct kunit *test, const struct index_case *row,
			    enum nfh_violation why, u32 count)
{
	struct ring_fixture *fx = test->priv;

	KUNIT_EXPECT_EQ(test, why,
			row->refused ? NFH_V_TX_PRODUCER : NFH_V_NONE);
	KUNIT_EXPECT_EQ(test, loads_end(), 1U);
	KUNIT_EXPECT_EQ(test, count, row->refused ? U32_MAX : row->ahead);
	if (!row->refused)
		fx->tx_before.rsp_seen = row->cons + row->ahead;
	KUNIT_EXPECT_TRUE(test, tx_unchanged(fx));
}

static void rx_expect_index(struct kunit *test, const struct index_case *row,
			    enum nfh_violation why, u32 count)
{
	struct ring_fixture *fx = test->priv;

	KUNIT_EXPECT_EQ(test, why,
			row->refused ? NFH_V_RX_PRODUCER : NFH_V_NONE);
	KUNIT_EXPECT_EQ(test, loads_end(), 1U);
	KUNIT_EXPECT_EQ(test, count, row->refused ? U32_MAX : row->ahead);
	if (!row->refused)
		fx->rx_before.rsp_seen = row->cons + row->ahead;
	KUNIT_EXPECT_TRUE(test, rx_unchanged(fx));
}

static void tx_ring_pending_index(struct kunit *test)
{
	const struct index_case *row = test->param_value;
	struct ring_fixture *fx = test->priv;
	enum nfh_violation why;
	u32 count = U32_MAX;

	tx_arrange_index(fx, row);
	why = nfh_tx_ring_pending(&fx->tx, &count);
	tx_expect_index(test, row, why, count);
}

static void rx_ring_pending_index(struct kunit *test)
{
	const struct index_case *row = test->param_value;
	struct ring_fixture *fx = test->priv;
	enum nfh_violation why;
	u32 count = U32_MAX;

	rx_arrange_index(fx, row);
	why = nfh_rx_ring_pending(&fx->rx, &count);
	rx_expect_index(test, row, why, count);
}

static void tx_ring_arm_index(struct kunit *test)
{
	const struct index_case *row = test->param_value;
	struct ring_fixture *fx = test->priv;
	enum nfh_violation why;
	u32 count = U32_MAX;

	tx_arrange_index(fx, row);
	why = nfh_tx_ring_arm(&fx->tx, &count);
	tx_expect_index(test, row, why, count);
	KUNIT_EXPECT_EQ(test, fx->tx_page->rsp_event, row->cons + 1);
}

static void rx_ring_arm_index(struct kunit *test)
{
	const struct index_case *row = test->param_value;
	struct ring_fixture *fx = test->priv;
	enum nfh_violation why;
	u32 count = U32_MAX;

	rx_arrange_index(fx, row);
	why = nfh_rx_ring_arm(&fx->rx, &count);
	rx_expect_index(test, row, why, count);
	KUNIT_EXPECT_EQ(test, fx->rx_page->rsp_event, row->cons + 1);
}

/* An index that goes forth and back is refused, whatever is taken meanwhile. */
static void tx_ring_pending_after_take(struct kunit *test)
{
	struct ring_fixture *fx = test->priv;
	struct nfh_tx_done done;
	u32 count, i;

	for (i = 0; i < 4; i++)
		tx_answer(fx, tx_send(test), XEN_NETIF_RSP_OKAY);
	KUNIT_EXPECT_EQ(test, nfh_tx_ring_pending(&fx->tx, &count), NFH_V_NONE);
	KUNIT_EXPECT_EQ(test, count, 4U);
	nfh_tx_ring_take(&fx->tx, &done);
	nfh_tx_ring_take(&fx->tx, &done);

	fx->tx_page->rsp_prod = 3;
	KUNIT_EXPECT_EQ(test, nfh_tx_ring_pending(&fx->tx, &count),
			NFH_V_TX_PRODUCER);
	fx->tx_page->rsp_prod = 4;
	KUNIT_EXPECT_EQ(test, nfh_tx_ring_pending(&fx->tx, &count), NFH_V_NONE);
	KUNIT_EXPECT_EQ(test, count, 2U);
}

static void rx_ring_pending_after_take(struct kunit *test)
{
	struct ring_fixture *fx = test->priv;
	struct nfh_rx_extra extra;
	u32 count;

	nfh_rx_ring_repost(&fx->rx);
	fx->rx_page->rsp_prod = 4;
	KUNIT_EXPECT_EQ(test, nfh_rx_ring_pending(&fx->rx, &count), NFH_V_NONE);
	nfh_rx_ring_take_extra(&fx->rx, &extra);
	nfh_rx_ring_take_extra(&fx->rx, &extra);

	fx->rx_page->rsp_prod = 3;
	KUNIT_EXPECT_EQ(test, nfh_rx_ring_pending(&fx->rx, &count),
			NFH_V_RX_PRODUCER);
	fx->rx_page->rsp_prod = 4;
	KUNIT_EXPECT_EQ(test, nfh_rx_ring_pending(&fx->rx, &count), NFH_V_NONE);
	KUNIT_EXPECT_EQ(test, count, 2U);
}

/* nfh_tx_ring_take */

/* Which id the backend answers with. */
enum tx_target {
	TO_SENT,		/* a slot in flight */
	TO_PUT,		/* a slot whose request was not published */
	TO_CLAIMED,		/* a slot that is being filled */
	TO_ANSWERED,		/* a slot that was answered before */
	TO_UNUSED,		/* a slot that was never claimed */
	TARGETS,
};

/* Where an extra is that stands beside the slots. */
enum tx_extra {
	ALONE,			/* there is none */
	UNSENT,			/* put, not published */
	BESIDE,			/* in flight */
};

/* One response.  The id is that of @target plus @add. */
struct take_case {
	const char *desc;
	enum tx_target target;
	u16 add;
	s16 status;
	enum tx_extra extra;
	enum nfh_violation why;
};

/* Short enough for a table. */
#define OKAY	XEN_NETIF_RSP_OKAY
#define ERROR	XEN_NETIF_RSP_ERROR
#define DROPPED	XEN_NETIF_RSP_DROPPED
#define NULL_	XEN_NETIF_RSP_NULL
#define GOOD	NFH_V_NONE
#define STATUS	NFH_V_TX_STATUS
#define RANGE	NFH_V_TX_ID_RANGE
#define IDLE	NFH_V_TX_ID_IDLE
#define NULLS	NFH_V_TX_NULL

static const struct take_case take_cases[] = {
	{ "okay",		TO_SENT, 0, OKAY, ALONE, GOOD },
	{ "error",		TO_SENT, 0, ERROR, ALONE, GOOD },
	{ "dropped",		TO_SENT, 0, DROPPED, ALONE, GOOD },
	{ "okay_beside_extra",	TO_SENT, 0, OKAY, BESIDE, GOOD },
	{ "status_2",		TO_SENT, 0, 2, ALONE, STATUS },
	{ "status_minus_3",	TO_SENT, 0, -3, ALONE, STATUS },
	{ "status_lowest",	TO_SENT, 0, S16_MIN, ALONE, STATUS },
	{ "status_highest",	TO_SENT, 0, S16_MAX, ALONE, STATUS },
	{ "status_0x100",	TO_SENT, 0, 0x100, ALONE, STATUS },
	{ "status_0x101",	TO_SENT, 0, 0x101, BESIDE, STATUS },
	{ "id_not_published",	TO_PUT, 0, OKAY, ALONE, IDLE },
	{ "id_being_filled",	TO_CLAIMED, 0, OKAY, ALONE, IDLE },
	{ "id_answered_before",	TO_ANSWERED, 0, OKAY, ALONE, IDLE },
	{ "id_never_used",	TO_UNUSED, 0, OKAY, ALONE, IDLE },
	{ "id_idle_bad_status",	TO_UNUSED, 0, 99, ALONE, IDLE },
	{ "id_idle_error",	TO_UNUSED, 0, ERROR, ALONE, IDLE },
	{ "id_ring_size_too_high", TO_SENT, 256, OKAY, ALONE, RANGE },
	{ "id_same_low_byte",	TO_SENT, 0x100 * 7, OKAY, ALONE, RANGE },
	{ "id_sign_bit",	TO_SENT, 0x8000, OKAY, ALONE, RANGE },
	{ "id_bad_status_bad",	TO_SENT, 256, 99, ALONE, RANGE },
	{ "null_unexpected",	TO_SENT, 0, NULL_, ALONE, NULLS },
	{ "null_unexpected_id_idle", TO_UNUSED, 0, NULL_, ALONE, NULLS },
	{ "null_not_published",	TO_SENT, 0, NULL_, UNSENT, NULLS },
	{ "null_expected",	TO_SENT, 0, NULL_, BESIDE, GOOD },
	{ "null_expected_id_idle", TO_UNUSED, 0, NULL_, BESIDE, GOOD },
	{ "null_expected_id_bad", TO_SENT, 0x8000, NULL_, BESIDE, GOOD },
};

static void take_desc(const struct take_case *row, char *desc)
{
	strscpy(desc, row->desc, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(take, take_cases, take_desc);

/* One slot of each kind; returns the one that the row wants answered. */
static u16 tx_arrange_take(struct kunit *test, const struct take_case *row)
{
	struct ring_fixture *fx = test->priv;
	u16 slot[TARGETS];
	struct nfh_tx_done done;
	u32 i;

	tx_start(fx, NEAR_WRAP + 14);
	for (i = 0; i < TARGETS; i++)
		slot[i] = tx_claim(test);
	nfh_tx_ring_unclaim(&fx->tx, slot[TO_UNUSED]);

	tx_put(fx, slot[TO_ANSWERED]);
	tx_put(fx, slot[TO_SENT]);
	if (row->extra == BESIDE)
		nfh_tx_ring_put_gso(&fx->tx, XEN_NETIF_GSO_TYPE_TCPV4, 1448);
	nfh_tx_ring_publish(&fx->tx);
	tx_answer(fx, slot[TO_ANSWERED], XEN_NETIF_RSP_OKAY);
	KUNIT_ASSERT_EQ(test, nfh_tx_ring_take(&fx->tx, &done), NFH_V_NONE);
	tx_put(fx, slot[TO_PUT]);
	if (row->extra == UNSENT)
		nfh_tx_ring_put_gso(&fx->tx, XEN_NETIF_GSO_TYPE_TCPV4, 1448);
	return slot[row->target];
}

/* A slot was freed by its response, or an extra was. */
static void tx_expect_consumed(struct kunit *test, const struct take_case *row,
			       u16 slot, const struct nfh_tx_done *done)
{
	const struct nfh_tx_ring *before =
		&((struct ring_fixture *)test->priv)->tx_before;
	struct ring_fixture *fx = test->priv;

	KUNIT_EXPECT_EQ(test, fx->tx.rsp_cons, before->rsp_cons + 1);
	if (row->status == XEN_NETIF_RSP_NULL) {
		KUNIT_EXPECT_NULL(test, done->cookie);
		KUNIT_EXPECT_EQ(test, done->status, XEN_NETIF_RSP_OKAY);
		KUNIT_EXPECT_EQ(test, fx->tx.free_count, before->free_count);
		return;
	}
	KUNIT_EXPECT_PTR_EQ(test, done->cookie, (void *)&fx->cookies[slot]);
	KUNIT_EXPECT_EQ(test, done->status, (int)row->status);
	KUNIT_EXPECT_EQ(test, fx->tx.slot[slot].state, NFH_TX_FREE);
	KUNIT_EXPECT_NULL(test, fx->tx.slot[slot].cookie);
	KUNIT_EXPECT_EQ(test, fx->tx.free_count, before->free_count + 1);
	KUNIT_EXPECT_EQ(test, tx_claim(test), slot);
}

static void tx_take_row(struct kunit *test, bool change)
{
	const struct take_case *row = test->param_value;
	struct ring_fixture *fx = test->priv;
	u16 slot = tx_arrange_take(test, row);
	struct nfh_ring_view view;
	enum nfh_violation why;
	struct nfh_tx_done done;

	memset(&done, UNTOUCHED, sizeof(done));
	tx_answer(fx, slot + row->add, row->status);
	tx_remember(fx);
	loads_begin(fx, change);

	why = nfh_tx_ring_take(&fx->tx, &done);

	KUNIT_EXPECT_EQ(test, loads_end(), 1U);
	KUNIT_EXPECT_EQ(test, why, row->why);
	if (row->why < NFH_V_FIRST_FAULT) {
		tx_expect_consumed(test, row, slot, &done);
		return;
	}
	KUNIT_EXPECT_TRUE(test, tx_unchanged(fx));
	KUNIT_EXPECT_TRUE(test, is_untouched(&done, sizeof(done)));
	/* the record has the word that was decided on, not a later one */
	nfh_tx_ring_look(&fx->tx, &view);
	KUNIT_EXPECT_EQ(test, (u16)view.refused, (u16)(slot + row->add));
	KUNIT_EXPECT_EQ(test, (s16)(view.refused >> 16), (s16)row->status);
	KUNIT_EXPECT_EQ(test, view.refused >> 32, 0ULL);
}

static void tx_ring_take_response(struct kunit *test)
{
	tx_take_row(test, false);
}

static void tx_ring_take_response_that_changes(struct kunit *test)
{
	tx_take_row(test, true);
}

static void tx_ring_take_every_id_of_an_idle_ring(struct kunit *test)
{
	struct ring_fixture *fx = test->priv;
	struct nfh_tx_done done;
	u32 id;

	tx_remember(fx);
	for (id = 0; id <= U16_MAX; id++) {
		fx->tx_page->ring[0].rsp.id = id;
		KUNIT_ASSERT_EQ_MSG(test, nfh_tx_ring_take(&fx->tx, &done),
				    id < 256 ? IDLE : RANGE, "id %u", id);
	}
	KUNIT_EXPECT_TRUE(test, tx_unchanged(fx));
}

static void tx_ring_take_id_twice(struct kunit *test)
{
	struct ring_fixture *fx = test->priv;
	u16 first = tx_send(test);
	u16 second = tx_send(test);
	struct nfh_tx_done done;
	u32 count;

	tx_answer(fx, second, XEN_NETIF_RSP_OKAY);
	tx_answer(fx, second, XEN_NETIF_RSP_OKAY);

	KUNIT_EXPECT_EQ(test, nfh_tx_ring_pending(&fx->tx, &count), NFH_V_NONE);
	KUNIT_EXPECT_EQ(test, count, 2U);
	KUNIT_EXPECT_EQ(test, nfh_tx_ring_take(&fx->tx, &done), NFH_V_NONE);
	tx_remember(fx);
	KUNIT_EXPECT_EQ(test, nfh_tx_ring_take(&fx->tx, &done),
			NFH_V_TX_ID_IDLE);
	KUNIT_EXPECT_TRUE(test, tx_unchanged(fx));
	KUNIT_EXPECT_EQ(test, fx->tx.slot[first].state, NFH_TX_SENT);
}

static void tx_ring_take_out_of_order(struct kunit *test)
{
	struct ring_fixture *fx = test->priv;
	u16 slot[NFH_RING_SLOTS];
	struct nfh_tx_done done;
	u32 i;

	tx_start(fx, NEAR_WRAP);
	for (i = 0; i < NFH_RING_SLOTS; i++)
		slot[i] = tx_send(test);

	/* 77 and 256 have no common divisor: every slot once */
	for (i = 0; i < NFH_RING_SLOTS; i++) {
		u16 id = slot[i * 77 % NFH_RING_SLOTS];

		tx_answer(fx, id, XEN_NETIF_RSP_OKAY);
		KUNIT_ASSERT_EQ(test, nfh_tx_ring_take(&fx->tx, &done),
				NFH_V_NONE);
		KUNIT_ASSERT_PTR_EQ(test, done.cookie,
				    (void *)&fx->cookies[id]);
	}
	KUNIT_EXPECT_EQ(test, nfh_tx_ring_room(&fx->tx), NFH_RING_SLOTS);
	KUNIT_EXPECT_EQ(test, fx->tx.free_count, NFH_RING_SLOTS);
}

static void tx_ring_take_nulls_as_often_as_extras(struct kunit *test)
{
	struct ring_fixture *fx = test->priv;
	struct nfh_tx_done done;
	u32 i;

	for (i = 0; i < 3; i++)
		tx_send_extra(fx);
	tx_send(test);
	for (i = 0; i < 4; i++)
		tx_answer(fx, 0, XEN_NETIF_RSP_NULL);

	for (i = 0; i < 3; i++) {
		done.cookie = fx;
		KUNIT_EXPECT_EQ(test, nfh_tx_ring_take(&fx->tx, &done),
				NFH_V_NONE);
		KUNIT_EXPECT_NULL(test, done.cookie);
	}
	tx_remember(fx);
	KUNIT_EXPECT_EQ(test, nfh_tx_ring_take(&fx->tx, &done), NFH_V_TX_NULL);
	KUNIT_EXPECT_TRUE(test, tx_unchanged(fx));
}

/* Nulls for all slots but one: the data of a slot cannot be nulled away. */
static void tx_ring_take_null_for_a_data_slot(struct kunit *test)
{
	struct ring_fixture *fx = test->priv;
	u16 first = tx_send(test);
	struct nfh_tx_done done;
	u16 second;

	tx_send_extra(fx);
	second = tx_send(test);
	tx_answer(fx, first, XEN_NETIF_RSP_NULL);
	tx_answer(fx, second, XEN_NETIF_RSP_NULL);

	KUNIT_EXPECT_EQ(test, nfh_tx_ring_take(&fx->tx, &done), NFH_V_NONE);
	KUNIT_EXPECT_EQ(test, nfh_tx_ring_take(&fx->tx, &done), NFH_V_TX_NULL);
	KUNIT_EXPECT_EQ(test, fx->tx.slot[first].state, NFH_TX_SENT);
	KUNIT_EXPECT_EQ(test, fx->tx.slot[second].state, NFH_TX_SENT);
}

/* A slot that is used again is in flight again, once. */
static void tx_ring_take_id_of_a_reused_slot(struct kunit *test)
{
	struct ring_fixture *fx = test->priv;
	struct nfh_tx_done done;
	u32 i;

	for (i = 0; i < 3 * NFH_RING_SLOTS; i++) {
		u16 slot = tx_send(test);

		tx_answer(fx, slot, XEN_NETIF_RSP_OKAY);
		KUNIT_ASSERT_EQ(test, nfh_tx_ring_take(&fx->tx, &done),
				NFH_V_NONE);
		tx_answer(fx, slot, XEN_NETIF_RSP_OKAY);
		KUNIT_ASSERT_EQ(test, nfh_tx_ring_take(&fx->tx, &done),
				NFH_V_TX_ID_IDLE);
		fx->tx_page->rsp_prod--;
	}
}

/* nfh_rx_ring_init, _repost */

static void rx_ring_init_keeps_grants_posts_nothing(struct kunit *test)
{
	struct ring_fixture *fx = test->priv;
	u32 count;
	u32 i;

	fx->rx.req_prod = 5;
	fx->rx.rsp_cons = 3;
	fx->rx.rsp_seen = 4;
	memset(fx->rx_page, 0, NFH_PAGE_BYTES);

	nfh_rx_ring_init(&fx->rx, as_shared(fx->rx_page));

	for (i = 0; i < NFH_RING_SLOTS; i++)
		KUNIT_EXPECT_EQ(test, fx->rx.gref[i], gref_of(i));
	KUNIT_EXPECT_EQ(test, fx->rx.req_prod, 0U);
	KUNIT_EXPECT_EQ(test, fx->rx.rsp_cons, 0U);
	KUNIT_EXPECT_EQ(test, fx->rx.rsp_seen, 0U);
	KUNIT_EXPECT_EQ(test, nfh_rx_ring_pending(&fx->rx, &count), NFH_V_NONE);
	KUNIT_EXPECT_EQ(test, count, 0U);
	KUNIT_EXPECT_EQ(test, fx->rx_page->req_event, 1U);
	KUNIT_EXPECT_EQ(test, fx->rx_page->rsp_event, 1U);
	fx->rx_page->req_event = 0;
	fx->rx_page->rsp_event = 0;
	KUNIT_EXPECT_NULL(test, memchr_inv(fx->rx_page, 0, NFH_PAGE_BYTES));
}

static void rx_ring_repost_after_init_posts_all(struct kunit *test)
{
	struct ring_fixture *fx = test->priv;
	u32 i;

	memset(fx->rx_page->ring, UNTOUCHED,
	       NFH_RING_SLOTS * sizeof(fx->rx_page->ring[0]));

	KUNIT_EXPECT_TRUE(test, nfh_rx_ring_repost(&fx->rx));

	for (i = 0; i < NFH_RING_SLOTS; i++)
		KUNIT_EXPECT_TRUE_MSG(test, rx_is_posted(fx, i), "slot %u", i);
	KUNIT_EXPECT_EQ(test, fx->rx_page->req_prod, NFH_RING_SLOTS);
	KUNIT_EXPECT_EQ(test, fx->rx.req_prod, NFH_RING_SLOTS);
	KUNIT_EXPECT_EQ(test, fx->rx.rsp_cons, 0U);
}

static void rx_ring_repost_nothing_consumed(struct kunit *test)
{
	struct ring_fixture *fx = test->priv;

	nfh_rx_ring_repost(&fx->rx);
	memset(fx->rx_page->ring, UNTOUCHED, sizeof(fx->rx_page->ring[0]));
	fx->rx_page->req_event = fx->rx.req_prod;
	rx_remember(fx);

	KUNIT_EXPECT_FALSE(test, nfh_rx_ring_repost(&fx->rx));

	KUNIT_EXPECT_TRUE(test, rx_unchanged(fx));
	KUNIT_EXPECT_TRUE(test, is_untouched(fx->rx_page->ring,
					     sizeof(fx->rx_page->ring[0])));
}

/* Three slots across the wrap: these are written, their neighbours are not. */
static void rx_ring_repost_only_consumed_slots(struct kunit *test)
{
	struct ring_fixture *fx = test->priv;
	u32 first = U32_MAX - NFH_RING_SLOTS;
	struct nfh_rx_extra extra;
	u32 i;

	rx_start(fx, first);
	nfh_rx_ring_repost(&fx->rx);
	KUNIT_EXPECT_EQ(test, fx->rx_page->req_prod, U32_MAX);
	for (i = 0; i < 3; i++)
		nfh_rx_ring_take_extra(&fx->rx, &extra);
	memset(fx->rx_page->ring, UNTOUCHED,
	       NFH_RING_SLOTS * sizeof(fx->rx_page->ring[0]));

	nfh_rx_ring_repost(&fx->rx);

	KUNIT_EXPECT_EQ(test, fx->rx_page->req_prod, 2U);
	for (i = 0; i < 3; i++)
		KUNIT_EXPECT_TRUE(test, rx_is_posted(fx, first + i));
	for (i = 3; i < NFH_RING_SLOTS; i++) {
		u32 pos = (first + i) & NFH_RING_MASK;

		KUNIT_EXPECT_TRUE(test, is_untouched(&fx->rx_page->ring[pos],
						     sizeof(u64)));
	}
}

/* nfh_rx_ring_take_data */

/* Short enough for a table. */
#define MORE	XEN_NETRXF_more_data
#define EXTRA	XEN_NETRXF_extra_info
#define BLANK	XEN_NETRXF_csum_blank
#define VALID	XEN_NETRXF_data_validated
#define PREFIX	XEN_NETRXF_gso_prefix
#define BOUNDS	NFH_V_RX_BOUNDS
#define EMPTY	NFH_V_RX_EMPTY
#define FAILED	NFH_V_RX_STATUS
#define FLAGS	NFH_V_RX_FLAGS
#define ID	NFH_V_RX_ID

/* One response; its id is the right one plus @add. */
struct data_case {
	const char *desc;
	u16 add;
	u16 offset;
	u16 flags;
	s16 status;
	enum nfh_violation why;
};

static const struct data_case data_cases[] = {
	{ "one_byte",			0, 0, 0, 1, GOOD },
	{ "ethernet_frame",		0, 64, VALID, 1514, GOOD },
	{ "whole_page",			0, 0, 0, 4096, GOOD },
	{ "last_byte",			0, 4095, 0, 1, GOOD },
	{ "all_but_first_byte",		0, 1, 0, 4095, GOOD },
	{ "one_over_the_end",		0, 1, 0, 4096, BOUNDS },
	{ "last_byte_and_one",		0, 4095, 0, 2, BOUNDS },
	{ "page_and_one",		0, 0, 0, 4097, BOUNDS },
	{ "offset_at_end",		0, 4096, 0, 1, BOUNDS },
	{ "offset_in_next_page",	0, 4097, 0, 1, BOUNDS },
	{ "offset_wraps_16_bits",	0, 65535, 0, 1, BOUNDS },
	{ "offset_wraps_into_page",	0, 65535, 0, 2, BOUNDS },
	{ "both_highest",		0, 65535, 0, S16_MAX, BOUNDS },
	{ "length_highest",		0, 0, 0, S16_MAX, BOUNDS },
	{ "offset_sign_bit",		0, 0x8000, 0, 1, BOUNDS },
	{ "empty",			0, 0, 0, 0, EMPTY },
	{ "empty_outside",		0, 65535, 0, 0, EMPTY },
	{ "empty_bad_flags",		0, 0, PREFIX, 0, EMPTY },
	{ "status_error",		0, 0, 0, -1, FAILED },
	{ "status_dropped",		0, 0, 0, -2, FAILED },
	{ "status_lowest",		0, 0, 0, S16_MIN, FAILED },
	{ "status_error_outside",	0, 65535, 0, -1, FAILED },
	{ "status_error_more",		0, 0, MORE, -1, FAILED },
	{ "status_error_extra",		0, 0, EXTRA, -1, FAILED },
	{ "flag_more",			0, 0, MORE, 60, GOOD },
	{ "flag_extra",			0, 0, EXTRA, 60, GOOD },
	{ "flag_blank",			0, 0, BLANK, 60, GOOD },
	{ "flag_valid",			0, 0, VALID, 60, GOOD },
	{ "flags_all_known",		0, 0, 0xf, 60, GOOD },
	{ "flag_gso_prefix",		0, 0, PREFIX, 60, FLAGS },
	{ "flag_unknown",		0, 0, 0x20, 60, FLAGS },
	{ "flag_unknown_high",		0, 0, 0x8000, 60, FLAGS },
	{ "flag_unknown_and_more",	0, 0, 0x8000 | MORE, 60, FLAGS },
	{ "flags_all",			0, 0, 0xffff, 60, FLAGS },
	{ "outside_bad_flags",		0, 4096, 0x8000, 1, BOUNDS },
	{ "outside_more_extra",		0, 4096, MORE | EXTRA, 1, BOUNDS },
	{ "id_next",			1, 0, 0, 60, ID },
	{ "id_previous",		-1, 0, 0, 60, ID },
	{ "id_same_low_byte",		256, 0, 0, 60, ID },
	{ "id_sign_bit",		0x8000, 0, 0, 60, ID },
	{ "id_bad_all_bad",		0x8000, 65535, 0xffff, -1, ID },
};

static void data_desc(const struct data_case *row, char *desc)
{
	strscpy(desc, row->desc, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(data, data_cases, data_desc);

/* What a consumed slot must look like, byte by byte. */
static void rx_expect_data(struct kunit *test, const struct data_case *row,
			   u16 slot, const struct nfh_rx_data *data)
{
	bool good = row->why == NFH_V_NONE;

	KUNIT_EXPECT_EQ(test, data->slot, slot);
	KUNIT_EXPECT_EQ(test, data->offset, good ? row->offset : 0);
	KUNIT_EXPECT_EQ(test, (int)data->len, good ? row->status : 0);
	KUNIT_EXPECT_EQ(test, data->more, (row->flags & MORE) != 0);
	KUNIT_EXPECT_EQ(test, data->extra, (row->flags & EXTRA) != 0);
	KUNIT_EXPECT_EQ(test, data->csum_blank, (row->flags & BLANK) != 0);
	KUNIT_EXPECT_EQ(test, data->csum_valid, (row->flags & VALID) != 0);
}

static void rx_take_data_row(struct kunit *test, bool change)
{
	const struct data_case *row = test->param_value;
	struct ring_fixture *fx = test->priv;
	const struct xen_netif_rx_response rsp = {
		.id = 0xfe + row->add,
		.offset = row->offset,
		.flags = row->flags,
		.status = row->status,
	};
	struct nfh_ring_view view;
	enum nfh_violation why;
	struct nfh_rx_data data;

	rx_start(fx, U32_MAX - 1);
	fx->rx.req_prod += NFH_RING_SLOTS;
	memset(&data, UNTOUCHED, sizeof(data));
	rx_answer(fx, &rsp);
	rx_remember(fx);
	loads_begin(fx, change);

	why = nfh_rx_ring_take_data(&fx->rx, &data);

	KUNIT_EXPECT_EQ(test, loads_end(), 1U);
	KUNIT_EXPECT_EQ(test, why, row->why);
	if (row->why == NFH_V_RX_ID) {
		KUNIT_EXPECT_TRUE(test, rx_unchanged(fx));
		KUNIT_EXPECT_TRUE(test, is_untouched(&data, sizeof(data)));
		/* the record has the word that was decided on */
		nfh_rx_ring_look(&fx->rx, &view);
		KUNIT_EXPECT_EQ(test, memcmp(&view.refused, &rsp, sizeof(rsp)),
				0);
		return;
	}
	rx_expect_data(test, row, 0xfe, &data);
	KUNIT_EXPECT_EQ(test, fx->rx.rsp_cons, U32_MAX);
	fx->rx.rsp_cons--;
	KUNIT_EXPECT_TRUE(test, rx_unchanged(fx));
}

static void rx_ring_take_data_response(struct kunit *test)
{
	rx_take_data_row(test, false);
}

static void rx_ring_take_data_that_changes(struct kunit *test)
{
	rx_take_data_row(test, true);
}

static void rx_ring_take_data_over_the_wrap(struct kunit *test)
{
	struct ring_fixture *fx = test->priv;
	struct nfh_rx_data data;
	u32 i;

	rx_start(fx, NEAR_WRAP);
	nfh_rx_ring_repost(&fx->rx);
	for (i = 0; i < NFH_RING_SLOTS; i++) {
		const struct xen_netif_rx_response rsp = {
			.id = (NEAR_WRAP + i) & NFH_RING_MASK,
			.status = 1 + i,
		};

		rx_answer(fx, &rsp);
	}
	for (i = 0; i < NFH_RING_SLOTS; i++) {
		KUNIT_ASSERT_EQ(test, nfh_rx_ring_take_data(&fx->rx, &data),
				NFH_V_NONE);
		KUNIT_ASSERT_EQ(test, data.slot, (0xf0 + i) % NFH_RING_SLOTS);
		KUNIT_ASSERT_EQ(test, data.len, 1 + i);
	}
	KUNIT_EXPECT_EQ(test, fx->rx.rsp_cons, NEAR_WRAP + NFH_RING_SLOTS);
}

/* nfh_rx_ring_take_extra */

/* Short enough for a table. */
#define TYPE	NFH_V_RX_EXTRA_TYPE
#define GSO	NFH_V_RX_GSO

struct extra_case {
	const char *desc;
	u8 type;
	u8 flags;
	u8 gso_type;
	u16 gso_size;
	u16 features;
	enum nfh_violation why;
};

static const struct extra_case extra_cases[] = {
	{ "tcpv4",		1, 0, 1, 1448, 0, GOOD },
	{ "tcpv6",		1, 0, 2, 1428, 0, GOOD },
	{ "more_follow",	1, 1, 1, 1448, 0, GOOD },
	{ "flags_unknown",	1, 0xfe, 1, 1448, 0, FLAGS },
	{ "flag_unknown_more",	1, 0x81, 1, 1448, 0, FLAGS },
	{ "flag_unknown_low",	1, 0x02, 1, 1448, 0, FLAGS },
	{ "flags_bad_gso_bad",	1, 0x02, 0, 0, 1, FLAGS },
	{ "features_low",	1, 0, 1, 1448, 0x0001, GSO },
	{ "features_high",	1, 0, 1, 1448, 0x8000, GSO },
	{ "features_more",	1, 1, 1, 1448, 0xffff, GSO },
	{ "size_least",		1, 0, 1, 8, 0, GOOD },
	{ "size_most",		1, 0, 1, 65534, 0, GOOD },
	{ "size_zero",		1, 0, 1, 0, 0, GSO },
	{ "size_one",		1, 0, 1, 1, 0, GSO },
	{ "size_too_small",	1, 0, 1, 7, 0, GSO },
	{ "size_by_frags",	1, 0, 1, 65535, 0, GSO },
	{ "size_zero_more",	1, 1, 1, 0, 0, GSO },
	{ "gso_type_none",	1, 0, 0, 1448, 0, GSO },
	{ "gso_type_3",		1, 0, 3, 1448, 0, GSO },
	{ "gso_type_255",	1, 0, 255, 1448, 0, GSO },
	{ "type_none",		0, 0, 1, 1448, 0, TYPE },
	{ "type_mcast_add",	2, 0, 1, 1448, 0, TYPE },
	{ "type_mcast_del",	3, 0, 1, 1448, 0, TYPE },
	{ "type_hash",		4, 0, 1, 1448, 0, TYPE },
	{ "type_xdp",		5, 0, 1, 1448, 0, TYPE },
	{ "type_unknown",	6, 0, 1, 1448, 0, TYPE },
	{ "type_255_all_bad",	255, 0xfe, 255, 0, 0xffff, TYPE },
	{ "type_unknown_more",	6, 1, 1, 1448, 0, TYPE },
};

static void extra_desc(const struct extra_case *row, char *desc)
{
	strscpy(desc, row->desc, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(extra, extra_cases, extra_desc);

/* An extra is consumed whatever it says. */
static void rx_take_extra_row(struct kunit *test, bool change)
{
	const struct extra_case *row = test->param_value;
	struct ring_fixture *fx = test->priv;
	const struct xen_netif_extra_info info = {
		.type = row->type,
		.flags = row->flags,
		.u.gso.size = row->gso_size,
		.u.gso.type = row->gso_type,
		.u.gso.pad = 0xff,
		.u.gso.features = row->features,
	};
	bool good = row->why == NFH_V_NONE;
	enum nfh_violation why;
	struct nfh_rx_extra extra;

	rx_start(fx, U32_MAX);
	fx->rx.req_prod += NFH_RING_SLOTS;
	memset(&extra, UNTOUCHED, sizeof(extra));
	rx_answer_extra(fx, &info);
	rx_remember(fx);
	loads_begin(fx, change);

	why = nfh_rx_ring_take_extra(&fx->rx, &extra);

	KUNIT_EXPECT_EQ(test, loads_end(), 1U);
	KUNIT_EXPECT_EQ(test, why, row->why);
	KUNIT_EXPECT_EQ(test, extra.more, (row->flags & 1) != 0);
	KUNIT_EXPECT_EQ(test, extra.gso_type, good ? row->gso_type : 0);
	KUNIT_EXPECT_EQ(test, extra.gso_size, good ? row->gso_size : 0);
	KUNIT_EXPECT_EQ(test, fx->rx.rsp_cons, 0U);
	fx->rx.rsp_cons--;
	KUNIT_EXPECT_TRUE(test, rx_unchanged(fx));
}

static void rx_ring_take_extra_response(struct kunit *test)
{
	rx_take_extra_row(test, false);
}

static void rx_ring_take_extra_that_changes(struct kunit *test)
{
	rx_take_extra_row(test, true);
}

/* Every reason that ring.c may return stands in a table above. */
static void ring_tables_know_every_reason(struct kunit *test)
{
	u64 seen = BIT_ULL(NFH_V_TX_PRODUCER) | BIT_ULL(NFH_V_RX_PRODUCER);
	u32 i;

	for (i = 0; i < ARRAY_SIZE(take_cases); i++)
		seen |= BIT_ULL(take_cases[i].why);
	for (i = 0; i < ARRAY_SIZE(data_cases); i++)
		seen |= BIT_ULL(data_cases[i].why);
	for (i = 0; i < ARRAY_SIZE(extra_cases); i++)
		seen |= BIT_ULL(extra_cases[i].why);

	for (i = 0; i < ARRAY_SIZE(nfh_reasons); i++) {
		const struct nfh_reason *reason = &nfh_reasons[i];

		KUNIT_EXPECT_EQ_MSG(test, (seen & BIT_ULL(reason->why)) != 0,
				    (reason->by & BY_RING) != 0, "%s",
				    reason->name);
	}
}

static struct kunit_case ring_cases[] = {
	KUNIT_CASE(tx_ring_init_on_used_memory),
	KUNIT_CASE(tx_ring_init_page),
	KUNIT_CASE(tx_ring_claim_every_slot_once),
	KUNIT_CASE(tx_ring_claim_none_free),
	KUNIT_CASE(tx_ring_claim_prefers_the_warm_page),
	KUNIT_CASE(tx_ring_unclaim_claimed_slot),
	KUNIT_CASE(tx_ring_unclaim_other_slots),
	KUNIT_CASE(tx_ring_room_counts_positions),
	KUNIT_CASE(tx_ring_room_of_full_ring),
	KUNIT_CASE(tx_ring_put_composes_request),
	KUNIT_CASE(tx_ring_put_shows_nothing),
	KUNIT_CASE(tx_ring_put_position_wraps),
	KUNIT_CASE(tx_ring_put_gso_composes_extra),
	KUNIT_CASE(tx_ring_publish_marks_what_was_put),
	KUNIT_CASE(tx_ring_publish_full_ring),
	KUNIT_CASE(tx_ring_publish_nothing_new),
	KUNIT_CASE(tx_ring_publish_does_not_read_back),
	KUNIT_CASE_PARAM(tx_ring_publish_notify, notify_gen_params),
	KUNIT_CASE_PARAM(tx_ring_pending_index, index_gen_params),
	KUNIT_CASE_PARAM(tx_ring_arm_index, index_gen_params),
	KUNIT_CASE(tx_ring_pending_after_take),
	KUNIT_CASE_PARAM(tx_ring_take_response, take_gen_params),
	KUNIT_CASE_PARAM(tx_ring_take_response_that_changes, take_gen_params),
	KUNIT_CASE(tx_ring_take_every_id_of_an_idle_ring),
	KUNIT_CASE(tx_ring_take_id_twice),
	KUNIT_CASE(tx_ring_take_out_of_order),
	KUNIT_CASE(tx_ring_take_nulls_as_often_as_extras),
	KUNIT_CASE(tx_ring_take_null_for_a_data_slot),
	KUNIT_CASE(tx_ring_take_id_of_a_reused_slot),
	KUNIT_CASE(tx_ring_random_walk),
	KUNIT_CASE(rx_ring_init_keeps_grants_posts_nothing),
	KUNIT_CASE(rx_ring_repost_after_init_posts_all),
	KUNIT_CASE(rx_ring_repost_nothing_consumed),
	KUNIT_CASE(rx_ring_repost_only_consumed_slots),
	KUNIT_CASE_PARAM(rx_ring_repost_notify, notify_gen_params),
	KUNIT_CASE_PARAM(rx_ring_pending_index, index_gen_params),
	KUNIT_CASE_PARAM(rx_ring_arm_index, index_gen_params),
	KUNIT_CASE(rx_ring_pending_after_take),
	KUNIT_CASE_PARAM(rx_ring_take_data_response, data_gen_params),
	KUNIT_CASE_PARAM(rx_ring_take_data_that_changes, data_gen_params),
	KUNIT_CASE(rx_ring_take_data_over_the_wrap),
	KUNIT_CASE_PARAM(rx_ring_take_extra_response, extra_gen_params),
	KUNIT_CASE_PARAM(rx_ring_take_extra_that_changes, extra_gen_params),
	KUNIT_CASE(rx_ring_random_walk),
	KUNIT_CASE(ring_tables_know_every_reason),
	{}
};

static struct kunit_suite ring_suite = {
	.name = "netfront_hardened_ring",
	.init = ring_init,
	.test_cases = ring_cases,
};

kunit_test_suite(ring_suite);
