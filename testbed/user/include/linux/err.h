/* SPDX-License-Identifier: GPL-2.0 */
#ifndef NFH_USER_ERR_H
#define NFH_USER_ERR_H

#include "types.h"

/* The last page of the address space holds no object, so it holds errors. */
#define MAX_ERRNO	4095

static inline void *ERR_PTR(long error)
{
	return (void *)error;
}

static inline long PTR_ERR(const void *pointer)
{
	return (long)pointer;
}

static inline bool IS_ERR(const void *pointer)
{
	return (unsigned long)pointer >= (unsigned long)-MAX_ERRNO;
}

static inline int PTR_ERR_OR_ZERO(const void *pointer)
{
	return IS_ERR(pointer) ? PTR_ERR(pointer) : 0;
}

#endif /* NFH_USER_ERR_H */
