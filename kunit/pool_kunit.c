// SPDX-License-Identifier: GPL-2.0
/*
 * pool.c with an allocator that remembers, a grant table that
 * notices misuse, and a clock that stands still
 *
 * pool.c is included below with its allocator calls going to fake_memory.c and
 * its grants to fake_gnttab.c.  The quarantine's delayed work is not started:
 * what it was armed with is kept in pool_clock, and a test lets the time pass
 * by calling the work's function.  One case runs it for real.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <kunit/test.h>
#include <linux/delay.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/workqueue.h>
#include <xen/page.h>

#include "fake_gnttab.h"
#include "fake_memory.h"
#include "random.h"

/**
 * struct pool_clock - time as pool.c sees it
 * @real: the delayed work is really started
 * @armed: it would be running now
 * @delay: in so many jiffies
 * @slept: times that somebody slept
 * @unmap_after: the backend lets go of everything in that sleep; 0 for never
 */
static struct pool_clock {
	bool real;
	bool armed;
	unsigned long delay;
	u32 slept;
	u32 unmap_after;
} pool_clock;

static bool clock_start(struct delayed_work *work, unsigned long delay)
{
	pool_clock.armed = true;
	pool_clock.delay = delay;
	return pool_clock.real && schedule_delayed_work(work, delay);
}

static bool clock_stop(struct delayed_work *work)
{
	pool_clock.armed = false;
	return pool_clock.real && cancel_delayed_work(work);
}

static void clock_sleep(unsigned long time)
{
	pool_clock.slept++;
	if (pool_clock.slept == pool_clock.unmap_after)
		fake_gnttab_unmap_all();
}

#undef alloc_page
#define alloc_page(gfp)				fake_alloc_page(gfp)
#undef __free_page
#define __free_page(page)			fake_free_page(page)
#undef kzalloc
#define kzalloc(size, gfp)			fake_zalloc(size, gfp)
#undef kvzalloc
#define kvzalloc(size, gfp)			fake_zalloc(size, gfp)
#undef kfree
#define kfree(memory)				fake_free(memory)
#undef kvfree
#define kvfree(memory)				fake_free(memory)
#define schedule_delayed_work(work, delay)	clock_start(work, delay)
#define cancel_delayed_work(work)		clock_stop(work)
#define schedule_timeout_uninterruptible(time)	clock_sleep(time)

#include "../pool.c"

/* The domain that the tests grant to; not 0, which anything could be. */
#define BACKEND	7

/* Pools that one test may make. */
#define POOLS	8

/**
 * struct pool_fixture - an account, and what was made with it
 * @account: charged for all pools
 * @pools: entries of @pool in use
 * @pool: pools to be destroyed when the test is over; %NULL when they are
 */
struct pool_fixture {
	struct nfh_account *account;
	u32 pools;
	struct nfh_pool *pool[POOLS];
};

static int pool_init(struct kunit *test)
{
	struct pool_fixture *fx;

	memset(&pool_clock, 0, sizeof(pool_clock));
	fake_gnttab_init(test);
	fake_memory_init(test);
	fx = kunit_kzalloc(test, sizeof(*fx), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, fx);
	fx->account = nfh_account_create();
	KUNIT_ASSERT_NOT_NULL(test, fx->account);
	test->priv = fx;
	return 0;
}

/* Everything must be back in the end, whatever the test did. */
static void pool_exit(struct kunit *test)
{
	struct pool_fixture *fx = test->priv;

	if (!fx)
		return;
	while (fx->pools)
		nfh_pool_destroy(fx->pool[--fx->pools]);
	fake_gnttab_unmap_all();
	nfh_quarantine_exit();
	KUNIT_EXPECT_TRUE(test, list_empty(&quarantine));
	nfh_account_put(fx->account);
	fake_gnttab_exit();
	fake_memory_exit();
}

/* A pool that is destroyed with the test, unless pool_destroy() came before. */
static struct nfh_pool *pool_make(struct kunit *test, u16 pages,
				  enum nfh_pool_use use)
{
	struct pool_fixture *fx = test->priv;
	struct nfh_pool *pool;

	KUNIT_ASSERT_LT(test, fx->pools, POOLS);
	pool = nfh_pool_create(fx->account, BACKEND, pages, use);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, pool);
	fx->pool[fx->pools++] = pool;
	return pool;
}

static void pool_destroy(struct kunit *test, struct nfh_pool *pool)
{
	struct pool_fixture *fx = test->priv;
	u32 i;

	for (i = 0; i < fx->pools; i++)
		if (fx->pool[i] == pool)
			fx->pool[i] = NULL;
	nfh_pool_destroy(pool);
}

