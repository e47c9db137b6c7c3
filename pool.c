// SPDX-License-Identifier: GPL-2.0
/*
 * Zeroed granted pages: get, fill, scrub, quarantine
 *
 * TRUST: the backend reads every byte of every page here at any time, and
 * writes those of a NFH_POOL_WRITE pool.  Hence
 *  - a page comes zeroed from the allocator and holds nothing but bytes of
 *    frames that went to, or came from, this very backend;
 *  - a transmit page that is published holds the frame's bytes at its start
 *    and zeroes behind them.  Clearing 4 KiB for every 60-byte frame would
 *    cost more than the copy, so each page knows how far it has ever been
 *    written (its high-water mark): only the bytes between the end of the
 *    data and the mark are cleared, and the mark falls with them;
 *  - bytes of a receive page are looked at only through a copy.
 *
 * A page leaves the pool in one way only: its grant has been ended with
 * success.  A pool with pages that the backend does not let go stays in
 * quarantine as a whole (nothing is allocated when things go wrong); a
 * delayed work tries again, ever less often.
 *
 * LOCKING: the pages of a pool belong to the queue that owns it.  The
 * quarantine list, and the pools on it, have a mutex; the work,
 * nfh_pool_create(), nfh_pool_destroy() and nfh_quarantine_exit() take it in
 * process context.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/atomic.h>
#include <linux/build_bug.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/list.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/printk.h>
#include <linux/refcount.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/workqueue.h>

#include "grant.h"
#include "pool.h"

static_assert(PAGE_SIZE == NFH_PAGE_BYTES);

/* Time between two tries on the quarantine: doubled from MIN to MAX. */
#define NFH_RETRY_MIN	msecs_to_jiffies(20)
#define NFH_RETRY_MAX	msecs_to_jiffies(5000)

/*
 * Pages that one backend domain may keep, whichever devices they are of: 16
 * MiB.  Beyond that it gets no new pool, so that it cannot use up memory, or
 * the grant table that the guest's disks need as well, by keeping what it was
 * given.  Other backends are served as before: a limit for all of them would
 * let one end the connections of all.
 */
#define NFH_QUARANTINE_MAX	4096

/*
 * Last tries of nfh_quarantine_exit(): 5 seconds.  Far apart, because a try
 * takes time as well, and so does waking up.
 */
#define NFH_EXIT_TRIES	25
#define NFH_EXIT_PAUSE	msecs_to_jiffies(200)

/**
 * struct nfh_account - pages held on behalf of one device
 * @users: the device and each of its pools; a pool may outlive the device
 * @pages: see struct nfh_pool_usage
 * @quarantined: see struct nfh_pool_usage
 */
struct nfh_account {
	refcount_t users;
	atomic_t pages;
	atomic_t quarantined;
};

/**
 * struct nfh_pool_page - one page of a pool
 * @page: %NULL once it has gone back to the system
 * @grant: of this page
 * @high_water: INVARIANT: no byte at or behind it was written since the page
 *	was zeroed; transmit pages only
 */
struct nfh_pool_page {
	struct page *page;
	struct nfh_grant grant;
	u16 high_water;
};

/**
 * struct nfh_pool - pages of one queue and one direction
 * @account: who is charged
 * @quarantine: link in the list of pools that wait for the backend
 * @backend: domain that was let in
 * @kept: in quarantine: pages that it has not let go
 * @use: see enum nfh_pool_use
 * @count: entries of @entry
 * @entry: the pages
 */
struct nfh_pool {
	struct nfh_account *account;
	struct list_head quarantine;
	domid_t backend;
	u16 kept;
	enum nfh_pool_use use;
	u16 count;
	struct nfh_pool_page entry[] __counted_by(count);
};

static LIST_HEAD(quarantine);
static DEFINE_MUTEX(quarantine_lock);
static unsigned long quarantine_delay;

static void quarantine_retry(struct work_struct *work);
static DECLARE_DELAYED_WORK(quarantine_work, quarantine_retry);

