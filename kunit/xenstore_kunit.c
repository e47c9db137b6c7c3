// SPDX-License-Identifier: GPL-2.0
/*
 * xenstore.c against a backend that writes what it likes into its directory,
 * and a xenstore that fails and meets conflicts
 *
 * What is published is compared key by key with what a backend looks for.
 */
#include <kunit/test.h>
#include <linux/limits.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "fake_evtchn.h"
#include "fake_gnttab.h"
#include "fake_memory.h"
#include "fake_xenstore.h"
#include "reasons.h"

/* The directory of a queue cannot be named. */
static bool no_memory;

#define kasprintf(gfp, ...) (no_memory ? NULL : (kasprintf)(gfp, __VA_ARGS__))

#include "../xenstore.c"

#define FRONT	"front"
#define BACK	"back"
#define QUEUES	3U

/**
 * struct xenstore_fixture - a device with rings and event channels to publish
 * @nd: under test
 * @xbdev: its two directories
 * @queue: its queues
 */
struct xenstore_fixture {
	struct nfh_dev nd;
	struct xenbus_device xbdev;
	struct nfh_queue queue[QUEUES];
};

static int xenstore_init(struct kunit *test)
{
	struct xenstore_fixture *fx;
	u32 i;

	no_memory = false;
	fake_gnttab_init(test);
	fake_memory_init(test);
	fake_xenstore_init(test);
	fx = kunit_kzalloc(test, sizeof(*fx), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, fx);
	test->priv = fx;
	fx->xbdev.nodename = FRONT;
	fx->xbdev.otherend = BACK;
	fx->nd.xbdev = &fx->xbdev;
	fx->nd.queues = fx->queue;
	fx->nd.num_queues = 1;
	fx->nd.account = nfh_account_create();
	KUNIT_ASSERT_NOT_NULL(test, fx->nd.account);
	for (i = 0; i < QUEUES; i++) {
		fx->queue[i].ring_pool = nfh_pool_create(fx->nd.account, 7, 2,
							 NFH_POOL_WRITE);
		KUNIT_ASSERT_FALSE(test, IS_ERR(fx->queue[i].ring_pool));
		fx->queue[i].rx_event.port = 100 + i;
	}
	return 0;
}

static void xenstore_exit(struct kunit *test)
{
	struct xenstore_fixture *fx = test->priv;
	u32 i;

	if (!fx)
		return;
	for (i = 0; i < QUEUES; i++)
		nfh_pool_destroy(fx->queue[i].ring_pool);
	nfh_account_put(fx->nd.account);
	fake_xenstore_exit();
	fake_gnttab_exit();
	fake_memory_exit();
}

/* nfh_xenstore_read_caps */

/**
 * struct key_case - what a backend writes, and what is made of it
 * @desc: name of the row
 * @text: of each key; NULL: the keys are missing
 * @flag: value of a key that is a flag
 * @flag_counted: a flag with that text is counted as nonsense
 * @queues: number of queues
 * @queues_counted: that text is counted as nonsense there
 */
struct key_case {
	const char *desc;
	const char *text;
	u32 flag;
	bool flag_counted;
	u32 queues;
	bool queues_counted;
};

static const struct key_case key_cases[] = {
	{ "missing", NULL, 0, false, 1, false },
	{ "empty", "", 0, true, 1, true },
	{ "zero", "0", 0, false, 1, true },
	{ "one", "1", 1, false, 1, false },
	{ "two", "2", 0, true, 2, false },
	{ "newline", "1\n", 1, false, 1, false },
	{ "leading_zeroes", "0001", 1, false, 1, false },
	{ "plus", "+1", 1, false, 1, false },
	{ "minus_one", "-1", 0, true, 1, true },
	{ "minus_zero", "-0", 0, true, 1, true },
	{ "space_before", " 1", 0, true, 1, true },
	{ "space_behind", "1 ", 0, true, 1, true },
	{ "letters", "yes", 0, true, 1, true },
	{ "letters_behind", "1x", 0, true, 1, true },
	{ "hexadecimal", "0x1", 0, true, 1, true },
	{ "fraction", "1.0", 0, true, 1, true },
	{ "two_numbers", "1 1", 0, true, 1, true },
	{ "two_lines", "1\n1", 0, true, 1, true },
	{ "format", "%s%n", 0, true, 1, true },
	{ "highest", "4294967295", 0, true, U32_MAX, false },
	{ "too_high", "4294967296", 0, true, 1, true },
	{ "one_in_33_bits", "4294967297", 0, true, 1, true },
	{ "one_in_65_bits", "18446744073709551617", 0, true, 1, true },
	{ "long", "11111111111111111111111111111111111111111111111111",
	  0, true, 1, true },
};

