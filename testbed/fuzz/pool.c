// SPDX-License-Identifier: GPL-2.0
/*
 * Grants and pools: any order of calls, memory that fails, a backend that lets
 * go of a page when it likes
 *
 * Below pool.c and grant.c lie pages and a grant table that watch what is done
 * to them.  A page that is granted must be all zero at that moment; a page that
 * is freed must not be granted; a reference is used only for what it is good
 * for.  A transmit page is compared byte by byte after each seal.  A page that
 * the backend may write cannot be touched but by memcpy(), and what memcpy()
 * finds there is new each time.
 */
#include <stdlib.h>
#include <string.h>

#include <linux/err.h>
#include <linux/errno.h>
#include <linux/workqueue.h>

#include "grant.h"
#include "pool.h"

#include "input.h"

#if defined(__has_feature)
# if __has_feature(address_sanitizer)
#  include <sanitizer/asan_interface.h>
#  define page_hide(page)	__asan_poison_memory_region(page, NFH_PAGE_BYTES)
#  define page_show(page)	__asan_unpoison_memory_region(page, NFH_PAGE_BYTES)
# endif
#endif
#ifndef page_hide
# define page_hide(page)	((void)(page))
# define page_show(page)	((void)(page))
#endif

#define PAGES		32U	/* with memory behind them */
#define BULK		4100U	/* without, to fill the quarantine */
#define ALL_PAGES	(PAGES + BULK)
#define REFS		(ALL_PAGES + 64U)
#define FIRST_REF	7U
#define POOLS		6U
#define ACCOUNTS	2U
#define ACCOUNT_IDS	32U	/* accounts of one run; 0 is nobody */
#define POOL_PAGES	6U
#define BACKEND		3U

enum page_state { PAGE_FREE, PAGE_OURS, PAGE_LEFT };
enum ref_state { REF_FREE, REF_RESERVED, REF_CLAIMED, REF_GRANTED, REF_LEFT };

struct page {
	enum page_state state;
	u32 ref;		/* 0: not granted */
	u32 account;
	bool refused;		/* its grant was ended, but still mapped */
	bool held;		/* the backend keeps it mapped */
	bool writable;		/* by the backend */
	u32 len;		/* of the frame that was written last */
};

struct ref {
	enum ref_state state;
	u32 owner;		/* head of the reservation */
	struct page *page;
};

struct pool_model {
	struct nfh_pool *pool;
	u32 account;
	u32 pages;
	enum nfh_pool_use use;
	bool bulk;
};

static _Alignas(4096) u8 bytes[PAGES][NFH_PAGE_BYTES];
static _Alignas(4096) u8 bulk_bytes[NFH_PAGE_BYTES];
static const u8 zeroes[NFH_PAGE_BYTES];
static struct page pages[ALL_PAGES];
static struct ref refs[REFS];
static u32 refs_used = FIRST_REF;		/* high water of refs, to search less */
static u32 next_head;
static struct nfh_account *accounts[ACCOUNTS];
static u32 account_id[ACCOUNTS];
static u32 last_account_id;
static u32 held_by[ACCOUNT_IDS], refused_by[ACCOUNT_IDS], refused_all;
static struct pool_model pools[POOLS];
static struct work_struct *work;
static bool locked, exiting, bulk_done;
static u32 sleeps, bulk_next, claim_next;
static u32 allocations;

/* What the call under way is for. */
static struct {
	u32 account;
	bool bulk;
	bool readonly;
} now;

/* The many without memory are rarely touched. */
static u32 pages_in_use(void)
{
	return bulk_done ? ALL_PAGES : PAGES;
}

static u8 *bytes_of(const struct page *page)
{
	u32 i = page - pages;

	return i < PAGES ? bytes[i] : bulk_bytes;
}

/*
 * Which page do these addresses belong to?  Wholly or not at all; no bytes
 * are of no page, also where the next one starts.
 */
static struct page *page_at(const void *at, size_t len)
{
	uintptr_t from = (uintptr_t)at, base = (uintptr_t)bytes;
	u32 i;

	if (!len)
		return NULL;
	if (from + len > (uintptr_t)bulk_bytes &&
	    from < (uintptr_t)bulk_bytes + NFH_PAGE_BYTES)
		nfh_user_check(!"a page that nobody filled is not looked at");
	if (from + len <= base || from >= base + sizeof(bytes))
		return NULL;
	nfh_user_check(from >= base);
	i = (from - base) / NFH_PAGE_BYTES;
	nfh_user_check(i < PAGES);
	nfh_user_check(from + len <= (uintptr_t)bytes[i] + NFH_PAGE_BYTES);
	return &pages[i];
}