/**
 * nfh_account_create() - start counting pages for a device
 *
 * Context: process context, sleeps.
 * Return: an account with one user, or %NULL when memory is short.
 */
struct nfh_account *nfh_account_create(void)
{
	struct nfh_account *account = kzalloc(sizeof(*account), GFP_KERNEL);

	if (account)
		refcount_set(&account->users, 1);
	return account;
}

/**
 * nfh_account_put() - drop the device's use of its account
 * @account: freed with its last pool; %NULL is fine
 *
 * Context: any.
 */
void nfh_account_put(struct nfh_account *account)
{
	if (account && refcount_dec_and_test(&account->users))
		kfree(account);
}

/**
 * nfh_account_usage() - what the account holds at this moment
 * @account: from nfh_account_create()
 *
 * Context: any.
 * Return: the two counts, each right by itself.
 */
struct nfh_pool_usage nfh_account_usage(const struct nfh_account *account)
{
	return (struct nfh_pool_usage) {
		.pages = atomic_read(&account->pages),
		.quarantined = atomic_read(&account->quarantined),
	};
}

/* The page is ours alone again: no grant of it is left. */
static void page_release(struct nfh_pool *pool, struct nfh_pool_page *entry)
{
	__free_page(entry->page);
	entry->page = NULL;
	atomic_dec(&pool->account->pages);
}

/* Count a page into quarantine (1) or out of it (-1). */
static void page_quarantine(struct nfh_pool *pool, int change)
{
	atomic_add(change, &pool->account->quarantined);
}

static void pool_free(struct nfh_pool *pool)
{
	nfh_account_put(pool->account);
	kvfree(pool);
}

/* Allocate, zero and share one page.  The grant is claimed before. */
static int page_share(struct nfh_pool *pool, struct nfh_pool_page *entry)
{
	entry->page = alloc_page(GFP_KERNEL | __GFP_ZERO);
	if (!entry->page)
		return -ENOMEM;
	atomic_inc(&pool->account->pages);
	return nfh_grant_share(&entry->grant, pool->backend, entry->page,
			       pool->use == NFH_POOL_WRITE);
}

static int pool_populate(struct nfh_pool *pool)
{
	struct nfh_grant_reserve reserve;
	int err;
	u16 i;

	err = nfh_grant_reserve(&reserve, pool->count);
	if (err)
		return err;
	for (i = 0; i < pool->count && !err; i++) {
		err = nfh_grant_claim(&reserve, &pool->entry[i].grant);
		if (!err)
			err = page_share(pool, &pool->entry[i]);
	}
	nfh_grant_unreserve(&reserve);
	return err;
}

/* Pages of pools in quarantine. */
static unsigned int kept_by(domid_t backend)
{
	const struct nfh_pool *pool;
	unsigned int kept = 0;

	mutex_lock(&quarantine_lock);
	list_for_each_entry(pool, &quarantine, quarantine)
		if (pool->backend == backend)
			kept += pool->kept;
	mutex_unlock(&quarantine_lock);
	return kept;
}

/**
 * nfh_pool_create() - allocate, zero and grant pages
 * @account: charged for the pages; the pool takes a use of it
 * @backend: domain that is let in
 * @pages: how many, at least 1
 * @use: what the backend may do with them
 *
 * Context: process context, sleeps.
 * Return: the pool, to be given to nfh_pool_destroy(); ERR_PTR(-ENOMEM),
 * ERR_PTR(-ENOSPC) when the domain's grant table is exhausted, ERR_PTR(-EDQUOT)
 * when @backend keeps too many pages of earlier connections, or too many of
 * this device are kept.
 */
