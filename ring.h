/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The two shared rings of a queue, as verbs
 *
 * A transmit ring is claimed from, put to, published, and taken from; a
 * receive ring is taken from and reposted.  Nothing that leaves these
 * functions is unchecked: a caller gets a slot number that is in range and in
 * flight, an offset and a length that lie inside a page, or a refusal.
 */
#ifndef NFH_RING_H
#define NFH_RING_H

#include <linux/types.h>
#include <xen/interface/io/netif.h>

#include "trust.h"

/*
 * Slots of a one-page ring: what fits behind the 64 bytes of indexes, rounded
 * down to a power of two (__CONST_RING_SIZE of the Xen header); asserted in
 * the code.
 */
#define NFH_RING_SLOTS		256U

/* The protocol's u16 "size" of a packet (netif.h, "Guest transmit"). */
#define NFH_FRAME_MAX		65535U

/* Pages of the largest frame: data is packed, so 65535 bytes need 16. */
#define NFH_TX_DATA_SLOTS_MAX	16U

/* What the largest frame takes from a ring: its pages and one GSO extra. */
#define NFH_TX_SLOTS_MAX	(NFH_TX_DATA_SLOTS_MAX + 1)

/*
 * Payload of a received segment: the stack cuts TCP into no less than 8 bytes
 * (TCP_MIN_GSO_SIZE; 8191 segments at most), and 65535 is a marker of its own
 * (GSO_BY_FRAGS).
 */
#define NFH_RX_GSO_MIN		8U
#define NFH_RX_GSO_MAX		65534U

/**
 * enum nfh_tx_state - where a transmit slot is
 * @NFH_TX_FREE: on the free list; the backend has no claim on it (zero on
 *	purpose: a cleared ring is a ring of free slots)
 * @NFH_TX_FILLED: handed out; its page is being written, no request is visible
 * @NFH_TX_PUT: a composed request names it, which the backend cannot see yet
 * @NFH_TX_SENT: a published request names it; only a response frees it
 */
enum nfh_tx_state {
	NFH_TX_FREE,
	NFH_TX_FILLED,
	NFH_TX_PUT,
	NFH_TX_SENT,
};

/**
 * struct nfh_tx_slot - one transmit slot
 * @cookie: the caller's, returned with the response; the ring never looks
 *	behind it and owns no reference to it
 * @state: see enum nfh_tx_state
 */
struct nfh_tx_slot {
	void *cookie;
	enum nfh_tx_state state;
};

/**
 * struct nfh_tx_ring - transmit ring, our private half
 * @sring: the shared page
 * @req_prod: requests composed so far, published or not
 * @req_pub: requests that the backend has been told of
 * @rsp_cons: responses consumed
 * @rsp_seen: responses that the backend has owned up to
 * @nulls: published extra slots without their response
 * @free_count: entries of @free in use
 * @free: stack of free slots; the one used last is the one with a warm page
 * @posted: slot behind each ring position, NFH_TX_EXTRA for an extra
 * @slot: state of every slot
 * @refused: the word for which the ring was given up, for the record alone
 *
 * @req_prod, @req_pub, @rsp_cons and @rsp_seen run freely, modulo 2^32; their
 * low bits are ring positions.
 *
 * LOCKING: all fields belong to whoever holds the transmit lock of the queue.
 * INVARIANT: req_prod - rsp_cons <= NFH_RING_SLOTS, and req_pub - rsp_cons, what
 * the backend owes, is the number of slots in NFH_TX_SENT plus @nulls.
 * nfh_tx_ring_publish() and nfh_tx_ring_take() keep it.
 */
struct nfh_tx_ring {
	struct xen_netif_tx_sring __untrusted *sring;
	u32 req_prod;
	u32 req_pub;
	u32 rsp_cons;
	u32 rsp_seen;
	u32 nulls;
	u32 free_count;
	u16 free[NFH_RING_SLOTS];
	u16 posted[NFH_RING_SLOTS];
	struct nfh_tx_slot slot[NFH_RING_SLOTS];
	nfh_raw64_t refused;
};

/**
 * struct nfh_tx_req - a transmit request to be composed
 * @gref: grant of the page
 * @flags: XEN_NETTXF_*
 * @size: bytes of the whole frame in the first request, 1 to NFH_FRAME_MAX; of
 *	this page in the others, 1 to NFH_PAGE_BYTES
 * @cookie: kept in the slot until the response; %NULL where there is none
 */
struct nfh_tx_req {
	grant_ref_t gref;
	u16 flags;
	u16 size;
	void *cookie;
};

/**
 * struct nfh_tx_done - an accepted transmit response
 * @cookie: of the request; %NULL for an extra slot
 * @status: XEN_NETIF_RSP_OKAY, _ERROR or _DROPPED; any other value but
 *	XEN_NETIF_RSP_NULL when %NFH_V_TX_STATUS was returned
 */
struct nfh_tx_done {
	void *cookie;
	int status;
};

