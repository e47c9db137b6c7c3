/* SPDX-License-Identifier: GPL-2.0 */
#ifndef NFH_USER_ATOMIC_H
#define NFH_USER_ATOMIC_H

#include "types.h"

typedef struct {
	int counter;
} atomic_t;

#define ATOMIC_INIT(value)	{ (value) }

static inline int atomic_read(const atomic_t *v)
{
	return v->counter;
}

static inline void atomic_set(atomic_t *v, int value)
{
	v->counter = value;
}

static inline void atomic_add(int change, atomic_t *v)
{
	v->counter += change;
}

static inline void atomic_sub(int change, atomic_t *v)
{
	v->counter -= change;
}

static inline void atomic_inc(atomic_t *v)
{
	v->counter++;
}

static inline void atomic_dec(atomic_t *v)
{
	v->counter--;
}

#endif /* NFH_USER_ATOMIC_H */
