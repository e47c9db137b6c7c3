// SPDX-License-Identifier: GPL-2.0
/*
 * The only code that touches a shared ring page
 *
 * TRUST: the page belongs to the backend as much as to us; it may change
 * between any two instructions.  So each index and each slot is loaded once,
 * by load32() or load64(), into a raw local, and every decision is taken on
 * that local.  Nothing that we wrote is ever read back: the producer indexes,
 * the slot states and the grants live in our private half.  The
 * copying macros of xen/interface/io/ring.h are not used, because they do not
 * make the pointee volatile and compilers do fetch fields twice through them.
 *
 * What the backend may do with its producer index is bounded by what it owes:
 * the responses to published requests.  A ring-size bound, as the macros of
 * ring.h have it, would let it invent responses.
 *
 * A transmit slot is answered by its id, in any order; an extra slot is
 * answered by XEN_NETIF_RSP_NULL, whose id means nothing.  Both are accepted
 * exactly as often as they were requested (netif.h, "Guest transmit").
 * A receive slot is answered in ring order, because an extra has no id; the
 * id of a data slot must agree with that order (netif.h, "Guest receive").
 *
 * ORDER: a producer loads the other side's index, then the slots behind it
 * (virt_rmb), or stores slots, then its own index (virt_wmb).  Each pairs with
 * the opposite barrier in the backend.  The notification hold-off needs a full
 * barrier between storing an index and loading the other side's event field.
 */
#include <linux/build_bug.h>
#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/nospec.h>
#include <linux/string.h>
#include <asm/barrier.h>

#include "ring.h"

#define NFH_RING_MASK	(NFH_RING_SLOTS - 1)

/* In nfh_tx_ring.posted: the position holds an extra, not a data slot. */
#define NFH_TX_EXTRA	0xffffU

static_assert(__CONST_RING_SIZE(xen_netif_tx, NFH_PAGE_BYTES) ==
	      NFH_RING_SLOTS);
static_assert(__CONST_RING_SIZE(xen_netif_rx, NFH_PAGE_BYTES) ==
	      NFH_RING_SLOTS);
static_assert(sizeof(struct xen_netif_tx_request) == 12);
static_assert(sizeof(struct xen_netif_tx_response) == sizeof(u32));
static_assert(sizeof(struct xen_netif_rx_request) == sizeof(u64));
static_assert(sizeof(struct xen_netif_rx_response) == sizeof(u64));
static_assert(sizeof(struct xen_netif_extra_info) == sizeof(u64));
static_assert(NFH_RING_SLOTS <= NFH_TX_EXTRA);
static_assert(NFH_TX_DATA_SLOTS_MAX * NFH_PAGE_BYTES >= NFH_FRAME_MAX);
static_assert(NFH_TX_SLOTS_MAX <= XEN_NETIF_NR_SLOTS_MIN);

/* One load of a shared word, whatever the compiler thinks of it. */
static nfh_raw32_t load32(const void __untrusted *from)
{
	/* TRUST: the one door for 32-bit loads; the result is still raw */
	return (__force nfh_raw32_t)READ_ONCE(*(const u32 __force *)from);
}

/* One load of a shared receive slot. */
static nfh_raw64_t load64(const void __untrusted *from)
{
	/* TRUST: the one door for 64-bit loads; the result is still raw */
	return (__force nfh_raw64_t)READ_ONCE(*(const u64 __force *)from);
}

/* One store of a shared index. */
static void store32(u32 __untrusted *to, u32 value)
{
	/* TRUST: writing gives nothing away but the value itself */
	WRITE_ONCE(*(u32 __force *)to, value);
}

/*
 * Store a request that was composed in a local.  Inlined, or gcc 12 and 14
 * call it, and memcpy() for the 8 or 12 bytes, once per slot.
 */
static __always_inline void store_slot(void __untrusted *to, const void *from,
				       size_t len)
{
	/* TRUST: @from is fully initialised by the callers in this file */
	memcpy((void __force *)to, from, len);
}

/*
 * How many of @owed responses are there?  The difference of free-running
 * indexes is right across their wrap; an index from before @cons shows as a
 * huge difference and is refused by the same comparison.  One between @cons
 * and @seen takes back responses that were there already: a backend that
 * could do so would keep us looking for work that never comes.
 */