struct nfh_pool *nfh_pool_create(struct nfh_account *account, domid_t backend,
				 u16 pages, enum nfh_pool_use use)
{
	struct nfh_pool *pool;
	int err;

	if (atomic_read(&account->quarantined) >= NFH_QUARANTINE_DEVICE_MAX ||
	    kept_by(backend) >= NFH_QUARANTINE_MAX)
		return ERR_PTR(-EDQUOT);
	pool = kvzalloc(struct_size(pool, entry, pages), GFP_KERNEL);
	if (!pool)
		return ERR_PTR(-ENOMEM);
	pool->backend = backend;
	pool->count = pages;
	pool->use = use;
	INIT_LIST_HEAD(&pool->quarantine);
	refcount_inc(&account->users);
	pool->account = account;

	err = pool_populate(pool);
	if (err) {
		nfh_pool_destroy(pool);
		return ERR_PTR(err);
	}
	return pool;
}

/* Take back what the backend lets go.  Returns how many pages it keeps. */
static unsigned int pool_reclaim(struct nfh_pool *pool)
{
	unsigned int kept = 0;
	u16 i;

	for (i = 0; i < pool->count; i++) {
		struct nfh_pool_page *entry = &pool->entry[i];
		bool retry = entry->grant.state == NFH_GRANT_QUARANTINED;

		nfh_grant_unclaim(&entry->grant);
		if (!entry->page)
			continue;
		if (nfh_grant_end(&entry->grant) == -EBUSY) {
			kept++;
			if (!retry)
				page_quarantine(pool, 1);
			continue;
		}
		if (retry)
			page_quarantine(pool, -1);
		page_release(pool, entry);
	}
	return kept;
}

/**
 * nfh_pool_destroy() - end all grants and give the pages back
 * @pool: not to be used afterwards; %NULL is fine
 *
 * Pages that the backend still has mapped, and the pool with them, go into
 * quarantine.  A half-made pool is fine.
 *
 * Context: process context, sleeps; does not wait for the backend.
 */
void nfh_pool_destroy(struct nfh_pool *pool)
{
	if (!pool)
		return;
	pool->kept = pool_reclaim(pool);
	if (!pool->kept) {
		pool_free(pool);
		return;
	}
	mutex_lock(&quarantine_lock);
	list_add_tail(&pool->quarantine, &quarantine);
	quarantine_delay = NFH_RETRY_MIN;
	/* sooner than a try that waits already */
	cancel_delayed_work(&quarantine_work);
	schedule_delayed_work(&quarantine_work, quarantine_delay);
	mutex_unlock(&quarantine_lock);
}

/* Try all pools in quarantine once; true when none is left. */
static bool quarantine_try(void)
{
	struct nfh_pool *pool, *next;

	lockdep_assert_held(&quarantine_lock);
	list_for_each_entry_safe(pool, next, &quarantine, quarantine) {
		pool->kept = pool_reclaim(pool);
		if (pool->kept)
			continue;
		list_del(&pool->quarantine);
		pool_free(pool);
	}
	return list_empty(&quarantine);
}

static void quarantine_retry(struct work_struct *work)
{
	mutex_lock(&quarantine_lock);
	if (!quarantine_try()) {
		quarantine_delay = min_t(unsigned long, quarantine_delay * 2,
					 NFH_RETRY_MAX);
		schedule_delayed_work(&quarantine_work, quarantine_delay);
	}
	mutex_unlock(&quarantine_lock);
}

/* Leave the pages that the backend keeps to the grant table's own list. */
static unsigned int pool_abandon(struct nfh_pool *pool)
{
	unsigned int left = 0;
	u16 i;

	for (i = 0; i < pool->count; i++) {
		if (!pool->entry[i].page)
			continue;
		nfh_grant_abandon(&pool->entry[i].grant, pool->entry[i].page);
		page_quarantine(pool, -1);
		atomic_dec(&pool->account->pages);
		left++;
	}
	return left;
}

/**
 * nfh_quarantine_exit() - empty the quarantine before the module goes
 *
 * Waits up to 5 seconds for the backends to let go, then leaves the rest to
 * the grant table of the kernel, which frees each page when it may.  There
 * must be no pool outside the quarantine any more.
 *
 * Context: process context, sleeps up to 5 seconds.
 */
