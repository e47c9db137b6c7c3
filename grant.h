/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One object per grant, one state each
 *
 *	FREE --claim--> CLAIMED --share--> SHARED --end--> FREE
 *	  ^                |                  |              (access ended)
 *	  +----unclaim-----+                  +--end--> QUARANTINED --end--+
 *	  ^                                         (still mapped)        |
 *	  +---------------------------------------------------------------+
 *
 * A move that is not drawn is refused with -EINVAL and changes nothing.  While
 * a grant is SHARED or QUARANTINED its page belongs to the backend as much as
 * to us: the page may be reused only after nfh_grant_end() has returned 0.
 */
#ifndef NFH_GRANT_H
#define NFH_GRANT_H

#include <linux/types.h>
#include <xen/interface/xen.h>
#include <xen/interface/grant_table.h>

struct page;

/**
 * enum nfh_grant_state - what a grant is good for
 * @NFH_GRANT_FREE: no reference; zero on purpose, a cleared grant is free
 * @NFH_GRANT_CLAIMED: a reference is ours, the backend cannot use it
 * @NFH_GRANT_SHARED: the backend may map or copy
 * @NFH_GRANT_ENDING: the answer of the grant table is being waited for; seen
 *	only inside nfh_grant_end()
 * @NFH_GRANT_QUARANTINED: the backend still had it mapped when it was ended
 */
enum nfh_grant_state {
	NFH_GRANT_FREE,
	NFH_GRANT_CLAIMED,
	NFH_GRANT_SHARED,
	NFH_GRANT_ENDING,
	NFH_GRANT_QUARANTINED,
};

/**
 * struct nfh_grant - one grant of one page
 * @ref: the reference; meaningless in NFH_GRANT_FREE
 * @state: see enum nfh_grant_state
 *
 * LOCKING: belongs to the owner of the page; never shared between contexts.
 */
struct nfh_grant {
	grant_ref_t ref;
	enum nfh_grant_state state;
};

/**
 * struct nfh_grant_reserve - references set aside, so that claiming succeeds
 * @head: the grant table's private list
 */
struct nfh_grant_reserve {
	grant_ref_t head;
};

int __must_check nfh_grant_reserve(struct nfh_grant_reserve *reserve,
				   u16 count);
void nfh_grant_unreserve(struct nfh_grant_reserve *reserve);
int __must_check nfh_grant_claim(struct nfh_grant_reserve *reserve,
				 struct nfh_grant *grant);
int nfh_grant_unclaim(struct nfh_grant *grant);
int __must_check nfh_grant_share(struct nfh_grant *grant, domid_t backend,
				 struct page *page, bool writable);
int __must_check nfh_grant_end(struct nfh_grant *grant);
void nfh_grant_abandon(struct nfh_grant *grant, struct page *page);

#endif /* NFH_GRANT_H */
