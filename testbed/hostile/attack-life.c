// SPDX-License-Identifier: GPL-2.0
/*
 * Attacks on the life of a connection: states, events, grants, sudden ends
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "hostile.h"

#define CYCLE_MS	4000
#define CYCLES_MS	80000
#define CYCLES_MIN	10U
#define WALK_STEPS	2000

static const char * const states[] = {
	"0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "99", "-1", "",
	"abc", "4294967298", "2 2",
};

/* One state after the other, in no order; arg: the other side is served. */
static bool strike_walk(struct backend *b)
{
	unsigned int i;

	b->deaf = !b->attack->arg;
	for (i = 0; i < 10; i++) {
		store_state(b, states[rnd(b) % ARRAY_SIZE(states)]);
		b->struck++;
	}
	return b->struck >= WALK_STEPS;
}

/* The states in data, one each call, arg times over. */
static bool strike_states(struct backend *b)
{
	const char *path = b->attack->data;
	char state[2] = { path[b->step++ % strlen(path)] };

	b->deaf = true;
	store_state(b, state);
	b->struck++;
	return b->step >= strlen(path) * b->attack->arg;
}

/* Nothing that the frontend does is answered any more. */
static bool strike_deaf(struct backend *b)
{
	b->deaf = true;
	b->hold = true;
	b->struck++;
	return true;
}

static bool strike_remove_dir(struct backend *b)
{
	b->deaf = true;
	store_remove_backend(b);
	b->struck++;
	return true;
}

/* The process ends here, in state data; what it had mapped goes with it. */
static bool strike_die(struct backend *b)
{
	if (b->attack->data)
		store_state(b, b->attack->data);
	b->struck++;
	return true;
}

/* The directory vanishes, when the state before was data. */
static bool strike_remove_in(struct backend *b)
{
	b->deaf = true;
	store_state(b, b->attack->data);
	store_remove_backend(b);
	b->struck++;
	return true;
}

static bool note_connect(struct backend *b)
{
	b->step = 1;
	return false;
}

static bool strike_die_connecting(struct backend *b)
{
	b->struck += b->step;
	return b->step;
}

/* Mapped, but not said to be connected. */
static bool map_only(struct backend *b)
{
	b->step = vif_connect(b);
	return false;
}

/* Events as fast as they go, on all channels. */
bool strike_storm(struct backend *b)
{
	unsigned int n, i;

	for (n = 0; n < 2000 && b->connected; n++) {
		for (i = 0; i < b->n_queues; i++) {
			xenevtchn_notify(b->xce, b->queues[i].rx_port);
			xenevtchn_notify(b->xce, b->queues[i].tx_port);
			b->struck++;
		}
	}
	return !for_a_while(b, 2500);
}

/* The same before the frontend knows of a connection. */
static bool storm_connecting(struct backend *b)
{
	if (!vif_connect(b))
		return false;
	while (for_a_while(b, 1500))
		strike_storm(b);
	store_state(b, "4");
	return false;
}

static bool strike_stormed(struct backend *b)
{
	return b->struck && b->connected;
}

/* None from the very first. */
static bool mute_connecting(struct backend *b)
{
	b->mute = true;
	return true;
}

static bool strike_connected(struct backend *b)
{
	b->struck = b->connections;
	return b->connected && !for_a_while(b, 1500);
}

static bool strike_mute(struct backend *b)
{
	b->mute = true;
	b->struck = 1;
	return !for_a_while(b, 2500);
}

/* Keep everything mapped, then do what arg says. */
enum keep {
	KEEP_ONLY,
	KEEP_CLOSE,
	KEEP_DETACH,
};

bool strike_keep(struct backend *b)
{
	if (!b->connected)
		return false;
	vif_keep_all(b);
	b->struck = b->kept_pages;
	if (b->attack->arg == KEEP_CLOSE) {
		b->deaf = true;
		vif_disconnect(b);
		store_state(b, "5");
		store_state(b, "6");
	} else if (b->attack->arg == KEEP_DETACH) {
		vif_disconnect(b);
		store_remove(b);
	}
	return true;
}

enum cycle {
	CYCLE_FREE,	/* nothing is kept */
	CYCLE_LATE,	/* pages are kept until the next connection */
	CYCLE_KEEP,	/* pages are kept for ever */
};

