/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A grant table for tests, and the backend behind it
 *
 * Included before ../grant.c, whose calls then end up in fake_gnttab.c.  The
 * fake knows what each reference is doing; a call that a real grant table
 * would suffer from (a reference freed while the backend may use it, ended
 * twice, never claimed) fails the running test.
 */
#ifndef NFH_KUNIT_FAKE_GNTTAB_H
#define NFH_KUNIT_FAKE_GNTTAB_H

#include <linux/types.h>
#include <xen/grant_table.h>

struct kunit;
struct page;

/* References of the fake; they are numbered from FAKE_REF_FIRST. */
#define FAKE_REFS	1024U
#define FAKE_REF_FIRST	5000U

/**
 * enum fake_ref_state - what a reference is doing
 * @FAKE_REF_FREE: nothing
 * @FAKE_REF_RESERVED: waits in somebody's private list
 * @FAKE_REF_CLAIMED: taken from the list, the backend cannot use it
 * @FAKE_REF_GRANTED: the backend may map the page
 * @FAKE_REF_LEFT: left to the grant table, which waits for the backend
 */
enum fake_ref_state {
	FAKE_REF_FREE,
	FAKE_REF_RESERVED,
	FAKE_REF_CLAIMED,
	FAKE_REF_GRANTED,
	FAKE_REF_LEFT,
};

/**
 * enum fake_call - functions of the grant table whose calls are counted
 * @FAKE_ALLOC_REFS: gnttab_alloc_grant_references()
 * @FAKE_FREE_REFS: gnttab_free_grant_references()
 * @FAKE_CLAIM_REF: gnttab_claim_grant_reference()
 * @FAKE_FREE_REF: gnttab_free_grant_reference()
 * @FAKE_GRANT: gnttab_grant_foreign_access_ref()
 * @FAKE_TRY_END: gnttab_try_end_foreign_access()
 * @FAKE_END: gnttab_end_foreign_access()
 * @FAKE_CALLS: number of functions
 */
enum fake_call {
	FAKE_ALLOC_REFS,
	FAKE_FREE_REFS,
	FAKE_CLAIM_REF,
	FAKE_FREE_REF,
	FAKE_GRANT,
	FAKE_TRY_END,
	FAKE_END,
	FAKE_CALLS
};

/**
 * struct fake_ref - one reference
 * @state: see enum fake_ref_state
 * @next: in a list of references; 0 ends it
 * @backend: domain that was let in
 * @gfn: page it was let in to
 * @readonly: it may not write
 * @zeroed: the page was all zeroes when it was let in
 * @mapped: it has the page mapped: access cannot be ended
 * @page: what FAKE_REF_LEFT will free
 */
struct fake_ref {
	enum fake_ref_state state;
	grant_ref_t next;
	domid_t backend;
	unsigned long gfn;
	bool readonly;
	bool zeroed;
	bool mapped;
	struct page *page;
};

/* The test's side: set up, play the backend, look. */
void fake_gnttab_init(struct kunit *test);
void fake_gnttab_exit(void);
void fake_gnttab_set_capacity(u32 refs);
void fake_gnttab_map(grant_ref_t ref);
void fake_gnttab_unmap(grant_ref_t ref);
void fake_gnttab_unmap_all(void);
struct fake_ref fake_gnttab_look(grant_ref_t ref);
u32 fake_gnttab_in_use(void);
bool fake_gnttab_grants(struct page *page);
u32 fake_gnttab_calls(enum fake_call call);
u32 fake_gnttab_calls_of_all(void);

/* The driver's side. */
int fake_alloc_grant_references(u16 count, grant_ref_t *head);
void fake_free_grant_references(grant_ref_t head);
int fake_claim_grant_reference(grant_ref_t *head);
void fake_free_grant_reference(grant_ref_t ref);
void fake_grant_foreign_access_ref(grant_ref_t ref, domid_t backend,
				   unsigned long gfn, int readonly);
int fake_try_end_foreign_access(grant_ref_t ref);
void fake_end_foreign_access(grant_ref_t ref, struct page *page);

#define gnttab_alloc_grant_references	fake_alloc_grant_references
#define gnttab_free_grant_references	fake_free_grant_references
#define gnttab_claim_grant_reference	fake_claim_grant_reference
#define gnttab_free_grant_reference	fake_free_grant_reference
#define gnttab_grant_foreign_access_ref	fake_grant_foreign_access_ref
#define gnttab_try_end_foreign_access	fake_try_end_foreign_access
#define gnttab_end_foreign_access	fake_end_foreign_access

#endif /* NFH_KUNIT_FAKE_GNTTAB_H */
