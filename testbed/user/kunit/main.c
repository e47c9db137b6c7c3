// SPDX-License-Identifier: GPL-2.0
/*
 * Runs the suites of the driver's pure files in user space
 *
 * Stops at the first case that fails: its name is the last line but one.
 */
#include <kunit/test.h>
#include <linux/delay.h>
#include <linux/workqueue.h>

#define SUITES	16

struct page {
	int refs;
	void *bytes;
	struct page *next;
};

/* Memory that a case got and does not give back itself. */
struct owned {
	struct owned *next;

	_Alignas(64) char bytes[];
};

static struct kunit_suite *suites[SUITES];
static unsigned int suites_used;
static struct owned *owned;
static struct page *pages;
static struct work_struct *armed;
static unsigned int locks;

void nfh_kunit_add(struct kunit_suite *suite)
{
	if (suites_used < SUITES)
		suites[suites_used++] = suite;
}

void nfh_kunit_fail(struct kunit *test, bool end, const char *file, int line,
		    const char *what)
{
	if (!test->failed)
		printf("  %s:%d: %s\n", file, line, what);
	test->failed = true;
	if (end)
		longjmp(test->abort, 1);
}

void nfh_user_fail(const char *file, int line, const char *what)
{
	printf("  %s:%d: violated: %s\n", file, line, what);
	fflush(stdout);
	abort();
}

void *kunit_kzalloc(struct kunit *test, size_t len, gfp_t gfp)
{
	struct owned *memory = aligned_alloc(64, (sizeof(*memory) + len + 63) /
						 64 * 64);

	(memset)(memory, 0, sizeof(*memory) + len);
	memory->next = owned;
	owned = memory;
	return memory->bytes;
}

uint64_t nfh_user_load(const volatile void *from, size_t len)
{
	uint64_t value = 0;

	(memcpy)(&value, (const void *)from, len);
	return value;
}

void nfh_user_store(volatile void *to, size_t len, uint64_t value)
{
	(memcpy)((void *)to, &value, len);
}

void *nfh_user_memcpy(void *to, const void *from, size_t len)
{
	return (memcpy)(to, from, len);
}

void *nfh_user_memset(void *to, int byte, size_t len)
{
	return (memset)(to, byte, len);
}

void *nfh_user_zalloc(size_t len)
{
	return calloc(1, len);
}

void nfh_user_free(const void *memory)
{
	free((void *)memory);
}

struct page *nfh_user_alloc_page(bool zero)
{
	struct page *page = calloc(1, sizeof(*page));

	page->refs = 1;
	page->bytes = aligned_alloc(PAGE_SIZE, PAGE_SIZE);
	page->next = pages;
	pages = page;
	(memset)(page->bytes, zero ? 0 : 0x77, PAGE_SIZE);
	return page;
}

void get_page(struct page *page)
{
	page->refs++;
}

void put_page(struct page *page)
{
	struct page **link = &pages;

	if (--page->refs)
		return;
	while (*link != page)
		link = &(*link)->next;
	*link = page->next;
	free(page->bytes);
	free(page);
}

void nfh_user_free_page(struct page *page)
{
	put_page(page);
}

void *nfh_user_page_address(const struct page *page)
{
	return page->bytes;
}

struct page *virt_to_page(const void *at)
{
	struct page *page = pages;

	while (page && ((uintptr_t)page->bytes ^ (uintptr_t)at) >= PAGE_SIZE)
		page = page->next;
	return page;
}

unsigned long nfh_user_gfn(const struct page *page)
{
	return (unsigned long)page->bytes / PAGE_SIZE;
}

void nfh_user_work_schedule(struct work_struct *work, unsigned long delay)
{
	armed = work;
}

void nfh_user_work_cancel(void)
{
	armed = NULL;
}

bool flush_delayed_work(struct delayed_work *work)
{
	struct work_struct *due = armed;

	armed = NULL;
	if (due)
		due->func(due);
	return due;
}

void msleep(unsigned int ms)
{
	flush_delayed_work(NULL);
}

void nfh_user_sleep(void)
{
}

void nfh_user_lock(bool take)
{
	locks += take ? 1 : -1;
}

bool nfh_user_lock_held(void)
{
	return locks;
}

/* The fake grant table has taken its place: nobody comes here. */
int nfh_user_refs_alloc(uint16_t count, uint32_t *head)
{
	abort();
}

void nfh_user_refs_free(uint32_t head)
{
	abort();
}

int nfh_user_ref_claim(uint32_t *head)
{
	abort();
}

void nfh_user_ref_free(uint32_t ref)
{
	abort();
}

void nfh_user_grant(uint32_t ref, uint16_t domid, unsigned long gfn,
		    bool readonly)
{
	abort();
}

bool nfh_user_try_end(uint32_t ref)
{
	abort();
}

void nfh_user_end(uint32_t ref, struct page *page)
{
	abort();
}

static bool run_row(struct kunit_suite *suite, struct kunit_case *one,
		    const void *param)
{
	struct kunit test = { .param_value = param };

	if (!setjmp(test.abort) && !(suite->init && suite->init(&test)))
		one->run_case(&test);
	if (!setjmp(test.abort) && suite->exit)
		suite->exit(&test);
	while (owned) {
		struct owned *next = owned->next;

		free(owned);
		owned = next;
	}
	return !test.failed;
}

static bool run_case(struct kunit_suite *suite, struct kunit_case *one)
{
	char desc[KUNIT_PARAM_DESC_SIZE] = "";
	const void *row = NULL;

	printf("%s %s\n", suite->name, one->name);
	fflush(stdout);
	if (!one->generate_params)
		return run_row(suite, one, NULL);
	while ((row = one->generate_params(row, desc))) {
		if (run_row(suite, one, row))
			continue;
		printf("  row %s\n", desc);
		return false;
	}
	return true;
}

int main(void)
{
	unsigned int passed = 0;
	unsigned int i;

	for (i = 0; i < suites_used; i++) {
		struct kunit_case *one = suites[i]->test_cases;

		for (; one->run_case; one++, passed++)
			if (!run_case(suites[i], one))
				return 1;
	}
	printf("%u passed, 0 failed\n", passed);
	return passed ? 0 : 1;
}
