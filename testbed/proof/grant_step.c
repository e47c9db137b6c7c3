// SPDX-License-Identifier: GPL-2.0
/*
 * The states of a grant: every move is one that grant.h draws, any other call
 * is refused and changes nothing, and SHARED ends only with the grant table's
 * word for it
 */
#include "grant_model.h"

#include "grant.c"

/* What the state says, and what the grant table knows, is the same. */
static bool agree(const struct nfh_grant *g)
{
	switch (g->state) {
	case NFH_GRANT_FREE:
		return refs[0] != REF_CLAIMED && refs[0] != REF_GRANTED;
	case NFH_GRANT_CLAIMED:
		return g->ref == 0 && refs[0] == REF_CLAIMED;
	case NFH_GRANT_SHARED:
	case NFH_GRANT_QUARANTINED:
		return g->ref == 0 && refs[0] == REF_GRANTED &&
		       pages[0].granted;
	default:
		return false;
	}
}

void harness(void)
{
	struct nfh_grant grant = { nondet_u32(), nondet_u32() }, before;
	struct nfh_grant_reserve reserve = { 0 };
	bool writable = nondet_bool();
	bool shared, was_granted;
	int err = 0;

	pages[0] = (struct page){ .state = PAGE_OURS, .cleared = true };
	page_of[0] = &pages[0];
	refs[0] = nondet_below(REF_GRANTED + 1);
	refs[1] = REF_FREE;
	pages[0].granted = refs[0] == REF_GRANTED;
	assume(agree(&grant));
	claim_may_fail = true;
	want_readonly = !writable;
	before = grant;
	was_granted = pages[0].granted;
	shared = before.state == NFH_GRANT_SHARED ||
		 before.state == NFH_GRANT_QUARANTINED;

	switch (nondet_below(5)) {
	case 0:
		err = nfh_grant_claim(&reserve, &grant);
		check((err == -EINVAL) == (before.state != NFH_GRANT_FREE));
		check(err || grant.state == NFH_GRANT_CLAIMED);
		break;
	case 1:
		err = nfh_grant_unclaim(&grant);
		check(err == (before.state == NFH_GRANT_CLAIMED ? 0 : -EINVAL));
		check(err || grant.state == NFH_GRANT_FREE);
		break;
	case 2:
		err = nfh_grant_share(&grant, BACKEND, &pages[0], writable);
		check(err == (before.state == NFH_GRANT_CLAIMED ? 0 : -EINVAL));
		check(err || grant.state == NFH_GRANT_SHARED);
		break;
	case 3:
		err = nfh_grant_end(&grant);
		check((err == -EINVAL) == !shared);
		/* 0 means: the backend has no access, and nothing else does */
		check(err || (grant.state == NFH_GRANT_FREE && !pages[0].granted));
		check(err != -EBUSY || (grant.state == NFH_GRANT_QUARANTINED &&
					pages[0].granted));
		break;
	default:
		nfh_grant_abandon(&grant, &pages[0]);
		if (shared)
			check(grant.state == NFH_GRANT_FREE &&
			      refs[0] == REF_LEFT && pages[0].granted);
		else
			err = -EINVAL;
		break;
	}
	if (err && err != -EBUSY)
		check(grant.state == before.state && grant.ref == before.ref);
	/* out of SHARED and QUARANTINED there are two ways only */
	if (was_granted && grant.state == NFH_GRANT_FREE)
		check(!pages[0].granted || refs[0] == REF_LEFT);
	check(grant.state != NFH_GRANT_ENDING);
	check(agree(&grant));
	reach();
}