static bool check_producer(nfh_raw32_t raw_prod, u32 cons, u32 seen, u32 owed,
			   u32 *count)
{
	/* TRUST: checked against both bounds here, used nowhere else */
	u32 ready = (__force u32)raw_prod - cons;

	if (ready > owed || ready < seen - cons)
		return false;
	*count = ready;
	return true;
}

/*
 * Does the other side want an event for what moved from @old to @new?
 * The same comparison as RING_PUSH_REQUESTS_AND_CHECK_NOTIFY in ring.h.
 */
static bool check_notify(nfh_raw32_t raw_event, u32 old, u32 new)
{
	/* TRUST: any value costs or saves one hypercall, nothing else */
	return (u32)(new - (__force u32)raw_event) < (u32)(new - old);
}

/* Keep the word for the record; no decision is taken on it any more. */
static nfh_raw64_t keep32(nfh_raw32_t raw)
{
	/* TRUST: it stays raw */
	return (__force nfh_raw64_t)(u64)(__force u32)raw;
}

/* The id names a slot of the ring, or nothing. */
static bool check_id(nfh_raw16_t raw_id, u16 *slot)
{
	/* TRUST: range-checked here; also against a mistrained predictor */
	u16 id = (__force u16)raw_id;

	if (id >= NFH_RING_SLOTS)
		return false;
	*slot = array_index_nospec(id, NFH_RING_SLOTS);
	return true;
}

/**
 * nfh_tx_ring_init() - start a transmit ring on a fresh page
 * @ring: private half, overwritten
 * @page: zeroed page that will be, or is, granted to the backend
 *
 * All slots are free afterwards.  The event fields start at 1, as
 * SHARED_RING_INIT in ring.h has it: the first message raises an event.
 *
 * Context: any; the ring must not be in use.
 */
void nfh_tx_ring_init(struct nfh_tx_ring *ring, void __untrusted *page)
{
	u32 i;

	memset(ring, 0, sizeof(*ring));
	ring->sring = page;
	for (i = 0; i < NFH_RING_SLOTS; i++)
		ring->free[i] = NFH_RING_MASK - i;
	ring->free_count = NFH_RING_SLOTS;
	store32(&ring->sring->req_event, 1);
	store32(&ring->sring->rsp_event, 1);
}

/**
 * nfh_tx_ring_room() - ring positions that may still be filled
 * @ring: transmit ring
 *
 * There are never fewer free slots than free positions: a slot in use has a
 * position of its own.  A caller that holds no claimed slot and sees room for
 * n may claim n slots.
 *
 * Context: transmit lock held.
 * Return: 0 to NFH_RING_SLOTS.
 */
u32 nfh_tx_ring_room(const struct nfh_tx_ring *ring)
{
	return NFH_RING_SLOTS - (ring->req_prod - ring->rsp_cons);
}

/**
 * nfh_tx_ring_claim() - take a free slot
 * @ring: transmit ring
 *
 * Context: transmit lock held.
 * Return: the slot, now the caller's until nfh_tx_ring_put() or
 * nfh_tx_ring_unclaim(); -ENOBUFS when none is free.
 */
int nfh_tx_ring_claim(struct nfh_tx_ring *ring)
{
	u16 slot;

	if (!ring->free_count)
		return -ENOBUFS;
	slot = ring->free[--ring->free_count];
	ring->slot[slot].state = NFH_TX_FILLED;
	return slot;
}

/* A slot goes back on the free list; its page stays granted. */
static void tx_slot_free(struct nfh_tx_ring *ring, u16 slot)
{
	ring->slot[slot].state = NFH_TX_FREE;
	ring->slot[slot].cookie = NULL;
	ring->free[ring->free_count++] = slot;
}

/**
 * nfh_tx_ring_unclaim() - give back a slot that was claimed but not put
 * @ring: transmit ring
 * @slot: from nfh_tx_ring_claim(); a slot in any other state is left alone
 *
 * Context: transmit lock held.
 */
void nfh_tx_ring_unclaim(struct nfh_tx_ring *ring, u16 slot)
{
	if (slot < NFH_RING_SLOTS && ring->slot[slot].state == NFH_TX_FILLED)
		tx_slot_free(ring, slot);
}

/**
 * nfh_tx_ring_put() - compose the request for a claimed slot
 * @ring: transmit ring with room
 * @slot: from nfh_tx_ring_claim(); it is the id of the request
 * @req: what to ask for
 *
 * The request becomes visible with the next nfh_tx_ring_publish(); until then
 * a response to it is a violation.  Packet bytes start at the page's start.
 *
 * Context: transmit lock held.
 */