static bool granted_writable(const struct page *page)
{
	return page->state == PAGE_OURS && page->ref && page->writable;
}

uint64_t nfh_user_load(const volatile void *from, size_t len)
{
	uint64_t value = 0;

	nfh_user_check(!page_at((const void *)from, len));
	memcpy(&value, (const void *)from, len);
	return value;
}

void nfh_user_store(volatile void *to, size_t len, uint64_t value)
{
	nfh_user_check(!page_at((const void *)to, len));
	memcpy((void *)to, &value, len);
}

void *nfh_user_memcpy(void *to, const void *from, size_t len)
{
	struct page *page = page_at(from, len);
	u8 *byte = to;

	nfh_user_check(!page_at(to, len));
	if (!page)
		return memcpy(to, from, len);
	nfh_user_check(granted_writable(page));
	while (len--)
		*byte++ = fuzz_u8();
	return to;
}

void *nfh_user_memset(void *to, int byte, size_t len)
{
	page_at(to, len);
	return memset(to, byte, len);
}

void *nfh_user_zalloc(size_t len)
{
	void *memory = fuzz_u8() == 0xff ? NULL : calloc(1, len);

	allocations += !!memory;
	return memory;
}

void nfh_user_free(const void *memory)
{
	allocations -= !!memory;
	free((void *)memory);
}

struct page *nfh_user_alloc_page(bool zero)
{
	u32 i = now.bulk ? bulk_next++ : 0, end = now.bulk ? ALL_PAGES : PAGES;

	if (!now.bulk && fuzz_u8() == 0xff)
		return NULL;
	for (; i < end; i++)
		if (pages[i].state == PAGE_FREE)
			break;
	if (i == end)
		return NULL;
	memset(&pages[i], 0, sizeof(pages[i]));
	pages[i].state = PAGE_OURS;
	pages[i].account = now.account;
	held_by[now.account]++;
	if (!now.bulk)
		memset(bytes[i], zero ? 0 : 0x5a, NFH_PAGE_BYTES);
	else
		nfh_user_check(zero);
	return &pages[i];
}

void nfh_user_free_page(struct page *page)
{
	nfh_user_check(page->state == PAGE_OURS);
	/* MSA02, XSA-396: never while the backend has access */
	nfh_user_check(!page->ref);
	page->state = PAGE_FREE;
	held_by[page->account]--;
	if (page < pages + PAGES) {
		page_show(bytes_of(page));
		memset(bytes_of(page), 0x5a, NFH_PAGE_BYTES);
	}
}

void *nfh_user_page_address(const struct page *page)
{
	nfh_user_check(page->state == PAGE_OURS);
	return bytes_of(page);
}

unsigned long nfh_user_gfn(const struct page *page)
{
	nfh_user_check(page->state == PAGE_OURS);
	return page - pages;
}

void nfh_user_work_schedule(struct work_struct *what, unsigned long delay)
{
	nfh_user_check(delay >= 5 && delay <= 1250);
	nfh_user_check(locked && !exiting);
	work = what;
}

void nfh_user_work_cancel(void)
{
	nfh_user_check(!locked);
	work = NULL;
}

void nfh_user_lock(bool take)
{
	nfh_user_check(locked != take);
	locked = take;
}

bool nfh_user_lock_held(void)
{
	return locked;
}

void nfh_user_sleep(void)
{
	nfh_user_check(exiting);
	nfh_user_check(++sleeps <= 25);
}

int nfh_user_refs_alloc(uint16_t count, uint32_t *head)
{
	u32 i;

	nfh_user_check(count > 0);
	if (fuzz_u8() == 0xff)
		return -ENOSPC;
	*head = ++next_head;
	claim_next = FIRST_REF;
	for (i = FIRST_REF; i < REFS && count; i++) {
		if (refs[i].state != REF_FREE)
			continue;
		refs[i].state = REF_RESERVED;
		refs[i].owner = *head;
		count--;
		if (i >= refs_used)
			refs_used = i + 1;
	}
	nfh_user_check(!count);
	return 0;
}

void nfh_user_refs_free(uint32_t head)
{
	u32 i;

	for (i = FIRST_REF; i < refs_used; i++)
		if (refs[i].state == REF_RESERVED && refs[i].owner == head)
			refs[i].state = REF_FREE;
}

