/* SPDX-License-Identifier: GPL-2.0 */
/*
 * As much of KUnit as the suites of ring, frame, grant and pool use, in user
 * space
 *
 * The suites are the same files as in the kernel.  A run takes a second
 * instead of a boot, which is what a table of mutants needs.  Besides KUnit
 * this brings what the suites take from kernel headers without naming them.
 */
#ifndef NFH_USER_KUNIT_TEST_H
#define NFH_USER_KUNIT_TEST_H

#include <limits.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/build_bug.h>
#include <linux/compiler.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/types.h>

#define KUNIT_PARAM_DESC_SIZE	128

struct kunit {
	void *priv;
	const void *param_value;
	jmp_buf abort;
	bool failed;
};

struct kunit_case {
	void (*run_case)(struct kunit *test);
	const char *name;
	const void *(*generate_params)(const void *before, char *desc);
};

struct kunit_suite {
	const char name[256];
	int (*init)(struct kunit *test);
	void (*exit)(struct kunit *test);
	struct kunit_case *test_cases;
};

/* main.c */
void nfh_kunit_add(struct kunit_suite *suite);
void nfh_kunit_fail(struct kunit *test, bool end, const char *file, int line,
		    const char *what);
void *kunit_kzalloc(struct kunit *test, size_t len, gfp_t gfp);

#define kunit_test_suite(suite) \
	__attribute__((constructor)) static void add_##suite(void) \
	{ \
		nfh_kunit_add(&(suite)); \
	} \
	_Static_assert(1, "")

#define KUNIT_CASE(function) { .run_case = (function), .name = #function }
#define KUNIT_CASE_PARAM(function, generator) \
	{ .run_case = (function), .name = #function, \
	  .generate_params = (generator) }

#define KUNIT_ARRAY_PARAM(row, rows, describe) \
	static const void *row##_gen_params(const void *before, char *desc) \
	{ \
		typeof((rows)[0]) *next = before ? \
			(typeof((rows)[0]) *)before + 1 : (rows); \
		if ((size_t)(next - (rows)) >= ARRAY_SIZE(rows)) \
			return NULL; \
		describe(next, desc); \
		return next; \
	} \
	_Static_assert(1, "")

#define NFH_KUNIT_CHECK(test, end, good, what) \
do { \
	if (!(good)) \
		nfh_kunit_fail(test, end, __FILE__, __LINE__, what); \
} while (0)

#define NFH_KUNIT_COMPARE(test, end, left, op, right) \
do { \
	const typeof(left) __left = (left); \
	const typeof(right) __right = (right); \
	NFH_KUNIT_CHECK(test, end, __left op __right, \
			#left " " #op " " #right); \
} while (0)

#define KUNIT_FAIL(test, ...) \
	nfh_kunit_fail(test, false, __FILE__, __LINE__, #__VA_ARGS__)

#define KUNIT_EXPECT_TRUE(test, x)	NFH_KUNIT_CHECK(test, false, x, #x)
#define KUNIT_EXPECT_FALSE(test, x)	NFH_KUNIT_CHECK(test, false, !(x), #x)
#define KUNIT_EXPECT_NULL(test, x)	NFH_KUNIT_CHECK(test, false, !(x), #x)
#define KUNIT_ASSERT_TRUE(test, x)	NFH_KUNIT_CHECK(test, true, x, #x)
#define KUNIT_ASSERT_NOT_NULL(test, x)	NFH_KUNIT_CHECK(test, true, x, #x)
#define KUNIT_ASSERT_NOT_ERR_OR_NULL(test, x) \
	NFH_KUNIT_CHECK(test, true, (x) && !IS_ERR(x), #x)

#define KUNIT_EXPECT_EQ(test, a, b)  NFH_KUNIT_COMPARE(test, false, a, ==, b)
#define KUNIT_EXPECT_NE(test, a, b)  NFH_KUNIT_COMPARE(test, false, a, !=, b)
#define KUNIT_EXPECT_LT(test, a, b)  NFH_KUNIT_COMPARE(test, false, a, <, b)
#define KUNIT_EXPECT_LE(test, a, b)  NFH_KUNIT_COMPARE(test, false, a, <=, b)
#define KUNIT_EXPECT_GT(test, a, b)  NFH_KUNIT_COMPARE(test, false, a, >, b)
#define KUNIT_EXPECT_PTR_EQ(test, a, b) NFH_KUNIT_COMPARE(test, false, a, ==, b)
#define KUNIT_ASSERT_EQ(test, a, b)  NFH_KUNIT_COMPARE(test, true, a, ==, b)
#define KUNIT_ASSERT_GE(test, a, b)  NFH_KUNIT_COMPARE(test, true, a, >=, b)
#define KUNIT_ASSERT_LT(test, a, b)  NFH_KUNIT_COMPARE(test, true, a, <, b)
#define KUNIT_ASSERT_LE(test, a, b)  NFH_KUNIT_COMPARE(test, true, a, <=, b)
#define KUNIT_ASSERT_PTR_EQ(test, a, b) NFH_KUNIT_COMPARE(test, true, a, ==, b)

/* The message is for people; here the place says enough. */
#define KUNIT_EXPECT_EQ_MSG(test, a, b, ...)	KUNIT_EXPECT_EQ(test, a, b)
#define KUNIT_EXPECT_TRUE_MSG(test, x, ...)	KUNIT_EXPECT_TRUE(test, x)
#define KUNIT_EXPECT_FALSE_MSG(test, x, ...)	KUNIT_EXPECT_FALSE(test, x)
#define KUNIT_ASSERT_EQ_MSG(test, a, b, ...)	KUNIT_ASSERT_EQ(test, a, b)
#define KUNIT_ASSERT_TRUE_MSG(test, x, ...)	KUNIT_ASSERT_TRUE(test, x)

#endif /* NFH_USER_KUNIT_TEST_H */
