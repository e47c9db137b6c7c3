// SPDX-License-Identifier: GPL-2.0
/*
 * health.c with a net device that nobody has registered
 */
#include <kunit/test.h>
#include <linux/atomic.h>
#include <linux/etherdevice.h>
#include <linux/ethtool.h>
#include <linux/netdevice.h>
#include <linux/ratelimit.h>

#include "../nfh.h"
#include "reasons.h"

/* What another CPU does right before our next try_cmpxchg(), once. */
static struct nfh_dev *other_dev;
static enum nfh_dev_state other_state;

static void another_moves(struct nfh_dev *nd, enum nfh_dev_state to)
{
	other_dev = nd;
	other_state = to;
}

static bool move_behind_another(int *state, int *from, int to)
{
	int before = *from;

	if (other_dev)
		other_dev->state = other_state;
	other_dev = NULL;
	*from = cmpxchg(state, before, to);
	return *from == before;
}

#undef try_cmpxchg
#define try_cmpxchg(state, from, to)	move_behind_another(state, from, to)

/* The tracepoint, and who gets the report. */
#define NFH_TRACE_H

static unsigned int traces;
static struct nfh_ring_view traced;
static unsigned int reports;

static void trace_violation(const struct net_device *netdev, int queue,
			    const char *reason,
			    const struct nfh_ring_view *ring)
{
	traces++;
	traced = ring ? *ring : (struct nfh_ring_view) { };
}

void nfh_recover_report(struct nfh_dev *nd)
{
	reports++;
}

#include "../health.c"

#define QUEUES	4

/**
 * struct health_fixture - a device with queues and nothing behind them
 * @nd: under test
 * @queue: its queues
 * @polls: times that the NAPI of a queue has run
 */
struct health_fixture {
	struct nfh_dev nd;
	struct nfh_queue queue[QUEUES];
	atomic_t polls[QUEUES];
};

static int count_poll(struct napi_struct *napi, int budget)
{
	struct nfh_queue *q = container_of(napi, struct nfh_queue, napi);
	struct health_fixture *fx = container_of(q->dev, struct health_fixture,
						 nd);

	atomic_inc(&fx->polls[q->index]);
	napi_complete_done(napi, 0);
	return 0;
}

static int health_init(struct kunit *test)
{
	struct health_fixture *fx;
	u16 i;

	other_dev = NULL;
	traces = 0;
	reports = 0;
	fx = kunit_kzalloc(test, sizeof(*fx), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, fx);
	fx->nd.netdev = alloc_etherdev_mqs(0, QUEUES, QUEUES);
	KUNIT_ASSERT_NOT_NULL(test, fx->nd.netdev);
	fx->nd.queues = fx->queue;
	fx->nd.num_queues = QUEUES;
	for (i = 0; i < QUEUES; i++) {
		struct nfh_queue *q = &fx->queue[i];

		q->dev = &fx->nd;
		q->index = i;
		netif_napi_add(fx->nd.netdev, &q->napi, count_poll);
		napi_enable(&q->napi);
	}
	netif_carrier_on(fx->nd.netdev);
	netif_tx_start_all_queues(fx->nd.netdev);
	test->priv = fx;
	return 0;
}

static void health_exit(struct kunit *test)
{
	struct health_fixture *fx = test->priv;
	u16 i;

	if (!fx)
		return;
	for (i = 0; i < QUEUES; i++) {
		napi_disable(&fx->queue[i].napi);
		netif_napi_del(&fx->queue[i].napi);
	}
	free_netdev(fx->nd.netdev);
}

/* As NAPI would; what it schedules has run when this returns. */
static void fault(struct nfh_queue *q, enum nfh_violation why)
{
	local_bh_disable();
	nfh_dev_fault(q, why);
	local_bh_enable();
}

static s64 violations_of_all(const struct nfh_dev *nd)
{
	s64 sum = 0;
	u32 why;

	for (why = 0; why < NFH_V_COUNT; why++)
		sum += atomic64_read(&nd->violations[why]);
	return sum;
}

