/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One queue of the driver without a kernel: what is measured, and with what
 */
#ifndef NFH_NATIVE_H
#define NFH_NATIVE_H

#include <linux/types.h>

#include "frame.h"
#include "pool.h"
#include "ring.h"

/* Private pages of each direction: the skbs' bytes. */
#define NATIVE_PRIVATE	64U

/**
 * struct native - a queue, and a batch of frames to be moved
 * @tx: transmit ring
 * @rx: receive ring
 * @frame: the received frame so far
 * @tx_pool: page i belongs to transmit slot i
 * @rx_pool: page i belongs to receive slot i
 * @tx_page: the page that holds the transmit ring
 * @rx_page: the page that holds the receive ring
 * @private: bytes that the backend does not see, NATIVE_PRIVATE pages
 * @len: bytes of each frame
 * @frames: of the batch
 * @slots: pages of each frame
 * @used: the shared pages that the batch went through, in order
 * @turn: where in @private the next frame starts, in pages
 */
struct native {
	struct nfh_tx_ring tx;
	struct nfh_rx_ring rx;
	struct nfh_frame frame;
	struct nfh_pool *tx_pool;
	struct nfh_pool *rx_pool;
	void *tx_page;
	void *rx_page;
	u8 *private;
	u32 len;
	u32 frames;
	u32 slots;
	u16 used[NFH_RING_SLOTS];
	u32 turn;
};

/* What is measured; path.c, compiled as the kernel compiles. */
void native_tx_send(struct native *n);
void native_tx_reap(struct native *n);
void native_rx_poll(struct native *n);
void native_tx_plain(struct native *n);
void native_rx_plain(struct native *n);

void native_die(const char *what);

static inline u32 native_chunk(const struct native *n, u32 i)
{
	u32 left = n->len - i * NFH_PAGE_BYTES;

	return left < NFH_PAGE_BYTES ? left : NFH_PAGE_BYTES;
}

/* Private bytes of page @i of the frame that is moved now. */
static inline u8 *native_private(const struct native *n, u32 i)
{
	return n->private + (n->turn + i) % NATIVE_PRIVATE * NFH_PAGE_BYTES;
}

#endif /* NFH_NATIVE_H */