/* A pool that fails to be made. */
static void expect_no_pool(struct kunit *test, u16 pages, int err)
{
	struct pool_fixture *fx = test->priv;
	struct nfh_pool *pool;

	pool = nfh_pool_create(fx->account, BACKEND, pages, NFH_POOL_WRITE);
	KUNIT_EXPECT_PTR_EQ(test, pool, (struct nfh_pool *)ERR_PTR(err));
	if (!IS_ERR(pool))
		nfh_pool_destroy(pool);
}

static void expect_usage(struct kunit *test, u32 pages, u32 quarantined)
{
	struct pool_fixture *fx = test->priv;
	struct nfh_pool_usage usage = nfh_account_usage(fx->account);

	KUNIT_EXPECT_EQ(test, usage.pages, pages);
	KUNIT_EXPECT_EQ(test, usage.quarantined, quarantined);
	KUNIT_EXPECT_EQ(test, fake_memory_pages(), pages);
}

/* As if the delayed work had come due. */
static void time_passes(struct kunit *test)
{
	KUNIT_EXPECT_TRUE(test, pool_clock.armed);
	pool_clock.armed = false;
	quarantine_retry(&quarantine_work.work);
}

/* The backend's plain view of a page. */
static u8 *page_bytes(const struct nfh_pool *pool, u16 index)
{
	return (u8 __force *)nfh_pool_shared(pool, index);
}

/* nfh_account_create, _put, _usage */

static void account_create_is_empty(struct kunit *test)
{
	expect_usage(test, 0, 0);
}

static void account_create_no_memory(struct kunit *test)
{
	fake_memory_fail_heap();
	KUNIT_EXPECT_NULL(test, nfh_account_create());
}

static void account_put_nothing(struct kunit *test)
{
	nfh_account_put(NULL);
	expect_usage(test, 0, 0);
}

static void account_put_frees(struct kunit *test)
{
	struct nfh_account *account = nfh_account_create();

	KUNIT_ASSERT_NOT_NULL(test, account);
	KUNIT_EXPECT_EQ(test, fake_memory_heap(), 2U);
	nfh_account_put(account);
	KUNIT_EXPECT_EQ(test, fake_memory_heap(), 1U);
}

/* The device is gone, the backend still holds its pages. */
static void account_put_before_quarantine_is_empty(struct kunit *test)
{
	struct nfh_account *account = nfh_account_create();
	struct nfh_pool *pool;

	KUNIT_ASSERT_NOT_NULL(test, account);
	pool = nfh_pool_create(account, BACKEND, 2, NFH_POOL_READ);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, pool);
	fake_gnttab_map(nfh_pool_gref(pool, 1));
	nfh_pool_destroy(pool);

	nfh_account_put(account);
	KUNIT_EXPECT_EQ(test, nfh_account_usage(account).quarantined, 1U);
	KUNIT_EXPECT_EQ(test, fake_memory_heap(), 3U);
	fake_gnttab_unmap_all();
	time_passes(test);
	KUNIT_EXPECT_EQ(test, fake_memory_heap(), 1U);
}

/* nfh_pool_create, _gref, _shared */

struct create_case {
	const char *desc;
	u16 pages;
	enum nfh_pool_use use;
};

static const struct create_case create_cases[] = {
	{ "one_page_read", 1, NFH_POOL_READ },
	{ "one_page_write", 1, NFH_POOL_WRITE },
	{ "two_pages_write", 2, NFH_POOL_WRITE },
	{ "ring_of_pages_read", 256, NFH_POOL_READ },
	{ "ring_of_pages_write", 256, NFH_POOL_WRITE },
};

