/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A grant table of REFS references and a memory of PAGES pages, for proofs
 *
 * Each call is judged by what the reference and the page are at that moment.
 * Whether the backend still has a page mapped is anybody's guess, each time.
 */
#ifndef NFH_PROOF_GRANT_MODEL_H
#define NFH_PROOF_GRANT_MODEL_H

#include <linux/errno.h>

#include "proof.h"

#define PAGES	2U
#define REFS	2U
#define BACKEND	3U

enum ref_state { REF_FREE, REF_RESERVED, REF_CLAIMED, REF_GRANTED, REF_LEFT };
enum page_state { PAGE_FREE, PAGE_OURS, PAGE_LEFT };

struct page {
	enum page_state state;
	bool granted;
	bool refused;
	bool cleared;
};

static struct page pages[PAGES];
static enum ref_state refs[REFS];
static struct page *page_of[REFS];
static bool claim_may_fail, want_readonly;

int nfh_user_refs_alloc(uint16_t count, uint32_t *head)
{
	u32 i;

	check(count > 0 && count <= REFS);
	if (nondet_bool())
		return -ENOSPC;
	for (i = 0; i < REFS; i++) {
		check(refs[i] == REF_FREE);
		if (i < count)
			refs[i] = REF_RESERVED;
	}
	*head = 0;
	return 0;
}

void nfh_user_refs_free(uint32_t head)
{
	u32 i;

	for (i = 0; i < REFS; i++)
		if (refs[i] == REF_RESERVED)
			refs[i] = REF_FREE;
}

int nfh_user_ref_claim(uint32_t *head)
{
	u32 i;

	if (claim_may_fail && nondet_bool())
		return -ENOSPC;
	for (i = 0; i < REFS; i++) {
		if (refs[i] == REF_RESERVED) {
			refs[i] = REF_CLAIMED;
			return i;
		}
	}
	return -ENOSPC;
}

void nfh_user_ref_free(uint32_t ref)
{
	check(ref < REFS && refs[ref] == REF_CLAIMED);
	refs[ref] = REF_FREE;
}

unsigned long nfh_user_gfn(const struct page *page)
{
	check(page->state == PAGE_OURS);
	return page == &pages[0] ? 0 : 1;
}

void nfh_user_grant(uint32_t ref, uint16_t domid, unsigned long gfn,
		    bool readonly)
{
	check(ref < REFS && refs[ref] == REF_CLAIMED);
	check(gfn < PAGES && pages[gfn].state == PAGE_OURS);
	check(!pages[gfn].granted && pages[gfn].cleared);
	check(domid == BACKEND && readonly == want_readonly);
	refs[ref] = REF_GRANTED;
	page_of[ref] = &pages[gfn];
	pages[gfn].granted = true;
}

bool nfh_user_try_end(uint32_t ref)
{
	check(ref < REFS && refs[ref] == REF_GRANTED);
	if (nondet_bool()) {
		page_of[ref]->refused = true;
		return false;
	}
	refs[ref] = REF_FREE;
	page_of[ref]->granted = false;
	page_of[ref]->refused = false;
	return true;
}

void nfh_user_end(uint32_t ref, struct page *page)
{
	check(ref < REFS && refs[ref] == REF_GRANTED);
	check(page_of[ref] == page);
	refs[ref] = REF_LEFT;
	page->state = PAGE_LEFT;
}

#endif /* NFH_PROOF_GRANT_MODEL_H */
