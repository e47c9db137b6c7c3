// SPDX-License-Identifier: GPL-2.0
/*
 * An allocator for tests that remembers and can fail
 *
 * LOCKING: one mutex, see fake_gnttab.c.  It is never held together with the
 * one of the fake grant table.
 */
#include <kunit/test.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <xen/page.h>

#include "fake_gnttab.h"
#include "fake_memory.h"

static DEFINE_MUTEX(fake_lock);

/**
 * struct fake_memory - the state of the fake
 * @test: is failed by misuse
 * @fail_page: pages until one is refused; 0 for never
 * @fail_heap: refuse the next piece of heap
 * @heap: pieces of heap in use
 * @pages: pages in use
 * @used: entries of @page and @freed in use
 * @page: every page of this test
 * @freed: it has been given back
 */
static struct fake_memory {
	struct kunit *test;
	u32 fail_page;
	bool fail_heap;
	u32 heap;
	u32 pages;
	u32 used;
	struct page *page[FAKE_PAGES];
	bool freed[FAKE_PAGES];
} fake;

void fake_memory_init(struct kunit *test)
{
	mutex_lock(&fake_lock);
	memset(&fake, 0, sizeof(fake));
	fake.test = test;
	mutex_unlock(&fake_lock);
}

/* At the end of a test all memory must have come back. */
void fake_memory_exit(void)
{
	mutex_lock(&fake_lock);
	KUNIT_EXPECT_EQ_MSG(fake.test, fake.pages, 0U, "pages leaked");
	KUNIT_EXPECT_EQ_MSG(fake.test, fake.heap, 0U, "heap leaked");
	while (fake.used)
		put_page(fake.page[--fake.used]);
	mutex_unlock(&fake_lock);
}

/* Refuse the @nth page from now; 1 is the next one, 0 none. */
void fake_memory_fail_page(u32 nth)
{
	mutex_lock(&fake_lock);
	fake.fail_page = nth;
	mutex_unlock(&fake_lock);
}

/* Refuse the next piece of heap. */
void fake_memory_fail_heap(void)
{
	mutex_lock(&fake_lock);
	fake.fail_heap = true;
	mutex_unlock(&fake_lock);
}

u32 fake_memory_pages(void)
{
	return READ_ONCE(fake.pages);
}

u32 fake_memory_heap(void)
{
	return READ_ONCE(fake.heap);
}

/* Index of @page, or the number of pages when it is not one of ours. */
static u32 fake_page_find(const struct page *page)
{
	u32 i;

	for (i = 0; i < fake.used && fake.page[i] != page; i++)
		;
	return i;
}

bool fake_page_is_freed(const struct page *page)
{
	bool freed;
	u32 i;

	mutex_lock(&fake_lock);
	i = fake_page_find(page);
	freed = i < fake.used && fake.freed[i];
	mutex_unlock(&fake_lock);
	return freed;
}

/* Is there a page behind @gfn that has been cleared? */
bool fake_page_is_zero(unsigned long gfn)
{
	bool zero = false;
	u32 i;

	mutex_lock(&fake_lock);
	for (i = 0; i < fake.used; i++) {
		if (xen_page_to_gfn(fake.page[i]) != gfn)
			continue;
		zero = !memchr_inv(page_address(fake.page[i]), 0, PAGE_SIZE);
	}
	mutex_unlock(&fake_lock);
	return zero;
}

static bool fake_page_may_come(void)
{
	if (fake.fail_page && !--fake.fail_page)
		return false;
	if (fake.used < FAKE_PAGES)
		return true;
	KUNIT_FAIL(fake.test, "FAKE_PAGES is too small for this test");
	return false;
}

struct page *fake_alloc_page(gfp_t gfp)
{
	struct page *page = NULL;

	mutex_lock(&fake_lock);
	if (fake_page_may_come())
		page = alloc_page(gfp & ~__GFP_ZERO);
	if (page) {
		memset(page_address(page), gfp & __GFP_ZERO ? 0 : FAKE_RUBBISH,
		       PAGE_SIZE);
		get_page(page);
		fake.freed[fake.used] = false;
		fake.page[fake.used++] = page;
		fake.pages++;
	}
	mutex_unlock(&fake_lock);
	return page;
}

void fake_free_page(struct page *page)
{
	bool granted = fake_gnttab_grants(page);
	u32 i;

	mutex_lock(&fake_lock);
	i = fake_page_find(page);
	if (i == fake.used) {
		KUNIT_FAIL(fake.test, "a page was freed that was not given");
	} else if (fake.freed[i]) {
		KUNIT_FAIL(fake.test, "page %u was freed twice", i);
	} else {
		if (granted)
			KUNIT_FAIL(fake.test,
				   "page %u was freed while granted", i);
		fake.freed[i] = true;
		fake.pages--;
		put_page(page);
	}
	mutex_unlock(&fake_lock);
}

void *fake_zalloc(size_t size, gfp_t gfp)
{
	void *memory = NULL;

	mutex_lock(&fake_lock);
	if (!fake.fail_heap)
		memory = kvzalloc(size, gfp);
	fake.fail_heap = false;
	if (memory)
		fake.heap++;
	mutex_unlock(&fake_lock);
	return memory;
}

void fake_free(const void *memory)
{
	if (!memory)
		return;
	mutex_lock(&fake_lock);
	fake.heap--;
	mutex_unlock(&fake_lock);
	kvfree(memory);
}
