// SPDX-License-Identifier: GPL-2.0
/*
 * The leak scanner: every byte of every page that the guest shares with us
 *
 * Each byte must be one of a frame that was sent to us, one that we have
 * written ourselves, or zero.  A page between two uses may hold the beginning
 * of a frame whose request we have not seen yet: such a byte is noted, and
 * must turn out to be a byte of the next frame in this page.
 *
 * Besides, no page may hold the canary that the guest's memory is full of.
 * That is looked for in the pages of any frontend, also one that shares pages
 * for each packet.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "hostile.h"

#define PAGES_MAX	2200U
#define LISTEN_MS	4000
#define PATIENCE_MS	25000
#define FRAMES_MIN	20U
#define CANARY		"NFH-CANARY-4a7d"
#define PIECE		6U

enum kind {
	TX_PAGE,
	RX_PAGE,
	TX_RING,
	RX_RING,
};

struct watched {
	u32 ref;
	enum kind kind;
	const u8 *map;
	u8 shadow[PAGE_BYTES];
	u8 early[PAGE_BYTES];
};

static struct watched *watched;
static unsigned int n_watched;
static unsigned long scanned;
static unsigned int answers;
static bool ending;	/* what comes now is not explained any more */

static struct watched *find(u32 ref)
{
	unsigned int i;

	for (i = 0; i < n_watched; i++)
		if (watched[i].ref == ref)
			return &watched[i];
	return NULL;
}

static void forget_all(struct backend *b)
{
	while (n_watched) {
		struct watched *w = &watched[--n_watched];

		xengnttab_unmap(b->xgt_kept, (void *)w->map, 1);
	}
}

static bool has_canary(const u8 *page, unsigned int len)
{
	return memmem(page, len, CANARY, sizeof(CANARY) - 1);
}

static void blame(struct backend *b, const struct watched *w, unsigned int at,
		  const char *what)
{
	static const char * const names[] = {
		"transmit page", "receive page", "transmit ring",
		"receive ring",
	};

	complain(b, "LEAK: %s %u, offset %u, byte 0x%02x: %s", names[w->kind],
		 w->ref, at, w->map[at], what);
}

/* Behind the slots of a ring page there is nothing. */
static void scan_ring(struct backend *b, struct watched *w)
{
	unsigned int slot = w->kind == TX_RING ? 12 : 8;
	unsigned int i;

	for (i = 16; i < PAGE_BYTES; i++) {
		if (i == 64)
			i += SLOTS * slot;
		if (w->map[i])
			blame(b, w, i, "outside indexes and slots");
	}
	/* a slot is shorter than the canary */
	for (i = 0; i + PIECE < sizeof(CANARY); i++)
		if (memmem(w->map, PAGE_BYTES, CANARY + i, PIECE))
			blame(b, w, 0, "a piece of the canary is in this page");
}

static void scan_page(struct backend *b, struct watched *w)
{
	unsigned int i;

	scanned += PAGE_BYTES;
	if (has_canary(w->map, PAGE_BYTES))
		blame(b, w, 0, "the canary is in this page");
	if (w->kind == TX_RING || w->kind == RX_RING) {
		scan_ring(b, w);
		return;
	}
	for (i = 0; i < PAGE_BYTES; i++) {
		u8 byte = READ_ONCE(w->map[i]);

		if (!byte || byte == w->shadow[i])
			continue;
		if (w->kind == RX_PAGE)
			blame(b, w, i, "not written by us");
		else
			w->early[i] = byte;
	}
}

void leak_scan(struct backend *b, unsigned int pages)
{
	while (n_watched && pages--)
		scan_page(b, &watched[rnd(b) % n_watched]);
}

