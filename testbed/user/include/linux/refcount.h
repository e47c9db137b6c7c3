/* SPDX-License-Identifier: GPL-2.0 */
#ifndef NFH_USER_REFCOUNT_H
#define NFH_USER_REFCOUNT_H

#include "types.h"

typedef struct {
	unsigned int refs;
} refcount_t;

static inline void refcount_set(refcount_t *r, unsigned int refs)
{
	r->refs = refs;
}

/* The kernel warns about a count that comes back from 0; so does this. */
static inline void refcount_inc(refcount_t *r)
{
	nfh_user_check(r->refs > 0);
	r->refs++;
}

static inline bool refcount_dec_and_test(refcount_t *r)
{
	nfh_user_check(r->refs > 0);
	return --r->refs == 0;
}

#endif /* NFH_USER_REFCOUNT_H */
