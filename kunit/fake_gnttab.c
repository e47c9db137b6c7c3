// SPDX-License-Identifier: GPL-2.0
/*
 * A grant table for tests, and the backend behind it
 *
 * LOCKING: one mutex; the quarantine's work may call from a kernel thread
 * while the test looks.  Everything here is called in process context.
 */
#include <kunit/test.h>
#include <linux/mutex.h>
#include <linux/string.h>
#include <xen/page.h>

#include "fake_gnttab.h"
#include "fake_memory.h"

static DEFINE_MUTEX(fake_lock);

/**
 * struct fake_gnttab - the state of the fake
 * @test: is failed by misuse
 * @capacity: references that may be in use at a time
 * @in_use: references that are not free
 * @free: list of free references
 * @calls: how often each function was called
 * @ref: the references
 */
static struct fake_gnttab {
	struct kunit *test;
	u32 capacity;
	u32 in_use;
	grant_ref_t free;
	u32 calls[FAKE_CALLS];
	struct fake_ref ref[FAKE_REFS];
} fake;

/* The reference, if there is such a one; the test fails otherwise. */
static struct fake_ref *fake_ref_get(grant_ref_t ref, const char *who)
{
	if (ref - FAKE_REF_FIRST < FAKE_REFS)
		return &fake.ref[ref - FAKE_REF_FIRST];
	KUNIT_FAIL(fake.test, "%s: no such reference: %u", who, ref);
	return NULL;
}

/* The reference, if it is in the state that the caller may find it in. */
static struct fake_ref *fake_ref_in(grant_ref_t ref, enum fake_ref_state state,
				    const char *who)
{
	struct fake_ref *entry = fake_ref_get(ref, who);

	if (!entry || entry->state == state)
		return entry;
	KUNIT_FAIL(fake.test, "%s: reference %u is in state %d, not in %d",
		   who, ref, entry->state, state);
	return NULL;
}

static void fake_ref_free(struct fake_ref *entry)
{
	memset(entry, 0, sizeof(*entry));
	entry->next = fake.free;
	fake.free = FAKE_REF_FIRST + (entry - fake.ref);
	fake.in_use--;
}

/* Empty table, counters at zero; misuse fails @test from now on. */
void fake_gnttab_init(struct kunit *test)
{
	u32 i;

	mutex_lock(&fake_lock);
	memset(&fake, 0, sizeof(fake));
	fake.test = test;
	fake.capacity = FAKE_REFS;
	fake.in_use = FAKE_REFS;
	for (i = 0; i < FAKE_REFS; i++)
		fake_ref_free(&fake.ref[i]);
	mutex_unlock(&fake_lock);
}

/* At the end of a test every reference must have come back. */
void fake_gnttab_exit(void)
{
	fake_gnttab_unmap_all();
	mutex_lock(&fake_lock);
	KUNIT_EXPECT_EQ_MSG(fake.test, fake.in_use, 0U,
			    "grant references leaked");
	mutex_unlock(&fake_lock);
}

/* Let at most @refs references be in use. */
void fake_gnttab_set_capacity(u32 refs)
{
	mutex_lock(&fake_lock);
	fake.capacity = refs;
	mutex_unlock(&fake_lock);
}

/* The backend maps the page behind @ref. */
void fake_gnttab_map(grant_ref_t ref)
{
	struct fake_ref *entry;

	mutex_lock(&fake_lock);
	entry = fake_ref_in(ref, FAKE_REF_GRANTED, __func__);
	if (entry)
		entry->mapped = true;
	mutex_unlock(&fake_lock);
}

/* Returns the page that the grant table had been left with, if any. */
static struct page *fake_ref_unmap(struct fake_ref *entry)
{
	struct page *page = entry->page;

	entry->mapped = false;
	if (entry->state == FAKE_REF_LEFT)
		fake_ref_free(entry);
	return page;
}

/* The backend lets go of the page behind @ref. */
void fake_gnttab_unmap(grant_ref_t ref)
{
	struct fake_ref *entry;
	struct page *page = NULL;

	mutex_lock(&fake_lock);
	entry = fake_ref_get(ref, __func__);
	if (entry)
		page = fake_ref_unmap(entry);
	mutex_unlock(&fake_lock);
	if (page)
		fake_free_page(page);
}

/* The backend lets go of everything. */
void fake_gnttab_unmap_all(void)
{
	u32 i;

	for (i = 0; i < FAKE_REFS; i++)
		fake_gnttab_unmap(FAKE_REF_FIRST + i);
}

/* A copy of what is known of @ref. */
struct fake_ref fake_gnttab_look(grant_ref_t ref)
{
	struct fake_ref copy = { };
	struct fake_ref *entry;

	mutex_lock(&fake_lock);
	entry = fake_ref_get(ref, __func__);
	if (entry)
		copy = *entry;
	mutex_unlock(&fake_lock);
	return copy;
}

