/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A shared ring page that nobody can touch by accident
 *
 * The page is mapped without any right of access: a load or store that does
 * not go through READ_ONCE(), WRITE_ONCE() or memcpy() dies at once.  Those
 * that do are checked against a ledger of who owns which slot.  There is no
 * memory behind the page: each load asks the harness, which asks the fuzzer,
 * so what was read before says nothing about what is read now.
 */
#ifndef NFH_FUZZ_RING_PAGE_H
#define NFH_FUZZ_RING_PAGE_H

#include <linux/types.h>

#define RING_PAGE_SLOTS		256U
#define RING_PAGE_SLOT_MAX	12U

/**
 * struct ring_page - the ledger
 * @slot_bytes: distance of slots
 * @load_bytes: what a response is loaded with, in one go
 * @req_prod: as stored last
 * @rsp_event: as stored last
 * @loads: slots loaded so far
 * @last_slot: slot loaded last
 * @last_value: what that load gave
 * @last_index: what the last load of an index gave
 * @written: a request was stored that is not published yet
 * @owed: a request was published, its response has not been loaded
 * @wire: bytes of the requests
 */
struct ring_page {
	u32 slot_bytes;
	u32 load_bytes;
	u32 req_prod;
	u32 rsp_event;
	u64 loads;
	u32 last_slot;
	u64 last_value;
	u32 last_index;
	bool written[RING_PAGE_SLOTS];
	bool owed[RING_PAGE_SLOTS];
	u8 wire[RING_PAGE_SLOTS][RING_PAGE_SLOT_MAX];
};

extern struct ring_page ring_page;

/* A fresh page; returns where the driver is to find it. */
void *ring_page_reset(u32 slot_bytes, u32 load_bytes);

/* The response loaded last was refused and not consumed: it may come again. */
void ring_page_unload(void);

/* The backend: what stands in rsp_prod, req_event and in a slot right now. */
u32 backend_rsp_prod(void);
u32 backend_req_event(void);
u64 backend_slot(u32 slot);

#endif /* NFH_FUZZ_RING_PAGE_H */