int nfh_user_ref_claim(uint32_t *head)
{
	if (!now.bulk && fuzz_u8() == 0xff)
		return -ENOSPC;
	/* there is one reservation at a time, and it is used from its start */
	for (; claim_next < refs_used; claim_next++) {
		struct ref *ref = &refs[claim_next];

		if (ref->state != REF_RESERVED || ref->owner != *head)
			continue;
		ref->state = REF_CLAIMED;
		return claim_next;
	}
	return -ENOSPC;
}

void nfh_user_ref_free(uint32_t ref)
{
	nfh_user_check(ref < REFS && refs[ref].state == REF_CLAIMED);
	refs[ref].state = REF_FREE;
}

void nfh_user_grant(uint32_t ref, uint16_t domid, unsigned long gfn,
		    bool readonly)
{
	struct page *page = &pages[gfn];

	nfh_user_check(ref < REFS && refs[ref].state == REF_CLAIMED);
	nfh_user_check(gfn < ALL_PAGES && page->state == PAGE_OURS);
	nfh_user_check(!page->ref && domid == BACKEND);
	nfh_user_check(readonly == now.readonly);
	/* P2: nothing of an earlier use is let out */
	if (gfn < PAGES)
		nfh_user_check(!memcmp(bytes[gfn], zeroes, NFH_PAGE_BYTES));
	refs[ref].state = REF_GRANTED;
	refs[ref].page = page;
	page->ref = ref;
	page->writable = !readonly;
	page->held = now.bulk || fuzz_u8() >= 0xe0;
	if (!readonly && gfn < PAGES)
		page_hide(bytes[gfn]);
}

static void set_refused(struct page *page, bool refused)
{
	int change = (int)refused - (int)page->refused;

	page->refused = refused;
	refused_by[page->account] += change;
	refused_all += change;
}

bool nfh_user_try_end(uint32_t ref)
{
	struct page *page;

	nfh_user_check(ref < REFS && refs[ref].state == REF_GRANTED);
	page = refs[ref].page;
	if (page->held || (!now.bulk && fuzz_u8() >= 0xc0)) {
		set_refused(page, true);
		return false;
	}
	refs[ref].state = REF_FREE;
	page->ref = 0;
	set_refused(page, false);
	return true;
}

void nfh_user_end(uint32_t ref, struct page *page)
{
	nfh_user_check(ref < REFS && refs[ref].state == REF_GRANTED);
	nfh_user_check(exiting && refs[ref].page == page && page->refused);
	refs[ref].state = REF_LEFT;
	page->state = PAGE_LEFT;
	held_by[page->account]--;
	set_refused(page, false);
}

static void let_go(void)
{
	u32 i;

	for (i = 0; i < pages_in_use(); i++)
		pages[i].held = false;
}

static struct pool_model *some_pool(void)
{
	return &pools[fuzz_below(POOLS)];
}

static void do_create(bool bulk)
{
	struct pool_model *m = some_pool();
	u32 was_refused = refused_all;
	bool full;

	if (m->pool || (bulk && bulk_done))
		return;
	m->account = fuzz_below(ACCOUNTS);
	if (!accounts[m->account])
		return;
	m->use = bulk || fuzz_u8() & 1 ? NFH_POOL_WRITE : NFH_POOL_READ;
	m->pages = bulk ? 4096 : 1 + fuzz_below(POOL_PAGES);
	m->bulk = bulk;

	now.account = account_id[m->account];
	full = was_refused >= 4096 || refused_by[now.account] >= 1024;
	now.bulk = bulk;
	bulk_next = PAGES;
	now.readonly = m->use == NFH_POOL_READ;
	m->pool = nfh_pool_create(accounts[m->account], BACKEND, m->pages,
				  m->use);
	now.bulk = false;
	bulk_done |= bulk;
	if (!IS_ERR(m->pool)) {
		nfh_user_check(!full);
		return;
	}
	nfh_user_check(PTR_ERR(m->pool) == -ENOMEM ||
		       PTR_ERR(m->pool) == -ENOSPC ||
		       (full && PTR_ERR(m->pool) == -EDQUOT));
	m->pool = NULL;
}

static void do_destroy(struct pool_model *m)
{
	now.bulk = m->bulk;
	nfh_pool_destroy(m->pool);
	now.bulk = false;
	m->pool = NULL;
}

