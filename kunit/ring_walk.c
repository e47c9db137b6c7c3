// SPDX-License-Identifier: GPL-2.0
/*
 * Long walks over both rings, beside a model of what is outstanding
 *
 * Each step is a random operation of ours, or a random deed of the backend,
 * good or bad.  The model is kept by counting alone; after each step the ring
 * must agree with it.  The numbers are the same in every run.
 */
#include <kunit/test.h>

#include "random.h"
#include "ring_fixture.h"

#define WALK_STEPS	30000

enum walk_slot { WALK_FREE, WALK_CLAIMED, WALK_PUT, WALK_SENT };

/**
 * struct tx_walk - what the ring should know
 * @random: state of the generator
 * @slot: state of each slot
 * @free: slots in WALK_FREE
 * @used: ring positions not answered yet
 * @put_extras: extras put and not published
 * @sent_extras: extras in flight
 * @sent: slots in flight
 * @accepted: responses that were accepted
 * @refused: responses that were refused
 */
struct tx_walk {
	u32 random;
	enum walk_slot slot[NFH_RING_SLOTS];
	u32 free;
	u32 used;
	u32 put_extras;
	u32 sent_extras;
	u32 sent;
	u32 accepted;
	u32 refused;
};

/* A random slot in the wanted state, or -1. */
static int walk_pick(struct tx_walk *walk, enum walk_slot state)
{
	u32 start = random_below(&walk->random, NFH_RING_SLOTS);
	u32 i;

	for (i = 0; i < NFH_RING_SLOTS; i++) {
		u32 slot = (start + i) % NFH_RING_SLOTS;

		if (walk->slot[slot] == state)
			return slot;
	}
	return -1;
}

static void walk_claim(struct kunit *test, struct tx_walk *walk)
{
	struct ring_fixture *fx = test->priv;
	int slot = nfh_tx_ring_claim(&fx->tx);

	if (!walk->free) {
		KUNIT_ASSERT_EQ(test, slot, -ENOBUFS);
		return;
	}
	KUNIT_ASSERT_GE(test, slot, 0);
	KUNIT_ASSERT_EQ(test, walk->slot[slot], WALK_FREE);
	walk->slot[slot] = WALK_CLAIMED;
	walk->free--;
}

static void walk_unclaim(struct kunit *test, struct tx_walk *walk)
{
	u32 slot = random_below(&walk->random, NFH_RING_SLOTS + 9);
	struct ring_fixture *fx = test->priv;

	nfh_tx_ring_unclaim(&fx->tx, slot);
	if (slot >= NFH_RING_SLOTS || walk->slot[slot] != WALK_CLAIMED)
		return;
	walk->slot[slot] = WALK_FREE;
	walk->free++;
}

static void walk_put(struct kunit *test, struct tx_walk *walk)
{
	struct ring_fixture *fx = test->priv;
	int slot = walk_pick(walk, WALK_CLAIMED);

	if (slot < 0 || walk->used == NFH_RING_SLOTS)
		return;
	tx_put(fx, slot);
	walk->slot[slot] = WALK_PUT;
	walk->used++;
}

static void walk_put_extra(struct kunit *test, struct tx_walk *walk)
{
	struct ring_fixture *fx = test->priv;

	if (walk->used == NFH_RING_SLOTS)
		return;
	nfh_tx_ring_put_gso(&fx->tx, XEN_NETIF_GSO_TYPE_TCPV4, 1448);
	walk->put_extras++;
	walk->used++;
}

static void walk_publish(struct kunit *test, struct tx_walk *walk)
{
	struct ring_fixture *fx = test->priv;
	u32 i;

	nfh_tx_ring_publish(&fx->tx);
	for (i = 0; i < NFH_RING_SLOTS; i++) {
		if (walk->slot[i] != WALK_PUT)
			continue;
		walk->slot[i] = WALK_SENT;
		walk->sent++;
	}
	walk->sent_extras += walk->put_extras;
	walk->put_extras = 0;
}