void nfh_quarantine_exit(void)
{
	struct nfh_pool *pool, *next;
	unsigned int left = 0;
	unsigned int tries;

	cancel_delayed_work_sync(&quarantine_work);
	mutex_lock(&quarantine_lock);
	for (tries = 0; !quarantine_try() && tries < NFH_EXIT_TRIES; tries++)
		schedule_timeout_uninterruptible(NFH_EXIT_PAUSE);
	list_for_each_entry_safe(pool, next, &quarantine, quarantine) {
		list_del(&pool->quarantine);
		left += pool_abandon(pool);
		pool_free(pool);
	}
	mutex_unlock(&quarantine_lock);
	if (left)
		pr_warn("%u pages still held by a backend are left to the grant table; they are freed when it lets go\n",
			left);
}

/**
 * nfh_pool_gref() - the reference by which the backend knows a page
 * @pool: from nfh_pool_create()
 * @index: below the pool's number of pages
 *
 * Context: any.
 * Return: the grant reference.
 */
grant_ref_t nfh_pool_gref(const struct nfh_pool *pool, u16 index)
{
	return pool->entry[index].grant.ref;
}

/**
 * nfh_pool_shared() - a page as the backend sees it
 * @pool: from nfh_pool_create()
 * @index: below the pool's number of pages
 *
 * Context: any.
 * Return: pointer that only the accessors of ring.c may look through.
 */
void __untrusted *nfh_pool_shared(const struct nfh_pool *pool, u16 index)
{
	void *page = page_address(pool->entry[index].page);

	/* TRUST: the annotation begins here and does not end */
	return (void __untrusted __force *)page;
}

/**
 * nfh_pool_fill() - where to write the bytes of a frame
 * @pool: NFH_POOL_READ
 * @index: below the pool's number of pages; no request names it at present
 *
 * What is written can be read by the backend at once.  Write from the start
 * of the page, at most NFH_PAGE_BYTES, frame bytes only; then call
 * nfh_pool_seal(), in any case.
 *
 * Context: any; the caller has exclusive use of the slot.
 * Return: the page's start, plain: the backend has no write access.
 */
void *nfh_pool_fill(const struct nfh_pool *pool, u16 index)
{
	return page_address(pool->entry[index].page);
}

/**
 * nfh_pool_seal() - clear what an earlier frame left behind the data
 * @pool: NFH_POOL_READ
 * @index: page that nfh_pool_fill() was called for
 * @len: bytes written, at most NFH_PAGE_BYTES
 *
 * INVARIANT: afterwards all bytes behind @len are zero.
 *
 * Context: any; the caller has exclusive use of the slot.
 */
void nfh_pool_seal(struct nfh_pool *pool, u16 index, u32 len)
{
	struct nfh_pool_page *entry = &pool->entry[index];

	if (len < entry->high_water)
		memset(page_address(entry->page) + len, 0,
		       entry->high_water - len);
	entry->high_water = len;
}

/**
 * nfh_pool_copy_out() - copy received bytes to where they cannot change
 * @pool: NFH_POOL_WRITE
 * @index: below the pool's number of pages
 * @offset: in the page, bytes
 * @to: private memory
 * @len: bytes
 *
 * The backend may change the bytes meanwhile; what arrives in @to is what was
 * received, and nothing but @to may be looked at.
 *
 * Context: any.
 * Return: 0; -ERANGE when the bytes are not all inside the page, -EINVAL when
 * there is no such page; nothing was copied then.
 */
int nfh_pool_copy_out(const struct nfh_pool *pool, u16 index, u32 offset,
		      void *to, u32 len)
{
	if (index >= pool->count)
		return -EINVAL;
	if (offset > NFH_PAGE_BYTES || len > NFH_PAGE_BYTES - offset)
		return -ERANGE;
	memcpy(to, page_address(pool->entry[index].page) + offset, len);
	return 0;
}
