/* SPDX-License-Identifier: GPL-2.0 */
#ifndef NFH_USER_KERNEL_H
#define NFH_USER_KERNEL_H

#include <linux/bits.h>
#include <linux/types.h>

#define U16_MAX			65535U
#define U32_MAX			4294967295U
#define S16_MIN			(-32768)
#define S16_MAX			32767

/* The load itself; a suite that counts loads has a READ_ONCE() of its own. */
#define __READ_ONCE(x)		(*(const volatile typeof(x) *)&(x))

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))

/* The first byte that is not @byte. */
static inline void *memchr_inv(const void *from, int byte, size_t len)
{
	const u8 *at = from;

	for (; len--; at++)
		if (*at != (u8)byte)
			return (void *)at;
	return NULL;
}

#define strscpy(to, from, len) \
	((void)snprintf(to, len, "%s", from))

#endif /* NFH_USER_KERNEL_H */
