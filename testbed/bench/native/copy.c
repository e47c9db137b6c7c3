// SPDX-License-Identifier: GPL-2.0
/*
 * memcpy() and memset() as the kernel would have them
 *
 * With "fast short rep mov" (FSRM) the kernel's memcpy() is rep movsb; without
 * it, 8 bytes at a time, as the kernel has no vector registers.  Its memset()
 * is a loop of words unless the processor has FSRS.  NFH_COPY_NONE leaves the
 * bytes where they are, to count the instructions around the copy.
 */
#include <linux/types.h>

void *native_memcpy(void *to, const void *from, size_t len);
void *native_memset(void *to, int byte, size_t len);

typedef u64 __attribute__((may_alias, aligned(1))) word;

#if defined(NFH_COPY_MOVSB)

void *native_memcpy(void *to, const void *from, size_t len)
{
	void *at = to;

	__asm__ volatile("rep movsb"
			 : "+D" (at), "+S" (from), "+c" (len) : : "memory");
	return to;
}

#elif defined(NFH_COPY_WORDS)

void *native_memcpy(void *to, const void *from, size_t len)
{
	const u8 *s = from;
	u8 *d = to;

	for (; len >= 32; len -= 32, s += 32, d += 32) {
		u64 a = ((const word *)s)[0], b = ((const word *)s)[1];
		u64 c = ((const word *)s)[2], e = ((const word *)s)[3];

		((word *)d)[0] = a;
		((word *)d)[1] = b;
		((word *)d)[2] = c;
		((word *)d)[3] = e;
	}
	for (; len >= 8; len -= 8, s += 8, d += 8)
		*(word *)d = *(const word *)s;
	for (; len; len--)
		*d++ = *s++;
	return to;
}

#else

void *native_memcpy(void *to, const void *from, size_t len)
{
	__asm__ volatile("");
	return to;
}

#endif

#if defined(NFH_COPY_MOVSB) || defined(NFH_COPY_WORDS)

void *native_memset(void *to, int byte, size_t len)
{
	u64 pattern = (u8)byte * 0x0101010101010101ULL;
	u8 *d = to;

	for (; len >= 64; len -= 64, d += 64) {
		volatile u64 *w = (volatile u64 *)d;

		w[0] = pattern;
		w[1] = pattern;
		w[2] = pattern;
		w[3] = pattern;
		w[4] = pattern;
		w[5] = pattern;
		w[6] = pattern;
		w[7] = pattern;
	}
	for (; len >= 8; len -= 8, d += 8)
		*(volatile u64 *)d = pattern;
	for (; len; len--, d++)
		*(volatile u8 *)d = byte;
	return to;
}

#else

void *native_memset(void *to, int byte, size_t len)
{
	__asm__ volatile("");
	return to;
}

#endif