static void create_desc(const struct create_case *row, char *desc)
{
	strscpy(desc, row->desc, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(create, create_cases, create_desc);

static void pool_create_pages(struct kunit *test)
{
	const struct create_case *row = test->param_value;
	struct nfh_pool *pool = pool_make(test, row->pages, row->use);
	u16 i;

	expect_usage(test, row->pages, 0);
	KUNIT_EXPECT_EQ(test, fake_gnttab_in_use(), (u32)row->pages);
	KUNIT_EXPECT_EQ(test, fake_gnttab_calls(FAKE_GRANT), (u32)row->pages);
	for (i = 0; i < row->pages; i++) {
		u8 *bytes = page_bytes(pool, i);
		struct fake_ref ref = fake_gnttab_look(nfh_pool_gref(pool, i));

		KUNIT_EXPECT_TRUE(test, ref.zeroed);
		KUNIT_EXPECT_NULL(test, memchr_inv(bytes, 0, NFH_PAGE_BYTES));
		KUNIT_EXPECT_EQ(test, ref.state, FAKE_REF_GRANTED);
		KUNIT_EXPECT_EQ(test, ref.backend, BACKEND);
		KUNIT_EXPECT_EQ(test, ref.readonly, row->use == NFH_POOL_READ);
		KUNIT_EXPECT_EQ(test, ref.gfn,
				xen_page_to_gfn(virt_to_page(bytes)));
		/* a page that comes twice would show the mark */
		bytes[0] = 1;
	}
}

struct unwind_case {
	const char *desc;
	u32 refs;		/* that the grant table has */
	u32 fail_page;		/* which page is refused; 0 for none */
	bool fail_heap;		/* no memory for the pool itself */
	int err;
};

static const struct unwind_case unwind_cases[] = {
	{ "no_reference", 0, 0, false, -ENOSPC },
	{ "one_reference_too_few", 15, 0, false, -ENOSPC },
	{ "no_memory_for_pool", FAKE_REFS, 0, true, -ENOMEM },
	{ "no_memory_for_first_page", FAKE_REFS, 1, false, -ENOMEM },
	{ "no_memory_for_second_page", FAKE_REFS, 2, false, -ENOMEM },
	{ "no_memory_for_last_page", FAKE_REFS, 16, false, -ENOMEM },
	{ "enough_references_no_page", 16, 8, false, -ENOMEM },
};

static void unwind_desc(const struct unwind_case *row, char *desc)
{
	strscpy(desc, row->desc, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(unwind, unwind_cases, unwind_desc);

static void pool_create_unwinds(struct kunit *test)
{
	const struct unwind_case *row = test->param_value;

	fake_gnttab_set_capacity(row->refs);
	fake_memory_fail_page(row->fail_page);
	if (row->fail_heap)
		fake_memory_fail_heap();

	expect_no_pool(test, 16, row->err);

	expect_usage(test, 0, 0);
	KUNIT_EXPECT_EQ(test, fake_gnttab_in_use(), 0U);
	KUNIT_EXPECT_EQ(test, fake_memory_heap(), 1U);
	KUNIT_EXPECT_FALSE(test, pool_clock.armed);
}

/* The other pools of the device are none of a failed pool's business. */
static void pool_create_unwinds_beside_another(struct kunit *test)
{
	struct nfh_pool *pool = pool_make(test, 10, NFH_POOL_READ);
	u16 i;

	fake_gnttab_set_capacity(20);
	expect_no_pool(test, 11, -ENOSPC);
	fake_memory_fail_page(5);
	expect_no_pool(test, 10, -ENOMEM);

	expect_usage(test, 10, 0);
	for (i = 0; i < 10; i++)
		KUNIT_EXPECT_EQ(test,
				fake_gnttab_look(nfh_pool_gref(pool, i)).state,
				FAKE_REF_GRANTED);
}

/*
 * A backend that keeps everything cannot make the guest give without end,
 * whichever device it is for; another backend is served all the same.
 */
static void pool_create_quarantine_full(struct kunit *test)
{
	struct nfh_account *other = nfh_account_create();
	struct nfh_pool *kept[2];
	struct nfh_pool *pool;
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, other);
	for (i = 0; i < 2; i++) {
		kept[i] = pool_make(test, 2, NFH_POOL_READ);
		fake_gnttab_map(nfh_pool_gref(kept[i], 0));
		pool_destroy(test, kept[i]);
		KUNIT_EXPECT_EQ(test, kept[i]->kept, 1);
	}
	kept[0]->kept = NFH_QUARANTINE_MAX - 2;
	pool_destroy(test, pool_make(test, 1, NFH_POOL_READ));
	kept[0]->kept++;

	expect_no_pool(test, 1, -EDQUOT);
	expect_usage(test, 2, 2);
	KUNIT_EXPECT_EQ(test, fake_memory_heap(), 4U);
	pool = nfh_pool_create(other, BACKEND, 1, NFH_POOL_READ);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(pool), -EDQUOT);
	pool = nfh_pool_create(other, BACKEND + 1, 1, NFH_POOL_READ);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(pool), 0);
	if (!IS_ERR(pool))
		nfh_pool_destroy(pool);
	nfh_account_put(other);

	fake_gnttab_unmap_all();
	time_passes(test);
	pool_make(test, 1, NFH_POOL_READ);
}

/* Neither can that of one device, and no other device suffers from it. */
static void pool_create_device_quarantine_full(struct kunit *test)
{
	struct nfh_pool *pool = pool_make(test, 2, NFH_POOL_READ);
	struct pool_fixture *fx = test->priv;
	struct nfh_account *other = nfh_account_create();
	struct nfh_pool *others;

	KUNIT_ASSERT_NOT_NULL(test, other);
	fake_gnttab_map(nfh_pool_gref(pool, 0));
	pool_destroy(test, pool);
	atomic_add(NFH_QUARANTINE_DEVICE_MAX - 2, &fx->account->quarantined);
	pool_destroy(test, pool_make(test, 1, NFH_POOL_READ));
	atomic_inc(&fx->account->quarantined);

	expect_no_pool(test, 1, -EDQUOT);
	others = nfh_pool_create(other, BACKEND, 1, NFH_POOL_READ);
	KUNIT_EXPECT_FALSE(test, IS_ERR(others));
	if (!IS_ERR(others))
		nfh_pool_destroy(others);
	nfh_account_put(other);

	atomic_sub(NFH_QUARANTINE_DEVICE_MAX - 1, &fx->account->quarantined);
	fake_gnttab_unmap_all();
	time_passes(test);
}

/* nfh_pool_destroy and the quarantine */

static void pool_destroy_nothing(struct kunit *test)
{
	nfh_pool_destroy(NULL);
	KUNIT_EXPECT_FALSE(test, pool_clock.armed);
}

static void pool_destroy_nothing_mapped(struct kunit *test)
{
	struct nfh_pool *pool = pool_make(test, 256, NFH_POOL_WRITE);

	pool_destroy(test, pool);

	expect_usage(test, 0, 0);
	KUNIT_EXPECT_EQ(test, fake_gnttab_in_use(), 0U);
	KUNIT_EXPECT_EQ(test, fake_gnttab_calls(FAKE_TRY_END), 256U);
	KUNIT_EXPECT_EQ(test, fake_gnttab_calls(FAKE_END), 0U);
	KUNIT_EXPECT_FALSE(test, pool_clock.armed);
	KUNIT_EXPECT_TRUE(test, list_empty(&quarantine));
}

/* Pages 1 and 3 of five are mapped: these stay, as they are. */
static void pool_destroy_some_mapped(struct kunit *test)
{
	struct nfh_pool *pool = pool_make(test, 5, NFH_POOL_WRITE);
	struct page *page[5];
	grant_ref_t gref[5];
	u32 i;

	for (i = 0; i < 5; i++) {
		page[i] = virt_to_page(page_bytes(pool, i));
		gref[i] = nfh_pool_gref(pool, i);
	}
	fake_gnttab_map(gref[1]);
	fake_gnttab_map(gref[3]);

	pool_destroy(test, pool);

	expect_usage(test, 2, 2);
	for (i = 0; i < 5; i++) {
		KUNIT_EXPECT_EQ(test, fake_page_is_freed(page[i]), i % 2 == 0);
		KUNIT_EXPECT_EQ(test, fake_gnttab_grants(page[i]), i % 2 == 1);
	}
	KUNIT_EXPECT_TRUE(test, pool_clock.armed);
	KUNIT_EXPECT_EQ(test, pool_clock.delay, msecs_to_jiffies(20));

	fake_gnttab_unmap(gref[3]);
	time_passes(test);
	expect_usage(test, 1, 1);
	KUNIT_EXPECT_FALSE(test, fake_page_is_freed(page[1]));
	KUNIT_EXPECT_TRUE(test, fake_page_is_freed(page[3]));
	KUNIT_EXPECT_TRUE(test, pool_clock.armed);

	fake_gnttab_unmap(gref[1]);
	time_passes(test);
	expect_usage(test, 0, 0);
	KUNIT_EXPECT_FALSE(test, pool_clock.armed);
	KUNIT_EXPECT_TRUE(test, list_empty(&quarantine));
}

/* A pool fails half-made, and the backend is quicker than its undoing. */
static void pool_create_unwinds_while_mapped(struct kunit *test)
{
	struct pool_fixture *fx = test->priv;
	struct nfh_pool *pool;

	pool = kvzalloc(struct_size(pool, entry, 4), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, pool);
	pool->count = 4;
	pool->use = NFH_POOL_WRITE;
	pool->backend = BACKEND;
	INIT_LIST_HEAD(&pool->quarantine);
	refcount_inc(&fx->account->users);
	pool->account = fx->account;
	fake_memory_fail_page(3);
	KUNIT_EXPECT_EQ(test, pool_populate(pool), -ENOMEM);
	KUNIT_EXPECT_EQ(test, fake_gnttab_in_use(), 3U);
	fake_gnttab_map(nfh_pool_gref(pool, 0));

	nfh_pool_destroy(pool);

	expect_usage(test, 1, 1);
	KUNIT_EXPECT_EQ(test, fake_gnttab_in_use(), 1U);
	fake_gnttab_unmap_all();
	time_passes(test);
	expect_usage(test, 0, 0);
}

/* However often it is tried, a mapped page is counted once and stays. */
static void quarantine_retry_while_mapped(struct kunit *test)
{
	struct nfh_pool *pool = pool_make(test, 3, NFH_POOL_READ);
	struct page *page = virt_to_page(page_bytes(pool, 0));
	u32 i;

	fake_gnttab_map(nfh_pool_gref(pool, 0));
	pool_destroy(test, pool);
	for (i = 0; i < 50; i++) {
		time_passes(test);
		expect_usage(test, 1, 1);
		KUNIT_EXPECT_FALSE(test, fake_page_is_freed(page));
	}
	/* three at first, then the mapped one alone */
	KUNIT_EXPECT_EQ(test, fake_gnttab_calls(FAKE_TRY_END), 53U);
}

static void quarantine_retry_ever_less_often(struct kunit *test)
{
	static const unsigned int ms[] = {
		20, 40, 80, 160, 320, 640, 1280, 2560, 5000, 5000, 5000,
	};
	struct nfh_pool *pool = pool_make(test, 1, NFH_POOL_READ);
	u32 i;

	fake_gnttab_map(nfh_pool_gref(pool, 0));
	pool_destroy(test, pool);
	for (i = 0; i < ARRAY_SIZE(ms); i++) {
		/* doubling is done in jiffies */
		unsigned long want = min(msecs_to_jiffies(20) << i,
					 msecs_to_jiffies(5000));

		KUNIT_EXPECT_EQ_MSG(test, pool_clock.delay, want, "%u ms",
				    ms[i]);
		time_passes(test);
	}
}

/* A new pool in quarantine does not have to wait as long as the old one. */
static void quarantine_retry_soon_for_a_new_pool(struct kunit *test)
{
	struct nfh_pool *old = pool_make(test, 1, NFH_POOL_READ);
	struct nfh_pool *new = pool_make(test, 1, NFH_POOL_READ);
	u32 i;

	fake_gnttab_map(nfh_pool_gref(old, 0));
	fake_gnttab_map(nfh_pool_gref(new, 0));
	pool_destroy(test, old);
	for (i = 0; i < 12; i++)
		time_passes(test);
	pool_destroy(test, new);

	KUNIT_EXPECT_EQ(test, pool_clock.delay, msecs_to_jiffies(20));
	expect_usage(test, 2, 2);
}

/* Pools leave the quarantine one by one, not all or none. */
static void quarantine_retry_frees_the_pool_that_is_let_go(struct kunit *test)
{
	struct nfh_pool *pool[3];
	grant_ref_t gref[3];
	u32 i;

	for (i = 0; i < 3; i++) {
		pool[i] = pool_make(test, 2, NFH_POOL_READ);
		gref[i] = nfh_pool_gref(pool[i], 1);
		fake_gnttab_map(gref[i]);
	}
	for (i = 0; i < 3; i++)
		pool_destroy(test, pool[i]);
	expect_usage(test, 3, 3);

	fake_gnttab_unmap(gref[1]);
	time_passes(test);
	expect_usage(test, 2, 2);
	fake_gnttab_unmap(gref[0]);
	time_passes(test);
	expect_usage(test, 1, 1);
	fake_gnttab_unmap(gref[2]);
	time_passes(test);
	expect_usage(test, 0, 0);
	KUNIT_EXPECT_EQ(test, fake_memory_heap(), 1U);
}

/* Each account is charged for its own pages. */
static void quarantine_retry_two_accounts(struct kunit *test)
{
	struct nfh_pool *mine = pool_make(test, 2, NFH_POOL_READ);
	struct nfh_account *other = nfh_account_create();
	struct nfh_pool *theirs;

	KUNIT_ASSERT_NOT_NULL(test, other);
	theirs = nfh_pool_create(other, BACKEND + 1, 4, NFH_POOL_WRITE);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, theirs);
	fake_gnttab_map(nfh_pool_gref(theirs, 2));
	fake_gnttab_map(nfh_pool_gref(mine, 0));

	nfh_pool_destroy(theirs);
	KUNIT_EXPECT_EQ(test, nfh_account_usage(other).pages, 1U);
	KUNIT_EXPECT_EQ(test, nfh_account_usage(other).quarantined, 1U);
	pool_destroy(test, mine);
	KUNIT_EXPECT_EQ(test, fake_memory_pages(), 2U);

	fake_gnttab_unmap_all();
	time_passes(test);
	KUNIT_EXPECT_EQ(test, nfh_account_usage(other).pages, 0U);
	KUNIT_EXPECT_EQ(test, nfh_account_usage(other).quarantined, 0U);
	expect_usage(test, 0, 0);
	nfh_account_put(other);
}