/* One good response, if any is owed. */
static void walk_answer(struct kunit *test, struct tx_walk *walk)
{
	u32 which = random_below(&walk->random, walk->sent + walk->sent_extras);
	struct ring_fixture *fx = test->priv;
	struct nfh_tx_done done;
	int slot = -1;
	u32 count;

	if (!walk->sent && !walk->sent_extras)
		return;
	if (which < walk->sent) {
		slot = walk_pick(walk, WALK_SENT);
		tx_answer(fx, slot, XEN_NETIF_RSP_OKAY);
		walk->slot[slot] = WALK_FREE;
		walk->free++;
		walk->sent--;
	} else {
		tx_answer(fx, next_random(&walk->random), XEN_NETIF_RSP_NULL);
		walk->sent_extras--;
	}
	walk->used--;

	KUNIT_ASSERT_EQ(test, nfh_tx_ring_pending(&fx->tx, &count), NFH_V_NONE);
	KUNIT_ASSERT_EQ(test, count, 1U);
	KUNIT_ASSERT_EQ(test, nfh_tx_ring_take(&fx->tx, &done), NFH_V_NONE);
	KUNIT_ASSERT_PTR_EQ(test, done.cookie,
			    slot < 0 ? NULL : (void *)&fx->cookies[slot]);
	walk->accepted++;
}

/* One bad response; with nothing owed its index alone is bad. */
static void walk_lie(struct kunit *test, struct tx_walk *walk)
{
	static const enum walk_slot idle[] = {
		WALK_FREE, WALK_CLAIMED, WALK_PUT,
	};
	struct ring_fixture *fx = test->priv;
	enum nfh_violation want = NFH_V_TX_ID_IDLE;
	int id = walk_pick(walk, idle[random_below(&walk->random, 3)]);
	s16 status = XEN_NETIF_RSP_OKAY;
	struct nfh_tx_done done;
	u32 count;

	if (id < 0) {
		id = NFH_RING_SLOTS + random_below(&walk->random, 0xff00);
		want = NFH_V_TX_ID_RANGE;
	}
	if (!walk->sent_extras && id & 1) {
		status = XEN_NETIF_RSP_NULL;
		want = NFH_V_TX_NULL;
	}
	tx_answer(fx, id, status);
	tx_remember(fx);
	if (walk->sent + walk->sent_extras)
		KUNIT_ASSERT_EQ(test, nfh_tx_ring_take(&fx->tx, &done), want);
	else
		KUNIT_ASSERT_EQ(test, nfh_tx_ring_pending(&fx->tx, &count),
				NFH_V_TX_PRODUCER);
	KUNIT_ASSERT_TRUE(test, tx_unchanged(fx));
	fx->tx_page->rsp_prod--;
	walk->refused++;
}

/* Any index is right if it is not ahead of what is owed. */
static void walk_jump(struct kunit *test, struct tx_walk *walk)
{
	struct ring_fixture *fx = test->priv;
	u32 good = fx->tx_page->rsp_prod;
	u32 count, ahead;

	ahead = next_random(&walk->random) >> random_below(&walk->random, 32);
	fx->tx_page->rsp_prod = good + ahead;
	tx_remember(fx);
	if (ahead > walk->sent + walk->sent_extras) {
		KUNIT_ASSERT_EQ(test, nfh_tx_ring_pending(&fx->tx, &count),
				NFH_V_TX_PRODUCER);
		KUNIT_ASSERT_TRUE(test, tx_unchanged(fx));
	} else {
		KUNIT_ASSERT_EQ(test, nfh_tx_ring_pending(&fx->tx, &count),
				NFH_V_NONE);
		tx_restore(fx);
	}
	fx->tx_page->rsp_prod = good;
}

