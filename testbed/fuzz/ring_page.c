// SPDX-License-Identifier: GPL-2.0
/*
 * A shared ring page that nobody can touch by accident
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "ring_page.h"

#define PAGE_BYTES	4096U

/* struct xen_netif_tx_sring and _rx_sring: four indexes, then the slots */
enum {
	AT_REQ_PROD = 0,
	AT_REQ_EVENT = 4,
	AT_RSP_PROD = 8,
	AT_RSP_EVENT = 12,
	AT_SLOTS = 64,
};

struct ring_page ring_page;

static uintptr_t base;

void *ring_page_reset(u32 slot_bytes, u32 load_bytes)
{
	if (!base) {
		void *page = mmap(NULL, PAGE_BYTES, PROT_NONE,
				  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		nfh_user_check(page != MAP_FAILED);
		base = (uintptr_t)page;
	}
	memset(&ring_page, 0, sizeof(ring_page));
	ring_page.slot_bytes = slot_bytes;
	ring_page.load_bytes = load_bytes;
	return (void *)base;
}

void ring_page_unload(void)
{
	ring_page.owed[ring_page.last_slot] = true;
}

/* Inside the page, wholly or not at all. */
static bool shared(const volatile void *at, size_t len)
{
	uintptr_t from = (uintptr_t)at;

	if (from + len <= base || from >= base + PAGE_BYTES)
		return false;
	nfh_user_check(from >= base && from + len <= base + PAGE_BYTES);
	return true;
}

/* The slot that begins at @offset. */
static u32 slot_at(u32 offset)
{
	u32 slot = (offset - AT_SLOTS) / ring_page.slot_bytes;

	nfh_user_check(offset >= AT_SLOTS);
	nfh_user_check((offset - AT_SLOTS) % ring_page.slot_bytes == 0);
	nfh_user_check(slot < RING_PAGE_SLOTS);
	return slot;
}

static u64 load_index(u32 offset, size_t len)
{
	nfh_user_check(len == sizeof(u32));
	/* what we write is not read back */
	nfh_user_check(offset == AT_REQ_EVENT || offset == AT_RSP_PROD);
	ring_page.last_index = offset == AT_RSP_PROD ? backend_rsp_prod() :
						       backend_req_event();
	return ring_page.last_index;
}

static u64 load_slot(u32 offset, size_t len)
{
	u32 slot = slot_at(offset);

	nfh_user_check(len == ring_page.load_bytes);
	/* neither a second load nor one of a slot that nobody answers */
	nfh_user_check(ring_page.owed[slot]);
	ring_page.owed[slot] = false;
	ring_page.loads++;
	ring_page.last_slot = slot;
	ring_page.last_value = backend_slot(slot);
	return ring_page.last_value;
}

uint64_t nfh_user_load(const volatile void *from, size_t len)
{
	u32 offset = (uintptr_t)from - base;
	u64 value = 0;

	if (!shared(from, len)) {
		memcpy(&value, (const void *)from, len);
		return value;
	}
	return offset < AT_SLOTS ? load_index(offset, len) :
				   load_slot(offset, len);
}

/* Every position up to @new holds a request from now on. */
static void publish(u32 new)
{
	nfh_user_check(new - ring_page.req_prod <= RING_PAGE_SLOTS);
	for (; ring_page.req_prod != new; ring_page.req_prod++) {
		u32 slot = ring_page.req_prod % RING_PAGE_SLOTS;

		nfh_user_check(ring_page.written[slot]);
		nfh_user_check(!ring_page.owed[slot]);
		ring_page.written[slot] = false;
		ring_page.owed[slot] = true;
	}
}

void nfh_user_store(volatile void *to, size_t len, uint64_t value)
{
	u32 offset = (uintptr_t)to - base;

	if (!shared(to, len)) {
		memcpy((void *)to, &value, len);
		return;
	}
	nfh_user_check(len == sizeof(u32));
	switch (offset) {
	case AT_REQ_PROD:
		publish(value);
		break;
	case AT_RSP_EVENT:
		ring_page.rsp_event = value;
		break;
	case AT_REQ_EVENT:
		/* the backend's, but for its first value */
		nfh_user_check(value == 1 && ring_page.req_prod == 0);
		break;
	default:
		nfh_user_check(!"a store to a field that is not ours");
	}
}

void *nfh_user_memcpy(void *to, const void *from, size_t len)
{
	u32 slot;

	nfh_user_check(!shared(from, len));
	if (!shared(to, len))
		return memcpy(to, from, len);
	slot = slot_at((uintptr_t)to - base);
	nfh_user_check(len <= ring_page.slot_bytes);
	/* the backend has not answered the request that stands there */
	nfh_user_check(!ring_page.owed[slot]);
	nfh_user_check(!ring_page.written[slot]);
	ring_page.written[slot] = true;
	memcpy(ring_page.wire[slot], from, len);
	return to;
}

void *nfh_user_memset(void *to, int byte, size_t len)
{
	nfh_user_check(!shared(to, len));
	return memset(to, byte, len);
}
