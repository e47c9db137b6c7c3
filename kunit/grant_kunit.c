// SPDX-License-Identifier: GPL-2.0
/*
 * grant.c against a grant table that notices misuse
 *
 * The table of moves has a row for each state and each operation.  The fake
 * fails the test by itself when a reference is used in a way that a real
 * grant table would suffer from, or when one is missing at the end.
 */
#include <kunit/test.h>

#include "fake_gnttab.h"
#include "../grant.c"
#include "fake_memory.h"
#include "random.h"

/* The domain that the tests grant to; not 0, which anything could be. */
#define BACKEND	7

/* References that a fixture reserves. */
#define RESERVED	4

/**
 * struct grant_fixture - one grant and what it needs
 * @reserve: with RESERVED references at first
 * @grant: under test
 * @page: to be granted
 */
struct grant_fixture {
	struct nfh_grant_reserve reserve;
	struct nfh_grant grant;
	struct page *page;
};

static int grant_init(struct kunit *test)
{
	struct grant_fixture *fx;

	fake_gnttab_init(test);
	fake_memory_init(test);
	fx = kunit_kzalloc(test, sizeof(*fx), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, fx);
	fx->page = fake_alloc_page(GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, fx->page);
	KUNIT_ASSERT_EQ(test, nfh_grant_reserve(&fx->reserve, RESERVED), 0);
	test->priv = fx;
	return 0;
}

static void grant_exit(struct kunit *test)
{
	struct grant_fixture *fx = test->priv;

	if (!fx)
		return;
	fake_gnttab_unmap_all();
	nfh_grant_unclaim(&fx->grant);
	if (nfh_grant_end(&fx->grant) == -EBUSY)
		KUNIT_FAIL(test, "a grant is busy that nobody has mapped");
	nfh_grant_unreserve(&fx->reserve);
	if (!fake_page_is_freed(fx->page))
		fake_free_page(fx->page);
	fake_gnttab_exit();
	fake_memory_exit();
}

/* Walk the grant to @state on legal ways. */
static void grant_bring_to(struct kunit *test, enum nfh_grant_state state)
{
	struct grant_fixture *fx = test->priv;

	if (state == NFH_GRANT_FREE)
		return;
	KUNIT_ASSERT_EQ(test, nfh_grant_claim(&fx->reserve, &fx->grant), 0);
	if (state == NFH_GRANT_CLAIMED)
		return;
	KUNIT_ASSERT_EQ(test, nfh_grant_share(&fx->grant, BACKEND, fx->page,
					      true), 0);
	if (state == NFH_GRANT_SHARED)
		return;
	fake_gnttab_map(fx->grant.ref);
	KUNIT_ASSERT_EQ(test, nfh_grant_end(&fx->grant), -EBUSY);
	if (state == NFH_GRANT_ENDING)
		fx->grant.state = NFH_GRANT_ENDING;
}

/* The operations; the backend has the page mapped, or not. */
enum grant_op {
	OP_CLAIM,
	OP_UNCLAIM,
	OP_SHARE,
	OP_END,
	OP_END_MAPPED,
	OP_ABANDON,
	OP_ABANDON_MAPPED,
};

/* An operation in a state: what it returns, where it leads, what it asks. */
struct move_case {
	const char *desc;
	enum nfh_grant_state from;
	enum grant_op op;
	int ret;
	enum nfh_grant_state to;
	u32 calls;
};

/* Short enough for a table. */
#define FREE	NFH_GRANT_FREE
#define CLAIMED	NFH_GRANT_CLAIMED
#define SHARED	NFH_GRANT_SHARED
#define ENDING	NFH_GRANT_ENDING
#define QUARNT	NFH_GRANT_QUARANTINED

