// SPDX-License-Identifier: GPL-2.0
/*
 * The grammar by which receive slots make up frames
 *
 * A frame with anything wrong in it is dropped, but its slots are followed to
 * its end: what comes behind it is a frame of its own.  A frame without end
 * costs the backend its own receive path and costs us one slot a step: the
 * counts below saturate, nothing is kept for it.
 *
 * No memory is touched but the struct itself; the file is compiled in user
 * space for fuzzing and proofs.
 */
#include <linux/string.h>

#include "frame.h"

/* The first thing wrong with a frame is the one that is reported. */
static void frame_drop(struct nfh_frame *frame, enum nfh_violation why)
{
	if (frame->drop == NFH_V_NONE)
		frame->drop = why;
}

/* A complete frame must hold an Ethernet header (14 bytes). */
#define NFH_FRAME_MIN	14U

static void frame_next(struct nfh_frame *frame, bool more)
{
	if (more) {
		frame->phase = NFH_FRAME_MORE;
		return;
	}
	frame->phase = NFH_FRAME_END;
	if (frame->len < NFH_FRAME_MIN)
		frame_drop(frame, NFH_V_RX_SHORT);
}

/**
 * nfh_frame_reset() - get ready for the first slot of a frame
 * @frame: overwritten
 *
 * Context: any; the caller owns @frame.
 */
void nfh_frame_reset(struct nfh_frame *frame)
{
	memset(frame, 0, sizeof(*frame));
}

static void frame_first(struct nfh_frame *frame, const struct nfh_rx_data *data)
{
	frame->csum_blank = data->csum_blank;
	frame->csum_valid = data->csum_valid;
	frame->more = data->more;
}

/* Room for one more slot of @len bytes? */
static enum nfh_violation frame_room(const struct nfh_frame *frame, u16 len)
{
	if (frame->slots >= NFH_RX_SLOTS_MAX)
		return NFH_V_RX_SLOTS;
	if (frame->len + len > NFH_FRAME_MAX)
		return NFH_V_RX_LONG;
	return NFH_V_NONE;
}

/**
 * nfh_frame_data() - a data slot was consumed
 * @frame: in phase NFH_FRAME_IDLE or NFH_FRAME_MORE
 * @data: what nfh_rx_ring_take_data() made of it
 * @why: and what it returned; must not be a fault
 *
 * The slot's bytes are part of the frame if @frame->drop is %NFH_V_NONE
 * afterwards.
 *
 * Context: any; the caller owns @frame.
 */
void nfh_frame_data(struct nfh_frame *frame, const struct nfh_rx_data *data,
		    enum nfh_violation why)
{
	bool first = frame->phase == NFH_FRAME_IDLE;

	if (why == NFH_V_NONE)
		why = frame_room(frame, data->len);
	if (why == NFH_V_NONE && !first && data->extra)
		why = NFH_V_RX_FLAGS;
	if (why != NFH_V_NONE) {
		frame_drop(frame, why);
	} else {
		frame->len += data->len;
		frame->slots++;
	}

	if (first)
		frame_first(frame, data);
	if (first && data->extra)
		frame->phase = NFH_FRAME_EXTRA;
	else
		frame_next(frame, data->more);
}

/**
 * nfh_frame_extra() - an extra slot was consumed
 * @frame: in phase NFH_FRAME_EXTRA
 * @extra: what nfh_rx_ring_take_extra() made of it
 * @why: and what it returned
 *
 * Context: any; the caller owns @frame.
 */
void nfh_frame_extra(struct nfh_frame *frame, const struct nfh_rx_extra *extra,
		     enum nfh_violation why)
{
	/* one type was negotiated, so a frame has one extra at most */
	if (why == NFH_V_NONE && frame->gso_type)
		why = NFH_V_RX_EXTRA_COUNT;
	if (why != NFH_V_NONE) {
		frame_drop(frame, why);
	} else {
		frame->gso_type = extra->gso_type;
		frame->gso_size = extra->gso_size;
	}
	if (!extra->more)
		frame_next(frame, frame->more);
}