/* The frontend wanted no connection: it has had enough. */
static bool refused(struct backend *b)
{
	return !b->connected && (b->fe_state == XenbusStateClosing ||
				 b->fe_state == XenbusStateClosed);
}

static bool cycle_time(struct backend *b)
{
	if (!b->until)
		b->until = now_ms() + CYCLE_MS;
	return now_ms() < b->until;
}

/*
 * Vifs one after the other, for 80 s or up to arg of them; arg2: what is
 * kept of each.
 */
static bool strike_cycles(struct backend *b)
{
	const struct attack *a = b->attack;

	if (b->connected && a->arg2 == CYCLE_LATE)
		vif_let_go(b);
	/* the first one goes at once: the guest shows how long that takes it */
	if (b->connected && a->arg2 != CYCLE_FREE && b->struck)
		vif_keep_all(b);
	/* one that the guest has not noticed is plugged in again */
	if (!b->connected && !refused(b) && cycle_time(b))
		return false;
	b->struck += b->connected || refused(b);
	b->until = 0;
	if (!b->step)
		b->step = now_ms() +
			  (b->seconds ? b->seconds * 1000 : CYCLES_MS);
	/* a slow guest need not see all of them, but some */
	if ((b->struck >= a->arg && !b->seconds) ||
	    (now_ms() > b->step && b->struck >= CYCLES_MIN))
		return true;
	vif_disconnect(b);
	store_replug(b);
	return false;
}

/* The same vif, connected and closed again and again, all of it kept. */
static bool strike_keep_reconnect(struct backend *b)
{
	if (b->connected) {
		vif_keep_all(b);
		vif_disconnect(b);
		store_state(b, "5");
		store_state(b, "6");
		b->struck++;
	}
	return !for_a_while(b, 8000) && b->struck;
}

#define WALK(_name, _arg, _summary) { \
	.name = _name, .class = "xenstore states", .summary = _summary, \
	.expect = "any", .flags = EARLY, .strike = strike_walk, .arg = _arg, \
}

#define ENDS(_name, _class, _flags, _strike, _connect, _data, _summary) { \
	.name = _name, .class = _class, .summary = _summary, \
	.expect = "none", .flags = _flags, .strike = _strike, \
	.on_connect = _connect, .data = _data, \
}

#define CYCLES(_name, _times, _keep, _summary) { \
	.name = _name, .class = "grants kept", .summary = _summary, \
	.expect = "none", .flags = EARLY | VIFS, \
	.strike = strike_cycles, \
	.arg = _times, .arg2 = _keep, \
}

#define STATES(_name, _path, _times, _flags, _summary) { \
	.name = _name, .class = "xenstore states", .summary = _summary, \
	.expect = "none", .flags = _flags, .strike = strike_states, \
	.data = _path, .arg = _times, \
}