static bool is_running(const struct nfh_dev *nd)
{
	u32 i;

	for (i = 0; i < QUEUES; i++)
		if (netif_xmit_stopped(netdev_get_tx_queue(nd->netdev, i)))
			return false;
	return netif_carrier_ok(nd->netdev);
}

/* Every pair of states. */
struct state_case {
	const char *desc;
	enum nfh_dev_state from;
	enum nfh_dev_state to;
	bool allowed;
};

/* Short enough for a table. */
#define DISC	NFH_DISCONNECTED
#define CTNG	NFH_CONNECTING
#define CTED	NFH_CONNECTED
#define FLTD	NFH_FAULTED
#define CLSG	NFH_CLOSING

static const struct state_case state_cases[] = {
	{ "disconnected_to_disconnected", DISC, DISC, false },
	{ "disconnected_to_connecting", DISC, CTNG, true },
	{ "disconnected_to_connected", DISC, CTED, false },
	{ "disconnected_to_faulted", DISC, FLTD, false },
	{ "disconnected_to_closing", DISC, CLSG, false },
	{ "connecting_to_disconnected", CTNG, DISC, false },
	{ "connecting_to_connecting", CTNG, CTNG, false },
	{ "connecting_to_connected", CTNG, CTED, true },
	{ "connecting_to_faulted", CTNG, FLTD, false },
	{ "connecting_to_closing", CTNG, CLSG, true },
	{ "connected_to_disconnected", CTED, DISC, false },
	{ "connected_to_connecting", CTED, CTNG, false },
	{ "connected_to_connected", CTED, CTED, false },
	{ "connected_to_faulted", CTED, FLTD, true },
	{ "connected_to_closing", CTED, CLSG, true },
	{ "faulted_to_disconnected", FLTD, DISC, false },
	{ "faulted_to_connecting", FLTD, CTNG, false },
	{ "faulted_to_connected", FLTD, CTED, false },
	{ "faulted_to_faulted", FLTD, FLTD, false },
	{ "faulted_to_closing", FLTD, CLSG, true },
	{ "closing_to_disconnected", CLSG, DISC, true },
	{ "closing_to_connecting", CLSG, CTNG, false },
	{ "closing_to_connected", CLSG, CTED, false },
	{ "closing_to_faulted", CLSG, FLTD, false },
	{ "closing_to_closing", CLSG, CLSG, false },
	{ "connected_to_no_state", CTED, NFH_DEV_STATES, false },
};

