/* SPDX-License-Identifier: GPL-2.0 */
#ifndef NFH_USER_XEN_PAGE_H
#define NFH_USER_XEN_PAGE_H

#include <linux/types.h>

#define XEN_PAGE_SIZE	4096UL

static inline unsigned long xen_page_to_gfn(struct page *page)
{
	return nfh_user_gfn(page);
}

#endif /* NFH_USER_XEN_PAGE_H */