static void key_desc(const struct key_case *row, char *desc)
{
	strscpy(desc, row->desc, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(key, key_cases, key_desc);

/* The flag behind @key, as a backend's name for it would set it. */
static u32 value_of(const struct nfh_caps *caps, const struct backend_key *key)
{
	return *(const u32 *)((const u8 *)caps + key->offset);
}

static bool is_flag(const struct backend_key *key)
{
	return key->max == 1;
}

/* One key at a time has the text; the others are missing. */
static void read_caps_one_key(struct kunit *test)
{
	const struct key_case *row = test->param_value;
	struct xenstore_fixture *fx = test->priv;
	s64 counted = 0;
	u32 i, other;

	for (i = 0; i < ARRAY_SIZE(backend_keys); i++) {
		const struct backend_key *key = &backend_keys[i];
		struct nfh_caps caps;

		memset(&caps, 0xff, sizeof(caps));
		fake_xenstore_init(test);
		if (row->text)
			fake_xenstore_write(BACK, key->name, row->text);
		nfh_xenstore_read_caps(&fx->nd, &caps);

		counted += is_flag(key) ? row->flag_counted :
					  row->queues_counted;
		KUNIT_EXPECT_EQ_MSG(test, value_of(&caps, key),
				    is_flag(key) ? row->flag : row->queues,
				    "%s", key->name);
		for (other = 0; other < ARRAY_SIZE(backend_keys); other++)
			if (other != i)
				KUNIT_EXPECT_EQ(test,
						value_of(&caps, &backend_keys
								[other]),
						backend_keys[other].fallback);
		KUNIT_EXPECT_EQ(test, caps.multi_queue,
				!is_flag(key) && row->text);
	}
	KUNIT_EXPECT_EQ(test,
			atomic64_read(&fx->nd.violations[NFH_V_XENSTORE_VALUE]),
			counted);
}

/* The names are those of netif.h, each for its own field. */
static void read_caps_names(struct kunit *test)
{
	struct xenstore_fixture *fx = test->priv;
	struct nfh_caps caps;

	fake_xenstore_write(BACK, "feature-rx-copy", "1");
	fake_xenstore_write(BACK, "feature-sg", "1");
	nfh_xenstore_read_caps(&fx->nd, &caps);
	KUNIT_EXPECT_TRUE(test, caps.rx_copy && caps.sg);
	KUNIT_EXPECT_FALSE(test, caps.ipv6_csum || caps.split_events);
	KUNIT_EXPECT_FALSE(test, caps.gso_tcpv4 || caps.gso_tcpv6);

	fake_xenstore_write(BACK, "feature-sg", "0");
	fake_xenstore_write(BACK, "feature-ipv6-csum-offload", "1");
	fake_xenstore_write(BACK, "feature-gso-tcpv6", "1");
	nfh_xenstore_read_caps(&fx->nd, &caps);
	KUNIT_EXPECT_TRUE(test, caps.ipv6_csum && caps.gso_tcpv6);
	KUNIT_EXPECT_FALSE(test, caps.sg || caps.split_events);
	KUNIT_EXPECT_FALSE(test, caps.gso_tcpv4);

	fake_xenstore_write(BACK, "feature-gso-tcpv4", "1");
	fake_xenstore_write(BACK, "feature-split-event-channels", "1");
	fake_xenstore_write(BACK, "multi-queue-max-queues", "8");
	nfh_xenstore_read_caps(&fx->nd, &caps);
	KUNIT_EXPECT_TRUE(test, caps.gso_tcpv4 && caps.split_events);
	KUNIT_EXPECT_TRUE(test, caps.multi_queue);
	KUNIT_EXPECT_EQ(test, caps.max_queues, 8U);
}

/* Where a backend would write it, not where we would. */
static void read_caps_other_directory(struct kunit *test)
{
	struct xenstore_fixture *fx = test->priv;
	struct nfh_caps caps;

	fake_xenstore_write(FRONT, "feature-rx-copy", "1");
	nfh_xenstore_read_caps(&fx->nd, &caps);
	KUNIT_EXPECT_FALSE(test, caps.rx_copy);
}

/* nfh_xenstore_publish */

static void expect_key(struct kunit *test, const char *dir, const char *name,
		       const char *text)
{
	const char *found = fake_xenstore_look(dir, name);

	KUNIT_EXPECT_EQ_MSG(test, !!found, !!text, "%s/%s", dir, name);
	if (found && text)
		KUNIT_EXPECT_STREQ(test, found, text);
}

static void expect_number(struct kunit *test, const char *dir,
			  const char *name, u32 number)
{
	char text[16];

	snprintf(text, sizeof(text), "%u", number);
	expect_key(test, dir, name, text);
}

static void expect_flags(struct kunit *test)
{
	expect_key(test, FRONT, "request-rx-copy", "1");
	expect_key(test, FRONT, "feature-rx-notify", "1");
	expect_key(test, FRONT, "feature-sg", "1");
	expect_key(test, FRONT, "feature-gso-tcpv4", "1");
	expect_key(test, FRONT, "feature-gso-tcpv6", "1");
	expect_key(test, FRONT, "feature-ipv6-csum-offload", "1");
}

static void expect_queue(struct kunit *test, const char *dir,
			 const struct nfh_queue *q)
{
	bool split = q->tx_event.port;

	expect_number(test, dir, "tx-ring-ref", nfh_pool_gref(q->ring_pool, 0));
	expect_number(test, dir, "rx-ring-ref", nfh_pool_gref(q->ring_pool, 1));
	if (split) {
		expect_number(test, dir, "event-channel-tx", q->tx_event.port);
		expect_number(test, dir, "event-channel-rx", q->rx_event.port);
		expect_key(test, dir, "event-channel", NULL);
	} else {
		expect_number(test, dir, "event-channel", q->rx_event.port);
		expect_key(test, dir, "event-channel-tx", NULL);
		expect_key(test, dir, "event-channel-rx", NULL);
	}
}

struct publish_case {
	const char *desc;
	u32 queues;
	bool multi_queue;	/* the backend knows of queues */
	bool split;
};

static const struct publish_case publish_cases[] = {
	{ "one_queue_old_backend", 1, false, false },
	{ "one_queue_old_backend_split", 1, false, true },
	{ "one_queue", 1, true, false },
	{ "one_queue_split", 1, true, true },
	{ "two_queues", 2, true, false },
	{ "three_queues_split", 3, true, true },
};

static void publish_desc(const struct publish_case *row, char *desc)
{
	strscpy(desc, row->desc, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(publish, publish_cases, publish_desc);

/* Over everything that the drivers before this one may have left. */
static void leave_old_keys(void)
{
	static const char * const dirs[] = {
		FRONT, FRONT "/queue-0", FRONT "/queue-1", FRONT "/queue-2",
	};
	u32 i, k;

	for (i = 0; i < ARRAY_SIZE(dirs); i++)
		for (k = 0; k < ARRAY_SIZE(queue_keys); k++)
			fake_xenstore_write(dirs[i], queue_keys[k], "1");
	for (k = 0; k < ARRAY_SIZE(foreign_keys); k++)
		fake_xenstore_write(FRONT, foreign_keys[k], "1");
}

static void publish_keys(struct kunit *test)
{
	const struct publish_case *row = test->param_value;
	struct xenstore_fixture *fx = test->priv;
	u32 i;

	leave_old_keys();
	fx->nd.num_queues = row->queues;
	fx->nd.caps.multi_queue = row->multi_queue;
	for (i = 0; i < QUEUES; i++)
		fx->queue[i].tx_event.port = row->split ? 200 + i : 0;

	KUNIT_EXPECT_EQ(test, nfh_xenstore_publish(&fx->nd), 0);

	expect_flags(test);
	if (row->multi_queue)
		expect_number(test, FRONT, "multi-queue-num-queues",
			      row->queues);
	else
		expect_key(test, FRONT, "multi-queue-num-queues", NULL);
	for (i = 0; i < ARRAY_SIZE(foreign_keys) - 1; i++)
		expect_key(test, FRONT, foreign_keys[i], NULL);
	if (row->queues == 1) {
		expect_queue(test, FRONT, &fx->queue[0]);
		return;
	}
	/* what stands at the top would belong to a single queue */
	for (i = 0; i < ARRAY_SIZE(queue_keys); i++)
		expect_key(test, FRONT, queue_keys[i], NULL);
	for (i = 0; i < row->queues; i++) {
		char dir[] = FRONT "/queue-0";

		dir[sizeof(dir) - 2] += i;
		expect_queue(test, dir, &fx->queue[i]);
	}
}

/* Whichever write fails, nothing at all is published. */
static void publish_write_fails(struct kunit *test)
{
	struct xenstore_fixture *fx = test->priv;
	/* per queue two references and two channels; number of queues; flags */
	u32 writes = 2 * 4 + 1 + ARRAY_SIZE(frontend_flags);
	u32 nth;

	fx->nd.num_queues = 2;
	fx->nd.caps.multi_queue = true;
	fx->queue[0].tx_event.port = 200;
	fx->queue[1].tx_event.port = 201;
	for (nth = 1; nth <= writes; nth++) {
		fake_xenstore_fail_write(nth);
		KUNIT_EXPECT_EQ(test, nfh_xenstore_publish(&fx->nd), -ENOSPC);
		KUNIT_EXPECT_EQ(test, fake_xenstore_keys(), 0U);
		KUNIT_EXPECT_EQ(test, fake_xenstore_transactions(), nth);
	}
	fake_xenstore_fail_write(nth);
	KUNIT_EXPECT_EQ(test, nfh_xenstore_publish(&fx->nd), 0);
	KUNIT_EXPECT_EQ(test, fake_xenstore_keys(), writes);
}

static void publish_no_memory(struct kunit *test)
{
	struct xenstore_fixture *fx = test->priv;

	fx->nd.num_queues = 2;
	no_memory = true;
	KUNIT_EXPECT_EQ(test, nfh_xenstore_publish(&fx->nd), -ENOMEM);
	KUNIT_EXPECT_EQ(test, fake_xenstore_keys(), 0U);
}

static void publish_does_not_start(struct kunit *test)
{
	struct xenstore_fixture *fx = test->priv;

	fake_xenstore_fail_start();
	KUNIT_EXPECT_EQ(test, nfh_xenstore_publish(&fx->nd), -EIO);
	KUNIT_EXPECT_EQ(test, fake_xenstore_keys(), 0U);
}

static void publish_some_conflicts(struct kunit *test)
{
	struct xenstore_fixture *fx = test->priv;

	fake_xenstore_conflict(NFH_XENSTORE_TRIES - 1);
	KUNIT_EXPECT_EQ(test, nfh_xenstore_publish(&fx->nd), 0);
	KUNIT_EXPECT_EQ(test, fake_xenstore_transactions(), NFH_XENSTORE_TRIES);
	expect_queue(test, FRONT, &fx->queue[0]);
}

/* Somebody who writes all the time does not keep us for ever. */
static void publish_conflicts_without_end(struct kunit *test)
{
	struct xenstore_fixture *fx = test->priv;

	fake_xenstore_conflict(1000);
	KUNIT_EXPECT_EQ(test, nfh_xenstore_publish(&fx->nd), -EAGAIN);
	KUNIT_EXPECT_EQ(test, fake_xenstore_transactions(), NFH_XENSTORE_TRIES);
	KUNIT_EXPECT_EQ(test, fake_xenstore_keys(), 0U);
}

/* A reason that xenstore.c reports is one of those counted above. */
static void every_reason_has_a_row(struct kunit *test)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(nfh_reasons); i++)
		KUNIT_EXPECT_EQ(test, !!(nfh_reasons[i].by & BY_XENSTORE),
				nfh_reasons[i].why == NFH_V_XENSTORE_VALUE);
}

static struct kunit_case xenstore_cases[] = {
	KUNIT_CASE_PARAM(read_caps_one_key, key_gen_params),
	KUNIT_CASE(read_caps_names),
	KUNIT_CASE(read_caps_other_directory),
	KUNIT_CASE_PARAM(publish_keys, publish_gen_params),
	KUNIT_CASE(publish_write_fails),
	KUNIT_CASE(publish_no_memory),
	KUNIT_CASE(publish_does_not_start),
	KUNIT_CASE(publish_some_conflicts),
	KUNIT_CASE(publish_conflicts_without_end),
	KUNIT_CASE(every_reason_has_a_row),
	{}
};

static struct kunit_suite xenstore_suite = {
	.name = "netfront_hardened_xenstore",
	.init = xenstore_init,
	.exit = xenstore_exit,
	.test_cases = xenstore_cases,
};

kunit_test_suite(xenstore_suite);