static void (*const walk_steps[])(struct kunit *test, struct tx_walk *walk) = {
	walk_claim, walk_claim, walk_claim, walk_unclaim,
	walk_put, walk_put, walk_put_extra, walk_publish,
	walk_answer, walk_answer, walk_answer, walk_lie, walk_jump,
};

void tx_ring_random_walk(struct kunit *test)
{
	struct tx_walk *walk = kunit_kzalloc(test, sizeof(*walk), GFP_KERNEL);
	struct ring_fixture *fx = test->priv;
	u32 steps;

	KUNIT_ASSERT_NOT_NULL(test, walk);
	walk->random = 20160101;
	walk->free = NFH_RING_SLOTS;
	tx_start(fx, 0U - 2000);

	for (steps = 0; steps < WALK_STEPS; steps++) {
		u32 step = random_below(&walk->random, ARRAY_SIZE(walk_steps));

		walk_steps[step](test, walk);
		KUNIT_ASSERT_EQ_MSG(test, nfh_tx_ring_room(&fx->tx),
				    NFH_RING_SLOTS - walk->used,
				    "step %u", steps);
		KUNIT_ASSERT_EQ_MSG(test, fx->tx.free_count, walk->free,
				    "step %u", steps);
		KUNIT_ASSERT_EQ_MSG(test, fx->tx.nulls, walk->sent_extras,
				    "step %u", steps);
	}
	/* the walk went far enough to mean something, and over the wrap */
	KUNIT_EXPECT_GT(test, walk->accepted, 2000U);
	KUNIT_EXPECT_GT(test, walk->refused, 1000U);
	KUNIT_EXPECT_LT(test, fx->tx.rsp_cons, 0x10000U);
}

/**
 * struct rx_walk - what the ring should know
 * @random: state of the generator
 * @posted: slots the backend owes an answer for
 * @filled: of these, slots it has answered and we have not taken
 * @taken: responses that were taken
 * @refused: indexes and ids that were refused
 */
struct rx_walk {
	u32 random;
	u32 posted;
	u32 filled;
	u32 taken;
	u32 refused;
};

/* The rules of a data slot, written down a second time. */
static enum nfh_violation rx_judge(const struct xen_netif_rx_response *rsp)
{
	if (rsp->status <= 0)
		return rsp->status ? NFH_V_RX_STATUS : NFH_V_RX_EMPTY;
	if (rsp->offset >= 4096 || rsp->status > 4096 - rsp->offset)
		return NFH_V_RX_BOUNDS;
	return rsp->flags >> 4 ? NFH_V_RX_FLAGS : NFH_V_NONE;
}

/* A response that is often good and often nearly so. */
static struct xen_netif_rx_response rx_random_response(struct rx_walk *walk)
{
	struct xen_netif_rx_response rsp = {
		.offset = random_below(&walk->random, 4200),
		.flags = random_below(&walk->random, 18),
		.status = random_below(&walk->random, 4200) - 50,
	};

	if (!random_below(&walk->random, 4))
		rsp.offset = next_random(&walk->random);
	if (!random_below(&walk->random, 4))
		rsp.status = next_random(&walk->random);
	return rsp;
}

static void rx_walk_take_data(struct kunit *test, struct rx_walk *walk)
{
	struct xen_netif_rx_response rsp = rx_random_response(walk);
	struct ring_fixture *fx = test->priv;
	u32 pos = fx->rx.rsp_cons % NFH_RING_SLOTS;
	struct nfh_rx_data data;

	if (!walk->filled)
		return;
	rsp.id = pos + 1 + random_below(&walk->random, U16_MAX);
	fx->rx_page->ring[pos].rsp = rsp;
	rx_remember(fx);
	KUNIT_ASSERT_EQ(test, nfh_rx_ring_take_data(&fx->rx, &data),
			NFH_V_RX_ID);
	KUNIT_ASSERT_TRUE(test, rx_unchanged(fx));
	walk->refused++;

	fx->rx_page->ring[pos].rsp.id = pos;
	KUNIT_ASSERT_EQ(test, nfh_rx_ring_take_data(&fx->rx, &data),
			rx_judge(&rsp));
	KUNIT_ASSERT_EQ(test, data.slot, pos);
	KUNIT_ASSERT_LE(test, data.offset + data.len, 4096);
	walk->filled--;
	walk->posted--;
	walk->taken++;
}