/* Write a frame's bytes, in any pattern that has no zero, and look at it all. */
static void do_fill(void)
{
	struct pool_model *m = some_pool();
	static u8 wanted[NFH_PAGE_BYTES];
	u8 how = fuzz_u8(), pattern = fuzz_u8() | 1;
	struct page *model;
	u16 index;
	u8 *page;
	u32 len;

	if (!m->pool || m->use != NFH_POOL_READ)
		return;
	index = fuzz_below(m->pages);
	page = nfh_pool_fill(m->pool, index);
	model = page_at(page, NFH_PAGE_BYTES);
	nfh_user_check(model->ref == nfh_pool_gref(m->pool, index));
	/* often about as long as the frame before: bounds are off by one */
	if (how < 0x60)
		len = model->len + how % 5;
	else if (how < 0xa0)
		len = model->len - how % 5;
	else
		len = how & 1 ? fuzz_below(4097) : fuzz_u8();
	if (len > NFH_PAGE_BYTES)
		len = NFH_PAGE_BYTES;
	model->len = len;
	memset(page, pattern, len);
	nfh_pool_seal(m->pool, index, len);
	memset(wanted, pattern, len);
	memset(wanted + len, 0, NFH_PAGE_BYTES - len);
	nfh_user_check(!memcmp(page, wanted, NFH_PAGE_BYTES));
}

static void do_copy_out(void)
{
	static u8 to[NFH_PAGE_BYTES + 2];
	struct pool_model *m = some_pool();
	u8 how = fuzz_u8();
	u32 offset = how & 1 ? fuzz_below(4098) : fuzz_u8();
	u32 len = how & 2 ? fuzz_below(4098) : fuzz_u8();
	u32 index = how & 4 ? fuzz_u16() : fuzz_below(POOL_PAGES);
	bool inside;
	int err;

	if (how >= 0xe0) {
		offset = how & 8 ? fuzz_u32() : offset;
		len = how & 16 ? fuzz_u32() : 4096 - offset;
	}
	inside = (u64)offset + len <= NFH_PAGE_BYTES;
	if (!m->pool || m->use != NFH_POOL_WRITE || m->bulk)
		return;
	to[len < sizeof(to) ? len : 0] = 0xee;
	err = nfh_pool_copy_out(m->pool, index, offset, to, len);
	if (index >= m->pages)
		nfh_user_check(err == -EINVAL);
	else
		nfh_user_check(err == (inside ? 0 : -ERANGE));
	if (!err)
		nfh_user_check(to[len] == 0xee);
}

static void do_look(void)
{
	struct pool_model *m = some_pool();
	u16 index = fuzz_below(POOL_PAGES);
	u32 ref;

	if (!m->pool || index >= m->pages)
		return;
	ref = nfh_pool_gref(m->pool, index);
	nfh_user_check(ref < REFS && refs[ref].state == REF_GRANTED);
	nfh_user_check(nfh_pool_shared(m->pool, index) ==
		       bytes_of(refs[ref].page));
}

/* A grant by itself, in any order of calls. */
static void do_grant(void)
{
	struct nfh_grant grant = { 0 };
	struct nfh_grant_reserve reserve;
	struct page *page;
	u8 steps = fuzz_u8() % 16;

	if (nfh_grant_reserve(&reserve, 2))
		return;
	now.readonly = fuzz_u8() & 1;
	now.account = 0;
	page = nfh_user_alloc_page(true);
	while (page && steps--) {
		enum nfh_grant_state was = grant.state;
		bool shared = was == NFH_GRANT_SHARED ||
			      was == NFH_GRANT_QUARANTINED;
		int err;

		switch (fuzz_u8() % 4) {
		case 0:
			err = nfh_grant_claim(&reserve, &grant);
			nfh_user_check((err == -EINVAL) == (was != NFH_GRANT_FREE));
			if (!err)
				nfh_user_check(grant.state == NFH_GRANT_CLAIMED);
			break;
		case 1:
			err = nfh_grant_unclaim(&grant);
			nfh_user_check(err == (was == NFH_GRANT_CLAIMED ? 0 : -EINVAL));
			if (!err)
				nfh_user_check(grant.state == NFH_GRANT_FREE);
			break;
		case 2:
			err = nfh_grant_share(&grant, BACKEND, page, !now.readonly);
			nfh_user_check(err == (was == NFH_GRANT_CLAIMED ? 0 : -EINVAL));
			if (!err)
				nfh_user_check(grant.state == NFH_GRANT_SHARED);
			break;
		default:
			err = nfh_grant_end(&grant);
			nfh_user_check((err == -EINVAL) == !shared);
			if (!err)
				nfh_user_check(grant.state == NFH_GRANT_FREE);
			if (err == -EBUSY)
				nfh_user_check(grant.state == NFH_GRANT_QUARANTINED);
			break;
		}
		if (err && err != -EBUSY)
			nfh_user_check(grant.state == was);
		if (!err && !page->ref) /* back to how pages come */
			page_show(bytes_of(page));
	}
	nfh_grant_unreserve(&reserve);
	if (!page)
		return;
	/* the end of the module, for this one grant */
	nfh_grant_unclaim(&grant);
	page->held = false;
	set_refused(page, true);
	exiting = true;
	nfh_grant_abandon(&grant, page);
	exiting = false;
	nfh_user_check(grant.state == NFH_GRANT_FREE);
	set_refused(page, false);
	if (page->state == PAGE_OURS)
		nfh_user_free_page(page);
	/* a page that was left has found its way back */
	if (page->state == PAGE_LEFT) {
		refs[page->ref].state = REF_FREE;
		page->ref = 0;
		page->state = PAGE_OURS;
		held_by[page->account]++;
		nfh_user_free_page(page);
	}
}

