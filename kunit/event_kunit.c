// SPDX-License-Identifier: GPL-2.0
/*
 * event.c with event channels that notice misuse
 */
#include <kunit/test.h>

#include "fake_evtchn.h"
#include "../event.c"
#include "queue_fixture.h"

static int event_init(struct kunit *test)
{
	fixture_create(test, 0, 0);
	return 0;
}

static void event_exit(struct kunit *test)
{
	fixture_destroy(test->priv);
}

/* The fixture has one channel open for both directions. */
static void event_open_names_queue_and_use(struct kunit *test)
{
	struct queue_fixture *fx = test->priv;
	struct nfh_event *event = &fx->q->rx_event;

	KUNIT_EXPECT_GE(test, event->port, FAKE_PORT_FIRST);
	KUNIT_EXPECT_GE(test, event->irq, FAKE_IRQ_FIRST);
	KUNIT_EXPECT_PTR_EQ(test, event->queue, fx->q);
	KUNIT_EXPECT_STREQ(test, event->name, "vif-0-q1-txrx");
	KUNIT_EXPECT_PTR_EQ(test, fake_evtchn_look(event->irq).name,
			    (const char *)event->name);
}

static void event_open_starts_clean(struct kunit *test)
{
	struct queue_fixture *fx = test->priv;
	struct nfh_event *event = &fx->q->tx_event;

	event->pending = true;
	event->progress = 5;

	KUNIT_EXPECT_EQ(test, nfh_event_open(event, fx->q, "tx"), 0);
	KUNIT_EXPECT_FALSE(test, event->pending);
	KUNIT_EXPECT_EQ(test, event->progress, 0U);
	KUNIT_EXPECT_EQ(test, fake_evtchn_in_use(), 2U);
}

static void event_open_no_channel_left(struct kunit *test)
{
	struct queue_fixture *fx = test->priv;

	fake_evtchn_fail_alloc(-ENOSPC);

	KUNIT_EXPECT_EQ(test, nfh_event_open(&fx->q->tx_event, fx->q, "tx"),
			-ENOSPC);
	KUNIT_EXPECT_EQ(test, fx->q->tx_event.port, 0U);
	KUNIT_EXPECT_EQ(test, fake_evtchn_in_use(), 1U);
}

static void event_open_bind_fails(struct kunit *test)
{
	struct queue_fixture *fx = test->priv;

	fake_evtchn_fail_bind(-ENOMEM);

	KUNIT_EXPECT_EQ(test, nfh_event_open(&fx->q->tx_event, fx->q, "tx"),
			-ENOMEM);
	KUNIT_EXPECT_EQ(test, fx->q->tx_event.port, 0U);
	KUNIT_EXPECT_EQ(test, fake_evtchn_in_use(), 1U);
}

static void event_close_twice(struct kunit *test)
{
	struct queue_fixture *fx = test->priv;

	fx->q->rx_event.pending = true;
	nfh_event_close(&fx->q->rx_event);
	nfh_event_close(&fx->q->rx_event);

	KUNIT_EXPECT_EQ(test, fx->q->rx_event.port, 0U);
	KUNIT_EXPECT_EQ(test, fx->q->rx_event.irq, 0U);
	KUNIT_EXPECT_FALSE(test, fx->q->rx_event.pending);
	KUNIT_EXPECT_EQ(test, fake_evtchn_in_use(), 0U);
}

static void event_notify_once(struct kunit *test)
{
	struct queue_fixture *fx = test->priv;
	struct nfh_event *event = &fx->q->rx_event;

	nfh_event_notify(event);

	KUNIT_EXPECT_EQ(test, fake_evtchn_look(event->irq).notified, 1U);
}

static void event_pay_nothing_owed(struct kunit *test)
{
	struct queue_fixture *fx = test->priv;
	struct nfh_event *event = &fx->q->rx_event;

	event->progress = 3;
	nfh_event_pay(event);

	KUNIT_EXPECT_EQ(test, fake_evtchn_look(event->irq).paid, 0U);
	KUNIT_EXPECT_EQ(test, event->progress, 3U);
}

/* An event of which nothing came is said to be spurious (XSA-391). */
static void event_pay_without_progress(struct kunit *test)
{
	struct queue_fixture *fx = test->priv;
	struct nfh_event *event = &fx->q->rx_event;

	KUNIT_EXPECT_TRUE(test, fake_evtchn_raise(event->irq));
	KUNIT_EXPECT_TRUE(test, event->pending);
	nfh_event_pay(event);

	KUNIT_EXPECT_EQ(test, fake_evtchn_look(event->irq).paid, 1U);
	KUNIT_EXPECT_EQ(test, fake_evtchn_look(event->irq).spurious, 1U);
	KUNIT_EXPECT_FALSE(test, event->pending);
}

static void event_pay_with_progress(struct kunit *test)
{
	struct queue_fixture *fx = test->priv;
	struct nfh_event *event = &fx->q->rx_event;

	fake_evtchn_raise(event->irq);
	event->progress = 1;
	nfh_event_pay(event);
	KUNIT_EXPECT_EQ(test, fake_evtchn_look(event->irq).spurious, 0U);
	KUNIT_EXPECT_EQ(test, event->progress, 0U);

	/* what the last event brought does not count for this one */
	fake_evtchn_raise(event->irq);
	nfh_event_pay(event);
	KUNIT_EXPECT_EQ(test, fake_evtchn_look(event->irq).paid, 2U);
	KUNIT_EXPECT_EQ(test, fake_evtchn_look(event->irq).spurious, 1U);
}

static struct kunit_case event_cases[] = {
	KUNIT_CASE(event_open_names_queue_and_use),
	KUNIT_CASE(event_open_starts_clean),
	KUNIT_CASE(event_open_no_channel_left),
	KUNIT_CASE(event_open_bind_fails),
	KUNIT_CASE(event_close_twice),
	KUNIT_CASE(event_notify_once),
	KUNIT_CASE(event_pay_nothing_owed),
	KUNIT_CASE(event_pay_without_progress),
	KUNIT_CASE(event_pay_with_progress),
	{}
};

static struct kunit_suite event_suite = {
	.name = "netfront_hardened_event",
	.init = event_init,
	.exit = event_exit,
	.test_cases = event_cases,
};

kunit_test_suite(event_suite);
