/* SPDX-License-Identifier: GPL-2.0 */
#ifndef NFH_USER_COMPILER_H
#define NFH_USER_COMPILER_H

#include "types.h"

#define READ_ONCE(x)		((typeof(x))nfh_user_load(&(x), sizeof(x)))
#define WRITE_ONCE(x, value) \
	nfh_user_store(&(x), sizeof(x), (typeof(x))(value))

#define likely(x)		__builtin_expect(!!(x), 1)
#define unlikely(x)		__builtin_expect(!!(x), 0)

#endif /* NFH_USER_COMPILER_H */
