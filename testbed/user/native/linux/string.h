/* SPDX-License-Identifier: GPL-2.0 */
/* As in the kernel: known small sizes are the compiler's, others a call. */
#ifndef NFH_NATIVE_STRING_H
#define NFH_NATIVE_STRING_H

#include <linux/types.h>

void *native_memcpy(void *to, const void *from, size_t len);
void *native_memset(void *to, int byte, size_t len);

#define memcpy(to, from, len) \
	(__builtin_constant_p(len) && (len) <= 64 ? \
	 __builtin_memcpy(to, from, len) : native_memcpy(to, from, len))
#define memset(to, byte, len) \
	(__builtin_constant_p(len) && (len) <= 64 ? \
	 __builtin_memset(to, byte, len) : native_memset(to, byte, len))

#endif /* NFH_NATIVE_STRING_H */