void nfh_tx_ring_put(struct nfh_tx_ring *ring, u16 slot,
		     const struct nfh_tx_req *req)
{
	const struct xen_netif_tx_request wire = {
		.gref = req->gref,
		.flags = req->flags,
		.id = slot,
		.size = req->size,
	};
	u32 pos = ring->req_prod++ & NFH_RING_MASK;

	ring->slot[slot].cookie = req->cookie;
	ring->slot[slot].state = NFH_TX_PUT;
	ring->posted[pos] = slot;
	store_slot(&ring->sring->ring[pos].req, &wire, sizeof(wire));
}

/**
 * nfh_tx_ring_put_gso() - compose a GSO extra behind the first request
 * @ring: transmit ring with room
 * @type: XEN_NETIF_GSO_TYPE_TCPV4 or _TCPV6
 * @size: bytes of payload in each segment
 *
 * The extra takes a position but no slot; it is answered by one
 * XEN_NETIF_RSP_NULL.
 *
 * Context: transmit lock held.
 */
void nfh_tx_ring_put_gso(struct nfh_tx_ring *ring, u8 type, u16 size)
{
	const struct xen_netif_extra_info wire = {
		.type = XEN_NETIF_EXTRA_TYPE_GSO,
		.u.gso.size = size,
		.u.gso.type = type,
	};
	u32 pos = ring->req_prod++ & NFH_RING_MASK;

	ring->posted[pos] = NFH_TX_EXTRA;
	store_slot(&ring->sring->ring[pos], &wire, sizeof(wire));
}

/**
 * nfh_tx_ring_publish() - show the backend all composed requests
 * @ring: transmit ring
 *
 * Context: transmit lock held.
 * Return: true when the backend asked to be notified of them.
 */
bool nfh_tx_ring_publish(struct nfh_tx_ring *ring)
{
	u32 old = ring->req_pub;
	u32 new = ring->req_prod;
	u32 pos;

	/* INVARIANT: bounded, new - old <= NFH_RING_SLOTS, both are ours */
	for (pos = old; pos != new; pos++) {
		u16 slot = ring->posted[pos & NFH_RING_MASK];

		if (slot == NFH_TX_EXTRA)
			ring->nulls++;
		else
			ring->slot[slot].state = NFH_TX_SENT;
	}
	ring->req_pub = new;

	/* ORDER: requests before index; pairs with the backend's virt_rmb */
	virt_wmb();
	store32(&ring->sring->req_prod, new);
	/* ORDER: index before event; pairs with the backend's final check */
	virt_mb();
	return check_notify(load32(&ring->sring->req_event), old, new);
}

/**
 * nfh_tx_ring_pending() - how many responses may be taken
 * @ring: transmit ring
 * @count: set to 0..NFH_RING_SLOTS on success, untouched on refusal
 *
 * INVARIANT: the backend cannot make the caller's loop longer than the number
 * of published requests, whatever it does to its index meanwhile.
 *
 * Context: transmit lock held.
 * Return: %NFH_V_NONE, or %NFH_V_TX_PRODUCER.
 */
enum nfh_violation nfh_tx_ring_pending(struct nfh_tx_ring *ring, u32 *count)
{
	nfh_raw32_t raw_prod = load32(&ring->sring->rsp_prod);

	if (!check_producer(raw_prod, ring->rsp_cons, ring->rsp_seen,
			    ring->req_pub - ring->rsp_cons, count)) {
		ring->refused = keep32(raw_prod);
		return NFH_V_TX_PRODUCER;
	}
	ring->rsp_seen = ring->rsp_cons + *count;
	/* ORDER: index before slots; pairs with the backend's write barrier */
	virt_rmb();
	return NFH_V_NONE;
}

/* A null response is due only while an extra waits for one. */
static enum nfh_violation tx_take_null(struct nfh_tx_ring *ring,
				       struct nfh_tx_done *done)
{
	if (!ring->nulls)
		return NFH_V_TX_NULL;
	ring->nulls--;
	ring->rsp_cons++;
	done->cookie = NULL;
	done->status = XEN_NETIF_RSP_OKAY;
	return NFH_V_NONE;
}

