// SPDX-License-Identifier: GPL-2.0
/*
 * Attacks on the life of a connection: states, events, grants, sudden ends
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "hostile.h"

#define WALK_STEPS	1500

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

/* The process ends here; what it had mapped goes with it. */
static bool strike_die(struct backend *b)
{
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
static bool strike_storm(struct backend *b)
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

static bool strike_keep(struct backend *b)
{
	if (!b->connected)
		return false;
	vif_keep_all(b);
	b->struck = b->n_kept;
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

/* Connections one after the other, each of them kept mapped for ever. */
static bool strike_keep_cycles(struct backend *b)
{
	if (b->step >= (u64)b->attack->arg && !b->seconds)
		return true;
	if (!b->step)
		b->step = 1;
	if (b->connected) {
		if (b->attack->arg2)
			vif_keep_all(b);
		vif_disconnect(b);
		store_replug(b);
		b->struck++;
		b->step++;
		b->until = b->seconds ? b->until : 0;
	}
	/* a guest that refuses further connections has had enough */
	return !for_a_while(b, 3000) && b->struck;
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

#define STATES(_name, _path, _times, _flags, _summary) { \
	.name = _name, .class = "xenstore states", .summary = _summary, \
	.expect = "none", .flags = _flags, .strike = strike_states, \
	.data = _path, .arg = _times, \
}

const struct attack attacks_life[] = {
	WALK("state-walk", 0, "1500 random states, the frontend ignored"),
	WALK("state-walk-served", 1, "1500 random states, the frontend served"),
	STATES("state-connected-first", "4", 1, EARLY, "Connected at once"),
	STATES("state-closing-first", "5", 1, EARLY, "Closing at once"),
	STATES("state-closed-first", "6", 1, EARLY, "Closed at once"),
	STATES("state-initwait-storm", "2", 500, EARLY, "InitWait 500 times"),
	STATES("state-flap", "45", 250, 0, "Connected, Closing 250 times"),
	STATES("state-reopen", "562", 100, 0,
	       "Closing, Closed, InitWait 100 times"),
	STATES("state-unknown", "0", 1, 0, "Unknown in the middle of traffic"),
	STATES("state-reconfigured", "78", 200, 0,
	       "Reconfiguring, Reconfigured 200 times"),
	{
		.name = "close-unanswered", .class = "xenstore states",
		.summary = "closing is never answered", .expect = "none",
		.flags = KEEP, .strike = strike_deaf,
	}, {
		.name = "dir-removed", .class = "xenstore states",
		.summary = "the backend's directory vanishes under traffic",
		.expect = "none", .flags = KEEP, .strike = strike_remove_dir,
	}, {
		.name = "dir-removed-early", .class = "xenstore states",
		.summary = "the backend's directory vanishes at once",
		.expect = "none", .flags = EARLY | KEEP,
		.strike = strike_remove_dir,
	}, {
		.name = "killed-waiting", .class = "sudden end",
		.summary = "the backend dies in InitWait", .expect = "none",
		.flags = EARLY | DEAD | KEEP, .strike = strike_die,
	}, {
		.name = "killed-connecting", .class = "sudden end",
		.summary = "the backend dies when the rings are published",
		.expect = "none", .flags = EARLY | DEAD | KEEP,
		.on_connect = note_connect, .strike = strike_die_connecting,
	}, {
		.name = "killed-mapping", .class = "sudden end",
		.summary = "the backend dies with the rings mapped",
		.expect = "none", .flags = EARLY | DEAD | KEEP,
		.on_connect = map_only, .strike = strike_die_connecting,
	}, {
		.name = "killed-connected", .class = "sudden end",
		.summary = "the backend dies under traffic", .expect = "none",
		.flags = DEAD | KEEP, .strike = strike_die,
	}, {
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
		.expect = "none", .flags = KEEP, .strike = strike_keep,
		.arg = KEEP_CLOSE,
	}, {
		.name = "keep-detach", .class = "grants kept",
		.summary = "all pages stay mapped after the vif was detached",
		.expect = "none", .flags = KEEP, .strike = strike_keep,
		.arg = KEEP_DETACH,
	}, {
		.name = "keep-cycles", .class = "grants kept",
		.summary = "20 connections, the pages of each kept mapped",
		.expect = "any", .flags = EARLY | KEEP,
		.strike = strike_keep_cycles, .arg = 20, .arg2 = 1,
	}, {
		.name = "keep-reconnect", .class = "grants kept",
		.summary = "one vif, closed and connected, all kept mapped",
		.expect = "none", .flags = KEEP,
		.strike = strike_keep_reconnect,
	}, {
		.name = "attach-cycles", .class = "grants kept",
		.summary = "10 connections, none kept",
		.expect = "any", .flags = EARLY,
		.strike = strike_keep_cycles, .arg = 10,
	},
	{ }
};