/* Word by word: an emulated processor is slow at what memcmp() is made of. */
static bool same_page(const u8 *a, const u8 *b)
{
	const u64 *x = (const u64 *)a, *y = (const u64 *)b;
	u64 differs = 0;
	unsigned int i;

	for (i = 0; i < PAGE_BYTES / sizeof(*x) && !differs; i += 4)
		differs = (READ_ONCE(x[i]) ^ y[i]) |
			  (READ_ONCE(x[i + 1]) ^ y[i + 1]) |
			  (READ_ONCE(x[i + 2]) ^ y[i + 2]) |
			  (READ_ONCE(x[i + 3]) ^ y[i + 3]);
	return !differs;
}

/*
 * A response was given: what the guest does with a page that it has back shows
 * at once, so all of them are read, as long as the attack goes on.  Most are as
 * they were.
 */
void leak_answered(struct backend *b)
{
	unsigned int i;

	if (!(b->attack->flags & LEAK) || !b->armed || ending)
		return;
	for (i = 0; i < n_watched; i++) {
		struct watched *w = &watched[i];

		if (same_page(w->map, w->shadow))
			scanned += PAGE_BYTES;
		else
			scan_page(b, w);
	}
	answers++;
}

static enum kind kind_of(struct backend *b, u32 ref, bool readonly)
{
	unsigned int i;

	for (i = 0; i < b->n_queues; i++) {
		if (ref == b->queues[i].tx_ref)
			return TX_RING;
		if (ref == b->queues[i].rx_ref)
			return RX_RING;
	}
	return readonly ? TX_PAGE : RX_PAGE;
}

static void watch(struct backend *b, u32 ref, bool readonly)
{
	struct watched *w = &watched[n_watched];
	void *map = vif_map(b, ref, false);
	unsigned int i;

	if (!map)
		return;
	memset(w, 0, sizeof(*w));
	w->ref = ref;
	w->map = map;
	w->kind = kind_of(b, ref, readonly);
	n_watched++;
	for (i = 0; i < PAGE_BYTES && w->kind <= RX_PAGE; i++)
		if (w->map[i])
			blame(b, w, i, "in a page of a new connection");
}

/*
 * A new connection: all its pages are there, and nothing in them yet.  A
 * frontend that has not a transmit page for each slot by now shares them for
 * each packet, and ends each grant: a page that stays mapped would be an attack
 * on it.
 */
void leak_connected(struct backend *b)
{
	static u32 refs[GRANTS_MAX];
	static bool readonly[GRANTS_MAX];
	unsigned int n, i, transmit = 0;
	bool stay;

	if (!(b->attack->flags & LEAK))
		return;
	if (!watched)
		watched = calloc(PAGES_MAX, sizeof(*watched));
	forget_all(b);
	n = vif_grants(b, refs, readonly);
	for (i = 0; i < n; i++)
		transmit += readonly[i];
	/* in a driver domain nobody knows: it sees what the rings name */
	stay = b->home || transmit >= SLOTS;
	for (i = 0; i < n && stay && n_watched < PAGES_MAX; i++)
		watch(b, refs[i], readonly[i]);
}

/* The whole page of a request of any frontend, outside the frame's bytes. */
static void scan_around(struct backend *b, u32 gref, unsigned int offset,
			unsigned int len)
{
	static u8 page[PAGE_BYTES];
	xengnttab_grant_copy_segment_t seg = {
		.source.foreign = { .ref = gref, .domid = b->domid },
		.dest.virt = page,
		.len = PAGE_BYTES,
		.flags = GNTCOPY_source_gref,
	};

	if (xengnttab_grant_copy(b->xgt, 1, &seg) || seg.status)
		return;
	scanned += PAGE_BYTES;
	if (has_canary(page, offset) ||
	    has_canary(page + offset + len, PAGE_BYTES - offset - len))
		complain(b, "LEAK: the canary is beside the bytes of a frame");
}

