// SPDX-License-Identifier: GPL-2.0
/*
 * Attacks on receive: ids, extents, frames, flags, extras, checksums, producer
 *
 * Most are a list of slots with the bytes behind them, sent ROUNDS times.
 */
#include <netinet/in.h>
#include <string.h>

#include "hostile.h"

#define ROUNDS	20

/* Ethernet, to the guest, type for local experiments: dropped by the stack. */
static unsigned int plain_frame(u8 *to)
{
	memset(to, 0x5a, PAGE_BYTES);
	memcpy(to, guest_mac(), 6);
	memset(to + 6, 0x02, 6);
	to[12] = 0x88;
	to[13] = 0xb7;
	return PAGE_BYTES;
}

static struct queue *ready(struct backend *b, unsigned int slots)
{
	unsigned int i = b->attack->queue;

	if (!b->connected)
		return NULL;
	if (i >= b->n_queues)
		i = b->n_queues - 1;
	return rx_room(&b->queues[i], slots) ? &b->queues[i] : NULL;
}

static void send_train(struct backend *b, struct queue *q,
		       const struct train *train)
{
	u8 page[PAGE_BYTES];
	unsigned int i;

	for (i = 0; i < train->n; i++) {
		plain_frame(page);
		if (!i && train->len)
			memcpy(page, train->bytes, train->len);
		rx_fill(b, q, 0, page, PAGE_BYTES);
		rx_put(q, &train->slots[i]);
	}
	rx_push(b, q);
	b->struck++;
}

bool strike_rx_train(struct backend *b)
{
	const struct train *train = b->attack->data;
	struct queue *q = ready(b, train->n);

	if (q && b->step++ < ROUNDS)
		send_train(b, q, train);
	return b->step >= ROUNDS || (b->step && !b->connected);
}

/* Slot number i of a frame of many, of which last is the end, or -1. */
typedef struct rx_slot (*link_maker)(const struct attack *a, u64 i, u64 last);

/* As many slots as the guest has room for; true when all have been sent. */
static bool send_chain(struct backend *b, u64 n, link_maker make, u64 last)
{
	struct queue *q = ready(b, 1);
	struct rx_slot slot;
	u8 page[PAGE_BYTES];

	while (q && b->step < n) {
		if (!rx_room(q, 1))
			return false;
		slot = make(b->attack, b->step, last);
		plain_frame(page);
		if (!slot.extra)
			rx_fill(b, q, 0, page, PAGE_BYTES);
		rx_put(q, &slot);
		if (b->step % 16 == 0 || b->step + 1 == n)
			rx_push(b, q);
		b->step++;
		b->rx_busy = true;
	}
	b->struck = b->step;
	if (q)
		b->rx_busy = last + 1 != n;
	return q;
}

/* Data slots that all look alike: arg2 bytes each. */
static struct rx_slot data_link(const struct attack *a, u64 i, u64 last)
{
	return (struct rx_slot) {
		.status = a->arg2,
		.flags = i == last ? 0 : NETRXF_more_data,
	};
}

static bool strike_long_frame(struct backend *b)
{
	return send_chain(b, b->attack->arg, data_link, b->attack->arg - 1);
}

static bool strike_endless_frame(struct backend *b)
{
	return send_chain(b, b->attack->arg, data_link, -1);
}

/* A data slot, then extras of type arg2. */
static struct rx_slot extra_link(const struct attack *a, u64 i, u64 last)
{
	struct rx_slot slot = { .extra = true };

	if (!i)
		return (struct rx_slot) {
			.status = 60,
			.flags = NETRXF_extra_info,
		};
	slot.info.type = a->arg2;
	slot.info.u.gso.type = XEN_NETIF_GSO_TYPE_TCPV4;
	slot.info.u.gso.size = 1000;
	slot.info.flags = i == last ? 0 : XEN_NETIF_EXTRA_FLAG_MORE;
	return slot;
}

static bool strike_long_extras(struct backend *b)
{
	return send_chain(b, b->attack->arg + 1, extra_link, b->attack->arg);
}

static bool strike_endless_extras(struct backend *b)
{
	return send_chain(b, b->attack->arg + 1, extra_link, -1);
}