static const struct move_case move_cases[] = {
	{ "claim_free",		FREE, OP_CLAIM, 0, CLAIMED, 1 },
	{ "claim_claimed",	CLAIMED, OP_CLAIM, -EINVAL, CLAIMED, 0 },
	{ "claim_shared",	SHARED, OP_CLAIM, -EINVAL, SHARED, 0 },
	{ "claim_ending",	ENDING, OP_CLAIM, -EINVAL, ENDING, 0 },
	{ "claim_quarantined",	QUARNT, OP_CLAIM, -EINVAL, QUARNT, 0 },
	{ "unclaim_free",	FREE, OP_UNCLAIM, -EINVAL, FREE, 0 },
	{ "unclaim_claimed",	CLAIMED, OP_UNCLAIM, 0, FREE, 1 },
	{ "unclaim_shared",	SHARED, OP_UNCLAIM, -EINVAL, SHARED, 0 },
	{ "unclaim_ending",	ENDING, OP_UNCLAIM, -EINVAL, ENDING, 0 },
	{ "unclaim_quarantined", QUARNT, OP_UNCLAIM, -EINVAL, QUARNT, 0 },
	{ "share_free",		FREE, OP_SHARE, -EINVAL, FREE, 0 },
	{ "share_claimed",	CLAIMED, OP_SHARE, 0, SHARED, 1 },
	{ "share_shared",	SHARED, OP_SHARE, -EINVAL, SHARED, 0 },
	{ "share_ending",	ENDING, OP_SHARE, -EINVAL, ENDING, 0 },
	{ "share_quarantined",	QUARNT, OP_SHARE, -EINVAL, QUARNT, 0 },
	{ "end_free",		FREE, OP_END, -EINVAL, FREE, 0 },
	{ "end_claimed",	CLAIMED, OP_END, -EINVAL, CLAIMED, 0 },
	{ "end_shared",		SHARED, OP_END, 0, FREE, 1 },
	{ "end_ending",		ENDING, OP_END, -EINVAL, ENDING, 0 },
	{ "end_quarantined",	QUARNT, OP_END, 0, FREE, 1 },
	{ "end_mapped_shared",	SHARED, OP_END_MAPPED, -EBUSY, QUARNT, 1 },
	{ "end_mapped_ending",	ENDING, OP_END_MAPPED, -EINVAL, ENDING, 0 },
	{ "end_mapped_quarantined", QUARNT, OP_END_MAPPED, -EBUSY, QUARNT, 1 },
	{ "abandon_free",	FREE, OP_ABANDON, 0, FREE, 0 },
	{ "abandon_claimed",	CLAIMED, OP_ABANDON, 0, CLAIMED, 0 },
	{ "abandon_shared",	SHARED, OP_ABANDON, 0, FREE, 1 },
	{ "abandon_ending",	ENDING, OP_ABANDON, 0, ENDING, 0 },
	{ "abandon_quarantined", QUARNT, OP_ABANDON, 0, FREE, 1 },
	{ "abandon_mapped_shared", SHARED, OP_ABANDON_MAPPED, 0, FREE, 1 },
	{ "abandon_mapped_ending", ENDING, OP_ABANDON_MAPPED, 0, ENDING, 0 },
	{ "abandon_mapped_quarantined", QUARNT, OP_ABANDON_MAPPED, 0, FREE, 1 },
};