static void state_desc(const struct state_case *row, char *desc)
{
	strscpy(desc, row->desc, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(state, state_cases, state_desc);

static_assert(ARRAY_SIZE(state_cases) == NFH_DEV_STATES * NFH_DEV_STATES + 1);

static void dev_move_pair(struct kunit *test)
{
	const struct state_case *row = test->param_value;
	struct health_fixture *fx = test->priv;

	fx->nd.state = row->from;

	KUNIT_EXPECT_EQ(test, nfh_dev_may_move(row->from, row->to),
			row->allowed);
	KUNIT_EXPECT_EQ(test, nfh_dev_move(&fx->nd, row->to), row->allowed);
	KUNIT_EXPECT_EQ(test, fx->nd.state,
			(int)(row->allowed ? row->to : row->from));
	KUNIT_EXPECT_EQ(test, nfh_dev_is_connected(&fx->nd),
			fx->nd.state == NFH_CONNECTED);
}

static void dev_may_move_from_no_state(struct kunit *test)
{
	u32 to;

	for (to = 0; to <= NFH_DEV_STATES; to++)
		KUNIT_EXPECT_FALSE_MSG(test,
				       nfh_dev_may_move(NFH_DEV_STATES, to),
				       "to %u", to);
}

static void dev_new_is_disconnected(struct kunit *test)
{
	struct health_fixture *fx = test->priv;

	KUNIT_EXPECT_EQ(test, fx->nd.state, NFH_DISCONNECTED);
	KUNIT_EXPECT_FALSE(test, nfh_dev_is_connected(&fx->nd));
}

static void dev_drop_counts_its_reason_only(struct kunit *test)
{
	struct health_fixture *fx = test->priv;
	u32 why;

	fx->nd.state = NFH_CONNECTED;
	for (why = NFH_V_NONE + 1; why < NFH_V_FIRST_FAULT; why++) {
		nfh_dev_drop(&fx->nd, why);
		nfh_dev_drop(&fx->nd, why);
		KUNIT_EXPECT_EQ(test, atomic64_read(&fx->nd.violations[why]),
				2LL);
		KUNIT_EXPECT_EQ(test, violations_of_all(&fx->nd), 2LL * why);
	}
	KUNIT_EXPECT_EQ(test, fx->nd.state, NFH_CONNECTED);
	KUNIT_EXPECT_TRUE(test, is_running(&fx->nd));
	KUNIT_EXPECT_EQ(test, traces, 2U * (NFH_V_FIRST_FAULT - 1));
	KUNIT_EXPECT_EQ(test, reports, 0U);
}

/* What the operator will be shown is what was there, and is taken once. */
static void dev_fault_is_recorded(struct kunit *test)
{
	struct health_fixture *fx = test->priv;
	struct nfh_queue *q = &fx->queue[2];

	q->tx.req_pub = 70;
	q->tx.rsp_cons = 50;
	q->tx.rsp_seen = 60;
	q->rx.req_prod = 300;
	q->rx.rsp_cons = 44;
	q->rx.rsp_seen = 45;
	q->rx.refused = (__force nfh_raw64_t)0x123456789abcdef0ULL;
	fx->nd.state = NFH_CONNECTED;
	fault(q, NFH_V_RX_ID);
	q->rx.rsp_cons = 45;
	fault(&fx->queue[1], NFH_V_TX_NULL);

	KUNIT_EXPECT_EQ(test, reports, 1U);
	KUNIT_EXPECT_EQ(test, traces, 1U);
	KUNIT_EXPECT_EQ(test, traced.refused, 0x123456789abcdef0ULL);
	KUNIT_EXPECT_EQ(test, traced.req_prod, 300U);
	KUNIT_EXPECT_EQ(test, (int)fx->nd.fault.why, (int)NFH_V_RX_ID);
	KUNIT_EXPECT_EQ(test, fx->nd.fault.queue, 2);
	KUNIT_EXPECT_EQ(test, fx->nd.fault.tx.req_prod, 70U);
	KUNIT_EXPECT_EQ(test, fx->nd.fault.tx.rsp_cons, 50U);
	KUNIT_EXPECT_EQ(test, fx->nd.fault.tx.rsp_seen, 60U);
	KUNIT_EXPECT_EQ(test, fx->nd.fault.rx.req_prod, 300U);
	KUNIT_EXPECT_EQ(test, fx->nd.fault.rx.rsp_cons, 44U);
	KUNIT_EXPECT_EQ(test, fx->nd.fault.rx.rsp_seen, 45U);
	KUNIT_EXPECT_EQ(test, fx->nd.fault.rx.refused, 0x123456789abcdef0ULL);
}

/* A response of zeroes only is refused as well: the ring is still this one. */
static void dev_fault_by_a_zero(struct kunit *test)
{
	struct health_fixture *fx = test->priv;
	struct nfh_queue *q = &fx->queue[0];

	q->tx.req_pub = 70;
	q->rx.req_prod = 300;
	fx->nd.state = NFH_CONNECTED;
	fault(q, NFH_V_TX_ID_IDLE);
	KUNIT_EXPECT_EQ(test, traced.req_prod, 70U);
}

/* nfh_backoff_end and nfh_backoff_exhausted */

/* One second doubling to one minute, and never more. */
static void backoff_doubles_to_its_cap(struct kunit *test)
{
	static const unsigned int seconds[] = { 1, 2, 4, 8, 16, 32, 60, 60 };
	struct nfh_backoff backoff = { };
	u32 i;

	for (i = 0; i < ARRAY_SIZE(seconds); i++) {
		unsigned long delay = nfh_backoff_end(&backoff, 1000, false);

		KUNIT_EXPECT_EQ_MSG(test, delay,
				    msecs_to_jiffies(1000 * seconds[i]),
				    "end %u", i);
	}
	backoff.ends = UINT_MAX;
	KUNIT_EXPECT_EQ(test, nfh_backoff_end(&backoff, 1000, false),
			msecs_to_jiffies(60000));
	KUNIT_EXPECT_EQ(test, backoff.ends, UINT_MAX);
}

/* Also when the clock wraps, which jiffies do five minutes after boot. */
static void backoff_starts_again_after_calm(struct kunit *test)
{
	unsigned long calm = msecs_to_jiffies(NFH_BACKOFF_CALM_MS);
	unsigned long now = (unsigned long)-10;
	struct nfh_backoff backoff = { };

	nfh_backoff_end(&backoff, now, true);
	now += calm - 1;
	KUNIT_EXPECT_EQ(test, nfh_backoff_end(&backoff, now, true),
			msecs_to_jiffies(2000));
	KUNIT_EXPECT_EQ(test, backoff.faults, 2U);
	now += calm;
	KUNIT_EXPECT_EQ(test, nfh_backoff_end(&backoff, now, true),
			msecs_to_jiffies(1000));
	KUNIT_EXPECT_EQ(test, backoff.faults, 1U);
}

/* A backend that goes and comes wears nobody out; one that lies does. */
static void backoff_gives_up_after_faults_only(struct kunit *test)
{
	struct nfh_backoff backoff = { };
	u32 i;

	for (i = 0; i < 1000; i++)
		nfh_backoff_end(&backoff, i, false);
	KUNIT_EXPECT_FALSE(test, nfh_backoff_exhausted(&backoff));
	for (i = 0; i < NFH_BACKOFF_FAULTS; i++) {
		KUNIT_EXPECT_FALSE(test, nfh_backoff_exhausted(&backoff));
		nfh_backoff_end(&backoff, i, true);
	}
	KUNIT_EXPECT_TRUE(test, nfh_backoff_exhausted(&backoff));
	backoff.faults = UINT_MAX;
	nfh_backoff_end(&backoff, i, true);
	KUNIT_EXPECT_TRUE(test, nfh_backoff_exhausted(&backoff));
}

static void state_names_are_there(struct kunit *test)
{
	u32 state, other;

	for (state = 0; state < NFH_DEV_STATES; state++)
		for (other = 0; other < state; other++)
			KUNIT_EXPECT_STRNEQ(test, nfh_dev_state_name(state),
					    nfh_dev_state_name(other));
	KUNIT_EXPECT_STREQ(test, nfh_dev_state_name(NFH_DEV_STATES), "unknown");
}

static void dev_fault_every_reason(struct kunit *test)
{
	struct health_fixture *fx = test->priv;
	u32 why;

	for (why = NFH_V_FIRST_FAULT; why < NFH_V_COUNT; why++) {
		fx->nd.state = NFH_CONNECTED;
		netif_carrier_on(fx->nd.netdev);
		netif_tx_start_all_queues(fx->nd.netdev);
		KUNIT_EXPECT_TRUE(test, is_running(&fx->nd));

		fault(&fx->queue[QUEUES - 1], why);

		KUNIT_EXPECT_EQ(test, fx->nd.state, NFH_FAULTED);
		KUNIT_EXPECT_EQ(test, atomic64_read(&fx->nd.violations[why]),
				1LL);
		KUNIT_EXPECT_FALSE(test, netif_carrier_ok(fx->nd.netdev));
		KUNIT_EXPECT_FALSE(test, is_running(&fx->nd));
	}
	KUNIT_EXPECT_EQ(test, violations_of_all(&fx->nd),
			(s64)(NFH_V_COUNT - NFH_V_FIRST_FAULT));
}

static void dev_fault_stops_every_queue(struct kunit *test)
{
	struct health_fixture *fx = test->priv;
	u32 i;

	fx->nd.state = NFH_CONNECTED;
	fault(&fx->queue[0], NFH_V_RX_ID);

	for (i = 0; i < QUEUES; i++) {
		struct netdev_queue *txq = nfh_txq(&fx->queue[i]);

		KUNIT_EXPECT_TRUE(test, netif_xmit_stopped(txq));
	}
}

/* Those that are not in use are left alone: their NAPI may be disabled. */
static void dev_fault_schedules_queues_in_use(struct kunit *test)
{
	struct health_fixture *fx = test->priv;
	u32 i;

	fx->nd.num_queues = QUEUES - 1;
	fx->nd.state = NFH_CONNECTED;
	fault(&fx->queue[1], NFH_V_RX_ID);

	for (i = 0; i < QUEUES; i++)
		KUNIT_EXPECT_EQ_MSG(test, atomic_read(&fx->polls[i]),
				    i < QUEUES - 1, "queue %u", i);
}

static void dev_fault_second_is_not_counted(struct kunit *test)
{
	struct health_fixture *fx = test->priv;

	fx->nd.state = NFH_CONNECTED;
	fault(&fx->queue[0], NFH_V_TX_NULL);
	fault(&fx->queue[0], NFH_V_TX_NULL);
	fault(&fx->queue[1], NFH_V_RX_PRODUCER);

	KUNIT_EXPECT_EQ(test, violations_of_all(&fx->nd), 1LL);
	KUNIT_EXPECT_EQ(test,
			atomic64_read(&fx->nd.violations[NFH_V_TX_NULL]), 1LL);
}

/* A late NAPI must not fault a device that is being set up or torn down. */
static void dev_fault_when_not_connected(struct kunit *test)
{
	static const enum nfh_dev_state states[] = { DISC, CTNG, CLSG };
	struct health_fixture *fx = test->priv;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(states); i++) {
		fx->nd.state = states[i];
		fault(&fx->queue[0], NFH_V_RX_ID);
		KUNIT_EXPECT_EQ(test, fx->nd.state, (int)states[i]);
	}
	KUNIT_EXPECT_EQ(test, violations_of_all(&fx->nd), 0LL);
	KUNIT_EXPECT_TRUE(test, is_running(&fx->nd));
}

/* Another CPU moves the device between our look and our move. */
static void dev_move_after_another(struct kunit *test)
{
	struct health_fixture *fx = test->priv;

	/* both find a fault: the second move is refused */
	fx->nd.state = NFH_CONNECTED;
	another_moves(&fx->nd, NFH_FAULTED);
	KUNIT_EXPECT_FALSE(test, nfh_dev_move(&fx->nd, NFH_FAULTED));
	KUNIT_EXPECT_EQ(test, fx->nd.state, NFH_FAULTED);

	/* a fault, and then the end of the connection: both come to pass */
	fx->nd.state = NFH_CONNECTED;
	another_moves(&fx->nd, NFH_FAULTED);
	KUNIT_EXPECT_TRUE(test, nfh_dev_move(&fx->nd, NFH_CLOSING));
	KUNIT_EXPECT_EQ(test, fx->nd.state, NFH_CLOSING);

	/* the end of the connection, and then a fault: it is too late */
	fx->nd.state = NFH_CONNECTED;
	another_moves(&fx->nd, NFH_CLOSING);
	KUNIT_EXPECT_FALSE(test, nfh_dev_move(&fx->nd, NFH_FAULTED));
	KUNIT_EXPECT_EQ(test, fx->nd.state, NFH_CLOSING);
}

/* Two queues find a fault at once: one of them is the first. */
static void dev_fault_after_another(struct kunit *test)
{
	struct health_fixture *fx = test->priv;

	fx->nd.state = NFH_CONNECTED;
	another_moves(&fx->nd, NFH_FAULTED);
	fault(&fx->queue[0], NFH_V_TX_ID_RANGE);

	KUNIT_EXPECT_EQ(test, fx->nd.state, NFH_FAULTED);
	KUNIT_EXPECT_EQ(test, violations_of_all(&fx->nd), 0LL);
}

/* nfh_violation_name */

static void violation_name_of_every_reason(struct kunit *test)
{
	u32 i;

	KUNIT_EXPECT_STREQ(test, nfh_violation_name(NFH_V_NONE), "none");
	for (i = 0; i < ARRAY_SIZE(nfh_reasons); i++) {
		KUNIT_EXPECT_EQ(test, (u32)nfh_reasons[i].why, i + 1);
		KUNIT_EXPECT_STREQ(test, nfh_violation_name(i + 1),
				   nfh_reasons[i].name);
	}
}

static void violation_name_of_no_reason(struct kunit *test)
{
	KUNIT_EXPECT_STREQ(test, nfh_violation_name(NFH_V_COUNT), "unknown");
	KUNIT_EXPECT_STREQ(test, nfh_violation_name(NFH_V_COUNT + 1000),
			   "unknown");
	KUNIT_EXPECT_STREQ(test, nfh_violation_name(-1), "unknown");
}

/* Counters of `ethtool -S` are told apart by 31 characters at most. */
static void violation_names_fit_ethtool(struct kunit *test)
{
	u32 why, other;

	for (why = NFH_V_NONE + 1; why < NFH_V_COUNT; why++) {
		const char *name = nfh_violation_name(why);
		bool drops = why < NFH_V_FIRST_FAULT;

		KUNIT_EXPECT_LT_MSG(test, strlen(name) +
				    strlen(drops ? "drop_" : "fault_"),
				    (size_t)ETH_GSTRING_LEN, "%s", name);
		KUNIT_EXPECT_EQ_MSG(test, strspn(name,
						 "abcdefghijklmnopqrstuvwxyz_"),
				    strlen(name), "%s", name);
		for (other = NFH_V_NONE; other < why; other++)
			KUNIT_EXPECT_STRNEQ(test, name,
					    nfh_violation_name(other));
	}
}

/* Where the drops end and the faults begin is a promise to the operator. */
static void violation_drops_come_before_faults(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, (int)NFH_V_FIRST_FAULT, (int)NFH_V_TX_PRODUCER);
	KUNIT_EXPECT_EQ(test, (int)NFH_V_FIRST_FAULT,
			(int)NFH_V_XENSTORE_VALUE + 1);
	KUNIT_EXPECT_LT(test, (int)NFH_V_FIRST_FAULT, (int)NFH_V_COUNT);
}

