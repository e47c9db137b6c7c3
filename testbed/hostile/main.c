// SPDX-License-Identifier: GPL-2.0
/*
 * nfh-hostile: one case after the other
 *
 *	nfh-hostile list
 *	nfh-hostile serve DOMID HOME
 *
 * DOMID is the guest, HOME the domain that this runs in.  The guest orders a
 * case (serve.c).  The vif appears there and is served
 * honestly.  The guest's words come through its own part of xenstore: "attack",
 * "honest" (be a good backend from now on, in the same place), "release" (let
 * mappings go besides) and "quit".  Each is answered with how often the attack
 * has been carried out, and with "ok" or what the backend has seen.
 */
#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "hostile.h"

#define CASE_SECONDS	180U
#define ASK_MS		20
#define BUSY_MS		2

static struct backend backend;
static struct frame incoming;
static bool incoming_waits;

u64 now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000ULL + t.tv_nsec / 1000000;
}

/* True from the first call on for so long, or for SECONDS of the command. */
bool for_a_while(struct backend *b, unsigned int milliseconds)
{
	if (b->seconds)
		milliseconds = b->seconds * 1000;
	if (!b->until)
		b->until = now_ms() + milliseconds;
	return now_ms() < b->until;
}

/* xorshift64: the same seed, the same case. */
u64 rnd(struct backend *b)
{
	b->seed ^= b->seed << 13;
	b->seed ^= b->seed >> 7;
	b->seed ^= b->seed << 17;
	return b->seed;
}

/* The first thing that is wrong is the one that is reported. */
void complain(struct backend *b, const char *fmt, ...)
{
	va_list ap;

	if (b->failure[0])
		return;
	va_start(ap, fmt);
	vsnprintf(b->failure, sizeof(b->failure), fmt, ap);
	va_end(ap);
	fprintf(stderr, "hostile: %s\n", b->failure);
}

static void answer(struct backend *b, const char *word)
{
	char text[256];
	int n;

	n = snprintf(text, sizeof(text), "%s %u %s", word, b->struck,
		     b->failure[0] ? b->failure : "ok");
	xs_write(b->xs, XBT_NULL, store_word_path(b, "answer"), text, n);
}

static void lay_down_arms(struct backend *b)
{
	race_stop();
	b->armed = false;
	b->hold = false;
	b->withhold = 0;
	b->mute = false;
	b->deaf = false;
	b->rx_busy = false;
}

/*
 * A good backend from now on.  A connection that was made after the attack is
 * one already; any other ends, and the frontend gets the next one.
 */
static void turn_honest(struct backend *b)
{
	bool fresh = b->connected && b->connections > b->connections_armed &&
		     !(b->attack->flags & EARLY);

	lay_down_arms(b);
	leak_final(b);
	vif_let_go(b);
	b->attack = attack_find("honest");
	if (!fresh)
		vif_restart(b);
}

/* Returns true when the case is over. */
static bool obey(struct backend *b, const char *word)
{
	if (!strcmp(word, "attack")) {
		b->armed = true;
		b->connections_armed = b->connections;
		return false;
	}
	if (!strcmp(word, "honest")) {
		turn_honest(b);
		answer(b, word);
		return false;
	}
	lay_down_arms(b);
	leak_final(b);
	if (!strcmp(word, "release")) {
		vif_let_go(b);
		b->fe_state = XenbusStateUnknown;
		vif_frontend_moved(b);
		answer(b, word);
		return false;
	}
	vif_disconnect(b);
	vif_let_go(b);
	store_remove(b);
	answer(b, word);
	return true;
}

static bool words(struct backend *b)
{
	unsigned int len;
	char *word = xs_read(b->xs, XBT_NULL, store_word_path(b, "word"), &len);
	bool over;

	if (!word || !*word) {
		free(word);
		return false;
	}
	xs_write(b->xs, XBT_NULL, store_word_path(b, "word"), "", 0);
	over = obey(b, word);
	free(word);
	return over;
}

/*
 * Xenstore is asked, not watched: a watch needs a thread of libxenstore, and
 * that one ends at once in a static program.
 */
