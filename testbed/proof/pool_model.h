/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What pool.c needs besides the grant table
 *
 * The bytes of a page are represented by one of them, at any index: what is
 * shown for that byte is shown for all.  Memory may be short at any time.
 */
#ifndef NFH_PROOF_POOL_MODEL_H
#define NFH_PROOF_POOL_MODEL_H

#include "grant_model.h"

#define PAGE_BYTES	4096U

void *malloc(size_t len);
void free(void *memory);

static char page_bytes[PAGES][PAGE_BYTES];
static u32 watched_page, watched_byte;
static u8 watched_value;
static u32 allocations;
static struct work_struct *work;
static bool locked, may_fail;

/* memcpy() out of a page: from where, how much, and to where. */
static u32 copied_page, copied_offset, copied_len;
static void *copied_to;
static u32 copies;

/* Does this address lie in a page?  If so, in which, and where? */
static bool page_at(const void *at, u32 *page, u32 *offset)
{
	if (__CPROVER_POINTER_OBJECT(at) != __CPROVER_POINTER_OBJECT(page_bytes))
		return false;
	*page = __CPROVER_POINTER_OFFSET(at) / PAGE_BYTES;
	*offset = __CPROVER_POINTER_OFFSET(at) % PAGE_BYTES;
	return true;
}

void *nfh_user_memset(void *to, int byte, size_t len)
{
	u32 page, offset;

	check(page_at(to, &page, &offset));
	check(page < PAGES && len <= PAGE_BYTES - offset);
	if (page == watched_page && watched_byte >= offset &&
	    watched_byte - offset < len)
		watched_value = byte;
	return to;
}

void *nfh_user_memcpy(void *to, const void *from, size_t len)
{
	u32 page, offset;

	check(!page_at(to, &page, &offset));
	check(page_at(from, &copied_page, &copied_offset));
	check(len == 0 || copied_page < PAGES);
	check(len <= PAGE_BYTES - copied_offset);
	copied_len = len;
	copied_to = to;
	copies++;
	return to;
}

uint64_t nfh_user_load(const volatile void *from, size_t len)
{
	check(!"nothing is loaded");
	return 0;
}

void nfh_user_store(volatile void *to, size_t len, uint64_t value)
{
	check(!"nothing is stored");
}

void *nfh_user_zalloc(size_t len)
{
	if (may_fail && nondet_bool())
		return NULL;
	allocations++;
	return __CPROVER_allocate(len, 1);
}

void nfh_user_free(const void *memory)
{
	allocations -= !!memory;
	free((void *)memory);
}

struct page *nfh_user_alloc_page(bool zero)
{
	u32 i;

	if (may_fail && nondet_bool())
		return NULL;
	for (i = 0; i < PAGES; i++) {
		if (pages[i].state == PAGE_FREE) {
			pages[i] = (struct page){ .state = PAGE_OURS,
						  .cleared = zero };
			return &pages[i];
		}
	}
	return NULL;
}

void nfh_user_free_page(struct page *page)
{
	check(page->state == PAGE_OURS);
	/* MSA02, XSA-396: never while the backend has access */
	check(!page->granted);
	page->state = PAGE_FREE;
	page->refused = false;
}

void *nfh_user_page_address(const struct page *page)
{
	check(page->state == PAGE_OURS);
	return page_bytes[page == &pages[0] ? 0 : 1];
}

void nfh_user_work_schedule(struct work_struct *what, unsigned long delay)
{
	check(locked && delay >= 5 && delay <= 1250);
	work = what;
}

void nfh_user_work_cancel(void)
{
	check(!locked);
	work = NULL;
}

void nfh_user_lock(bool take)
{
	check(locked != take);
	locked = take;
}

bool nfh_user_lock_held(void)
{
	return locked;
}

void nfh_user_sleep(void)
{
}

#endif /* NFH_PROOF_POOL_MODEL_H */