/* The work itself, on its workqueue. */
static void quarantine_work_frees_by_itself(struct kunit *test)
{
	struct nfh_pool *pool = pool_make(test, 4, NFH_POOL_WRITE);
	u32 tries;

	pool_clock.real = true;
	fake_gnttab_map(nfh_pool_gref(pool, 2));
	pool_destroy(test, pool);
	flush_delayed_work(&quarantine_work);
	expect_usage(test, 1, 1);

	fake_gnttab_unmap_all();
	for (tries = 0; tries < 1000 && fake_memory_pages(); tries++)
		msleep(20);
	expect_usage(test, 0, 0);
	cancel_delayed_work_sync(&quarantine_work);
}

/* nfh_quarantine_exit */

static void quarantine_exit_nothing_there(struct kunit *test)
{
	nfh_quarantine_exit();
	KUNIT_EXPECT_EQ(test, pool_clock.slept, 0U);
}

static void quarantine_exit_already_let_go(struct kunit *test)
{
	struct nfh_pool *pool = pool_make(test, 3, NFH_POOL_WRITE);

	fake_gnttab_map(nfh_pool_gref(pool, 0));
	pool_destroy(test, pool);
	fake_gnttab_unmap_all();

	nfh_quarantine_exit();

	expect_usage(test, 0, 0);
	KUNIT_EXPECT_EQ(test, pool_clock.slept, 0U);
	KUNIT_EXPECT_EQ(test, fake_gnttab_calls(FAKE_END), 0U);
}