/* Nothing arrives for a while, and then all of it. */
static bool strike_late(struct backend *b)
{
	b->rx_busy = for_a_while(b, 1500);
	b->struck = 1;
	return !b->rx_busy;
}

/* Each negative status there is, once. */
static struct rx_slot status_link(const struct attack *a, u64 i, u64 last)
{
	(void)a;
	(void)last;
	return (struct rx_slot) { .extra = false, .status = -1 - (long)i };
}

static bool strike_every_status(struct backend *b)
{
	return send_chain(b, 32768, status_link, 32767);
}

/* All lengths from arg to arg2. */
static bool strike_lengths(struct backend *b)
{
	struct rx_slot slot = { .status = b->attack->arg + b->step };
	struct train train = { .slots = &slot, .n = 1 };
	struct queue *q = ready(b, 1);

	if (!q)
		return false;
	send_train(b, q, &train);
	b->step++;
	return slot.status >= b->attack->arg2;
}

/* IPv4 with TCP or UDP, as good as it need be. */
static unsigned int ip_frame(u8 *f, u8 proto, bool v6)
{
	unsigned int l4 = v6 ? 54 : 34;

	memset(f, 0, 1514);
	memcpy(f, guest_mac(), 6);
	memset(f + 6, 0x02, 6);
	f[12] = v6 ? 0x86 : 0x08;
	f[13] = v6 ? 0xdd : 0x00;
	f[14] = v6 ? 0x60 : 0x45;
	if (v6) {
		f[18] = 1460 >> 8;
		f[19] = 1460 & 255;
		f[20] = proto;
		f[21] = 64;
		f[22] = 0xfd;
		f[38] = 0xfd;
		f[53] = 2;
	} else {
		f[16] = 1500 >> 8;
		f[17] = 1500 & 255;
		f[22] = 64;
		f[23] = proto;
		memcpy(f + 26, "\x0a\x09\x00\x63\x0a\x09\x00\x02", 8);
	}
	f[l4 + 1] = 9;
	f[l4 + 3] = 9;
	f[l4 + 12] = proto == IPPROTO_TCP ? 0x50 : 0;
	return 1514;
}

struct shape {
	u8 proto;
	bool v6;
	unsigned int at;
	u8 byte;
	unsigned int len;
	u16 flags;
	u16 gso;
	u8 gso_type;
};

static void send_shape(struct backend *b, struct queue *q,
		       const struct shape *s)
{
	struct rx_slot slots[2] = { { .flags = s->flags }, { .extra = true } };
	struct train train = { .slots = slots, .n = 1 };
	u8 bytes[1514];

	ip_frame(bytes, s->proto, s->v6);
	if (s->at)
		bytes[s->at] = s->byte;
	slots[0].status = s->len;
	if (s->gso_type) {
		slots[0].flags |= NETRXF_extra_info;
		slots[1].info.type = XEN_NETIF_EXTRA_TYPE_GSO;
		slots[1].info.u.gso.size = s->gso;
		slots[1].info.u.gso.type = s->gso_type;
		train.n = 2;
	}
	train.bytes = bytes;
	train.len = sizeof(bytes);
	send_train(b, q, &train);
}

static bool strike_shape(struct backend *b)
{
	struct queue *q = ready(b, 2);

	if (q && b->step++ < ROUNDS)
		send_shape(b, q, b->attack->data);
	return b->step >= ROUNDS;
}

/* Each combination of the two flags at each length of a truncated frame. */
static bool strike_truncated(struct backend *b)
{
	struct shape s = *(const struct shape *)b->attack->data;
	struct queue *q = ready(b, 2);

	if (!q)
		return false;
	s.len = 14 + b->step / 4;
	s.flags |= b->step & 3;
	send_shape(b, q, &s);
	return ++b->step >= 4 * 80;
}

/* The index: arg ahead of the requests, or back. */
bool strike_rx_ahead(struct backend *b)
{
	struct queue *q = ready(b, 1);

	if (!q)
		return false;
	WRITE_ONCE(q->rxs->rsp_prod,
		   READ_ONCE(q->rxs->req_prod) + (u32)b->attack->arg);
	barrier();
	vif_notify(b, q->rx_port);
	/* an honest frame would put the index right */
	b->rx_busy = true;
	b->struck++;
	return true;
}

