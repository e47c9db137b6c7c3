// SPDX-License-Identifier: GPL-2.0
/*
 * pool_populate(), pool_reclaim(), pool_abandon(): a page is freed exactly when
 * its grant was ended with success or never was, whatever state the pool is in
 * (new, half-made, in use, in quarantine), and the counts say what there is
 *
 * nfh_pool_destroy() and the work in quarantine are loops around the second.
 */
#include <linux/workqueue.h>

#include "pool_model.h"

#include "grant.c"
#include "pool.c"

static struct nfh_account account;

/* An entry of the pool, the page and the grant table say the same. */
static bool entry_ok(const struct nfh_pool *pool, u32 i)
{
	const struct nfh_pool_page *e = &pool->entry[i];
	bool granted = e->grant.state == NFH_GRANT_SHARED ||
		       e->grant.state == NFH_GRANT_QUARANTINED;

	if (e->page && e->page != &pages[i])
		return false;
	if (e->page && pages[i].state != PAGE_OURS)
		return false;
	if (!e->page && pages[i].state == PAGE_OURS)
		return false;
	if (granted && (!e->page || page_of[i] != &pages[i]))
		return false;
	if (e->grant.state != NFH_GRANT_FREE && e->grant.ref != i)
		return false;
	return pages[i].granted == granted &&
	       pages[i].refused == (e->grant.state == NFH_GRANT_QUARANTINED) &&
	       (refs[i] == REF_GRANTED) == granted &&
	       (refs[i] == REF_CLAIMED) == (e->grant.state == NFH_GRANT_CLAIMED) &&
	       e->grant.state != NFH_GRANT_ENDING &&
	       e->grant.state <= NFH_GRANT_QUARANTINED &&
	       /* a page is never left without its grant */
	       (!e->page || granted);
}

static bool counts_ok(void)
{
	int ours = (pages[0].state == PAGE_OURS) + (pages[1].state == PAGE_OURS);
	int refused = pages[0].refused + pages[1].refused;

	return account.pages.counter == ours &&
	       account.quarantined.counter == refused;
}

static void any_entry(struct nfh_pool *pool, u32 i)
{
	struct nfh_pool_page *e = &pool->entry[i];

	e->page = nondet_bool() ? &pages[i] : NULL;
	e->grant.state = nondet_below(NFH_GRANT_QUARANTINED + 1);
	e->grant.ref = i;
	pages[i].state = e->page ? PAGE_OURS : PAGE_FREE;
	pages[i].granted = nondet_bool();
	pages[i].refused = nondet_bool();
	refs[i] = nondet_below(REF_GRANTED + 1);
	page_of[i] = &pages[i];
	assume(entry_ok(pool, i));
}

static void reclaim(struct nfh_pool *pool)
{
	unsigned int kept;

	any_entry(pool, 0);
	any_entry(pool, 1);
	account.pages.counter = (pages[0].state == PAGE_OURS) +
				(pages[1].state == PAGE_OURS);
	account.quarantined.counter = pages[0].refused + pages[1].refused;

	kept = pool_reclaim(pool);

	check(kept == (unsigned int)(pages[0].refused + pages[1].refused));
	check(refs[0] != REF_CLAIMED && refs[1] != REF_CLAIMED);
	/* what is kept is in quarantine, and nothing but that is kept */
	check(kept == (unsigned int)account.pages.counter);
	check(entry_ok(pool, 0) && entry_ok(pool, 1) && counts_ok());
	if (nondet_bool())
		return;
	check(pool_abandon(pool) == kept);
	check(account.pages.counter == 0 && account.quarantined.counter == 0);
	check((pages[0].state == PAGE_LEFT) == (refs[0] == REF_LEFT));
	check((pages[1].state == PAGE_LEFT) == (refs[1] == REF_LEFT));
	check(pages[0].state != PAGE_OURS && pages[1].state != PAGE_OURS);
}

static void populate(struct nfh_pool *pool)
{
	int err;

	pool->entry[0] = (struct nfh_pool_page){ 0 };
	pool->entry[1] = (struct nfh_pool_page){ 0 };
	pool->backend = BACKEND;
	may_fail = true;
	claim_may_fail = true;

	err = pool_populate(pool);

	check(err <= 0);
	check(err || (pages[0].granted && pages[1].granted));
	check(err || (pool->entry[0].grant.state == NFH_GRANT_SHARED &&
		      pool->entry[1].grant.state == NFH_GRANT_SHARED));
	/* also a half-made one can be given to nfh_pool_destroy() */
	check(entry_ok(pool, 0) && entry_ok(pool, 1) && counts_ok());
	check(refs[0] != REF_RESERVED && refs[1] != REF_RESERVED);
}

void harness(void)
{
	struct nfh_pool *pool = malloc(sizeof(*pool) +
				       PAGES * sizeof(pool->entry[0]));

	assume(pool);
	pool->count = PAGES;
	pool->use = nondet_bool() ? NFH_POOL_READ : NFH_POOL_WRITE;
	pool->account = &account;
	want_readonly = pool->use == NFH_POOL_READ;
	if (nondet_bool())
		reclaim(pool);
	else
		populate(pool);
	reach();
}
