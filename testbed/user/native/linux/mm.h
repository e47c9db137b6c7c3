/* SPDX-License-Identifier: GPL-2.0 */
/* As in the kernel: the address of a page is computed from that of its struct. */
#ifndef NFH_NATIVE_MM_H
#define NFH_NATIVE_MM_H

#include <linux/types.h>

#define PAGE_SIZE	4096UL

struct page {
	u64 words[8];
};

extern struct page *native_map;
extern u8 *native_pages;

struct page *alloc_page(gfp_t flags);

static inline void __free_page(struct page *page)
{
}

static inline void *page_address(const struct page *page)
{
	return native_pages + (page - native_map) * PAGE_SIZE;
}

#endif /* NFH_NATIVE_MM_H */