static void quarantine_exit_waits_for_the_backend(struct kunit *test)
{
	struct nfh_pool *pool = pool_make(test, 3, NFH_POOL_WRITE);

	fake_gnttab_map(nfh_pool_gref(pool, 0));
	fake_gnttab_map(nfh_pool_gref(pool, 2));
	pool_destroy(test, pool);
	pool_clock.unmap_after = 17;

	nfh_quarantine_exit();

	expect_usage(test, 0, 0);
	KUNIT_EXPECT_EQ(test, pool_clock.slept, 17U);
	KUNIT_EXPECT_EQ(test, fake_gnttab_calls(FAKE_END), 0U);
	KUNIT_EXPECT_EQ(test, fake_memory_heap(), 1U);
}

/* The backend never lets go: the wait ends, and the page is not freed. */
static void quarantine_exit_leaves_pages_to_the_grant_table(struct kunit *test)
{
	struct nfh_pool *pool = pool_make(test, 3, NFH_POOL_WRITE);
	struct page *page = virt_to_page(page_bytes(pool, 1));
	grant_ref_t gref = nfh_pool_gref(pool, 1);
	struct pool_fixture *fx = test->priv;

	fake_gnttab_map(gref);
	pool_destroy(test, pool);

	nfh_quarantine_exit();

	KUNIT_EXPECT_LE(test, pool_clock.slept, 250U);
	KUNIT_EXPECT_TRUE(test, list_empty(&quarantine));
	KUNIT_EXPECT_EQ(test, fake_memory_heap(), 1U);
	KUNIT_EXPECT_EQ(test, fake_gnttab_calls(FAKE_END), 1U);
	KUNIT_EXPECT_EQ(test, fake_gnttab_look(gref).state, FAKE_REF_LEFT);
	KUNIT_EXPECT_FALSE(test, fake_page_is_freed(page));
	KUNIT_EXPECT_EQ(test, nfh_account_usage(fx->account).pages, 0U);
	KUNIT_EXPECT_EQ(test, nfh_account_usage(fx->account).quarantined, 0U);
	fake_gnttab_unmap(gref);
	KUNIT_EXPECT_TRUE(test, fake_page_is_freed(page));
}

