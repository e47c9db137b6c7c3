// SPDX-License-Identifier: GPL-2.0
/*
 * The window: several frames or datagrams in flight, every echo compared byte by byte.
 *
 * Every loop ends: an echo is waited for opt.timeout_ms, sent again TRIES - 1 times at most, the
 * whole run sends again opt.max_retries times at most and ends at opt.deadline_ms.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>

#include "nfh-peer.h"

#define TRIES		4
#define BUSY_MS		5	/* pause after the queue in front of the driver refused a packet */
#define PROGRESS_MS	10000
/*
 * Bytes in flight: netback drops what goes to a guest beyond half a ring of pages, 512 KiB. That
 * loss would be of our own making.
 */
#define FLIGHT_BYTES	(192 * 1024)

enum slot_state {
	SLOT_FREE,	/* nothing here */
	SLOT_READY,	/* composed, waits to be sent */
	SLOT_SENT,	/* on its way, echo awaited until `due` */
};

struct slot {
	enum slot_state state;
	unsigned int tries;
	uint32_t seq;
	size_t len;
	int64_t due;
	uint8_t *data;
};

struct window {
	const struct link *link;
	struct sizes *sizes;
	struct slot *slots;
	uint32_t run, next_seq;
	uint64_t done, bytes, retries, late, foreign, busy;
	size_t in_flight;	/* bytes in slots that are not free */
	int64_t end, resume, progress;
	uint8_t *received;
};

static void window_open(struct window *w, const struct link *link, struct sizes *sizes)
{
	unsigned int i;

	memset(w, 0, sizeof(*w));
	w->link = link;
	w->sizes = sizes;
	w->run = run_number();
	w->end = now_ms() + opt.deadline_ms;
	w->progress = now_ms() + PROGRESS_MS;
	w->received = malloc(RX_BUF);
	w->slots = calloc(opt.window, sizeof(*w->slots));
	if (!w->slots || !w->received)
		die("out of memory for the window");
	for (i = 0; i < opt.window; i++) {
		w->slots[i].data = malloc(FRAME_MAX);
		if (!w->slots[i].data)
			die("out of memory for a window of %u", opt.window);
	}
}

static void window_close(struct window *w)
{
	unsigned int i;

	for (i = 0; i < opt.window; i++)
		free(w->slots[i].data);
	free(w->slots);
	free(w->received);
}

static void compose(struct window *w, struct slot *slot, size_t len)
{
	const struct link *link = w->link;

	slot->seq = w->next_seq++;
	slot->len = len;
	slot->tries = 0;
	slot->state = SLOT_READY;
	w->in_flight += len;
	if (link->head) {
		memcpy(slot->data, link->peer, 6);
		memcpy(slot->data + 6, link->mac, 6);
		slot->data[12] = PEER_ETHERTYPE >> 8;
		slot->data[13] = PEER_ETHERTYPE & 0xff;
	}
	payload_make(slot->data + link->head, len - link->head,
		     (struct header){ w->run, slot->seq });
}

static void refill(struct window *w)
{
	unsigned int i, size;

	for (i = 0; i < opt.window && w->in_flight < FLIGHT_BYTES; i++)
		if (w->slots[i].state == SLOT_FREE && sizes_next(w->sizes, &size))
			compose(w, &w->slots[i], size);
}

/* Returns false when nothing more can be sent just now. */
static bool send_slot(struct window *w, struct slot *slot)
{
	if (send(w->link->fd, slot->data, slot->len, MSG_NOSIGNAL) >= 0) {
		slot->state = SLOT_SENT;
		slot->tries++;
		slot->due = now_ms() + opt.timeout_ms;
		return true;
	}
	switch (errno) {
	case EAGAIN:
		return false;
	case ENOBUFS:
	/* told about an earlier datagram; a peer that is not there ends in the timeout */
	case ECONNREFUSED:
		w->busy++;
		w->resume = now_ms() + BUSY_MS;
		return false;
	case EMSGSIZE:
		die("a %s of %zu bytes does not fit: raise the MTU, or send smaller ones",
		    w->link->noun, slot->len);
	default:
		die("cannot send a %s of %zu bytes: %s", w->link->noun, slot->len, strerror(errno));
	}
}

/* Returns true when the socket has to be polled for room. */
static bool send_ready(struct window *w)
{
	unsigned int i;

	if (now_ms() < w->resume)
		return false;
	for (i = 0; i < opt.window; i++)
		if (w->slots[i].state == SLOT_READY && !send_slot(w, &w->slots[i]))
			return now_ms() >= w->resume;
	return false;
}