/* Any other response names a slot that is in flight. */
static enum nfh_violation tx_take_slot(struct nfh_tx_ring *ring,
				       nfh_raw16_t raw_id, int status,
				       struct nfh_tx_done *done)
{
	u16 slot;

	if (!check_id(raw_id, &slot))
		return NFH_V_TX_ID_RANGE;
	if (ring->slot[slot].state != NFH_TX_SENT)
		return NFH_V_TX_ID_IDLE;
	done->cookie = ring->slot[slot].cookie;
	done->status = status;
	ring->rsp_cons++;
	tx_slot_free(ring, slot);
	if (status != XEN_NETIF_RSP_OKAY && status != XEN_NETIF_RSP_ERROR &&
	    status != XEN_NETIF_RSP_DROPPED)
		return NFH_V_TX_STATUS;
	return NFH_V_NONE;
}

/**
 * nfh_tx_ring_take() - consume one response
 * @ring: transmit ring with at least one pending response
 * @done: set unless the response faults
 *
 * On success, and on %NFH_V_TX_STATUS, the response is consumed, the slot is
 * free and the cookie is the caller's again.  On any other refusal nothing
 * has changed.
 *
 * Context: transmit lock held.
 * Return: %NFH_V_NONE; %NFH_V_TX_STATUS for a status that netif.h does not
 * know; %NFH_V_TX_ID_RANGE, %NFH_V_TX_ID_IDLE or %NFH_V_TX_NULL.
 */
enum nfh_violation nfh_tx_ring_take(struct nfh_tx_ring *ring,
				    struct nfh_tx_done *done)
{
	u32 pos = ring->rsp_cons & NFH_RING_MASK;
	/* TRUST: one load; id and status come from the same word */
	const union {
		nfh_raw32_t raw;
		struct xen_netif_tx_response rsp;
	} wire = { .raw = load32(&ring->sring->ring[pos].rsp) };
	enum nfh_violation why;

	if (wire.rsp.status == XEN_NETIF_RSP_NULL)
		why = tx_take_null(ring, done);
	else
		why = tx_take_slot(ring, (__force nfh_raw16_t)wire.rsp.id,
				   wire.rsp.status, done);
	if (why >= NFH_V_FIRST_FAULT)
		ring->refused = keep32(wire.raw);
	return why;
}

/**
 * nfh_tx_ring_arm() - ask for an event and look once more
 * @ring: transmit ring
 * @count: set as by nfh_tx_ring_pending(); above 0 there may be no event
 *
 * Context: transmit lock held.
 * Return: %NFH_V_NONE, or %NFH_V_TX_PRODUCER.
 */
enum nfh_violation nfh_tx_ring_arm(struct nfh_tx_ring *ring, u32 *count)
{
	store32(&ring->sring->rsp_event, ring->rsp_cons + 1);
	/* ORDER: event before index; pairs with the backend's publish */
	virt_mb();
	return nfh_tx_ring_pending(ring, count);
}

/**
 * nfh_tx_ring_look() - the ring, for an operator
 * @ring: transmit ring
 * @view: set
 *
 * Context: any; without the transmit lock the numbers are of several moments.
 */
void nfh_tx_ring_look(const struct nfh_tx_ring *ring,
		      struct nfh_ring_view *view)
{
	view->req_prod = READ_ONCE(ring->req_pub);
	view->rsp_cons = READ_ONCE(ring->rsp_cons);
	view->rsp_seen = READ_ONCE(ring->rsp_seen);
	/* TRUST: shown to the operator, nothing else */
	view->refused = (__force u64)READ_ONCE(ring->refused);
}

/**
 * nfh_rx_ring_init() - start a receive ring on a fresh page
 * @ring: private half; only @ring->gref survives, which the caller fills
 * @page: zeroed page that will be, or is, granted to the backend
 *
 * No request is posted; nfh_rx_ring_repost() posts all of them.
 *
 * Context: any; the ring must not be in use.
 */
void nfh_rx_ring_init(struct nfh_rx_ring *ring, void __untrusted *page)
{
	ring->sring = page;
	ring->req_prod = 0;
	ring->rsp_cons = 0;
	ring->rsp_seen = 0;
	ring->refused = 0;
	store32(&ring->sring->req_event, 1);
	store32(&ring->sring->rsp_event, 1);
}