/* Back is what the guest has seen already; before that it is merely late. */
static bool strike_behind(struct backend *b)
{
	struct queue *q = ready(b, 1);

	if (!q || (int)(READ_ONCE(q->rxs->rsp_event) - q->rx_prod) < 1)
		return false;
	WRITE_ONCE(q->rxs->rsp_prod, q->rx_prod + (u32)b->attack->arg);
	barrier();
	vif_notify(b, q->rx_port);
	/* an honest frame would put the index right */
	b->rx_busy = true;
	b->struck++;
	return true;
}

static bool strike_oscillate(struct backend *b)
{
	struct queue *q = ready(b, 1);
	unsigned int i;

	if (!q)
		return false;
	for (i = 0; i < 20000; i++) {
		WRITE_ONCE(q->rxs->rsp_prod,
			   q->rx_prod + (i & 1 ? 0 : 1 + i % 300));
		barrier();
		if (!(i & 15))
			vif_notify(b, q->rx_port);
	}
	WRITE_ONCE(q->rxs->rsp_prod, q->rx_prod + 2 * SLOTS);
	vif_notify(b, q->rx_port);
	/* an honest frame would put the index right */
	b->rx_busy = true;
	b->struck++;
	return true;
}

#define TRAIN(_name, _class, _summary, _expect, _flags, ...) { \
	.name = _name, .class = _class, .summary = _summary, \
	.expect = _expect, .flags = _flags, .strike = strike_rx_train, \
	.data = &(const struct train) { \
		.slots = (const struct rx_slot []) { __VA_ARGS__ }, \
		.n = sizeof((const struct rx_slot []) { __VA_ARGS__ }) / \
		     sizeof(struct rx_slot), \
	}, \
}

/* One data slot; one that announces an extra; an extra that is right. */
#define SLOT(...) { .status = 100, __VA_ARGS__ }
#define FIRST SLOT(.flags = NETRXF_extra_info)
#define EXTRA(...) { \
	.extra = true, \
	.info = { \
		.type = XEN_NETIF_EXTRA_TYPE_GSO, \
		.u.gso.type = XEN_NETIF_GSO_TYPE_TCPV4, \
		.u.gso.size = 1000, \
		__VA_ARGS__ \
	}, \
}

#define ID(_name, _add) \
	TRAIN(_name, "rx id", "id off by " #_add, "fault_rx_id", 0, \
	      SLOT(.id_add = _add))

#define EXTENT(_name, _offset, _len) \
	TRAIN(_name, "rx extent", "offset " #_offset ", length " #_len, \
	      "drop_rx_outside_page", LIVES, \
	      SLOT(.offset = _offset, .status = _len))

#define RX_STATUS(_name, _status) \
	TRAIN(_name, "rx extent", "status " #_status, \
	      "drop_rx_status_error", LIVES, SLOT(.status = _status))

#define FLAGS(_name, _flags) \
	TRAIN(_name, "rx flags", "flags " #_flags, "drop_rx_flags", LIVES, \
	      SLOT(.flags = _flags))

#define EXTRA_TYPE(_name, _type) \
	TRAIN(_name, "rx extra", "extra of type " #_type, \
	      "drop_rx_extra_type", LIVES, FIRST, EXTRA(.type = _type))

#define GSO(_name, _what, ...) \
	TRAIN(_name, "rx gso", _what, "drop_rx_gso", LIVES, \
	      FIRST, EXTRA(__VA_ARGS__))

#define SHAPE(_name, _class, _summary, _expect, ...) { \
	.name = _name, .class = _class, .summary = _summary, \
	.expect = _expect, .flags = LIVES, .strike = strike_shape, \
	.data = &(const struct shape) { __VA_ARGS__ }, \
}

#define TRUNCATED(_name, _what, ...) { \
	.name = _name, .class = "rx checksum", \
	.summary = _what " cut at each length, each pair of flags", \
	.expect = "drop_rx_checksum_setup", \
	.also = "drop_rx_gso", .flags = LIVES, .strike = strike_truncated, \
	.data = &(const struct shape) { __VA_ARGS__ }, \
}

