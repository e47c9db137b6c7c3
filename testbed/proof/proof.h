/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Vocabulary of the proofs
 *
 * Every proof has the same shape: take any private state that satisfies the
 * invariant, let the backend answer every load with any value, make one call,
 * and show that the invariant holds again and that the call kept its promise.
 * A variable without a value stands for all its values at once; what is shown
 * for an index of that kind is shown for every index.
 */
#ifndef NFH_PROOF_H
#define NFH_PROOF_H

#include <linux/types.h>

#define assume(what)	__CPROVER_assume(what)
#define check(what)	__CPROVER_assert(what, #what)

/* Shows that the end of a proof can be reached: must FAIL, see run. */
#ifdef NFH_PROOF_REACH
# define reach()	__CPROVER_assert(0, "reached")
#else
# define reach()	((void)0)
#endif

bool nondet_bool(void);
u8 nondet_u8(void);
u16 nondet_u16(void);
u32 nondet_u32(void);
u64 nondet_u64(void);
int nondet_int(void);
void *nondet_pointer(void);

static inline u32 nondet_below(u32 limit)
{
	u32 value = nondet_u32();

	assume(value < limit);
	return value;
}

#endif /* NFH_PROOF_H */
