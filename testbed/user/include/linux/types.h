/* SPDX-License-Identifier: GPL-2.0 */
#ifndef NFH_USER_TYPES_H
#define NFH_USER_TYPES_H

#include "../nfh_user.h"

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int8_t s8;
typedef int16_t s16;
typedef int32_t s32;
typedef int64_t s64;
typedef unsigned int gfp_t;

struct list_head {
	struct list_head *next, *prev;
};

#define __bitwise
#define __force
#define __user
#define __must_check		__attribute__((warn_unused_result))
#define __packed		__attribute__((packed))
#define __aligned(bytes)	__attribute__((aligned(bytes)))
#define __always_unused		__attribute__((unused))
#define __counted_by(member)

#define BITS_PER_LONG		64

#endif /* NFH_USER_TYPES_H */