static void do_work(void)
{
	struct work_struct *due = work;

	if (!due)
		return;
	work = NULL;
	due->func(due);
}

static void check_usage(void)
{
	u32 i;

	for (i = 0; i < ACCOUNTS; i++) {
		struct nfh_pool_usage usage;

		if (!accounts[i])
			continue;
		usage = nfh_account_usage(accounts[i]);
		nfh_user_check(usage.pages == held_by[account_id[i]]);
		nfh_user_check(usage.quarantined == refused_by[account_id[i]]);
	}
	nfh_user_check(!locked);
}

static void finish(void)
{
	u32 i;

	for (i = 0; i < POOLS; i++)
		if (pools[i].pool)
			do_destroy(&pools[i]);
	check_usage();
	if (fuzz_u8() & 1)
		let_go();
	for (i = PAGES; i < pages_in_use(); i++)
		pages[i].held = false;
	now.bulk = true; /* no more bytes for single pages */
	exiting = true;
	sleeps = 0;
	nfh_quarantine_exit();
	exiting = false;
	now.bulk = false;
	check_usage();
	for (i = 0; i < ACCOUNTS; i++)
		nfh_account_put(accounts[i]);
	nfh_user_check(!allocations && !locked && !work);
	for (i = 0; i < pages_in_use(); i++)
		nfh_user_check(pages[i].state != PAGE_OURS);
	for (i = FIRST_REF; i < refs_used; i++)
		nfh_user_check(refs[i].state == REF_FREE ||
			       refs[i].state == REF_LEFT);
}

void fuzz_run(void)
{
	u32 i;

	for (i = 0; i < PAGES; i++)
		page_show(bytes[i]);
	memset(pages, 0, pages_in_use() * sizeof(pages[0]));
	memset(refs, 0, refs_used * sizeof(refs[0]));
	memset(pools, 0, sizeof(pools));
	memset(accounts, 0, sizeof(accounts));
	memset(held_by, 0, sizeof(held_by));
	memset(refused_by, 0, sizeof(refused_by));
	refused_all = 0;
	last_account_id = 0;
	refs_used = FIRST_REF;
	bulk_done = false;

	while (fuzz_more()) {
		switch (fuzz_u8() % 16) {
		case 0:
			i = fuzz_below(ACCOUNTS);
			if (accounts[i] || last_account_id + 1 == ACCOUNT_IDS)
				break;
			accounts[i] = nfh_account_create();
			account_id[i] = ++last_account_id;
			break;
		case 1:
			/* pools of it may be alive; it is counted no more */
			if (fuzz_u8() < 0xf0)
				break;
			nfh_account_put(accounts[1]);
			accounts[1] = NULL;
			break;
		case 2:
		case 3:
			do_create(fuzz_u8() >= 0xf8);
			break;
		case 4:
			do_destroy(some_pool());
			break;
		case 5:
		case 6:
		case 7:
		case 8:
			do_fill();
			break;
		case 9:
		case 10:
			do_copy_out();
			break;
		case 11:
			do_work();
			break;
		case 12:
			do_grant();
			break;
		case 13:
			let_go();
			break;
		default:
			do_look();
			break;
		}
		check_usage();
	}
	finish();
}