/* nfh_pool_fill, nfh_pool_seal */

/* One frame after another into the same page. */
struct seal_case {
	const char *desc;
	u16 before;
	u16 after;
};

static const struct seal_case seal_cases[] = {
	{ "shorter", 1500, 60 },
	{ "shorter_by_one", 61, 60 },
	{ "same", 60, 60 },
	{ "longer_by_one", 60, 61 },
	{ "longer", 60, 1500 },
	{ "first", 0, 60 },
	{ "first_whole_page", 0, 4096 },
	{ "one_byte_after_page", 4096, 1 },
	{ "nothing_after_page", 4096, 0 },
	{ "page_but_one_after_page", 4096, 4095 },
	{ "page_after_page", 4096, 4096 },
	{ "nothing_after_nothing", 0, 0 },
};

static void seal_desc(const struct seal_case *row, char *desc)
{
	strscpy(desc, row->desc, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(seal, seal_cases, seal_desc);

static void pool_frame(struct nfh_pool *pool, u16 index, u8 byte, u16 len)
{
	memset(nfh_pool_fill(pool, index), byte, len);
	nfh_pool_seal(pool, index, len);
}

/* @len bytes of @byte, and zeroes to the end of the page. */
static bool is_frame(const struct nfh_pool *pool, u16 index, u8 byte, u16 len)
{
	const u8 *bytes = page_bytes(pool, index);

	return !memchr_inv(bytes, byte, len) &&
	       !memchr_inv(bytes + len, 0, NFH_PAGE_BYTES - len);
}

static void pool_seal_frame_after_frame(struct kunit *test)
{
	const struct seal_case *row = test->param_value;
	struct nfh_pool *pool = pool_make(test, 2, NFH_POOL_READ);

	pool_frame(pool, 0, 0xaa, 100);
	pool_frame(pool, 1, 0x11, row->before);
	KUNIT_EXPECT_TRUE(test, is_frame(pool, 1, 0x11, row->before));

	pool_frame(pool, 1, 0x22, row->after);
	KUNIT_EXPECT_TRUE(test, is_frame(pool, 1, 0x22, row->after));
	KUNIT_EXPECT_TRUE(test, is_frame(pool, 0, 0xaa, 100));
}

/* Without the clearing of nfh_pool_seal() the old frame would be found. */
static void pool_seal_is_what_clears(struct kunit *test)
{
	struct nfh_pool *pool = pool_make(test, 1, NFH_POOL_READ);

	pool_frame(pool, 0, 0x11, 1500);
	memset(nfh_pool_fill(pool, 0), 0x22, 60);
	KUNIT_EXPECT_EQ(test, page_bytes(pool, 0)[60], 0x11);
	KUNIT_EXPECT_EQ(test, page_bytes(pool, 0)[1499], 0x11);

	nfh_pool_seal(pool, 0, 60);
	KUNIT_EXPECT_TRUE(test, is_frame(pool, 0, 0x22, 60));
}

/* What lies behind the high-water mark is not cleared again and again. */
static void pool_seal_clears_no_more_than_needed(struct kunit *test)
{
	struct nfh_pool *pool = pool_make(test, 1, NFH_POOL_READ);
	u8 *bytes = page_bytes(pool, 0);

	pool_frame(pool, 0, 0x11, 200);
	KUNIT_EXPECT_EQ(test, pool->entry[0].high_water, 200);
	bytes[200] = 0xee;
	bytes[4095] = 0xee;

	pool_frame(pool, 0, 0x22, 60);
	KUNIT_EXPECT_EQ(test, pool->entry[0].high_water, 60);
	KUNIT_EXPECT_NULL(test, memchr_inv(bytes + 60, 0, 140));
	KUNIT_EXPECT_EQ(test, bytes[200], 0xee);
	KUNIT_EXPECT_EQ(test, bytes[4095], 0xee);

	bytes[60] = 0xdd;
	pool_frame(pool, 0, 0x33, 10);
	KUNIT_EXPECT_NULL(test, memchr_inv(bytes + 10, 0, 50));
	KUNIT_EXPECT_EQ(test, bytes[60], 0xdd);
}

#define WALK_PAGES	4

static void pool_seal_random_frames(struct kunit *test)
{
	struct nfh_pool *pool = pool_make(test, WALK_PAGES, NFH_POOL_READ);
	u16 len[WALK_PAGES] = { };
	u8 byte[WALK_PAGES] = { };
	u32 random = 20190401;
	u32 i, k;

	for (i = 0; i < 4000; i++) {
		k = random_below(&random, WALK_PAGES);
		len[k] = random_below(&random, NFH_PAGE_BYTES + 1);
		if (random_below(&random, 2))
			len[k] %= 128;
		byte[k] = 1 + random_below(&random, 255);
		pool_frame(pool, k, byte[k], len[k]);
		KUNIT_ASSERT_TRUE_MSG(test, is_frame(pool, k, byte[k], len[k]),
				      "frame %u, %u bytes", i, len[k]);
	}
	for (k = 0; k < WALK_PAGES; k++)
		KUNIT_EXPECT_TRUE(test, is_frame(pool, k, byte[k], len[k]));
}

/* A new connection starts with pages that nobody has ever seen. */
static void pool_create_after_destroy_shows_nothing_old(struct kunit *test)
{
	struct nfh_pool *pool = pool_make(test, 8, NFH_POOL_READ);
	u16 i;

	for (i = 0; i < 8; i++)
		pool_frame(pool, i, 0x77, 4096);
	pool_destroy(test, pool);
	pool = pool_make(test, 8, NFH_POOL_READ);

	for (i = 0; i < 8; i++) {
		KUNIT_EXPECT_NULL(test, memchr_inv(page_bytes(pool, i), 0,
						   NFH_PAGE_BYTES));
		KUNIT_EXPECT_EQ(test, pool->entry[i].high_water, 0);
	}
}

static void pool_fill_is_the_shared_page(struct kunit *test)
{
	struct nfh_pool *pool = pool_make(test, 3, NFH_POOL_READ);
	u16 i;

	for (i = 0; i < 3; i++)
		KUNIT_EXPECT_PTR_EQ(test, nfh_pool_fill(pool, i),
				    (void *)page_bytes(pool, i));
}

/* nfh_pool_copy_out */

struct copy_case {
	const char *desc;
	u16 index;
	u32 offset;
	u32 len;
	int ret;
};

static const struct copy_case copy_cases[] = {
	{ "one_byte", 0, 0, 1, 0 },
	{ "last_byte", 0, 4095, 1, 0 },
	{ "whole_page", 0, 0, 4096, 0 },
	{ "middle", 1, 64, 1514, 0 },
	{ "last_page", 2, 4000, 96, 0 },
	{ "nothing", 0, 0, 0, 0 },
	{ "nothing_at_end", 0, 4096, 0, 0 },
	{ "nothing_behind_end", 0, 4097, 0, -ERANGE },
	{ "one_behind_end", 0, 4096, 1, -ERANGE },
	{ "over_the_end_by_one", 0, 4095, 2, -ERANGE },
	{ "page_and_one", 0, 0, 4097, -ERANGE },
	{ "all_but_first_and_one", 0, 1, 4096, -ERANGE },
	{ "offset_highest", 0, U32_MAX, 1, -ERANGE },
	{ "offset_highest_nothing", 0, U32_MAX, 0, -ERANGE },
	{ "length_highest", 0, 0, U32_MAX, -ERANGE },
	{ "sum_wraps_to_zero", 0, 1, U32_MAX, -ERANGE },
	{ "sum_wraps_into_page", 0, U32_MAX - 9, 20, -ERANGE },
	{ "offset_of_16_bits", 0, 0x10000, 1, -ERANGE },
	{ "page_behind_last", 3, 0, 1, -EINVAL },
	{ "page_highest", U16_MAX, 0, 1, -EINVAL },
	{ "page_behind_last_nothing", 3, 0, 0, -EINVAL },
};

static void copy_desc(const struct copy_case *row, char *desc)
{
	strscpy(desc, row->desc, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(copy, copy_cases, copy_desc);

/* A byte that tells page and place. */
static u8 pattern(u32 index, u32 offset)
{
	return 31 * index + offset + (offset >> 8);
}

static void pool_copy_out_bytes(struct kunit *test)
{
	const struct copy_case *row = test->param_value;
	struct nfh_pool *pool = pool_make(test, 3, NFH_POOL_WRITE);
	u8 *to = kunit_kzalloc(test, 2 * NFH_PAGE_BYTES, GFP_KERNEL);
	u32 copied = row->ret ? 0 : row->len;
	u32 i, k;

	KUNIT_ASSERT_NOT_NULL(test, to);
	memset(to, FAKE_RUBBISH, 2 * NFH_PAGE_BYTES);
	for (i = 0; i < 3; i++)
		for (k = 0; k < NFH_PAGE_BYTES; k++)
			page_bytes(pool, i)[k] = pattern(i, k);

	KUNIT_EXPECT_EQ(test, nfh_pool_copy_out(pool, row->index, row->offset,
						to, row->len), row->ret);

	for (k = 0; k < copied; k++)
		KUNIT_ASSERT_EQ_MSG(test, to[k],
				    pattern(row->index, row->offset + k),
				    "byte %u", k);
	KUNIT_EXPECT_NULL(test, memchr_inv(to + copied, FAKE_RUBBISH,
					   2 * NFH_PAGE_BYTES - copied));
}

static struct kunit_case pool_cases[] = {
	KUNIT_CASE(account_create_is_empty),
	KUNIT_CASE(account_create_no_memory),
	KUNIT_CASE(account_put_nothing),
	KUNIT_CASE(account_put_frees),
	KUNIT_CASE(account_put_before_quarantine_is_empty),
	KUNIT_CASE_PARAM(pool_create_pages, create_gen_params),
	KUNIT_CASE_PARAM(pool_create_unwinds, unwind_gen_params),
	KUNIT_CASE(pool_create_unwinds_beside_another),
	KUNIT_CASE(pool_create_unwinds_while_mapped),
	KUNIT_CASE(pool_create_quarantine_full),
	KUNIT_CASE(pool_create_device_quarantine_full),
	KUNIT_CASE(pool_create_after_destroy_shows_nothing_old),
	KUNIT_CASE(pool_destroy_nothing),
	KUNIT_CASE(pool_destroy_nothing_mapped),
	KUNIT_CASE(pool_destroy_some_mapped),
	KUNIT_CASE(quarantine_retry_while_mapped),
	KUNIT_CASE(quarantine_retry_ever_less_often),
	KUNIT_CASE(quarantine_retry_soon_for_a_new_pool),
	KUNIT_CASE(quarantine_retry_frees_the_pool_that_is_let_go),
	KUNIT_CASE(quarantine_retry_two_accounts),
	KUNIT_CASE(quarantine_work_frees_by_itself),
	KUNIT_CASE(quarantine_exit_nothing_there),
	KUNIT_CASE(quarantine_exit_already_let_go),
	KUNIT_CASE(quarantine_exit_waits_for_the_backend),
	KUNIT_CASE(quarantine_exit_leaves_pages_to_the_grant_table),
	KUNIT_CASE_PARAM(pool_seal_frame_after_frame, seal_gen_params),
	KUNIT_CASE(pool_seal_is_what_clears),
	KUNIT_CASE(pool_seal_clears_no_more_than_needed),
	KUNIT_CASE(pool_seal_random_frames),
	KUNIT_CASE(pool_fill_is_the_shared_page),
	KUNIT_CASE_PARAM(pool_copy_out_bytes, copy_gen_params),
	{}
};

static struct kunit_suite pool_suite = {
	.name = "netfront_hardened_pool",
	.init = pool_init,
	.exit = pool_exit,
	.test_cases = pool_cases,
};

kunit_test_suite(pool_suite);
