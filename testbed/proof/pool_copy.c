// SPDX-License-Identifier: GPL-2.0
/*
 * nfh_pool_copy_out(): for any index, offset and length, either one copy of
 * exactly the bytes that were asked for, all inside one page, or none
 */
#include <linux/workqueue.h>

#include "pool_model.h"

#include "grant.c"
#include "pool.c"

void harness(void)
{
	struct nfh_pool *pool = malloc(sizeof(*pool) +
				       PAGES * sizeof(pool->entry[0]));
	u32 offset = nondet_u32(), len = nondet_u32();
	u16 index = nondet_u16();
	char to;
	int err;

	assume(pool);
	pool->count = nondet_below(PAGES + 1);
	pool->entry[0].page = &pages[0];
	pool->entry[1].page = &pages[1];
	pages[0].state = PAGE_OURS;
	pages[1].state = PAGE_OURS;

	err = nfh_pool_copy_out(pool, index, offset, &to, len);

	if (index >= pool->count)
		check(err == -EINVAL && copies == 0);
	else if ((u64)offset + len > PAGE_BYTES)
		check(err == -ERANGE && copies == 0);
	else
		check(err == 0 && copies == 1 && copied_to == &to &&
		      copied_len == len &&
		      copied_page * PAGE_BYTES + copied_offset ==
		      index * PAGE_BYTES + offset);
	reach();
}
