/* SPDX-License-Identifier: GPL-2.0 */
#ifndef NFH_USER_MM_H
#define NFH_USER_MM_H

#include "types.h"

#define PAGE_SIZE	4096UL

static inline struct page *alloc_page(gfp_t flags)
{
	return nfh_user_alloc_page(flags & 1U /* __GFP_ZERO */);
}

static inline void __free_page(struct page *page)
{
	nfh_user_free_page(page);
}

static inline void *page_address(const struct page *page)
{
	return nfh_user_page_address(page);
}

#endif /* NFH_USER_MM_H */
