/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A shared ring page for proofs
 *
 * The page is an object that has been freed: its address is good for
 * arithmetic, and any access that is not READ_ONCE(), WRITE_ONCE() or memcpy()
 * fails the proof.  Each load gives any value, each store is judged by where
 * it goes.  Included before ring.c.
 */
#ifndef NFH_PROOF_RING_MODEL_H
#define NFH_PROOF_RING_MODEL_H

#include <linux/compiler.h>
#include <linux/errno.h>
#include <xen/interface/io/netif.h>

#include "proof.h"
#include "ring.h"

#define SLOTS		NFH_RING_SLOTS
#define MASK		(SLOTS - 1)
#define EXTRA		0xffffU
#define SLOTS_AT	64U
#define PAGE_BYTES	4096U

static char *page;
static u32 slot_bytes, load_bytes;

/* What the call under proof did. */
static u32 index_loads, slot_loads, stores, slot_stores;
static u32 rsp_prod_loaded, req_event_loaded;
static u32 slot_loaded;
static u64 value_loaded;
static u32 rsp_event_stored, req_prod_stored;
static bool rsp_event_is_stored, req_prod_is_stored;

/* Where the response is that may be loaded, and the first request owed. */
static u32 may_load;
/* Requests may be stored at positions from @store_from on, this many. */
static u32 store_from, store_room;
/* A position of our choice (any), and what was stored there. */
static u32 watched;
static bool watched_stored;
static union {
	struct xen_netif_tx_request tx;
	struct xen_netif_rx_request rx;
	struct xen_netif_extra_info extra;
} watched_wire;

static bool shared(const volatile void *at)
{
	return __CPROVER_POINTER_OBJECT(at) == __CPROVER_POINTER_OBJECT(page);
}

uint64_t nfh_user_load(const volatile void *from, size_t len)
{
	size_t at = __CPROVER_POINTER_OFFSET(from);
	u64 value = nondet_u64();

	check(shared(from));
	check(at <= PAGE_BYTES && len <= PAGE_BYTES - at);
	if (at < SLOTS_AT) {
		/* rsp_prod and req_event; what we write is not read back */
		check((at == 4 || at == 8) && len == sizeof(u32));
		index_loads++;
		if (at == 4)
			req_event_loaded = value;
		else
			rsp_prod_loaded = value;
		return (u32)value;
	}
	check((at - SLOTS_AT) % slot_bytes == 0 && len == load_bytes);
	slot_loaded = (at - SLOTS_AT) / slot_bytes;
	check(slot_loaded == may_load);
	slot_loads++;
	value_loaded = len == 4 ? (u32)value : value;
	return value_loaded;
}

void nfh_user_store(volatile void *to, size_t len, uint64_t value)
{
	size_t at = __CPROVER_POINTER_OFFSET(to);

	check(shared(to));
	check((at == 0 || at == 4 || at == 12) && len == sizeof(u32));
	/* req_event is ours only for its first value */
	check(at != 4 || value == 1);
	stores++;
	if (at == 0) {
		req_prod_stored = value;
		req_prod_is_stored = true;
	} else if (at == 12) {
		rsp_event_stored = value;
		rsp_event_is_stored = true;
	}
}

void *nfh_user_memcpy(void *to, const void *from, size_t len)
{
	size_t at = __CPROVER_POINTER_OFFSET(to);
	u32 slot = (at - SLOTS_AT) / slot_bytes;

	check(shared(to) && !shared(from));
	check(at >= SLOTS_AT && (at - SLOTS_AT) % slot_bytes == 0);
	check(slot < SLOTS && len <= slot_bytes);
	/* only where no response is waited for, and before it is published */
	check(((slot - store_from) & MASK) < store_room);
	check(!req_prod_is_stored);
	slot_stores++;
	if (slot == watched) {
		check(!watched_stored);
		watched_stored = true;
		if (len == sizeof(watched_wire.tx))
			watched_wire.tx = *(const typeof(watched_wire.tx) *)from;
		else if (len == sizeof(watched_wire.rx))
			watched_wire.rx = *(const typeof(watched_wire.rx) *)from;
		else
			check(!"a request of either kind");
	}
	return to;
}

#undef memset
void *memset(void *to, int byte, size_t len);

void *nfh_user_memset(void *to, int byte, size_t len)
{
	check(!shared(to));
	return memset(to, byte, len);
}

#define memset(to, byte, len)	nfh_user_memset(to, byte, len)

static void *model_page(u32 bytes_of_slot, u32 bytes_of_load)
{
	page = __CPROVER_allocate(PAGE_BYTES, 0);
	__CPROVER_deallocate(page);
	slot_bytes = bytes_of_slot;
	load_bytes = bytes_of_load;
	watched = nondet_below(SLOTS);
	return page;
}

#endif /* NFH_PROOF_RING_MODEL_H */
