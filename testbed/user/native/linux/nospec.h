/* SPDX-License-Identifier: GPL-2.0 */
/* As in the kernel on x86: a mask that the predictor cannot guess. */
#ifndef NFH_NATIVE_NOSPEC_H
#define NFH_NATIVE_NOSPEC_H

#include <linux/types.h>

static inline u64 native_mask(u64 index, u64 size)
{
	u64 mask;

	__asm__ volatile("cmp %1, %2; sbb %0, %0"
			 : "=r" (mask) : "g" (size), "r" (index) : "cc");
	return mask;
}

#define array_index_nospec(index, size) \
	((typeof(index))((index) & native_mask(index, size)))

#endif /* NFH_NATIVE_NOSPEC_H */