/**
 * nfh_rx_ring_repost() - give every consumed slot back to the backend
 * @ring: receive ring
 *
 * The page goes back as it is: its content is what this backend wrote.  The
 * bytes of all slots consumed so far must have been copied out.
 *
 * Context: NAPI, or with it stopped.
 * Return: true when the backend asked to be notified.
 */
bool nfh_rx_ring_repost(struct nfh_rx_ring *ring)
{
	u32 old = ring->req_prod;
	u32 new = ring->rsp_cons + NFH_RING_SLOTS;
	u32 pos;

	if (new == old)
		return false;
	/* INVARIANT: bounded, new - old <= NFH_RING_SLOTS, both are ours */
	for (pos = old; pos != new; pos++) {
		const struct xen_netif_rx_request wire = {
			.id = pos & NFH_RING_MASK,
			.gref = ring->gref[pos & NFH_RING_MASK],
		};

		store_slot(&ring->sring->ring[pos & NFH_RING_MASK].req,
			   &wire, sizeof(wire));
	}
	ring->req_prod = new;

	/* ORDER: requests before index; pairs with the backend's virt_rmb */
	virt_wmb();
	store32(&ring->sring->req_prod, new);
	/* ORDER: index before event; pairs with the backend's final check */
	virt_mb();
	return check_notify(load32(&ring->sring->req_event), old, new);
}

/**
 * nfh_rx_ring_pending() - how many responses may be taken
 * @ring: receive ring
 * @count: set to 0..NFH_RING_SLOTS on success, untouched on refusal
 *
 * Context: NAPI, or with it stopped.
 * Return: %NFH_V_NONE, or %NFH_V_RX_PRODUCER.
 */
enum nfh_violation nfh_rx_ring_pending(struct nfh_rx_ring *ring, u32 *count)
{
	nfh_raw32_t raw_prod = load32(&ring->sring->rsp_prod);

	if (!check_producer(raw_prod, ring->rsp_cons, ring->rsp_seen,
			    ring->req_prod - ring->rsp_cons, count)) {
		ring->refused = keep32(raw_prod);
		return NFH_V_RX_PRODUCER;
	}
	ring->rsp_seen = ring->rsp_cons + *count;
	/* ORDER: index before slots; pairs with the backend's write barrier */
	virt_rmb();
	return NFH_V_NONE;
}

/* Only these flags were negotiated; netif.h, XEN_NETRXF_*. */
#define NFH_RX_FLAGS	(XEN_NETRXF_data_validated | XEN_NETRXF_csum_blank | \
			 XEN_NETRXF_more_data | XEN_NETRXF_extra_info)

/* Offset and length of a data slot, checked against the page. */
static enum nfh_violation check_rx_extent(int raw_status, u32 raw_offset)
{
	if (raw_status < 0)
		return NFH_V_RX_STATUS;
	if (raw_status == 0)
		return NFH_V_RX_EMPTY;
	/* both are below 2^16: the sum cannot overflow */
	if (raw_offset + (u32)raw_status > NFH_PAGE_BYTES)
		return NFH_V_RX_BOUNDS;
	return NFH_V_NONE;
}

/**
 * nfh_rx_ring_take_data() - consume one response that must be a data slot
 * @ring: receive ring with at least one pending response
 * @data: set unless the response faults
 *
 * On a drop reason the slot is consumed and @data->more and @data->extra are
 * still set, so that the caller finds the end of the frame; @data->offset and
 * @data->len are zero then.  On %NFH_V_RX_ID nothing has changed.
 *
 * Context: NAPI, or with it stopped.
 * Return: %NFH_V_NONE; to drop %NFH_V_RX_STATUS, %NFH_V_RX_EMPTY,
 * %NFH_V_RX_BOUNDS, %NFH_V_RX_FLAGS; to fault %NFH_V_RX_ID.
 */
enum nfh_violation nfh_rx_ring_take_data(struct nfh_rx_ring *ring,
					 struct nfh_rx_data *data)
{
	u32 pos = ring->rsp_cons & NFH_RING_MASK;
	/* TRUST: one load; all fields come from the same word */
	const union {
		nfh_raw64_t raw;
		struct xen_netif_rx_response rsp;
	} wire = { .raw = load64(&ring->sring->ring[pos].rsp) };
	enum nfh_violation why;

	if (wire.rsp.id != pos) {
		ring->refused = wire.raw;
		return NFH_V_RX_ID;
	}
	ring->rsp_cons++;