static void move_desc(const struct move_case *row, char *desc)
{
	strscpy(desc, row->desc, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(move, move_cases, move_desc);

/* The backend's hand on the page, as the operation wants it. */
static void grant_map_for(struct grant_fixture *fx, enum grant_op op)
{
	if (fx->grant.state < NFH_GRANT_SHARED)
		return;
	if (op == OP_END_MAPPED || op == OP_ABANDON_MAPPED)
		fake_gnttab_map(fx->grant.ref);
	else
		fake_gnttab_unmap(fx->grant.ref);
}

static int grant_operate(struct grant_fixture *fx, enum grant_op op)
{
	switch (op) {
	case OP_CLAIM:
		return nfh_grant_claim(&fx->reserve, &fx->grant);
	case OP_UNCLAIM:
		return nfh_grant_unclaim(&fx->grant);
	case OP_SHARE:
		return nfh_grant_share(&fx->grant, BACKEND, fx->page, false);
	case OP_END:
	case OP_END_MAPPED:
		return nfh_grant_end(&fx->grant);
	case OP_ABANDON:
	case OP_ABANDON_MAPPED:
		nfh_grant_abandon(&fx->grant, fx->page);
		return 0;
	}
	return -ERANGE;
}

static void grant_move(struct kunit *test)
{
	const struct move_case *row = test->param_value;
	struct grant_fixture *fx = test->priv;
	grant_ref_t ref;
	u32 calls;

	grant_bring_to(test, row->from);
	grant_map_for(fx, row->op);
	KUNIT_ASSERT_EQ(test, fx->grant.state, row->from);
	ref = fx->grant.ref;
	calls = fake_gnttab_calls_of_all();

	KUNIT_EXPECT_EQ(test, grant_operate(fx, row->op), row->ret);

	KUNIT_EXPECT_EQ(test, fx->grant.state, row->to);
	KUNIT_EXPECT_EQ(test, fake_gnttab_calls_of_all() - calls, row->calls);
	if (row->op != OP_CLAIM || row->ret)
		KUNIT_EXPECT_EQ(test, fx->grant.ref, ref);

	/* what was put there by hand is taken away by hand */
	if (row->from == NFH_GRANT_ENDING)
		fx->grant.state = NFH_GRANT_QUARANTINED;
}

/* Is there a row for each state and each operation that can meet it? */
static void grant_moves_are_all_in_the_table(struct kunit *test)
{
	u32 from, op, i;

	for (from = FREE; from <= QUARNT; from++) {
		for (op = OP_CLAIM; op <= OP_ABANDON_MAPPED; op++) {
			bool mapped = op == OP_END_MAPPED ||
				      op == OP_ABANDON_MAPPED;
			u32 rows = 0;

			for (i = 0; i < ARRAY_SIZE(move_cases); i++)
				rows += move_cases[i].from == from &&
					move_cases[i].op == op;
			/* nothing is mapped before it is shared */
			KUNIT_EXPECT_EQ_MSG(test, rows,
					    mapped && from < SHARED ? 0U : 1U,
					    "state %u, operation %u", from, op);
		}
	}
}

static void grant_reserve_counts(struct kunit *test)
{
	struct nfh_grant_reserve reserve;
	u32 before = fake_gnttab_in_use();

	KUNIT_EXPECT_EQ(test, nfh_grant_reserve(&reserve, 256), 0);
	KUNIT_EXPECT_EQ(test, fake_gnttab_in_use(), before + 256);
	nfh_grant_unreserve(&reserve);
	KUNIT_EXPECT_EQ(test, fake_gnttab_in_use(), before);
}

static void grant_reserve_table_exhausted(struct kunit *test)
{
	struct nfh_grant_reserve reserve;
	u32 before = fake_gnttab_in_use();

	fake_gnttab_set_capacity(before + 9);
	KUNIT_EXPECT_EQ(test, nfh_grant_reserve(&reserve, 10), -ENOSPC);
	KUNIT_EXPECT_EQ(test, fake_gnttab_in_use(), before);
	KUNIT_EXPECT_EQ(test, nfh_grant_reserve(&reserve, 9), 0);
	nfh_grant_unreserve(&reserve);
}

static void grant_claim_reserve_empty(struct kunit *test)
{
	struct grant_fixture *fx = test->priv;
	struct nfh_grant grant[RESERVED] = { };
	u32 i;

	for (i = 0; i < RESERVED; i++)
		KUNIT_EXPECT_EQ(test, nfh_grant_claim(&fx->reserve, &grant[i]),
				0);

	KUNIT_EXPECT_EQ(test, nfh_grant_claim(&fx->reserve, &fx->grant),
			-ENOSPC);
	KUNIT_EXPECT_EQ(test, fx->grant.state, NFH_GRANT_FREE);

	for (i = 0; i < RESERVED; i++)
		KUNIT_EXPECT_EQ(test, nfh_grant_unclaim(&grant[i]), 0);
}

/* The claimed reference is not in the reserve any more. */
static void grant_unreserve_leaves_claimed_ones(struct kunit *test)
{
	struct grant_fixture *fx = test->priv;

	grant_bring_to(test, NFH_GRANT_CLAIMED);
	nfh_grant_unreserve(&fx->reserve);
	fx->reserve.head = 0;

	KUNIT_EXPECT_EQ(test, fake_gnttab_in_use(), 1U);
	KUNIT_EXPECT_EQ(test, fake_gnttab_look(fx->grant.ref).state,
			FAKE_REF_CLAIMED);
}

static void grant_share_says_who_what_and_how(struct kunit *test)
{
	struct grant_fixture *fx = test->priv;
	u32 writable;

	for (writable = 0; writable < 2; writable++) {
		struct fake_ref ref;

		grant_bring_to(test, NFH_GRANT_CLAIMED);
		KUNIT_EXPECT_EQ(test, nfh_grant_share(&fx->grant, 0x7ff0 - 1,
						      fx->page, writable), 0);
		ref = fake_gnttab_look(fx->grant.ref);
		KUNIT_EXPECT_EQ(test, ref.state, FAKE_REF_GRANTED);
		KUNIT_EXPECT_EQ(test, ref.backend, 0x7ff0 - 1);
		KUNIT_EXPECT_EQ(test, ref.gfn, xen_page_to_gfn(fx->page));
		KUNIT_EXPECT_EQ(test, ref.readonly, !writable);
		KUNIT_EXPECT_EQ(test, nfh_grant_end(&fx->grant), 0);
	}
}

/* The page stays the backend's for as long as the backend likes. */
static void grant_end_again_and_again(struct kunit *test)
{
	struct grant_fixture *fx = test->priv;
	u32 i;

	grant_bring_to(test, NFH_GRANT_QUARANTINED);
	for (i = 0; i < 100; i++) {
		KUNIT_EXPECT_EQ(test, nfh_grant_end(&fx->grant), -EBUSY);
		KUNIT_EXPECT_TRUE(test, fake_gnttab_grants(fx->page));
	}
	fake_gnttab_unmap(fx->grant.ref);

	KUNIT_EXPECT_EQ(test, nfh_grant_end(&fx->grant), 0);
	KUNIT_EXPECT_FALSE(test, fake_gnttab_grants(fx->page));
	KUNIT_EXPECT_EQ(test, nfh_grant_end(&fx->grant), -EINVAL);
}

static void grant_abandon_frees_page_when_unmapped(struct kunit *test)
{
	struct grant_fixture *fx = test->priv;
	grant_ref_t ref;

	grant_bring_to(test, NFH_GRANT_QUARANTINED);
	ref = fx->grant.ref;

	nfh_grant_abandon(&fx->grant, fx->page);
	KUNIT_EXPECT_FALSE(test, fake_page_is_freed(fx->page));
	fake_gnttab_unmap(ref);
	KUNIT_EXPECT_TRUE(test, fake_page_is_freed(fx->page));
}

/* A claimed grant is used again, with another reference and another page. */
static void grant_lives_again(struct kunit *test)
{
	struct grant_fixture *fx = test->priv;
	grant_ref_t first;

	grant_bring_to(test, NFH_GRANT_SHARED);
	first = fx->grant.ref;
	KUNIT_EXPECT_EQ(test, nfh_grant_end(&fx->grant), 0);
	KUNIT_EXPECT_EQ(test, fake_gnttab_look(first).state, FAKE_REF_FREE);

	grant_bring_to(test, NFH_GRANT_SHARED);
	KUNIT_EXPECT_NE(test, fx->grant.ref, first);
	KUNIT_EXPECT_EQ(test, fake_gnttab_look(fx->grant.ref).state,
			FAKE_REF_GRANTED);
}

#define WALK_GRANTS	8

/* Random operations on some grants: the fake notices what is out of order. */
static void grant_random_walk(struct kunit *test)
{
	struct grant_fixture *fx = test->priv;
	struct nfh_grant grant[WALK_GRANTS] = { };
	u32 random = 20220301;
	u32 ended = 0;
	u32 i;

	nfh_grant_unreserve(&fx->reserve);
	KUNIT_ASSERT_EQ(test, nfh_grant_reserve(&fx->reserve, 512), 0);
	for (i = 0; i < 5000; i++) {
		u32 which = random_below(&random, WALK_GRANTS);
		u32 op = random_below(&random, 6);
		struct nfh_grant *one = &grant[which];
		enum nfh_grant_state before = one->state;
		int ret = 0;

		if (op == 0)
			ret = nfh_grant_claim(&fx->reserve, one);
		else if (op == 1)
			ret = random & 1 ? nfh_grant_unclaim(one) : 0;
		else if (op == 2)
			ret = nfh_grant_share(one, BACKEND, fx->page, true);
		else if (op == 3)
			ret = nfh_grant_end(one);
		else if (before >= NFH_GRANT_SHARED && op == 4)
			fake_gnttab_map(one->ref);
		else if (before >= NFH_GRANT_SHARED && op == 5)
			fake_gnttab_unmap(one->ref);

		if (ret == -EINVAL || ret == -ENOSPC)
			KUNIT_ASSERT_EQ(test, one->state, before);
		ended += op == 3 && !ret;
	}
	KUNIT_EXPECT_GT(test, ended, 100U);

	fake_gnttab_unmap_all();
	for (i = 0; i < WALK_GRANTS; i++) {
		nfh_grant_unclaim(&grant[i]);
		KUNIT_EXPECT_NE(test, nfh_grant_end(&grant[i]), -EBUSY);
	}
}

static struct kunit_case grant_cases[] = {
	KUNIT_CASE_PARAM(grant_move, move_gen_params),
	KUNIT_CASE(grant_moves_are_all_in_the_table),
	KUNIT_CASE(grant_reserve_counts),
	KUNIT_CASE(grant_reserve_table_exhausted),
	KUNIT_CASE(grant_claim_reserve_empty),
	KUNIT_CASE(grant_unreserve_leaves_claimed_ones),
	KUNIT_CASE(grant_share_says_who_what_and_how),
	KUNIT_CASE(grant_end_again_and_again),
	KUNIT_CASE(grant_abandon_frees_page_when_unmapped),
	KUNIT_CASE(grant_lives_again),
	KUNIT_CASE(grant_random_walk),
	{}
};

static struct kunit_suite grant_suite = {
	.name = "netfront_hardened_grant",
	.init = grant_init,
	.exit = grant_exit,
	.test_cases = grant_cases,
};

kunit_test_suite(grant_suite);