#define CSUM(_name, _what, ...) \
	SHAPE(_name, "rx checksum", "blank checksum: " _what, \
	      "drop_rx_checksum_setup", .flags = NETRXF_csum_blank, \
	      .len = 200, __VA_ARGS__)

#define TCP_GSO(_name, _what, _expect, ...) \
	SHAPE(_name, "rx gso", "segmentation: " _what, _expect, \
	      .flags = NETRXF_csum_blank | NETRXF_data_validated, \
	      .len = 1514, .gso = 500, .proto = IPPROTO_TCP, \
	      .gso_type = XEN_NETIF_GSO_TYPE_TCPV4, __VA_ARGS__)

#define PRODUCER(_name, _strike, _arg, _what) { \
	.name = _name, .class = "rx producer", .summary = "producer " _what, \
	.expect = "fault_rx_producer", .also = "fault_rx_id", \
	.strike = _strike, .arg = _arg, \
}

const struct attack attacks_rx[] = {
	ID("rx-id-plus-one", 1),
	ID("rx-id-minus-one", -1),
	ID("rx-id-plus-256", 256),
	ID("rx-id-plus-32768", 32768),
	TRAIN("rx-id-swapped", "rx id", "the ids of two slots swapped",
	      "fault_rx_id", 0, SLOT(.id_add = 1), SLOT(.id_add = -1)),
	TRAIN("rx-extra-first", "rx id", "an extra without a data slot",
	      "any", 0, { .extra = true, .info.type = 0xee }),
	EXTENT("rx-offset-4096", 4096, 1),
	EXTENT("rx-offset-4095", 4095, 2),
	EXTENT("rx-offset-65535", 65535, 32767),
	EXTENT("rx-offset-61440", 61440, 4096),
	EXTENT("rx-length-page-and-one", 0, 4097),
	EXTENT("rx-length-4096-at-1", 1, 4096),
	EXTENT("rx-length-32767", 0, 32767),
	TRAIN("rx-length-0", "rx extent", "length 0", "drop_rx_empty_slot",
	      LIVES, SLOT(.status = 0)),
	TRAIN("rx-length-0-between", "rx extent", "length 0 amid a frame",
	      "drop_rx_empty_slot", LIVES, SLOT(.flags = NETRXF_more_data),
	      SLOT(.status = 0, .flags = NETRXF_more_data), SLOT()),
	RX_STATUS("rx-status-minus-1", -1),
	RX_STATUS("rx-status-minus-2", -2),
	RX_STATUS("rx-status-minus-32768", -32768),
	{
		.name = "rx-status-every", .class = "rx extent",
		.summary = "every negative status", .flags = LIVES,
		.expect = "drop_rx_status_error",
		.strike = strike_every_status,
	},
	TRAIN("rx-offset-256", "rx extent", "offset 256, as headroom would be",
	      "none", LIVES, SLOT(.offset = 256)),
	TRAIN("rx-status-second", "rx extent", "status -1 in a second slot",
	      "drop_rx_status_error", LIVES, SLOT(.flags = NETRXF_more_data),
	      SLOT(.status = -1)),
	{
		.name = "rx-runts", .class = "rx frame", .flags = LIVES,
		.summary = "frames of 1 to 13 bytes",
		.expect = "drop_rx_too_short",
		.strike = strike_lengths, .arg = 1, .arg2 = 13,
	}, {
		.name = "rx-shortest", .class = "rx frame", .flags = LIVES,
		.summary = "frames of 14 to 60 bytes", .expect = "none",
		.strike = strike_lengths, .arg = 14, .arg2 = 60,
	}, {
		.name = "rx-18-slots", .class = "rx frame", .flags = LIVES,
		.summary = "a frame of 18 slots", .expect = "none",
		.strike = strike_long_frame, .arg = 18, .arg2 = 100,
	}, {
		.name = "rx-19-slots", .class = "rx frame", .flags = LIVES,
		.summary = "a frame of 19 slots",
		.expect = "drop_rx_too_many_slots",
		.strike = strike_long_frame, .arg = 19, .arg2 = 100,
	}, {
		.name = "rx-17-pages", .class = "rx frame", .flags = LIVES,
		.summary = "a frame of 17 pages", .expect = "drop_rx_too_long",
		.strike = strike_long_frame, .arg = 17, .arg2 = 4096,
	}, {
		.name = "rx-more-and-more", .class = "rx frame",
		.summary = "more_data in 1500 slots, then an end",
		.expect = "drop_rx_too_many_slots", .flags = LIVES,
		.strike = strike_long_frame, .arg = 1500, .arg2 = 1,
	}, {
		.name = "rx-more-pages", .class = "rx frame",
		.summary = "more_data in 1000 full slots, then an end",
		.expect = "drop_rx_too_long", .flags = LIVES,
		.also = "drop_rx_too_many_slots",
		.strike = strike_long_frame, .arg = 1000, .arg2 = 4096,
	},
	{
		.name = "rx-more-never", .class = "rx frame",
		.summary = "more_data in 200 slots, and never an end",
		.expect = "none", .strike = strike_endless_frame,
		.arg = 200, .arg2 = 100,
	},
	FLAGS("rx-flags-gso-prefix", NETRXF_gso_prefix),
	FLAGS("rx-flags-32", 32),
	FLAGS("rx-flags-32768", 32768),
	FLAGS("rx-flags-unknown-all", 0xffe0),
	TRAIN("rx-flags-late-extra", "rx flags",
	      "an extra announced by a second slot", "drop_rx_flags", LIVES,
	      SLOT(.flags = NETRXF_more_data),
	      SLOT(.flags = NETRXF_extra_info)),
	TRAIN("rx-flags-no-extra", "rx flags",
	      "an extra announced, a data slot in its place", "any", 0,
	      SLOT(.flags = NETRXF_extra_info), SLOT()),
	EXTRA_TYPE("rx-extra-type-0", 0),
	EXTRA_TYPE("rx-extra-type-2", 2),
	EXTRA_TYPE("rx-extra-type-3", 3),
	EXTRA_TYPE("rx-extra-type-4", 4),
	EXTRA_TYPE("rx-extra-type-5", 5),
	EXTRA_TYPE("rx-extra-type-255", 255),
	TRAIN("rx-extra-flags", "rx extra", "unknown flags in an extra",
	      "drop_rx_flags", LIVES, FIRST, EXTRA(.flags = 0x80)),
	TRAIN("rx-extra-twice", "rx extra", "two extras for one frame",
	      "drop_rx_extra_count", LIVES,
	      FIRST, EXTRA(.flags = XEN_NETIF_EXTRA_FLAG_MORE),
	      EXTRA(.u.gso.size = 900)),
	{
		.name = "rx-extra-endless", .class = "rx extra",
		.summary = "1500 segmentation extras in a row",
		.expect = "drop_rx_extra_count", .flags = LIVES,
		.strike = strike_long_extras, .arg = 1500, .arg2 = 1,
	}, {
		.name = "rx-extra-endless-unknown", .class = "rx extra",
		.summary = "1500 extras of an unknown type in a row",
		.expect = "drop_rx_extra_type", .flags = LIVES,
		.strike = strike_long_extras, .arg = 1500, .arg2 = 99,
	}, {
		.name = "rx-extra-never", .class = "rx extra",
		.summary = "200 segmentation extras, and never an end",
		.expect = "none", .strike = strike_endless_extras,
		.arg = 200, .arg2 = 1,
	}, {
		.name = "rx-delayed", .class = "rx frame",
		.summary = "no frame for 1.5 s, then all of them",
		.expect = "none", .flags = LIVES, .strike = strike_late,
	},
	GSO("rx-gso-size-0", "segment size 0", .u.gso.size = 0),
	GSO("rx-gso-size-1", "segment size 1", .u.gso.size = 1),
	GSO("rx-gso-size-7", "segment size 7", .u.gso.size = 7),
	GSO("rx-gso-size-65535", "segment size 65535", .u.gso.size = 65535),
	GSO("rx-gso-type-0", "segmentation type 0", .u.gso.type = 0),
	GSO("rx-gso-type-3", "segmentation type 3", .u.gso.type = 3),
	GSO("rx-gso-type-255", "segmentation type 255", .u.gso.type = 255),
	GSO("rx-gso-features", "unknown features", .u.gso.features = 1),
	TCP_GSO("rx-gso-good", "correct", "none"),
	TCP_GSO("rx-gso-v6-on-v4", "type for IPv6, frame of IPv4",
		"drop_rx_gso", .gso_type = XEN_NETIF_GSO_TYPE_TCPV6),
	TCP_GSO("rx-gso-v4-on-v6", "type for IPv4, frame of IPv6",
		"drop_rx_gso", .v6 = true),
	TCP_GSO("rx-gso-udp", "a UDP frame", "drop_rx_gso",
		.proto = IPPROTO_UDP),
	TCP_GSO("rx-gso-icmp", "an ICMP frame", "drop_rx_checksum_setup",
		.proto = IPPROTO_ICMP),
	TCP_GSO("rx-gso-doff-0", "TCP header of 0 bytes", "drop_rx_gso",
		.at = 46, .byte = 0x01),
	TCP_GSO("rx-gso-doff-beyond", "TCP header beyond the frame",
		"drop_rx_gso", .at = 46, .byte = 0xf0, .len = 60),
	CSUM("rx-csum-arp", "not IP", .at = 13, .byte = 0x06),
	CSUM("rx-csum-icmp", "ICMP", .proto = IPPROTO_ICMP),
	CSUM("rx-csum-fragment", "a fragment", .proto = IPPROTO_UDP,
	     .at = 21, .byte = 5),
	CSUM("rx-csum-ihl-15", "IP options beyond the frame",
	     .proto = IPPROTO_TCP, .at = 14, .byte = 0x4f, .len = 60),
	CSUM("rx-csum-v6-options", "IPv6 with an endless option header",
	     .v6 = true, .proto = 0, .at = 55, .byte = 255),
	TRUNCATED("rx-csum-cut-tcp4", "TCP over IPv4", .proto = IPPROTO_TCP),
	TRUNCATED("rx-csum-cut-udp4", "UDP over IPv4", .proto = IPPROTO_UDP),
	TRUNCATED("rx-csum-cut-tcp6", "TCP over IPv6", .proto = IPPROTO_TCP,
		  .v6 = true),
	TRUNCATED("rx-csum-cut-udp6", "UDP over IPv6", .proto = IPPROTO_UDP,
		  .v6 = true),
	TRUNCATED("rx-csum-cut-arp", "what is not IP", .at = 13, .byte = 0x06),
	TRUNCATED("rx-csum-cut-gso", "segmented TCP", .proto = IPPROTO_TCP,
		  .gso = 500, .gso_type = XEN_NETIF_GSO_TYPE_TCPV4),
	TRUNCATED("rx-csum-cut-gso6", "segmented TCP over IPv6",
		  .proto = IPPROTO_TCP, .v6 = true, .gso = 500,
		  .gso_type = XEN_NETIF_GSO_TYPE_TCPV6),
	PRODUCER("rx-prod-one-ahead", strike_rx_ahead, 1,
		 "one ahead of the requests"),
	PRODUCER("rx-prod-ring-ahead", strike_rx_ahead, 256,
		 "a ring's size ahead"),
	PRODUCER("rx-prod-2g-ahead", strike_rx_ahead, 0x7fffffff,
		 "2^31 - 1 ahead"),
	PRODUCER("rx-prod-4g-ahead", strike_rx_ahead, -0x10000,
		 "2^32 - 65536 ahead"),
	PRODUCER("rx-prod-back-one", strike_behind, -1, "one back"),
	PRODUCER("rx-prod-back-2g", strike_behind, 0x80000000L, "2^31 away"),
	{
		/* a request read as a response is empty, or has flags */
		.name = "rx-prod-oscillate", .class = "rx producer",
		.summary = "producer forwards and back all the time",
		.expect = "fault_rx_producer",
		.also = "fault_rx_id drop_rx_empty_slot drop_rx_flags",
		.strike = strike_oscillate,
	},
	{ }
};