/**
 * struct nfh_rx_ring - receive ring, our private half
 * @sring: the shared page
 * @req_prod: requests published
 * @rsp_cons: responses consumed
 * @rsp_seen: responses that the backend has owned up to
 * @gref: grant of the page behind each ring position, for ever the same one
 * @refused: the word for which the ring was given up, for the record alone
 *
 * @req_prod, @rsp_cons and @rsp_seen run freely, modulo 2^32; their low bits
 * are ring positions.
 *
 * LOCKING: all fields belong to the queue's NAPI, or to whoever has stopped it.
 * INVARIANT: req_prod - rsp_cons <= NFH_RING_SLOTS is what the backend owes us.
 */
struct nfh_rx_ring {
	struct xen_netif_rx_sring __untrusted *sring;
	u32 req_prod;
	u32 rsp_cons;
	u32 rsp_seen;
	grant_ref_t gref[NFH_RING_SLOTS];
	nfh_raw64_t refused;
};

/**
 * struct nfh_ring_view - a ring as an operator may want to see it
 * @req_prod: requests published
 * @rsp_cons: responses consumed
 * @rsp_seen: responses that the backend has owned up to
 * @refused: the very word for which the ring was given up: a producer index
 *	or a slot, depending on the reason; 0 if it was not.  A number to be
 *	shown; nothing may be decided on it.
 *
 * The indexes run freely, modulo 2^32.
 */
struct nfh_ring_view {
	u32 req_prod;
	u32 rsp_cons;
	u32 rsp_seen;
	u64 refused;
};

/**
 * struct nfh_rx_data - an accepted data slot
 * @slot: index of the page that holds the bytes, 0 to NFH_RING_SLOTS - 1
 * @offset: of the bytes in the page, 0 to NFH_PAGE_BYTES - 1
 * @len: bytes, 1 to NFH_PAGE_BYTES; offset + len does not cross the page's end
 * @more: another data slot of the same frame follows (XEN_NETRXF_more_data)
 * @extra: an extra slot follows before it (XEN_NETRXF_extra_info)
 * @csum_blank: the transport checksum was left to whoever sends the frame on
 *	(XEN_NETRXF_csum_blank)
 * @csum_valid: the backend says that it has verified the transport checksum
 *	(XEN_NETRXF_data_validated)
 *
 * Of a slot that is to be dropped @offset and @len are 0.
 */
struct nfh_rx_data {
	u16 slot;
	u16 offset;
	u16 len;
	bool more;
	bool extra;
	bool csum_blank;
	bool csum_valid;
};

/**
 * struct nfh_rx_extra - an accepted extra slot
 * @more: another extra slot follows
 * @gso_type: XEN_NETIF_GSO_TYPE_TCPV4 or _TCPV6
 * @gso_size: bytes of payload in each segment, NFH_RX_GSO_MIN to
 *	NFH_RX_GSO_MAX
 */
struct nfh_rx_extra {
	bool more;
	u8 gso_type;
	u16 gso_size;
};

void nfh_tx_ring_init(struct nfh_tx_ring *ring, void __untrusted *page);
u32 nfh_tx_ring_room(const struct nfh_tx_ring *ring);
int nfh_tx_ring_claim(struct nfh_tx_ring *ring);
void nfh_tx_ring_unclaim(struct nfh_tx_ring *ring, u16 slot);
void nfh_tx_ring_put(struct nfh_tx_ring *ring, u16 slot,
		     const struct nfh_tx_req *req);
void nfh_tx_ring_put_gso(struct nfh_tx_ring *ring, u8 type, u16 size);
bool nfh_tx_ring_publish(struct nfh_tx_ring *ring);
enum nfh_violation nfh_tx_ring_pending(struct nfh_tx_ring *ring, u32 *count);
enum nfh_violation nfh_tx_ring_take(struct nfh_tx_ring *ring,
				    struct nfh_tx_done *done);
enum nfh_violation nfh_tx_ring_arm(struct nfh_tx_ring *ring, u32 *count);
void nfh_tx_ring_look(const struct nfh_tx_ring *ring,
		      struct nfh_ring_view *view);

void nfh_rx_ring_init(struct nfh_rx_ring *ring, void __untrusted *page);
bool nfh_rx_ring_repost(struct nfh_rx_ring *ring);
enum nfh_violation nfh_rx_ring_pending(struct nfh_rx_ring *ring, u32 *count);
enum nfh_violation nfh_rx_ring_take_data(struct nfh_rx_ring *ring,
					 struct nfh_rx_data *data);
enum nfh_violation nfh_rx_ring_take_extra(struct nfh_rx_ring *ring,
					  struct nfh_rx_extra *extra);
enum nfh_violation nfh_rx_ring_arm(struct nfh_rx_ring *ring, u32 *count);
void nfh_rx_ring_look(const struct nfh_rx_ring *ring,
		      struct nfh_ring_view *view);

#endif /* NFH_RING_H */