static bool ask_xenstore(struct backend *b)
{
	static u64 next;

	if (now_ms() < next)
		return false;
	next = now_ms() + ASK_MS;
	vif_frontend_moved(b);
	return words(b);
}

static void events(struct backend *b)
{
	int port = xenevtchn_pending(b->xce);

	if (port > 0)
		xenevtchn_unmask(b->xce, port);
}

/* A flow stays on its queue. */
static struct queue *queue_for(struct backend *b, const struct frame *frame)
{
	unsigned int i, sum = 0;

	for (i = 26; i < 38 && i < frame->len; i++)
		sum += frame->data[i];
	return &b->queues[sum % b->n_queues];
}

static void to_guest(struct backend *b)
{
	unsigned int n;

	for (n = 0; n < SLOTS && b->connected && !b->rx_busy; n++) {
		if (!incoming_waits && !tap_read(b, &incoming))
			return;
		incoming_waits = !rx_send(b, queue_for(b, &incoming),
					  &incoming);
		if (incoming_waits)
			return;
	}
}

static void serve_guest(struct backend *b)
{
	unsigned int i;

	for (i = 0; i < b->n_queues && b->connected; i++)
		tx_serve(b, &b->queues[i]);
	to_guest(b);
	if (b->attack->flags & LEAK)
		leak_scan(b, 8);
}

static void attack(struct backend *b)
{
	const struct attack *a = b->attack;

	if (!b->armed || !a->strike)
		return;
	if (!a->strike(b))
		return;
	b->armed = false;
	answer(b, "attack");
	if (a->flags & DEAD)
		_exit(0);
}

static void loop(struct backend *b)
{
	u64 end = now_ms() + (CASE_SECONDS + b->seconds) * 1000;
	struct pollfd fds[2] = {
		{ .fd = xenevtchn_fd(b->xce), .events = POLLIN },
		{ .fd = b->tap, .events = POLLIN },
	};

	while (now_ms() < end) {
		bool waits = !b->connected || incoming_waits;

		fds[1].events = waits ? 0 : POLLIN;
		poll(fds, 2, b->armed || waits ? BUSY_MS : ASK_MS);
		if (fds[0].revents)
			events(b);
		if (ask_xenstore(b))
			return;
		serve_guest(b);
		attack(b);
	}
	complain(b, "the case did not end in %u s", CASE_SECONDS);
	store_remove(b);
}

static void open_all(struct backend *b)
{
	b->xs = xs_open(0);
	b->xgt = xengnttab_open(NULL, 0);
	b->xgt_kept = xengnttab_open(NULL, 0);
	b->xce = xenevtchn_open(NULL, 0);
	if (!b->xs || !b->xgt || !b->xgt_kept || !b->xce) {
		fprintf(stderr, "hostile: xenstore, gntdev or evtchn: %s\n",
			strerror(errno));
		exit(1);
	}
	tap_open(b);
}

/* Plug the vif in, or take over one that another backend has left. */
static void appear(struct backend *b, bool adopt)
{
	b->armed = b->attack->flags & EARLY;
	if (adopt)
		vif_restart(b);
	else
		store_make(b);
}

/* One case, in a process of its own; @b has its attack and its numbers. */
int case_run(struct backend *b, bool adopt)
{
	setvbuf(stderr, NULL, _IOLBF, 0);
	open_all(b);
	appear(b, adopt);
	loop(b);
	fprintf(stderr, "%s: struck %u, to dom0 %llu, to the guest %llu: %s\n",
		b->attack->name, b->struck, (unsigned long long)b->frames_out,
		(unsigned long long)b->frames_in,
		b->failure[0] ? b->failure : "ok");
	return b->failure[0] ? 1 : 0;
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "list")) {
		attack_list();
		return 0;
	}
	if (argc == 4 && !strcmp(argv[1], "serve") && atoi(argv[2]) > 0)
		return serve(&backend, atoi(argv[2]), atoi(argv[3]));
	fprintf(stderr, "usage: nfh-hostile list | serve DOMID HOME\n");
	return 2;
}