static struct kunit_case health_cases[] = {
	KUNIT_CASE_PARAM(dev_move_pair, state_gen_params),
	KUNIT_CASE(dev_may_move_from_no_state),
	KUNIT_CASE(dev_move_after_another),
	KUNIT_CASE(dev_new_is_disconnected),
	KUNIT_CASE(dev_drop_counts_its_reason_only),
	KUNIT_CASE(dev_fault_every_reason),
	KUNIT_CASE(dev_fault_stops_every_queue),
	KUNIT_CASE(dev_fault_schedules_queues_in_use),
	KUNIT_CASE(dev_fault_second_is_not_counted),
	KUNIT_CASE(dev_fault_when_not_connected),
	KUNIT_CASE(dev_fault_after_another),
	KUNIT_CASE(dev_fault_is_recorded),
	KUNIT_CASE(dev_fault_by_a_zero),
	KUNIT_CASE(backoff_doubles_to_its_cap),
	KUNIT_CASE(backoff_starts_again_after_calm),
	KUNIT_CASE(backoff_gives_up_after_faults_only),
	KUNIT_CASE(state_names_are_there),
	KUNIT_CASE(violation_name_of_every_reason),
	KUNIT_CASE(violation_name_of_no_reason),
	KUNIT_CASE(violation_names_fit_ethtool),
	KUNIT_CASE(violation_drops_come_before_faults),
	{}
};

static struct kunit_suite health_suite = {
	.name = "netfront_hardened_health",
	.init = health_init,
	.exit = health_exit,
	.test_cases = health_cases,
};

kunit_test_suite(health_suite);