void leak_tx_seen(struct backend *b, struct queue *q, u32 gref,
		  unsigned int offset, const u8 *data, unsigned int len)
{
	struct watched *w;
	unsigned int i;

	(void)q;
	if (!(b->attack->flags & LEAK))
		return;
	scan_around(b, gref, offset, len);
	w = find(gref);
	if (!w)
		return;
	for (i = 0; i < PAGE_BYTES; i++) {
		bool frame = i >= offset && i < offset + len;
		u8 want = frame ? data[i - offset] : 0;

		if (READ_ONCE(w->map[i]) != want)
			blame(b, w, i, "not of the frame in this page");
		if (w->early[i] && w->early[i] != want)
			blame(b, w, i, "a byte seen here is not of the frame");
		w->shadow[i] = want;
		w->early[i] = 0;
	}
}

void leak_rx_written(struct backend *b, u32 gref, unsigned int offset,
		     const u8 *data, unsigned int len)
{
	struct watched *w;

	if (!(b->attack->flags & LEAK))
		return;
	w = find(gref);
	if (w)
		memcpy(w->shadow + offset, data, len);
}

/* Traffic has ended: all that was seen early must have been explained. */
void leak_final(struct backend *b)
{
	unsigned int i, k;

	if (!(b->attack->flags & LEAK) || !n_watched)
		return;
	for (i = 0; i < n_watched; i++)
		scan_page(b, &watched[i]);
	/* a frame that was being written meanwhile has been sent by now */
	usleep(100000);
	ending = true;
	for (i = 0; i < b->n_queues; i++)
		tx_serve(b, &b->queues[i]);
	ending = false;
	for (i = 0; i < n_watched; i++) {
		for (k = 0; k < PAGE_BYTES; k++)
			if (watched[i].early[k])
				blame(b, &watched[i], k, "of no frame at all");
	}
	fprintf(stderr, "leak: %u pages after each of %u answers, %lu bytes\n",
		n_watched, answers, scanned);
	if (n_watched && !answers)
		complain(b, "no page was read after an answer");
	forget_all(b);
}

/* The guest sends meanwhile; enough of it must have come by. */
bool strike_listen(struct backend *b)
{
	if (!b->step)
		b->step = b->frames_out + 1;
	if (for_a_while(b, LISTEN_MS))
		return false;
	b->struck = b->frames_out + 1 - b->step;
	/* a slow guest, or dom0, may take a while to begin */
	if (b->struck < FRAMES_MIN && now_ms() < b->until + PATIENCE_MS)
		return false;
	if (b->struck < FRAMES_MIN) {
		complain(b, "only %u frames to look at", b->struck);
		b->struck = 0;
	}
	return true;
}

/* Three connections: the vif is pulled out and plugged in again. */
static bool strike_reattach(struct backend *b)
{
	if (!b->step)
		b->step = b->frames_out + 1;
	if (b->connections < 3 && b->connected &&
	    b->frames_out > b->step + 20 * b->connections) {
		leak_final(b);
		vif_disconnect(b);
		store_replug(b);
	}
	if (for_a_while(b, 20000) &&
	    (b->connections < 3 || b->frames_out < b->step + 80))
		return false;
	b->struck = b->connections;
	if (b->connections < 3)
		complain(b, "only %u connections", b->connections);
	return true;
}

#define LISTEN(_name, _summary) { \
	.name = _name, .class = "leak", .summary = _summary, \
	.expect = "none", .flags = LIVES | LEAK, .strike = strike_listen, \
}

const struct attack attacks_leak[] = {
	LISTEN("leak-udp", "all pages read while datagrams are sent"),
	LISTEN("leak-tcp", "all pages read while streams are sent"),
	LISTEN("leak-sendfile", "all pages read while parts of files are sent"),
	LISTEN("leak-forward", "all pages read while the guest forwards"),
	{
		.name = "leak-other-domain", .class = "leak",
		.summary = "pages read after another domain was the backend",
		.expect = "none", .flags = LIVES | LEAK | MOVED,
		.strike = strike_listen,
	}, {
		.name = "leak-reattach", .class = "leak",
		.summary = "all pages read, three connections in a row",
		.expect = "none", .flags = LIVES | LEAK,
		.strike = strike_reattach,
	},
	{ }
};
