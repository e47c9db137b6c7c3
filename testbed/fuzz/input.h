/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The bytes of the fuzzer, which are both the caller and the backend
 */
#ifndef NFH_FUZZ_INPUT_H
#define NFH_FUZZ_INPUT_H

#include <linux/types.h>

struct fuzz_input {
	const u8 *at;
	const u8 *end;
};

extern struct fuzz_input fuzz_input;

static inline bool fuzz_more(void)
{
	return fuzz_input.at < fuzz_input.end;
}

/* Zeroes once the bytes are used up, so that every run comes to its end. */
static inline u8 fuzz_u8(void)
{
	return fuzz_more() ? *fuzz_input.at++ : 0;
}

static inline u16 fuzz_u16(void)
{
	u16 high = fuzz_u8();

	return high << 8 | fuzz_u8();
}

static inline u32 fuzz_u32(void)
{
	u32 high = fuzz_u16();

	return high << 16 | fuzz_u16();
}

/* 0..@limit - 1; @limit up to 65536. */
static inline u32 fuzz_below(u32 limit)
{
	if (limit <= 256)
		return fuzz_u8() % limit;
	return fuzz_u16() % limit;
}

/* One run over one input, from nothing to nothing. */
void fuzz_run(void);

#endif /* NFH_FUZZ_INPUT_H */