	why = check_rx_extent(wire.rsp.status, wire.rsp.offset);
	if (why == NFH_V_NONE && wire.rsp.flags & ~NFH_RX_FLAGS)
		why = NFH_V_RX_FLAGS;
	data->slot = pos;
	data->offset = why == NFH_V_NONE ? wire.rsp.offset : 0;
	data->len = why == NFH_V_NONE ? wire.rsp.status : 0;
	data->more = wire.rsp.flags & XEN_NETRXF_more_data;
	data->extra = wire.rsp.flags & XEN_NETRXF_extra_info;
	data->csum_blank = wire.rsp.flags & XEN_NETRXF_csum_blank;
	data->csum_valid = wire.rsp.flags & XEN_NETRXF_data_validated;
	return why;
}

/* Only segmentation of TCP over IPv4 and IPv6 was negotiated. */
static enum nfh_violation check_rx_gso(u8 raw_type, u16 raw_size)
{
	if (raw_type != XEN_NETIF_GSO_TYPE_TCPV4 &&
	    raw_type != XEN_NETIF_GSO_TYPE_TCPV6)
		return NFH_V_RX_GSO;
	if (raw_size < NFH_RX_GSO_MIN || raw_size > NFH_RX_GSO_MAX)
		return NFH_V_RX_GSO;
	return NFH_V_NONE;
}

/**
 * nfh_rx_ring_take_extra() - consume one response that must be an extra slot
 * @ring: receive ring with at least one pending response
 * @extra: always set; on a refusal only @extra->more has a meaning
 *
 * The slot is consumed in any case.
 *
 * Context: NAPI, or with it stopped.
 * Return: %NFH_V_NONE; to drop %NFH_V_RX_EXTRA_TYPE, %NFH_V_RX_FLAGS,
 * %NFH_V_RX_GSO.
 */
enum nfh_violation nfh_rx_ring_take_extra(struct nfh_rx_ring *ring,
					  struct nfh_rx_extra *extra)
{
	u32 pos = ring->rsp_cons++ & NFH_RING_MASK;
	/* TRUST: one load; all fields come from the same word */
	const union {
		nfh_raw64_t raw;
		struct xen_netif_extra_info info;
	} wire = { .raw = load64(&ring->sring->ring[pos].rsp) };
	enum nfh_violation why;

	memset(extra, 0, sizeof(*extra));
	extra->more = wire.info.flags & XEN_NETIF_EXTRA_FLAG_MORE;
	if (wire.info.type != XEN_NETIF_EXTRA_TYPE_GSO)
		return NFH_V_RX_EXTRA_TYPE;
	if (wire.info.flags & ~XEN_NETIF_EXTRA_FLAG_MORE)
		return NFH_V_RX_FLAGS;
	if (wire.info.u.gso.features)
		return NFH_V_RX_GSO;
	why = check_rx_gso(wire.info.u.gso.type, wire.info.u.gso.size);
	if (why != NFH_V_NONE)
		return why;
	extra->gso_type = wire.info.u.gso.type;
	extra->gso_size = wire.info.u.gso.size;
	return NFH_V_NONE;
}

/**
 * nfh_rx_ring_arm() - ask for an event and look once more
 * @ring: receive ring
 * @count: set as by nfh_rx_ring_pending(); above 0 there may be no event
 *
 * Context: NAPI, or with it stopped.
 * Return: %NFH_V_NONE, or %NFH_V_RX_PRODUCER.
 */
enum nfh_violation nfh_rx_ring_arm(struct nfh_rx_ring *ring, u32 *count)
{
	store32(&ring->sring->rsp_event, ring->rsp_cons + 1);
	/* ORDER: event before index; pairs with the backend's publish */
	virt_mb();
	return nfh_rx_ring_pending(ring, count);
}

/**
 * nfh_rx_ring_look() - the ring, for an operator
 * @ring: receive ring
 * @view: set
 *
 * Context: any; outside of NAPI the numbers are of several moments.
 */
void nfh_rx_ring_look(const struct nfh_rx_ring *ring,
		      struct nfh_ring_view *view)
{
	view->req_prod = READ_ONCE(ring->req_prod);
	view->rsp_cons = READ_ONCE(ring->rsp_cons);
	view->rsp_seen = READ_ONCE(ring->rsp_seen);
	/* TRUST: shown to the operator, nothing else */
	view->refused = (__force u64)READ_ONCE(ring->refused);
}
