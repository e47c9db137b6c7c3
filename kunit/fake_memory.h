/* SPDX-License-Identifier: GPL-2.0 */
/*
 * An allocator for tests that remembers and can fail
 *
 * A page comes full of rubbish unless zeroes were asked for.  It must be given
 * back exactly once, and not while the fake grant table has it granted; the
 * test fails otherwise.  The fake holds a reference of its own to every page
 * until the test is over: no page is handed out twice, and what was freed can
 * still be looked at.
 */
#ifndef NFH_KUNIT_FAKE_MEMORY_H
#define NFH_KUNIT_FAKE_MEMORY_H

#include <linux/gfp.h>
#include <linux/types.h>

struct kunit;
struct page;

/* Pages that one test may ask for. */
#define FAKE_PAGES	1024U

/* What fresh memory is full of. */
#define FAKE_RUBBISH	0xa5

/* The test's side. */
void fake_memory_init(struct kunit *test);
void fake_memory_exit(void);
void fake_memory_fail_page(u32 nth);
void fake_memory_fail_heap(void);
u32 fake_memory_pages(void);
u32 fake_memory_heap(void);
bool fake_page_is_freed(const struct page *page);
bool fake_page_is_zero(unsigned long gfn);

/* The driver's side. */
struct page *fake_alloc_page(gfp_t gfp);
void fake_free_page(struct page *page);
void *fake_zalloc(size_t size, gfp_t gfp);
void fake_free(const void *memory);

#endif /* NFH_KUNIT_FAKE_MEMORY_H */
