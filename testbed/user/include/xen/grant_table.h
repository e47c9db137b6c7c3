/* SPDX-License-Identifier: GPL-2.0 */
#ifndef NFH_USER_XEN_GRANT_TABLE_H
#define NFH_USER_XEN_GRANT_TABLE_H

#include <linux/types.h>
#include <xen/interface/xen.h>
#include <xen/interface/grant_table.h>

static inline int gnttab_alloc_grant_references(u16 count, grant_ref_t *head)
{
	return nfh_user_refs_alloc(count, head);
}

static inline void gnttab_free_grant_references(grant_ref_t head)
{
	nfh_user_refs_free(head);
}

static inline int gnttab_claim_grant_reference(grant_ref_t *head)
{
	return nfh_user_ref_claim(head);
}

static inline void gnttab_free_grant_reference(grant_ref_t ref)
{
	nfh_user_ref_free(ref);
}

static inline void gnttab_grant_foreign_access_ref(grant_ref_t ref,
						   domid_t domid,
						   unsigned long gfn,
						   int readonly)
{
	nfh_user_grant(ref, domid, gfn, readonly);
}

static inline int gnttab_try_end_foreign_access(grant_ref_t ref)
{
	return nfh_user_try_end(ref);
}

static inline void gnttab_end_foreign_access(grant_ref_t ref, struct page *page)
{
	nfh_user_end(ref, page);
}

#endif /* NFH_USER_XEN_GRANT_TABLE_H */
