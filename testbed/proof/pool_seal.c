// SPDX-License-Identifier: GPL-2.0
/*
 * nfh_pool_fill() and _seal(): behind the bytes of the frame a published page
 * holds zeroes, for any page with any past; the frame's own bytes stay
 */
#include <linux/workqueue.h>

#include "pool_model.h"

#include "grant.c"
#include "pool.c"

void harness(void)
{
	struct nfh_pool *pool = malloc(sizeof(*pool) +
				       PAGES * sizeof(pool->entry[0]));
	u32 len = nondet_below(PAGE_BYTES + 1);
	u16 index = nondet_below(PAGES);
	u32 other_mark;
	u8 written;

	assume(pool);
	pool->count = PAGES;
	pool->use = NFH_POOL_READ;
	pool->entry[0].page = &pages[0];
	pool->entry[1].page = &pages[1];
	pages[0].state = PAGE_OURS;
	pages[1].state = PAGE_OURS;
	watched_page = nondet_below(PAGES);
	watched_byte = nondet_below(PAGE_BYTES);
	watched_value = nondet_u8();
	/* the invariant of high_water: behind it, nothing was ever written */
	assume(pool->entry[0].high_water <= PAGE_BYTES);
	assume(pool->entry[1].high_water <= PAGE_BYTES);
	assume(watched_byte < pool->entry[watched_page].high_water ||
	       watched_value == 0);
	other_mark = pool->entry[!index].high_water;

	/* the caller writes @len bytes of a frame */
	check(nfh_pool_fill(pool, index) == page_bytes[index]);
	if (watched_page == index && watched_byte < len)
		watched_value = nondet_u8();
	written = watched_value;
	nfh_pool_seal(pool, index, len);

	if (watched_page == index && watched_byte >= len)
		check(watched_value == 0);
	else
		check(watched_value == written);
	/* the invariant holds again */
	check(pool->entry[0].high_water <= PAGE_BYTES);
	check(pool->entry[1].high_water <= PAGE_BYTES);
	check(pool->entry[!index].high_water == other_mark);
	check(watched_byte < pool->entry[watched_page].high_water ||
	      watched_value == 0);
	reach();
}