static void rx_walk_take_extra(struct kunit *test, struct rx_walk *walk)
{
	struct ring_fixture *fx = test->priv;
	u32 before = fx->rx.rsp_cons;
	struct nfh_rx_extra extra;

	if (!walk->filled)
		return;
	nfh_rx_ring_take_extra(&fx->rx, &extra);
	KUNIT_ASSERT_EQ(test, fx->rx.rsp_cons, before + 1);
	walk->filled--;
	walk->posted--;
	walk->taken++;
}

static void rx_walk_fill(struct kunit *test, struct rx_walk *walk)
{
	u32 more = random_below(&walk->random, walk->posted - walk->filled + 1);
	struct ring_fixture *fx = test->priv;

	fx->rx_page->rsp_prod += more;
	walk->filled += more;
}

static void rx_walk_jump(struct kunit *test, struct rx_walk *walk)
{
	struct ring_fixture *fx = test->priv;
	u32 good = fx->rx_page->rsp_prod;
	u32 count, ahead;

	ahead = next_random(&walk->random) >> random_below(&walk->random, 32);
	fx->rx_page->rsp_prod = fx->rx.rsp_cons + ahead;
	rx_remember(fx);
	if (ahead > walk->posted || ahead < walk->filled) {
		KUNIT_ASSERT_EQ(test, nfh_rx_ring_pending(&fx->rx, &count),
				NFH_V_RX_PRODUCER);
		KUNIT_ASSERT_TRUE(test, rx_unchanged(fx));
		walk->refused++;
	} else {
		KUNIT_ASSERT_EQ(test, nfh_rx_ring_pending(&fx->rx, &count),
				NFH_V_NONE);
		rx_restore(fx);
	}
	fx->rx_page->rsp_prod = good;
}

/* After this all slots are the backend's, each with its own grant. */
static void rx_walk_repost(struct kunit *test, struct rx_walk *walk)
{
	struct ring_fixture *fx = test->priv;
	u32 pos = fx->rx.req_prod;

	nfh_rx_ring_repost(&fx->rx);
	for (; walk->posted < NFH_RING_SLOTS; walk->posted++)
		KUNIT_ASSERT_TRUE(test, rx_is_posted(fx, pos++));
	KUNIT_ASSERT_EQ(test, fx->rx_page->req_prod, pos);
}

static void (*const rx_walk_steps[])(struct kunit *test,
				     struct rx_walk *walk) = {
	rx_walk_take_data, rx_walk_take_data, rx_walk_take_data,
	rx_walk_take_extra, rx_walk_fill, rx_walk_jump, rx_walk_repost,
};

void rx_ring_random_walk(struct kunit *test)
{
	struct rx_walk walk = { .random = 20190101 };
	struct ring_fixture *fx = test->priv;
	u32 steps;

	rx_start(fx, 0U - 2000);

	for (steps = 0; steps < WALK_STEPS; steps++) {
		u32 step = random_below(&walk.random,
					ARRAY_SIZE(rx_walk_steps));
		u32 count;

		rx_walk_steps[step](test, &walk);
		KUNIT_ASSERT_EQ(test, nfh_rx_ring_pending(&fx->rx, &count),
				NFH_V_NONE);
		KUNIT_ASSERT_EQ_MSG(test, count, walk.filled, "step %u", steps);
	}
	KUNIT_EXPECT_GT(test, walk.taken, 4000U);
	KUNIT_EXPECT_GT(test, walk.refused, 4000U);
	KUNIT_EXPECT_LT(test, fx->rx.rsp_cons, 0x10000U);
}
