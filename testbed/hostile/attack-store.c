// SPDX-License-Identifier: GPL-2.0
/*
 * Attacks through the backend's directory in xenstore: its keys
 */
#include <stdio.h>
#include <string.h>

#include "hostile.h"

/* How long a frontend may take to connect, or to refuse. */
#define CONNECT_MS	4000

/* Keys are wrong from the start: over when the frontend has decided. */
static bool strike_keys(struct backend *b)
{
	if (!b->connections && b->fe_state < XenbusStateClosing &&
	    for_a_while(b, CONNECT_MS))
		return false;
	b->struck++;
	return true;
}

/* What the driver does not do, it must not be talked into: data is the key. */
static bool strike_offer(struct backend *b)
{
	char value[24];

	if (!b->connected && for_a_while(b, CONNECT_MS))
		return false;
	if (store_fe_key(b, b->attack->data, value, sizeof(value)) &&
	    strcmp(value, "0"))
		complain(b, "the frontend asks for %s",
			 (const char *)b->attack->data);
	b->struck += b->connected;
	return true;
}

/* The backend closes, and says that it is or is not online. */
static bool strike_offline(struct backend *b)
{
	b->deaf = true;
	store_key(b, "online", b->attack->data);
	store_state(b, "5");
	store_state(b, "6");
	b->struck++;
	return true;
}

static const char * const nonsense[] = {
	"", "1", "0", "-1", "64", "65535", "4294967295", "4294967296", "abc",
	"1 ", " 1", "0x1", "99999999999999999999999", store_long, "\xff\xfe",
	"+1",
};

/* Every key changes as fast as xenstore can, while the frontend connects. */
static bool strike_changing(struct backend *b)
{
	unsigned int i;

	for (i = 0; i < 20; i++) {
		unsigned int keys = 7;
		const struct key *key = store_honest_keys() + rnd(b) % keys;

		store_key(b, key->name,
			  nonsense[rnd(b) % ARRAY_SIZE(nonsense)]);
		b->struck++;
	}
	return !for_a_while(b, 2500);
}

#define KEYS(_name, _summary, _expect, _flags, ...) { \
	.name = _name, .class = "xenstore keys", .summary = _summary, \
	.expect = _expect, .flags = EARLY | (_flags), \
	.strike = strike_keys, \
	.keys = (const struct key []) { __VA_ARGS__, { } }, \
}

#define ALL(_name, _summary, _expect, _value) \
	KEYS(_name, _summary, _expect, LIVES, { "*", _value })

#define COPY(_name, _summary, _expect, _value) \
	KEYS(_name, "feature-rx-copy " _summary, _expect, 0, \
	     { "feature-rx-copy", _value })

#define QUEUES(_name, _what, _expect, _value) \
	KEYS(_name, "a queue count of " _what, _expect, LIVES, \
	     { "multi-queue-max-queues", _value })

#define OFFER(_name, _summary, _data, ...) { \
	.name = _name, .class = "xenstore keys", .summary = _summary, \
	.expect = "none", .flags = EARLY | LIVES, .strike = strike_offer, \
	.data = _data, .keys = (const struct key []) { __VA_ARGS__, { } }, \
}

#define OFFLINE(_name, _summary, _value) { \
	.name = _name, .class = "xenstore keys", .summary = _summary, \
	.expect = "none", .strike = strike_offline, .data = _value, \
}

#define BAD	"drop_xenstore_value"

const struct attack attacks_store[] = {
	ALL("key-missing", "all features missing", "none", NULL),
	ALL("key-empty", "all features empty", BAD, ""),
	ALL("key-word", "all features a word", BAD, "yes"),
	ALL("key-negative", "all features -1", BAD, "-1"),
	ALL("key-huge", "all features 2^70", BAD, "1180591620717411303424"),
	ALL("key-long", "all features 4000 digits long", BAD, store_long),
	ALL("key-binary", "all features bytes that are no text", BAD,
	    "\x01\x80\xff"),
	COPY("copy-missing", "missing", "none", NULL),
	COPY("copy-zero", "0", "none", "0"),
	COPY("copy-empty", "empty", BAD, ""),
	COPY("copy-word", "a word", BAD, "yes"),
	COPY("copy-long", "4000 digits long", BAD, store_long),
	COPY("copy-negative", "-1", BAD, "-1"),
	COPY("copy-huge", "2^70", BAD, "1180591620717411303424"),
	QUEUES("queues-missing", "nothing", "none", NULL),
	QUEUES("queues-empty", "an empty word", BAD, ""),
	QUEUES("queues-word", "a word", BAD, "many"),
	QUEUES("queues-long", "4000 digits", BAD, store_long),
	QUEUES("queues-0", "0", BAD, "0"),
	QUEUES("queues-1", "1", "none", "1"),
	QUEUES("queues-65535", "65535", "none", "65535"),
	QUEUES("queues-2-to-32-less-1", "4294967295", "none", "4294967295"),
	QUEUES("queues-2-to-32", "4294967296", BAD, "4294967296"),
	QUEUES("queues-minus-1", "-1", BAD, "-1"),
	OFFER("ctrl-offered", "a control ring is offered", "ctrl-ring-ref",
	      { "feature-ctrl-ring", "1" }),
	OFFER("ctrl-nonsense", "a control ring is offered with nonsense",
	      "ctrl-ring-ref", { "feature-ctrl-ring", store_long }),
	OFFER("multicast-offered", "multicast control is offered",
	      "request-multicast-control",
	      { "feature-multicast-control", "1" },
	      { "feature-dynamic-multicast-control", "-1" }),
	OFFER("xdp-offered", "headroom for XDP is offered", "xdp-headroom",
	      { "feature-xdp-headroom", "1" }),
	OFFER("xdp-nonsense", "headroom for XDP is offered with nonsense",
	      "xdp-headroom", { "feature-xdp-headroom", "4294967297" }),
	OFFLINE("online-0", "Closed, and not online", "0"),
	OFFLINE("online-nonsense", "Closed, online is no number", store_long),
	{
		.name = "key-changing", .class = "xenstore keys",
		.summary = "keys that change all the time",
		.expect = "any", .flags = EARLY,
		.strike = strike_changing,
	},
	{ }
};