u32 fake_gnttab_in_use(void)
{
	return READ_ONCE(fake.in_use);
}

/* May the backend use @page through any reference? */
bool fake_gnttab_grants(struct page *page)
{
	unsigned long gfn = xen_page_to_gfn(page);
	bool found = false;
	u32 i;

	mutex_lock(&fake_lock);
	for (i = 0; i < FAKE_REFS && !found; i++)
		found = fake.ref[i].state >= FAKE_REF_GRANTED &&
			fake.ref[i].gfn == gfn;
	mutex_unlock(&fake_lock);
	return found;
}

u32 fake_gnttab_calls(enum fake_call call)
{
	return READ_ONCE(fake.calls[call]);
}

u32 fake_gnttab_calls_of_all(void)
{
	u32 sum = 0;
	u32 i;

	for (i = 0; i < FAKE_CALLS; i++)
		sum += fake_gnttab_calls(i);
	return sum;
}

int fake_alloc_grant_references(u16 count, grant_ref_t *head)
{
	grant_ref_t list = 0;
	int err = -ENOSPC;

	mutex_lock(&fake_lock);
	fake.calls[FAKE_ALLOC_REFS]++;
	if (fake.in_use + count > fake.capacity)
		goto out_unlock;
	fake.in_use += count;
	while (count--) {
		grant_ref_t ref = fake.free;
		struct fake_ref *entry = &fake.ref[ref - FAKE_REF_FIRST];

		fake.free = entry->next;
		entry->state = FAKE_REF_RESERVED;
		entry->next = list;
		list = ref;
	}
	*head = list;
	err = 0;
out_unlock:
	mutex_unlock(&fake_lock);
	return err;
}

void fake_free_grant_references(grant_ref_t head)
{
	mutex_lock(&fake_lock);
	fake.calls[FAKE_FREE_REFS]++;
	while (head) {
		struct fake_ref *entry;

		entry = fake_ref_in(head, FAKE_REF_RESERVED, __func__);
		if (!entry)
			break;
		head = entry->next;
		fake_ref_free(entry);
	}
	mutex_unlock(&fake_lock);
}

int fake_claim_grant_reference(grant_ref_t *head)
{
	struct fake_ref *entry;
	int ref = -ENOSPC;

	mutex_lock(&fake_lock);
	fake.calls[FAKE_CLAIM_REF]++;
	if (!*head)
		goto out_unlock;
	entry = fake_ref_in(*head, FAKE_REF_RESERVED, __func__);
	if (!entry)
		goto out_unlock;
	ref = *head;
	*head = entry->next;
	entry->state = FAKE_REF_CLAIMED;
out_unlock:
	mutex_unlock(&fake_lock);
	return ref;
}

void fake_free_grant_reference(grant_ref_t ref)
{
	struct fake_ref *entry;

	mutex_lock(&fake_lock);
	fake.calls[FAKE_FREE_REF]++;
	entry = fake_ref_in(ref, FAKE_REF_CLAIMED, __func__);
	if (entry)
		fake_ref_free(entry);
	mutex_unlock(&fake_lock);
}

void fake_grant_foreign_access_ref(grant_ref_t ref, domid_t backend,
				   unsigned long gfn, int readonly)
{
	bool zeroed = fake_page_is_zero(gfn);
	struct fake_ref *entry;

	mutex_lock(&fake_lock);
	fake.calls[FAKE_GRANT]++;
	entry = fake_ref_in(ref, FAKE_REF_CLAIMED, __func__);
	if (entry) {
		entry->state = FAKE_REF_GRANTED;
		entry->backend = backend;
		entry->gfn = gfn;
		entry->readonly = readonly;
		entry->zeroed = zeroed;
	}
	mutex_unlock(&fake_lock);
}

int fake_try_end_foreign_access(grant_ref_t ref)
{
	struct fake_ref *entry;
	int ended = 0;

	mutex_lock(&fake_lock);
	fake.calls[FAKE_TRY_END]++;
	entry = fake_ref_in(ref, FAKE_REF_GRANTED, __func__);
	if (entry && !entry->mapped) {
		fake_ref_free(entry);
		ended = 1;
	}
	mutex_unlock(&fake_lock);
	return ended;
}

void fake_end_foreign_access(grant_ref_t ref, struct page *page)
{
	struct fake_ref *entry;
	bool left = true;

	mutex_lock(&fake_lock);
	fake.calls[FAKE_END]++;
	entry = fake_ref_in(ref, FAKE_REF_GRANTED, __func__);
	if (entry && entry->mapped) {
		entry->state = FAKE_REF_LEFT;
		entry->page = page;
	} else if (entry) {
		fake_ref_free(entry);
		left = false;
	}
	mutex_unlock(&fake_lock);
	if (!left && page)
		fake_free_page(page);
}
