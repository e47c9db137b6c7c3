// SPDX-License-Identifier: GPL-2.0
/*
 * The only code that calls the grant table
 *
 * Grants are made when a connection is set up and ended when it is torn down;
 * nothing here runs per packet.  The rule of MSA02 and XSA-396 is a property
 * of nfh_grant_end(): a page is called free only when the grant table says
 * that the access has ended, and the answer cannot be ignored by a caller.
 *
 * gnttab_try_end_foreign_access() is used because it is silent when a grant is
 * still mapped: its louder sisters print one line a call, which would hand the
 * backend a way to fill the log.
 */
#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/mm.h>
#include <xen/grant_table.h>
#include <xen/page.h>

#include "grant.h"
#include "trust.h"

static_assert(XEN_PAGE_SIZE == NFH_PAGE_BYTES);

/**
 * nfh_grant_reserve() - set references aside
 * @reserve: to be filled
 * @count: how many, at least 1
 *
 * Context: may take the grant table's lock and grow the table; process context.
 * Return: 0, or -ENOSPC when the domain's grant table is exhausted.
 */
int nfh_grant_reserve(struct nfh_grant_reserve *reserve, u16 count)
{
	return gnttab_alloc_grant_references(count, &reserve->head);
}

/**
 * nfh_grant_unreserve() - give back what was reserved and not claimed
 * @reserve: from nfh_grant_reserve(); not to be used afterwards
 *
 * Context: any; takes the grant table's lock.
 */
void nfh_grant_unreserve(struct nfh_grant_reserve *reserve)
{
	gnttab_free_grant_references(reserve->head);
}

/**
 * nfh_grant_claim() - take one reserved reference
 * @reserve: from nfh_grant_reserve()
 * @grant: must be NFH_GRANT_FREE
 *
 * Context: any; the caller owns both.
 * Return: 0; -EINVAL when @grant is not free, -ENOSPC when the reserve is
 * empty; nothing has changed then.
 */
int nfh_grant_claim(struct nfh_grant_reserve *reserve, struct nfh_grant *grant)
{
	int ref;

	if (grant->state != NFH_GRANT_FREE)
		return -EINVAL;
	ref = gnttab_claim_grant_reference(&reserve->head);
	if (ref < 0)
		return ref;
	grant->ref = ref;
	grant->state = NFH_GRANT_CLAIMED;
	return 0;
}

/**
 * nfh_grant_unclaim() - give back a reference that was never shared
 * @grant: must be NFH_GRANT_CLAIMED
 *
 * Context: any; takes the grant table's lock.
 * Return: 0, or -EINVAL when @grant is in another state.
 */
int nfh_grant_unclaim(struct nfh_grant *grant)
{
	if (grant->state != NFH_GRANT_CLAIMED)
		return -EINVAL;
	gnttab_free_grant_reference(grant->ref);
	grant->state = NFH_GRANT_FREE;
	return 0;
}

/**
 * nfh_grant_share() - let the backend use a page
 * @grant: must be NFH_GRANT_CLAIMED
 * @backend: domain that is let in
 * @page: whole page; must hold nothing that the backend may not see
 * @writable: may it write as well
 *
 * Context: any; the caller owns the grant and the page.
 * Return: 0, or -EINVAL when @grant is in another state.
 */
int nfh_grant_share(struct nfh_grant *grant, domid_t backend,
		    struct page *page, bool writable)
{
	if (grant->state != NFH_GRANT_CLAIMED)
		return -EINVAL;
	gnttab_grant_foreign_access_ref(grant->ref, backend,
					xen_page_to_gfn(page), !writable);
	grant->state = NFH_GRANT_SHARED;
	return 0;
}

/**
 * nfh_grant_end() - take a page back
 * @grant: must be NFH_GRANT_SHARED, or NFH_GRANT_QUARANTINED to try again
 *
 * Context: any; does not wait for the backend.
 * Return: 0 when the backend has no access any more: the reference is gone and
 * the page is the caller's.  -EBUSY when it still has the page mapped: the
 * grant is in quarantine and the page must not be reused.  -EINVAL in any
 * other state.
 */
int nfh_grant_end(struct nfh_grant *grant)
{
	if (grant->state != NFH_GRANT_SHARED &&
	    grant->state != NFH_GRANT_QUARANTINED)
		return -EINVAL;
	grant->state = NFH_GRANT_ENDING;
	if (!gnttab_try_end_foreign_access(grant->ref)) {
		grant->state = NFH_GRANT_QUARANTINED;
		return -EBUSY;
	}
	grant->state = NFH_GRANT_FREE;
	return 0;
}

/**
 * nfh_grant_abandon() - leave a grant and its page to the grant table
 * @grant: NFH_GRANT_SHARED or NFH_GRANT_QUARANTINED; others are left alone
 * @page: the page behind it; our reference goes with it
 *
 * For module unload, when nobody is left to try again: the core frees the
 * page once the backend lets go, and never before.
 *
 * Context: process context, may sleep; does not wait for the backend.
 */
void nfh_grant_abandon(struct nfh_grant *grant, struct page *page)
{
	if (grant->state != NFH_GRANT_SHARED &&
	    grant->state != NFH_GRANT_QUARANTINED)
		return;
	gnttab_end_foreign_access(grant->ref, page);
	grant->state = NFH_GRANT_FREE;
}
