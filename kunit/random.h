/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Numbers that look random and are the same in every run
 */
#ifndef NFH_KUNIT_RANDOM_H
#define NFH_KUNIT_RANDOM_H

#include <linux/types.h>

/* One step of a xorshift generator; *@state must not be zero. */
static inline u32 next_random(u32 *state)
{
	u32 x = *state;

	x ^= x << 13;
	x ^= x >> 17;
	x ^= x << 5;
	*state = x;
	return x;
}

/* Below @limit; the bias does not matter here. */
static inline u32 random_below(u32 *state, u32 limit)
{
	return (u64)next_random(state) * limit >> 32;
}

#endif /* NFH_KUNIT_RANDOM_H */