/* Ends the run when too much was lost; sends again otherwise. */
static void send_again(struct window *w, struct slot *slot)
{
	if (slot->tries == TRIES || w->retries == opt.max_retries)
		die("%s of %zu bytes lost: no echo after %u tries of %lld ms; %llu of %llu came back, %llu sent again (%llu allowed)%s",
		    w->link->noun, slot->len, slot->tries, (long long)opt.timeout_ms,
		    (unsigned long long)w->done, (unsigned long long)w->sizes->total,
		    (unsigned long long)w->retries, (unsigned long long)opt.max_retries,
		    w->done ? "" : "; is there a peer at all?");
	w->retries++;
	fprintf(stderr, "nfh-peer: %.1f s: %s of %zu bytes lost, sent again\n", elapsed_s(),
		w->link->noun, slot->len);
	slot->state = SLOT_READY;
}

static void expire(struct window *w)
{
	int64_t now = now_ms();
	unsigned int i;

	if (now >= w->end)
		die("deadline of %lld s reached: %llu of %llu %ss came back",
		    (long long)opt.deadline_ms / 1000, (unsigned long long)w->done,
		    (unsigned long long)w->sizes->total, w->link->noun);
	for (i = 0; i < opt.window; i++)
		if (w->slots[i].state == SLOT_SENT && w->slots[i].due <= now)
			send_again(w, &w->slots[i]);
}

/* How long nothing can happen unless the socket says so. */
static int64_t quiet_ms(const struct window *w)
{
	int64_t now = now_ms(), next = w->end;
	unsigned int i;

	for (i = 0; i < opt.window; i++)
		if (w->slots[i].state == SLOT_SENT && w->slots[i].due < next)
			next = w->slots[i].due;
	if (w->resume > now && w->resume < next)
		next = w->resume;
	return next > now ? next - now : 0;
}

static bool addresses_intact(const struct link *link, const uint8_t *frame)
{
	static const uint8_t type[2] = { PEER_ETHERTYPE >> 8, PEER_ETHERTYPE & 0xff };

	return !link->head || (!memcmp(frame, link->mac, 6) && !memcmp(frame + 6, link->peer, 6) &&
			       !memcmp(frame + 12, type, 2));
}

static struct slot *slot_of(struct window *w, uint32_t seq)
{
	unsigned int i;

	for (i = 0; i < opt.window; i++)
		if (w->slots[i].state != SLOT_FREE && w->slots[i].seq == seq && w->slots[i].tries)
			return &w->slots[i];
	return NULL;
}

/* One echo: exactly what was sent, or the run ends here. */
static void judge(struct window *w, size_t len)
{
	const struct link *link = w->link;
	struct header head;
	struct slot *slot;
	char what[80];

	snprintf(what, sizeof(what), "%s of %zu bytes", link->noun, len);
	if (len < link->head || !payload_header(w->received + link->head, len - link->head, &head))
		die("corrupt: %s: its first bytes or its length are not what was sent", what);
	if (head.run != w->run) {
		w->foreign++;
		return;
	}
	slot = slot_of(w, head.seq);
	if (!slot && ++w->late > w->retries)
		die("corrupt: %s: echoed more often than it was sent", what);
	if (!slot)
		return;
	if (slot->len != len || !addresses_intact(link, w->received))
		die("corrupt: %s: wrong length, MAC address or EtherType", what);
	if (!payload_intact(w->received + link->head, len - link->head, head, what))
		exit(1);
	slot->state = SLOT_FREE;
	w->in_flight -= len;
	w->done++;
	w->bytes += len;
}

static void receive(struct window *w)
{
	ssize_t len;

	for (;;) {
		len = recv(w->link->fd, w->received, RX_BUF, 0);
		if (len < 0 && (errno == EAGAIN || errno == ECONNREFUSED || errno == EINTR))
			return;
		if (len < 0)
			die("cannot receive: %s", strerror(errno));
		judge(w, len);
		refill(w);
		if (now_ms() >= w->end)
			return;
	}
}

static void show_progress(struct window *w)
{
	if (now_ms() < w->progress)
		return;
	w->progress += PROGRESS_MS;
	fprintf(stderr, "nfh-peer: %.1f s: %llu of %llu %ss intact\n", elapsed_s(),
		(unsigned long long)w->done, (unsigned long long)w->sizes->total, w->link->noun);
}

int window_run(const struct link *link, struct sizes *sizes)
{
	struct pollfd poller = { .fd = link->fd };
	struct window w;

	window_open(&w, link, sizes);
	while (w.done < sizes->total) {
		refill(&w);
		expire(&w);
		poller.events = POLLIN | (send_ready(&w) ? POLLOUT : 0);
		if (poll(&poller, 1, quiet_ms(&w)) < 0 && errno != EINTR)
			die("poll: %s", strerror(errno));
		receive(&w);
		show_progress(&w);
	}
	printf("%ss: %llu sent, %llu intact, %llu bytes, %llu sent again, %llu late, %llu foreign, %llu busy, %.1f s\n",
	       link->noun, (unsigned long long)sizes->total, (unsigned long long)w.done,
	       (unsigned long long)w.bytes, (unsigned long long)w.retries,
	       (unsigned long long)w.late, (unsigned long long)w.foreign,
	       (unsigned long long)w.busy, elapsed_s());
	window_close(&w);
	return 0;
}
