/* SPDX-License-Identifier: GPL-2.0 */
#ifndef NFH_USER_SLAB_H
#define NFH_USER_SLAB_H

#include "types.h"

#define GFP_KERNEL	0U
#define __GFP_ZERO	1U

#define struct_size(pointer, member, count) \
	(sizeof(*(pointer)) + (size_t)(count) * sizeof((pointer)->member[0]))

static inline void *kzalloc(size_t len, gfp_t flags)
{
	return nfh_user_zalloc(len);
}

static inline void *kvzalloc(size_t len, gfp_t flags)
{
	return nfh_user_zalloc(len);
}

static inline void kfree(const void *memory)
{
	nfh_user_free(memory);
}

static inline void kvfree(const void *memory)
{
	nfh_user_free(memory);
}

#endif /* NFH_USER_SLAB_H */
