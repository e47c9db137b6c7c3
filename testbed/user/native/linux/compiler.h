/* SPDX-License-Identifier: GPL-2.0 */
/* As in the kernel: one plain load or store, not a call of the harness. */
#ifndef NFH_NATIVE_COMPILER_H
#define NFH_NATIVE_COMPILER_H

#include <linux/types.h>

#define READ_ONCE(x)		(*(const volatile typeof(x) *)&(x))
#define WRITE_ONCE(x, value)	(*(volatile typeof(x) *)&(x) = (value))

#define likely(x)		__builtin_expect(!!(x), 1)
#define unlikely(x)		__builtin_expect(!!(x), 0)

#ifndef __always_inline
# define __always_inline	inline __attribute__((__always_inline__))
#endif

#endif /* NFH_NATIVE_COMPILER_H */
