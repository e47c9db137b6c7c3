// SPDX-License-Identifier: GPL-2.0
/*
 * Attacks by a second thread, which rewrites what is shared while the guest
 * consumes it and the first thread serves it honestly
 */
#include <pthread.h>
#include <string.h>

#include "hostile.h"

#define RACE_MS		1500
#define PAGES_MAX	2048U

/* What the thread writes to. */
#define RX_SLOTS	1
#define TX_SLOTS	2
#define INDEXES		4
#define BYTES		8
#define RING_PAGES	16
#define EVERYTHING	31
#define EVENTS		32

static pthread_t thread;
static bool running;
static bool stop;
static struct backend racer;
static u8 *pages[PAGES_MAX];
static unsigned int n_pages;
static unsigned long writes;

static u32 odd_number(u64 r)
{
	static const u32 values[] = {
		0, 1, 255, 256, 257, 4095, 4096, 4097, 32767, 32768, 65535,
		0x7fffffff, 0x80000000, 0xffffffff,
	};

	return r & 16 ? values[(r >> 8) % ARRAY_SIZE(values)] : r >> 16;
}

/* Flip between what is right and what is not, within one slot or index. */
static void rewrite_rx_slot(struct queue *q, u64 r)
{
	u16 *field = (u16 *)&q->rxs->ring[(r >> 40) & SLOT_MASK];
	u16 old = READ_ONCE(field[r & 3]);

	WRITE_ONCE(field[r & 3], odd_number(r >> 2));
	if (r & 256)
		WRITE_ONCE(field[r & 3], old);
}

static void rewrite_tx_slot(struct queue *q, u64 r)
{
	u16 *field = (u16 *)&q->txs->ring[(r >> 40) & SLOT_MASK];
	u16 old = READ_ONCE(field[r & 1]);

	WRITE_ONCE(field[r & 1], odd_number(r >> 2));
	if (r & 256)
		WRITE_ONCE(field[r & 1], old);
}

static void rewrite_index(struct queue *q, u64 r)
{
	u32 *at = r & 32 ? (u32 *)q->txs : (u32 *)q->rxs;
	u32 old = READ_ONCE(at[r & 3]);
	u32 new = r & 64 ? old + (r >> 50) % 5 - 2 : odd_number(r >> 3);

	WRITE_ONCE(at[r & 3], new);
	WRITE_ONCE(at[r & 3], old);
}

/* Headers are at the start of a page; rewrite them more often than the rest */
static void rewrite_byte(u64 r)
{
	u8 *page = pages[(r >> 20) % n_pages];
	unsigned int at = (r >> 8) & (r & 1 ? 63 : PAGE_BYTES - 1);

	WRITE_ONCE(page[at], (u8)(r >> 32));
}

static void rewrite_ring(struct queue *q, u64 r)
{
	u32 *at = r & 32 ? (u32 *)q->txs : (u32 *)q->rxs;

	WRITE_ONCE(at[(r >> 40) % (PAGE_BYTES / 4)], odd_number(r >> 3));
}

static void rewrite(struct backend *b, struct queue *q)
{
	long what = b->attack->arg;
	u64 r = rnd(b);

	if (what & RX_SLOTS)
		rewrite_rx_slot(q, r);
	if (what & TX_SLOTS)
		rewrite_tx_slot(q, r >> 1);
	if (what & INDEXES && !(r & 0x700))
		rewrite_index(q, r >> 2);
	if (what & BYTES && n_pages)
		rewrite_byte(r);
	if (what & RING_PAGES && !(r & 0x3f000))
		rewrite_ring(q, r >> 3);
	if (what & EVENTS) {
		xenevtchn_notify(b->xce, q->tx_port);
		xenevtchn_notify(b->xce, q->rx_port);
	}
	writes++;
}

static void *race(void *arg)
{
	struct backend *b = arg;
	unsigned int i;

	while (!READ_ONCE(stop))
		for (i = 0; i < b->n_queues; i++)
			rewrite(b, &b->queues[i]);
	return NULL;
}