const struct attack attacks_life[] = {
	WALK("state-walk", 0, "2000 random states, the frontend ignored"),
	WALK("state-walk-served", 1, "2000 random states, the frontend served"),
	STATES("state-connected-first", "4", 1, EARLY, "Connected at once"),
	STATES("state-closing-first", "5", 1, EARLY, "Closing at once"),
	STATES("state-closed-first", "6", 1, EARLY, "Closed at once"),
	STATES("state-initwait-storm", "2", 200, EARLY, "InitWait 200 times"),
	STATES("state-flap", "45", 100, 0, "Connected, Closing 100 times"),
	STATES("state-reopen", "562", 50, 0,
	       "Closing, Closed, InitWait 50 times"),
	STATES("state-unknown", "0", 1, 0, "Unknown in the middle of traffic"),
	STATES("state-reconfigured", "78", 100, 0,
	       "Reconfiguring, Reconfigured 100 times"),
	ENDS("close-unanswered", "xenstore states", 0, strike_deaf, NULL, NULL,
	     "closing is never answered"),
	ENDS("suspend-unanswered", "xenstore states", SUSPEND, strike_deaf,
	     NULL, NULL, "nothing is answered when the guest is suspended"),
	ENDS("dir-removed", "xenstore states", 0, strike_remove_dir, NULL, NULL,
	     "the backend's directory vanishes under traffic"),
	ENDS("dir-removed-early", "xenstore states", EARLY, strike_remove_dir,
	     NULL, NULL, "the backend's directory vanishes at once"),
	ENDS("dir-removed-closing", "xenstore states", 0, strike_remove_in,
	     NULL, "5", "the backend's directory vanishes in Closing"),
	ENDS("killed-initialising", "sudden end", EARLY | DEAD, strike_die,
	     NULL, "1", "the backend dies in Initialising"),
	ENDS("killed-waiting", "sudden end", EARLY | DEAD, strike_die, NULL,
	     NULL, "the backend dies in InitWait"),
	ENDS("killed-initialised", "sudden end", EARLY | DEAD, strike_die, NULL,
	     "3", "the backend dies in Initialised"),
	ENDS("killed-connecting", "sudden end", EARLY | DEAD,
	     strike_die_connecting, note_connect, NULL,
	     "the backend dies when the rings are published"),
	ENDS("killed-mapping", "sudden end", EARLY | DEAD,
	     strike_die_connecting, map_only, NULL,
	     "the backend dies with the rings mapped"),
	ENDS("killed-connected", "sudden end", DEAD, strike_die, NULL, NULL,
	     "the backend dies under traffic"),
	ENDS("killed-closing", "sudden end", DEAD, strike_die, NULL, "5",
	     "the backend dies in Closing"),
	ENDS("killed-closed", "sudden end", DEAD, strike_die, NULL, "6",
	     "the backend dies in Closed"),
	ENDS("killed-reconfiguring", "sudden end", DEAD, strike_die, NULL, "7",
	     "the backend dies in Reconfiguring"),
	ENDS("killed-reconfigured", "sudden end", DEAD, strike_die, NULL, "8",
	     "the backend dies in Reconfigured"),
	ENDS("close-unanswered-unload", "xenstore states", KEEP, strike_deaf,
	     NULL, NULL, "closing is not answered during unloading"),
	ENDS("dir-removed-unload", "xenstore states", KEEP, strike_remove_dir,
	     NULL, NULL, "no directory while the driver is unloaded"),
	ENDS("killed-unload", "sudden end", DEAD | KEEP, strike_die, NULL, NULL,
	     "the backend is dead while the driver is unloaded"),
	{
		.name = "event-storm", .class = "events",
		.summary = "events as fast as they go, under traffic",
		.expect = "none", .flags = LIVES, .strike = strike_storm,
	}, {
		.name = "event-storm-connecting", .class = "events",
		.summary = "events as fast as they go, before Connected",
		.expect = "none", .flags = LIVES | EARLY,
		.on_connect = storm_connecting, .strike = strike_stormed,
	}, {
		.name = "event-storm-down", .class = "events",
		.summary = "events as fast as they go, interface down",
		.expect = "none", .flags = LIVES | DOWN,
		.strike = strike_storm,
	}, {
		.name = "event-never-ever", .class = "events",
		.summary = "no event at all, from the first",
		.expect = "none", .flags = EARLY,
		.on_connect = mute_connecting, .strike = strike_connected,
	}, {
		.name = "event-never", .class = "events",
		.summary = "no event at all", .expect = "none",
		.strike = strike_mute,
	}, {
		.name = "keep-unload", .class = "grants kept",
		.summary = "all pages stay mapped when the driver is unloaded",
		.expect = "none", .flags = KEEP, .strike = strike_keep,
		.arg = KEEP_ONLY,
	}, {
		.name = "keep-close", .class = "grants kept",
		.summary = "all pages stay mapped after Closed",
		.expect = "none", .strike = strike_keep,
		.arg = KEEP_CLOSE,
	}, {
		.name = "keep-detach", .class = "grants kept",
		.summary = "all pages stay mapped after the vif was detached",
		.expect = "none", .flags = ANOTHER, .strike = strike_keep,
		.arg = KEEP_DETACH,
	}, {
		.name = "keep-reconnect", .class = "grants kept",
		.summary = "one vif, closed and connected, all kept mapped",
		.expect = "none", .strike = strike_keep_reconnect,
	},
	CYCLES("keep-cycles", 50, CYCLE_KEEP,
	       "up to 50 vifs in a row, all pages kept mapped"),
	CYCLES("keep-late-cycles", 200, CYCLE_LATE,
	       "up to 200 vifs in a row, the pages of each kept a while"),
	CYCLES("attach-cycles", 20, CYCLE_FREE,
	       "20 vifs in a row, nothing kept"),
	{ }
};
