/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The grammar by which receive slots make up frames
 *
 *	frame = data [extra ...] [data ...]	(netif.h, "Guest receive")
 *
 * The first data slot says whether extras follow; an extra says whether
 * another one follows; each data slot says whether another one follows.
 * Slots are fed in one by one as they are consumed, so no slot has to be
 * looked at twice, and a frame may arrive in pieces.
 */
#ifndef NFH_FRAME_H
#define NFH_FRAME_H

#include <linux/types.h>

#include "ring.h"
#include "trust.h"

/*
 * Data slots of the longest frame that is accepted.  The protocol promises
 * XEN_NETIF_NR_SLOTS_MIN to senders; a receiver that grants the same is even.
 */
#define NFH_RX_SLOTS_MAX	XEN_NETIF_NR_SLOTS_MIN

/**
 * enum nfh_frame_phase - what the next slot must be
 * @NFH_FRAME_IDLE: the first data slot of a frame; zero on purpose
 * @NFH_FRAME_EXTRA: an extra slot
 * @NFH_FRAME_MORE: a further data slot
 * @NFH_FRAME_END: none, the frame is complete
 */
enum nfh_frame_phase {
	NFH_FRAME_IDLE,
	NFH_FRAME_EXTRA,
	NFH_FRAME_MORE,
	NFH_FRAME_END,
};

/**
 * struct nfh_frame - a frame on its way in
 * @phase: what comes next
 * @drop: why the frame will be dropped, the first reason found
 * @len: bytes so far; at most NFH_FRAME_MAX
 * @slots: data slots so far, 0 to NFH_RX_SLOTS_MAX
 * @more: a data slot follows the extras
 * @csum_blank: of the first slot
 * @csum_valid: of the first slot
 * @gso_type: 0, or XEN_NETIF_GSO_TYPE_*
 * @gso_size: 0, or bytes of payload in each segment
 */
struct nfh_frame {
	enum nfh_frame_phase phase;
	enum nfh_violation drop;
	u32 len;
	u8 slots;
	bool more;
	bool csum_blank;
	bool csum_valid;
	u8 gso_type;
	u16 gso_size;
};

void nfh_frame_reset(struct nfh_frame *frame);
void nfh_frame_data(struct nfh_frame *frame, const struct nfh_rx_data *data,
		    enum nfh_violation why);
void nfh_frame_extra(struct nfh_frame *frame, const struct nfh_rx_extra *extra,
		     enum nfh_violation why);

#endif /* NFH_FRAME_H */