/* The pages behind the receive slots, writable. */
static void map_pages(struct backend *b)
{
	static u32 refs[GRANTS_MAX];
	static bool readonly[GRANTS_MAX];
	unsigned int n = vif_grants(b, refs, readonly);
	unsigned int i;

	n_pages = 0;
	for (i = 0; i < n && n_pages < PAGES_MAX; i++) {
		bool ring = false;
		unsigned int k;

		for (k = 0; k < b->n_queues; k++)
			ring |= refs[i] == b->queues[k].tx_ref ||
				refs[i] == b->queues[k].rx_ref;
		if (!ring && !readonly[i])
			pages[n_pages] = vif_map(b, refs[i], true);
		n_pages += !ring && !readonly[i] && pages[n_pages];
	}
}

static void unmap_pages(struct backend *b)
{
	while (n_pages)
		xengnttab_unmap(b->xgt_kept, pages[--n_pages], 1);
}

/* The thread ends, and lets go of its pages. */
void race_stop(void)
{
	if (!running)
		return;
	WRITE_ONCE(stop, true);
	pthread_join(thread, NULL);
	running = false;
	unmap_pages(&racer);
}

static bool start(struct backend *b)
{
	if (!b->connected)
		return false;
	if (b->attack->arg & BYTES)
		map_pages(b);
	racer = *b;
	racer.seed = rnd(b);
	stop = false;
	running = !pthread_create(&thread, NULL, race, &racer);
	return running;
}

/* Frames of our own besides those of the guest's traffic. */
static void feed(struct backend *b)
{
	static struct frame frame;
	unsigned int i;

	if (!b->connected)
		return;
	frame.len = 60 + rnd(b) % 9000;
	memset(frame.data, 0x5a, frame.len);
	memcpy(frame.data, guest_mac(), 6);
	frame.data[12] = 0x08;
	frame.data[13] = 0x00;
	frame.data[14] = 0x45;
	frame.data[23] = rnd(b) & 1 ? 6 : 17;
	frame.csum_blank = rnd(b) & 1;
	frame.gso_size = rnd(b) & 1 ? 1000 : 0;
	frame.gso_type = 1;
	for (i = 0; i < 20; i++)
		rx_send(b, &b->queues[rnd(b) % b->n_queues], &frame);
}

static bool over(struct backend *b)
{
	b->struck = writes > 0xffffffff ? 0xffffffff : writes;
	return true;
}

/* Once; or, for as long as was asked for, on one connection after the other. */
bool strike_race(struct backend *b)
{
	if (!running && (!b->step || b->seconds) && start(b))
		b->step = 1;
	if (!b->step)
		return false;
	feed(b);
	if ((running || b->seconds) && for_a_while(b, RACE_MS))
		return false;
	if (b->attack->flags & KEEP) {
		/* goes on until the guest says release: rings stay mapped */
		b->deaf = true;
		return over(b);
	}
	race_stop();
	return over(b);
}

#define RACE(_name, _what, _flags, _summary) { \
	.name = _name, .class = "race", .summary = _summary, \
	.expect = "any", .strike = strike_race, .arg = _what, \
	.flags = _flags, \
}

const struct attack attacks_race[] = {
	RACE("race-rx-slots", RX_SLOTS, 0,
	     "receive slots rewritten all the time"),
	RACE("race-tx-slots", TX_SLOTS, 0, "transmit slots rewritten"),
	RACE("race-indexes", INDEXES, 0,
	     "indexes and event fields rewritten"),
	RACE("race-bytes", BYTES, 0, "bytes of received frames rewritten"),
	RACE("race-slots-and-bytes", RX_SLOTS | TX_SLOTS | BYTES, 0,
	     "slots and bytes rewritten"),
	RACE("scribble-rings", RING_PAGES, 0, "ring pages filled with noise"),
	RACE("scribble-pages", BYTES | RING_PAGES, 0,
	     "all shared pages filled with noise"),
	RACE("scribble-everything", EVERYTHING, 0, "all of it at once"),
	RACE("scribble-unload", EVERYTHING, KEEP,
	     "all of it at once, also while the driver is unloaded"),
	RACE("storm-unload", EVENTS, KEEP,
	     "events as fast as they go, also while the driver is unloaded"),
	RACE("queues-scribble", EVERYTHING, QUEUES4,
	     "all of it at once, on four queues"),
	{ }
};
