// SPDX-License-Identifier: GPL-2.0
/*
 * rx.c between a backend that says what it likes and a stack that looks
 *
 * Slots are answered as a backend would, page bytes and all.  What rx.c would
 * hand to the stack is caught instead and compared with what the backend wrote
 * into its pages.  Every allocation can be made to fail.
 */
#include "../compat.h"

#include <kunit/test.h>
#include <linux/etherdevice.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/string.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/ip.h>

#include "queue_fixture.h"
#include "fake_evtchn.h"
#include "reasons.h"

/* What rx.c asks for and may not get. */
enum rx_resource {
	RX_SMALL_SKB,		/* napi_alloc_skb() */
	RX_PAGE,		/* page_pool_dev_alloc_pages() */
	RX_SKB_HEAD,		/* napi_build_skb() */
	RX_PRIVATE_POOL,	/* page_pool_create() */
	RX_COPY,		/* nfh_pool_copy_out() */
	RX_RESOURCES
};

/* Per resource: times it was asked for, and which time it is refused. */
static u32 asked[RX_RESOURCES];
static u32 refused[RX_RESOURCES];

static bool refuse(enum rx_resource what)
{
	return ++asked[what] == refused[what];
}

/* What the stack would have got. */
static struct sk_buff_head delivered;

/* Skbs that rx.c has, neither handed to the stack nor freed. */
static int owned;

static struct sk_buff *own(struct sk_buff *skb)
{
	owned += !!skb;
	return skb;
}

static struct page *fake_private_page(struct page_pool *pool)
{
	return refuse(RX_PAGE) ? NULL : page_pool_dev_alloc_pages(pool);
}

static struct sk_buff *fake_small_skb(struct napi_struct *napi, u32 len)
{
	return refuse(RX_SMALL_SKB) ? NULL : own(napi_alloc_skb(napi, len));
}

static struct sk_buff *fake_build_skb(void *data, u32 len)
{
	return refuse(RX_SKB_HEAD) ? NULL : own(napi_build_skb(data, len));
}

static struct page_pool *fake_private_pool(const struct page_pool_params *how)
{
	return refuse(RX_PRIVATE_POOL) ? ERR_PTR(-ENOMEM) :
					 page_pool_create(how);
}

static int fake_copy_out(const struct nfh_pool *pool, u16 index, u32 offset,
			 void *to, u32 len)
{
	return refuse(RX_COPY) ? -ERANGE :
				 nfh_pool_copy_out(pool, index, offset, to,
						   len);
}

static void fake_free_skb(struct sk_buff *skb)
{
	owned -= !!skb;
	dev_kfree_skb_any(skb);
}

static void fake_deliver(struct napi_struct *napi, struct sk_buff *skb)
{
	owned--;
	__skb_queue_tail(&delivered, skb);
}

#define page_pool_dev_alloc_pages	fake_private_page
#define napi_alloc_skb			fake_small_skb
#define napi_build_skb			fake_build_skb
#define page_pool_create		fake_private_pool
#define nfh_pool_copy_out		fake_copy_out
#define napi_gro_receive		fake_deliver
#define dev_kfree_skb_any		fake_free_skb

#include "../rx.c"

/* Pages of the fixture: enough for the longest frame and one more. */
#define PAGES	24

/* Ring positions are pages as long as the indexes have not wrapped. */
static u32 next_page(const struct queue_fixture *fx)
{
	return fx->rx_page->rsp_prod % NFH_RING_SLOTS;
}

static int rx_init(struct kunit *test)
{
	struct queue_fixture *fx = fixture_create(test, 0, PAGES);

	memset(asked, 0, sizeof(asked));
	memset(refused, 0, sizeof(refused));
	owned = 0;
	__skb_queue_head_init(&delivered);
	fx->netdev->features |= NETIF_F_RXCSUM;
	return nfh_rx_create(fx->q);
}

static void rx_exit(struct kunit *test)
{
	struct queue_fixture *fx = test->priv;

	__skb_queue_purge(&delivered);
	if (fx) {
		nfh_rx_forget(fx->q);
		nfh_rx_destroy(fx->q);
	}
	KUNIT_EXPECT_EQ_MSG(test, owned, 0, "skbs are lost, or freed twice");
	fixture_destroy(fx);
}

static int poll(struct queue_fixture *fx, int budget)
{
	int frames;

	local_bh_disable();
	frames = nfh_rx_poll(fx->q, budget);
	local_bh_enable();
	return frames;
}

/* The backend's answer to the next request. */
static void answer(struct queue_fixture *fx, u16 flags, u16 offset, s16 status)
{
	u32 pos = next_page(fx);
	struct xen_netif_rx_response rsp = {
		.id = pos,
		.offset = offset,
		.flags = flags,
		.status = status,
	};

	fx->rx_page->ring[pos].rsp = rsp;
	fx->rx_page->rsp_prod++;
}

static void answer_gso(struct queue_fixture *fx, u8 type, u16 size)
{
	const struct xen_netif_extra_info info = {
		.type = XEN_NETIF_EXTRA_TYPE_GSO,
		.u.gso.type = type,
		.u.gso.size = size,
	};
	u32 pos = next_page(fx);

	memcpy(&fx->rx_page->ring[pos].rsp, &info, sizeof(info));
	fx->rx_page->rsp_prod++;
}

/* A data slot with bytes @from.. of the frame @bytes. */
static void answer_bytes(struct queue_fixture *fx, u16 flags, u16 offset,
			 const u8 *bytes, u32 len)
{
	memcpy(backend_page(fx->q->rx_pool, next_page(fx)) + offset, bytes,
	       len);
	answer(fx, flags, offset, len);
}

/* The longest frame of all, for rows that take a part of it. */
static u8 *pattern(struct kunit *test)
{
	u8 *bytes = kunit_kzalloc(test, NFH_FRAME_MAX, GFP_KERNEL);
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, bytes);
	for (i = 0; i < NFH_FRAME_MAX; i++)
		bytes[i] = fixture_byte(i);
	return bytes;
}

/* An ordinary frame that must arrive, whatever came before it. */
static void expect_next_frame(struct kunit *test)
{
	struct queue_fixture *fx = test->priv;
	u8 bytes[60] = { };
	u32 before = skb_queue_len(&delivered);

	answer_bytes(fx, 0, 0, bytes, sizeof(bytes));
	KUNIT_EXPECT_EQ(test, poll(fx, 64), 1);
	KUNIT_EXPECT_EQ(test, skb_queue_len(&delivered), before + 1);
}

/* The frame that was delivered has these bytes; the header was pulled. */
static void expect_bytes(struct kunit *test, struct sk_buff *skb,
			 const u8 *bytes, u32 len)
{
	u8 *copy = kunit_kzalloc(test, len, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, copy);
	KUNIT_ASSERT_EQ(test, skb->len + ETH_HLEN, len);
	__skb_push(skb, ETH_HLEN);
	KUNIT_ASSERT_EQ(test, skb_copy_bits(skb, 0, copy, len), 0);
	__skb_pull(skb, ETH_HLEN);
	KUNIT_EXPECT_EQ(test, memcmp(copy, bytes, len), 0);
}

/* Frames that arrive */

/**
 * struct frame_row - slots of a frame
 * @desc: name of the row
 * @offset: of the bytes in each page
 * @first: bytes of the first slot
 * @times: further slots
 * @each: bytes of each of them
 * @small: it is copied into a small skb
 */
struct frame_row {
	const char *desc;
	u16 offset;
	u16 first;
	u16 times;
	u16 each;
	bool small;
};

static const struct frame_row frame_rows[] = {
	{ "shortest", 0, 14, 0, 0, true },
	{ "shortest_at_the_end_of_the_page", 4082, 14, 0, 0, true },
	{ "last_small_one", 0, NFH_RX_COPYBREAK, 0, 0, true },
	{ "small_with_offset", 2, NFH_RX_COPYBREAK, 0, 0, true },
	{ "first_large_one", 0, NFH_RX_COPYBREAK + 1, 0, 0 },
	{ "mtu_1500", 0, 1514, 0, 0 },
	{ "linear_part_full", 0, NFH_RX_LINEAR, 0, 0 },
	{ "linear_part_and_one", 0, NFH_RX_LINEAR + 1, 0, 0 },
	{ "page", 0, 4096, 0, 0 },
	{ "small_first_slot", 0, 100, 1, 100 },
	{ "one_byte_each", 0, 14, 17, 1 },
	{ "header_over_slots", 0, 1, 17, 1 },
	{ "one_byte_and_pages", 0, 1, 15, 4096 },
	{ "two_pages", 0, 4096, 1, 4096 },
	{ "eighteen_slots", 64, 2000, 17, 2000 },
	{ "sixteen_pages_less_one", 0, 4095, 15, 4096 },
	{ "odd_slots", 7, 3001, 16, 3907 },
};

static void frame_desc(const struct frame_row *row, char *desc)
{
	strscpy(desc, row->desc, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(frame, frame_rows, frame_desc);

static u32 answer_row(struct queue_fixture *fx, const struct frame_row *row,
		      const u8 *bytes)
{
	u32 len = row->first;
	u32 i;

	answer_bytes(fx, row->times ? XEN_NETRXF_more_data : 0, row->offset,
		     bytes, row->first);
	for (i = 0; i < row->times; i++) {
		answer_bytes(fx, i + 1 < row->times ? XEN_NETRXF_more_data : 0,
			     row->offset, bytes + len, row->each);
		len += row->each;
	}
	return len;
}

static void poll_frame(struct kunit *test)
{
	const struct frame_row *row = test->param_value;
	struct queue_fixture *fx = test->priv;
	u8 *bytes = pattern(test);
	u32 len = answer_row(fx, row, bytes);
	struct sk_buff *skb;
	u32 i;

	KUNIT_EXPECT_EQ(test, poll(fx, 64), 1);
	KUNIT_ASSERT_EQ(test, skb_queue_len(&delivered), 1U);
	KUNIT_EXPECT_EQ(test, fixture_violations(fx), 0LL);

	/* what the backend writes now comes too late */
	for (i = 0; i < PAGES; i++)
		memset(backend_page(fx->q->rx_pool, i), 0xee, NFH_PAGE_BYTES);
	skb = skb_peek(&delivered);
	expect_bytes(test, skb, bytes, len);
	KUNIT_EXPECT_EQ(test, asked[RX_SMALL_SKB], (u32)row->small);
	KUNIT_EXPECT_EQ(test, (bool)skb->pp_recycle, !row->small);
	KUNIT_EXPECT_EQ(test, skb_get_rx_queue(skb), FIXTURE_QUEUE);
	KUNIT_EXPECT_EQ(test, (u8)skb->ip_summed, CHECKSUM_NONE);
	if (!row->small)
		KUNIT_EXPECT_GE(test, skb_headroom(skb),
				(u32)XDP_PACKET_HEADROOM);
	KUNIT_EXPECT_EQ(test, u64_stats_read(&fx->q->rx_stats.packets), 1ULL);
	KUNIT_EXPECT_EQ(test, u64_stats_read(&fx->q->rx_stats.bytes), (u64)len);
	KUNIT_EXPECT_EQ(test, fx->q->rx_event.progress, 1U);
}

/* Fragments are filled up before the next page is taken. */
static void poll_packs_fragments(struct kunit *test)
{
	static const struct frame_row row = { "", 0, 4096, 17, 2000 };
	struct queue_fixture *fx = test->priv;
	u32 len = answer_row(fx, &row, pattern(test));

	poll(fx, 64);

	KUNIT_EXPECT_EQ(test, asked[RX_PAGE],
			1 + DIV_ROUND_UP(len - (u32)NFH_RX_LINEAR,
					 NFH_PAGE_BYTES));
}

/* Frames that do not arrive */

/* One slot of a row; a row ends with a slot without @len and @status. */
struct bad_slot {
	bool extra;		/* @flags, @type, @gso_type, @len = gso size */
	u16 flags;
	u8 type;
	u8 gso_type;
	u16 offset;
	s16 status;
	u16 len;
	u32 times;		/* 0 is 1 */
};

struct drop_row {
	const char *desc;
	enum nfh_violation why;
	struct bad_slot slot[4];
};

#define MORE	XEN_NETRXF_more_data
#define EXTRA	XEN_NETRXF_extra_info
#define GSO	XEN_NETIF_EXTRA_TYPE_GSO
#define XMORE	XEN_NETIF_EXTRA_FLAG_MORE
#define V4	XEN_NETIF_GSO_TYPE_TCPV4
#define V6	XEN_NETIF_GSO_TYPE_TCPV6

#define DATA(f, l)	{ .flags = (f), .status = (l) }
#define INFO(f, t, g, l) \
	{ .extra = true, .flags = (f), .type = (t), .gso_type = (g), \
	  .len = (l) }

static const struct drop_row drop_rows[] = {
	{ "status_error", NFH_V_RX_STATUS, { DATA(0, -1) } },
	{ "status_error_of_the_second_slot", NFH_V_RX_STATUS,
	  { DATA(MORE, 1000), DATA(0, -1) } },
	{ "status_error_of_the_first_slot", NFH_V_RX_STATUS,
	  { DATA(MORE, -1), DATA(0, 1000) } },
	{ "status_error_in_the_middle", NFH_V_RX_STATUS,
	  { DATA(MORE, 1000), DATA(MORE, -1), DATA(MORE, 500), DATA(0, 9) } },
	{ "outside_page", NFH_V_RX_BOUNDS,
	  { { .offset = 1, .status = 4096 } } },
	{ "empty", NFH_V_RX_EMPTY, { { .flags = MORE }, DATA(0, 60) } },
	{ "flags_unknown", NFH_V_RX_FLAGS, { DATA(BIT(4), 60) } },
	{ "extra_in_the_second_slot", NFH_V_RX_FLAGS,
	  { DATA(MORE, 60), DATA(EXTRA, 60) } },
	{ "extra_type", NFH_V_RX_EXTRA_TYPE,
	  { DATA(EXTRA, 60), INFO(0, 0, V4, 1448) } },
	{ "extra_count", NFH_V_RX_EXTRA_COUNT,
	  { DATA(EXTRA, 60), INFO(XMORE, GSO, V4, 1448),
	    INFO(0, GSO, V4, 1448) } },
	{ "extra_gso_type", NFH_V_RX_GSO,
	  { DATA(EXTRA, 60), INFO(0, GSO, 7, 1448) } },
	{ "extra_gso_size", NFH_V_RX_GSO,
	  { DATA(EXTRA, 60), INFO(0, GSO, V4, 7) } },
	{ "too_many_slots", NFH_V_RX_SLOTS,
	  { { .flags = MORE, .status = 60, .times = 18 }, DATA(0, 60) } },
	{ "too_long", NFH_V_RX_LONG,
	  { { .flags = MORE, .status = 4096, .times = 15 }, DATA(0, 4096) } },
	{ "too_short", NFH_V_RX_SHORT, { DATA(0, 13) } },
	{ "too_short_in_two_slots", NFH_V_RX_SHORT,
	  { DATA(MORE, 12), DATA(0, 1) } },
	{ "checksum_not_ip", NFH_V_RX_CSUM,
	  { DATA(XEN_NETRXF_csum_blank, 60) } },
	{ "gso_not_ip", NFH_V_RX_CSUM,
	  { DATA(EXTRA, 60), INFO(0, GSO, V4, 1448) } },
};

static void drop_desc(const struct drop_row *row, char *desc)
{
	strscpy(desc, row->desc, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(drop, drop_rows, drop_desc);

static void answer_bad_slot(struct queue_fixture *fx,
			    const struct bad_slot *slot)
{
	u32 times = slot->times ?: 1;

	while (times--) {
		if (slot->extra) {
			struct xen_netif_extra_info info = {
				.type = slot->type,
				.flags = slot->flags,
				.u.gso.type = slot->gso_type,
				.u.gso.size = slot->len,
			};
			u32 pos = next_page(fx);

			memcpy(&fx->rx_page->ring[pos].rsp, &info,
			       sizeof(info));
			fx->rx_page->rsp_prod++;
		} else {
			answer(fx, slot->flags, slot->offset, slot->status);
		}
	}
}

static void poll_drops(struct kunit *test)
{
	const struct drop_row *row = test->param_value;
	struct queue_fixture *fx = test->priv;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(row->slot); i++)
		if (row->slot[i].status || row->slot[i].flags ||
		    row->slot[i].extra)
			answer_bad_slot(fx, &row->slot[i]);

	KUNIT_EXPECT_EQ(test, poll(fx, 64), 1);

	KUNIT_EXPECT_EQ(test, skb_queue_len(&delivered), 0U);
	KUNIT_EXPECT_EQ(test, atomic64_read(&fx->nd->violations[row->why]),
			1LL);
	KUNIT_EXPECT_EQ(test, fixture_violations(fx), 1LL);
	KUNIT_EXPECT_EQ(test, u64_stats_read(&fx->q->rx_stats.dropped), 1ULL);
	KUNIT_EXPECT_EQ(test, u64_stats_read(&fx->q->rx_stats.packets), 0ULL);
	KUNIT_EXPECT_EQ(test, fx->nd->state, NFH_CONNECTED);
	/* nothing came of the event: it is spurious */
	KUNIT_EXPECT_EQ(test, fx->q->rx_event.progress, 0U);
	expect_next_frame(test);
}

static void poll_producer_too_far(struct kunit *test)
{
	struct queue_fixture *fx = test->priv;

	fx->rx_page->rsp_prod = NFH_RING_SLOTS + 1;

	KUNIT_EXPECT_EQ(test, poll(fx, 64), 0);
	KUNIT_EXPECT_EQ(test, fx->nd->state, NFH_FAULTED);
	KUNIT_EXPECT_EQ(test,
			atomic64_read(&fx->nd->violations[NFH_V_RX_PRODUCER]),
			1LL);
}

/* What came before the bad slot is delivered, nothing is posted again. */
static void poll_id_of_another_position(struct kunit *test)
{
	struct queue_fixture *fx = test->priv;
	u8 bytes[60] = { };

	answer_bytes(fx, 0, 0, bytes, sizeof(bytes));
	answer_bytes(fx, 0, 0, bytes, sizeof(bytes));
	fx->rx_page->ring[1].rsp.id = 5;

	KUNIT_EXPECT_EQ(test, poll(fx, 64), 1);
	KUNIT_EXPECT_EQ(test, skb_queue_len(&delivered), 1U);
	KUNIT_EXPECT_EQ(test, fx->nd->state, NFH_FAULTED);
	KUNIT_EXPECT_EQ(test, atomic64_read(&fx->nd->violations[NFH_V_RX_ID]),
			1LL);
	KUNIT_EXPECT_EQ(test, fx->rx_page->req_prod, NFH_RING_SLOTS);
}

/* Memory runs out */

/**
 * struct memory_row - a frame and what it does not get
 * @desc: name of the row
 * @what: is refused
 * @nth: time it is asked for
 * @frame: the frame
 */
struct memory_row {
	const char *desc;
	enum rx_resource what;
	u32 nth;
	struct frame_row frame;
};

static const struct memory_row memory_rows[] = {
	{ "small_skb", RX_SMALL_SKB, 1, { "", 0, 60, 0, 0 } },
	{ "first_page", RX_PAGE, 1, { "", 0, 1514, 0, 0 } },
	{ "skb_around_the_page", RX_SKB_HEAD, 1, { "", 0, 1514, 0, 0 } },
	{ "first_page_of_many", RX_PAGE, 1, { "", 0, 4096, 3, 4096 } },
	{ "second_page", RX_PAGE, 2, { "", 0, 4096, 3, 4096 } },
	{ "third_page", RX_PAGE, 3, { "", 0, 4096, 3, 4096 } },
	{ "last_page", RX_PAGE, 5, { "", 0, 4096, 3, 4096 } },
	{ "copy_to_small_skb", RX_COPY, 1, { "", 0, 60, 0, 0 } },
	{ "copy_to_linear_part", RX_COPY, 1, { "", 0, 4096, 3, 4096 } },
	{ "copy_to_fragment", RX_COPY, 2, { "", 0, 4096, 3, 4096 } },
	{ "copy_behind_fragment", RX_COPY, 3, { "", 0, 4096, 3, 4096 } },
};

static void memory_desc(const struct memory_row *row, char *desc)
{
	strscpy(desc, row->desc, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(memory, memory_rows, memory_desc);

/* The frame is lost and counted; the next one arrives. */
static void poll_no_memory(struct kunit *test)
{
	const struct memory_row *row = test->param_value;
	struct queue_fixture *fx = test->priv;

	refused[row->what] = row->nth;
	answer_row(fx, &row->frame, pattern(test));

	KUNIT_EXPECT_EQ(test, poll(fx, 64), 1);
	KUNIT_EXPECT_GE(test, asked[row->what], row->nth);
	KUNIT_EXPECT_EQ(test, skb_queue_len(&delivered), 0U);
	KUNIT_EXPECT_EQ(test, u64_stats_read(&fx->q->rx_stats.no_memory), 1ULL);
	KUNIT_EXPECT_EQ(test, u64_stats_read(&fx->q->rx_stats.dropped), 0ULL);
	KUNIT_EXPECT_EQ(test, fixture_violations(fx), 0LL);
	KUNIT_EXPECT_EQ(test, fx->q->rx_event.progress, 0U);
	expect_next_frame(test);
}

/* Cannot happen: frame.c lets no frame pass that needs more. */
static void add_frag_none_left(struct kunit *test)
{
	const struct nfh_rx_data data = { .len = 1 };
	struct queue_fixture *fx = test->priv;
	struct sk_buff *skb = alloc_skb(64, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, skb);
	skb_shinfo(skb)->nr_frags = MAX_SKB_FRAGS;
	KUNIT_EXPECT_EQ(test, rx_add_frag(fx->q, skb, &data, 0), -EMSGSIZE);
	KUNIT_EXPECT_EQ(test, asked[RX_PAGE], 0U);
	skb_shinfo(skb)->nr_frags = 0;
	kfree_skb(skb);
}

/* What is said of checksums and segments */

/* The frame to which a backend adds what it says. */
enum packet {
	ARP,			/* no IP */
	TCP4,
	UDP4,
	ICMP4,
	FRAGMENT4,		/* of TCP: there is no TCP header in it */
	OPTIONS4,		/* IP header of 60 bytes */
	TCP6,
	UDP6,
	HOP_TCP6,		/* behind a hop-by-hop header */
	AUTH_TCP6,		/* behind an authentication header */
	ATOM_TCP6,		/* a fragment that is the whole */
	MOST_TCP6,		/* behind as many headers as may be */
	MORE_TCP6,		/* behind one more */
	PACKETS
};

#define PAYLOAD	1000

static u8 *put_eth(u8 *at, u16 protocol)
{
	memset(at, 0, 2 * ETH_ALEN);
	at[12] = protocol >> 8;
	at[13] = protocol;
	return at + ETH_HLEN;
}

static u8 *put_ip4(u8 *at, u8 protocol, u8 words, u16 frag, u32 payload)
{
	struct iphdr *ip = (struct iphdr *)at;

	memset(at, 0, words * 4);
	ip->version = 4;
	ip->ihl = words;
	ip->tot_len = htons(words * 4 + payload);
	ip->frag_off = htons(frag);
	ip->ttl = 64;
	ip->protocol = protocol;
	return at + words * 4;
}

static u8 *put_ip6(u8 *at, u8 next, u32 payload)
{
	struct ipv6hdr *ip = (struct ipv6hdr *)at;

	memset(at, 0, sizeof(*ip));
	ip->version = 6;
	ip->payload_len = htons(payload);
	ip->nexthdr = next;
	ip->hop_limit = 64;
	return at + sizeof(*ip);
}

static u8 *put_tcp(u8 *at)
{
	struct tcphdr *tcp = (struct tcphdr *)at;

	memset(at, 0, sizeof(*tcp));
	tcp->doff = sizeof(*tcp) / 4;
	tcp->ack = 1;
	return at + sizeof(*tcp);
}

/* One extension header, @next behind it; @words of 8 bytes, AH: of 4. */
static u8 *put_extension(u8 *at, u8 next, u8 words, u32 len)
{
	memset(at, 0, len);
	at[0] = next;
	at[1] = words;
	return at + len;
}

static u8 *put_extensions(u8 *at, u32 n, u32 payload)
{
	at = put_ip6(at, IPPROTO_DSTOPTS, n * 8 + payload);
	while (--n)
		at = put_extension(at, IPPROTO_DSTOPTS, 0, 8);
	return put_extension(at, IPPROTO_TCP, 0, 8);
}

static u8 *put_network(u8 *at, enum packet what)
{
	u32 len = PAYLOAD + 20;

	switch (what) {
	case TCP4:
		return put_ip4(at, IPPROTO_TCP, 5, 0, len);
	case UDP4:
		return put_ip4(at, IPPROTO_UDP, 5, 0, len);
	case ICMP4:
		return put_ip4(at, IPPROTO_ICMP, 5, 0, len);
	case FRAGMENT4:
		return put_ip4(at, IPPROTO_TCP, 5, IP_MF, len);
	case OPTIONS4:
		return put_ip4(at, IPPROTO_TCP, 15, 0, len);
	case TCP6:
		return put_ip6(at, IPPROTO_TCP, len);
	case UDP6:
		return put_ip6(at, IPPROTO_UDP, len);
	case HOP_TCP6:
		at = put_ip6(at, IPPROTO_HOPOPTS, len + 8);
		return put_extension(at, IPPROTO_TCP, 0, 8);
	case AUTH_TCP6:
		at = put_ip6(at, IPPROTO_AH, len + 24);
		return put_extension(at, IPPROTO_TCP, 4, 24);
	case ATOM_TCP6:
		at = put_ip6(at, IPPROTO_FRAGMENT, len + 8);
		return put_extension(at, IPPROTO_TCP, 0, 8);
	case MOST_TCP6:
		return put_extensions(at, NFH_RX_EXTENSIONS_MAX, len);
	case MORE_TCP6:
		return put_extensions(at, NFH_RX_EXTENSIONS_MAX + 1, len);
	default:
		return at;
	}
}

/* The bytes of a frame; returns how many. */
static u32 put_packet(u8 *bytes, enum packet what)
{
	u16 protocol = what == ARP ? ETH_P_ARP :
		       what < TCP6 ? ETH_P_IP : ETH_P_IPV6;
	u8 *at = put_network(put_eth(bytes, protocol), what);

	/* as UDP or ICMP it is nonsense, which nobody looks at */
	at = put_tcp(at);
	memset(at, 0x55, PAYLOAD);
	return at + PAYLOAD - bytes;
}

/**
 * struct offload_row - what the backend says of a frame, and what is believed
 * @desc: name of the row
 * @what: the frame
 * @cut: bytes of it that arrive; 0 for all
 * @flags: XEN_NETRXF_*
 * @gso_type: of an extra; 0 for none
 * @gso_size: of it
 * @why: it is dropped for this; NFH_V_NONE when it arrives
 * @summed: ip_summed of what arrives
 * @segments: gso_type of what arrives, without SKB_GSO_DODGY
 */
struct offload_row {
	const char *desc;
	enum packet what;
	u16 cut;
	u16 flags;
	u8 gso_type;
	u16 gso_size;
	enum nfh_violation why;
	u8 summed;
	u32 segments;
};

#define CSUM	XEN_NETRXF_csum_blank
#define VALID	XEN_NETRXF_data_validated
#define BOTH	(XEN_NETRXF_csum_blank | XEN_NETRXF_data_validated)
#define BAD	NFH_V_RX_CSUM
#define NOGSO	NFH_V_RX_GSO
#define OKAY	NFH_V_NONE
#define PART	CHECKSUM_PARTIAL

static const struct offload_row offload_rows[] = {
	{ "nothing_said", TCP4, 0, 0, 0, 0, OKAY, CHECKSUM_NONE },
	{ "valid", TCP4, 0, VALID, 0, 0, OKAY, CHECKSUM_UNNECESSARY },
	{ "valid_not_ip", ARP, 0, VALID, 0, 0, OKAY, CHECKSUM_UNNECESSARY },
	{ "blank_tcp4", TCP4, 0, BOTH, 0, 0, OKAY, PART },
	{ "blank_not_valid", TCP4, 0, CSUM, 0, 0, OKAY, PART },
	{ "blank_udp4", UDP4, 0, BOTH, 0, 0, OKAY, PART },
	{ "blank_options", OPTIONS4, 0, BOTH, 0, 0, OKAY, PART },
	{ "blank_tcp6", TCP6, 0, BOTH, 0, 0, OKAY, PART },
	{ "blank_udp6", UDP6, 0, BOTH, 0, 0, OKAY, PART },
	{ "blank_tcp6_behind_options", HOP_TCP6, 0, BOTH, 0, 0, OKAY, PART },
	{ "blank_tcp6_behind_auth", AUTH_TCP6, 0, BOTH, 0, 0, OKAY, PART },
	{ "blank_tcp6_in_a_fragment", ATOM_TCP6, 0, BOTH, 0, 0, OKAY, PART },
	{ "blank_tcp6_most_extensions", MOST_TCP6, 0, BOTH, 0, 0, OKAY, PART },
	{ "blank_tcp6_one_more", MORE_TCP6, 0, BOTH, 0, 0, BAD },
	{ "blank_arp", ARP, 0, BOTH, 0, 0, BAD },
	{ "blank_icmp", ICMP4, 0, BOTH, 0, 0, BAD },
	{ "blank_fragment", FRAGMENT4, 0, BOTH, 0, 0, BAD },
	{ "blank_ends_in_eth", TCP4, 14, BOTH, 0, 0, BAD },
	{ "blank_ends_in_ip", TCP4, 33, BOTH, 0, 0, BAD },
	{ "blank_ends_before_tcp", TCP4, 34, BOTH, 0, 0, BAD },
	{ "blank_ends_in_options", OPTIONS4, 60, BOTH, 0, 0, BAD },
	{ "blank_ends_in_ip6", TCP6, 50, BOTH, 0, 0, BAD },
	{ "blank_ends_in_hop", HOP_TCP6, 58, BOTH, 0, 0, BAD },
	{ "gso4", TCP4, 0, BOTH, V4, 100, OKAY, PART, SKB_GSO_TCPV4 },
	{ "gso4_not_blank", TCP4, 0, VALID, V4, 100, OKAY, PART,
	  SKB_GSO_TCPV4 },
	{ "gso4_nothing_said", TCP4, 0, 0, V4, 100, OKAY, PART,
	  SKB_GSO_TCPV4 },
	{ "gso4_options", OPTIONS4, 0, BOTH, V4, 100, OKAY, PART,
	  SKB_GSO_TCPV4 },
	{ "gso6", TCP6, 0, BOTH, V6, 100, OKAY, PART, SKB_GSO_TCPV6 },
	{ "gso6_behind_options", HOP_TCP6, 0, BOTH, V6, 100, OKAY, PART,
	  SKB_GSO_TCPV6 },
	{ "gso4_least_size", TCP4, 0, BOTH, V4, NFH_RX_GSO_MIN, OKAY, PART,
	  SKB_GSO_TCPV4 },
	{ "gso4_two_segments", TCP4, 0, BOTH, V4, PAYLOAD - 1, OKAY, PART,
	  SKB_GSO_TCPV4 },
	{ "gso4_one_segment", TCP4, 0, BOTH, V4, PAYLOAD, OKAY, PART },
	{ "gso4_size_of_more", TCP4, 0, BOTH, V4, 60000, OKAY, PART },
	{ "gso4_of_tcp6", TCP6, 0, BOTH, V4, 100, NOGSO },
	{ "gso6_of_tcp4", TCP4, 0, BOTH, V6, 100, NOGSO },
	{ "gso4_of_udp4", UDP4, 0, BOTH, V4, 100, NOGSO },
	{ "gso6_of_udp6", UDP6, 0, BOTH, V6, 100, NOGSO },
	{ "gso4_of_arp", ARP, 0, BOTH, V4, 100, BAD },
	{ "gso4_of_fragment", FRAGMENT4, 0, BOTH, V4, 100, BAD },
	{ "gso4_no_payload", TCP4, 54, BOTH, V4, 100, OKAY, PART },
	{ "gso4_ends_in_tcp", TCP4, 53, BOTH, V4, 100, BAD },
};

static void offload_desc(const struct offload_row *row, char *desc)
{
	strscpy(desc, row->desc, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(offload, offload_rows, offload_desc);

/* Back to position 0 before the ring gets to positions without a page. */
static void keep_in_pages(struct queue_fixture *fx)
{
	if (next_page(fx) + 2 <= PAGES)
		return;
	memset(fx->rx_page, 0, NFH_PAGE_BYTES);
	nfh_rx_ring_init(&fx->q->rx, fx->q->rx.sring);
	nfh_rx_ring_repost(&fx->q->rx);
}

static void answer_offload(struct queue_fixture *fx, const u8 *bytes, u32 len,
			   u16 flags, u8 gso_type, u16 gso_size)
{
	answer_bytes(fx, flags | (gso_type ? EXTRA : 0), 0, bytes, len);
	if (gso_type)
		answer_gso(fx, gso_type, gso_size);
}

static void poll_offload(struct kunit *test)
{
	const struct offload_row *row = test->param_value;
	struct queue_fixture *fx = test->priv;
	u8 *bytes = kunit_kzalloc(test, NFH_PAGE_BYTES, GFP_KERNEL);
	struct sk_buff *skb;
	u32 len;

	KUNIT_ASSERT_NOT_NULL(test, bytes);
	len = put_packet(bytes, row->what);
	answer_offload(fx, bytes, row->cut ?: len, row->flags, row->gso_type,
		       row->gso_size);
	KUNIT_EXPECT_EQ(test, poll(fx, 64), 1);

	KUNIT_EXPECT_EQ(test, skb_queue_len(&delivered),
			row->why == NFH_V_NONE ? 1U : 0U);
	KUNIT_EXPECT_EQ(test, atomic64_read(&fx->nd->violations[row->why]),
			(s64)(row->why != NFH_V_NONE));
	skb = skb_peek(&delivered);
	if (!skb)
		return;
	KUNIT_EXPECT_EQ(test, (u8)skb->ip_summed, row->summed);
	KUNIT_EXPECT_EQ(test, skb_shinfo(skb)->gso_type,
			row->segments ? row->segments | SKB_GSO_DODGY : 0);
	KUNIT_EXPECT_EQ(test, skb_shinfo(skb)->gso_size,
			row->segments ? row->gso_size : 0);
	KUNIT_EXPECT_EQ(test, skb_shinfo(skb)->gso_segs, 0);
}

/* A full checksum becomes a blank one: that of the pseudo header. */
static void poll_gso_blanks_a_full_checksum(struct kunit *test)
{
	struct queue_fixture *fx = test->priv;
	u8 *bytes = kunit_kzalloc(test, NFH_PAGE_BYTES, GFP_KERNEL);
	const __sum16 blank = ~csum_tcpudp_magic(0, 0, PAYLOAD + 20,
						 IPPROTO_TCP, 0);
	const struct tcphdr *tcp;
	struct sk_buff *skb;
	u32 len;

	KUNIT_ASSERT_NOT_NULL(test, bytes);
	len = put_packet(bytes, TCP4);
	((struct tcphdr *)(bytes + 34))->check = htons(0x1234);
	answer_offload(fx, bytes, len, VALID, V4, 100);
	answer_offload(fx, bytes, len, BOTH, V4, 100);
	KUNIT_EXPECT_EQ(test, poll(fx, 64), 2);
	KUNIT_ASSERT_EQ(test, skb_queue_len(&delivered), 2U);

	skb = skb_peek(&delivered);
	tcp = (struct tcphdr *)skb_checksum_start(skb);
	KUNIT_EXPECT_EQ(test, tcp->check, blank);
	/* one that was blank is not ours to change */
	skb = skb_peek_tail(&delivered);
	tcp = (struct tcphdr *)skb_checksum_start(skb);
	KUNIT_EXPECT_EQ(test, tcp->check, htons(0x1234));
}

/* The operator wants every checksum verified here. */
static void poll_valid_is_not_believed(struct kunit *test)
{
	struct queue_fixture *fx = test->priv;
	u8 bytes[60] = { };

	fx->netdev->features &= ~NETIF_F_RXCSUM;
	answer_bytes(fx, VALID, 0, bytes, sizeof(bytes));
	poll(fx, 64);

	KUNIT_ASSERT_EQ(test, skb_queue_len(&delivered), 1U);
	KUNIT_EXPECT_EQ(test, (u8)skb_peek(&delivered)->ip_summed,
			CHECKSUM_NONE);
}

/* A header length that says more, or less, than there is. */
static void poll_gso_header_length(struct kunit *test)
{
	struct queue_fixture *fx = test->priv;
	u8 *bytes = kunit_kzalloc(test, NFH_PAGE_BYTES, GFP_KERNEL);
	u32 doff, dropped = 0;

	KUNIT_ASSERT_NOT_NULL(test, bytes);
	put_packet(bytes, TCP4);
	for (doff = 0; doff < 16; doff++) {
		/* 50 bytes from the TCP header on */
		bool good = doff * 4 >= sizeof(struct tcphdr) && doff * 4 <= 50;

		((struct tcphdr *)(bytes + 34))->doff = doff;
		keep_in_pages(fx);
		answer_offload(fx, bytes, 34 + 50, BOTH, V4, 8);
		KUNIT_EXPECT_EQ(test, poll(fx, 64), 1);
		KUNIT_EXPECT_EQ(test, skb_queue_len(&delivered), (u32)good);
		__skb_queue_purge(&delivered);
		dropped += !good;
	}
	KUNIT_EXPECT_EQ(test,
			atomic64_read(&fx->nd->violations[NFH_V_RX_GSO]),
			(s64)dropped);
}

/* What a stack relies on, whatever the backend has said. */
static void expect_sound(struct kunit *test, const struct sk_buff *skb,
			 const char *what, u32 cut)
{
	u32 start;

	if (skb_is_gso(skb))
		KUNIT_EXPECT_EQ_MSG(test, (u8)skb->ip_summed, CHECKSUM_PARTIAL,
				    "%s cut at %u", what, cut);
	if (skb->ip_summed != CHECKSUM_PARTIAL)
		return;
	start = skb_checksum_start_offset(skb);
	KUNIT_EXPECT_LE_MSG(test, start + skb->csum_offset + 2,
			    skb_headlen(skb), "%s cut at %u", what, cut);
	if (skb_is_gso(skb))
		KUNIT_EXPECT_LT_MSG(test, start + sizeof(struct tcphdr),
				    (size_t)skb->len, "%s cut at %u", what,
				    cut);
}

struct packet_row {
	const char *desc;
	enum packet what;
};

static const struct packet_row packet_rows[] = {
	{ "arp", ARP }, { "tcp4", TCP4 }, { "udp4", UDP4 }, { "icmp4", ICMP4 },
	{ "fragment4", FRAGMENT4 }, { "options4", OPTIONS4 },
	{ "tcp6", TCP6 }, { "udp6", UDP6 }, { "hop_tcp6", HOP_TCP6 },
	{ "auth_tcp6", AUTH_TCP6 }, { "atom_tcp6", ATOM_TCP6 },
	{ "most_tcp6", MOST_TCP6 }, { "more_tcp6", MORE_TCP6 },
};

static_assert(ARRAY_SIZE(packet_rows) == PACKETS);

static void packet_desc(const struct packet_row *row, char *desc)
{
	strscpy(desc, row->desc, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(packet, packet_rows, packet_desc);

/* Both flags, with and without segments of either kind. */
#define SAYINGS	12

static u16 saying_flags(u32 saying)
{
	return (saying & 1 ? CSUM : 0) | (saying & 2 ? VALID : 0);
}

static u8 saying_gso(u32 saying)
{
	static const u8 types[] = { 0, V4, V6 };

	return types[saying >> 2];
}

/*
 * Every frame cut at every byte of its headers, with everything said of it. The
 * first cut that fails tells enough: all of them take minutes to print.
 */
static void poll_any_saying_of_any_header(struct kunit *test)
{
	const struct packet_row *row = test->param_value;
	struct queue_fixture *fx = test->priv;
	u8 *bytes = kunit_kzalloc(test, NFH_PAGE_BYTES, GFP_KERNEL);
	struct sk_buff *skb;
	u32 cut, saying;

	KUNIT_ASSERT_NOT_NULL(test, bytes);
	put_packet(bytes, row->what);
	for (cut = ETH_HLEN; cut < 110; cut++) {
		if (READ_ONCE(test->status) == KUNIT_FAILURE)
			return;
		for (saying = 0; saying < SAYINGS; saying++) {
			keep_in_pages(fx);
			answer_offload(fx, bytes, cut, saying_flags(saying),
				       saying_gso(saying), 8);
			KUNIT_EXPECT_EQ(test, poll(fx, 64), 1);
			skb = __skb_dequeue(&delivered);
			if (skb)
				expect_sound(test, skb, row->desc, cut);
			kfree_skb(skb);
		}
	}
	KUNIT_EXPECT_EQ(test, fx->nd->state, NFH_CONNECTED);
}

/* nfh_rx_poll: how much at a time */

static void poll_budget(struct kunit *test)
{
	struct queue_fixture *fx = test->priv;
	u8 bytes[60] = { };
	u32 i;

	for (i = 0; i < 5; i++)
		answer_bytes(fx, 0, 0, bytes, sizeof(bytes));

	KUNIT_EXPECT_EQ(test, poll(fx, 2), 2);
	KUNIT_EXPECT_EQ(test, fx->rx_page->req_prod, NFH_RING_SLOTS + 2);
	KUNIT_EXPECT_EQ(test, poll(fx, 64), 3);
	KUNIT_EXPECT_EQ(test, fx->rx_page->req_prod, NFH_RING_SLOTS + 5);
	KUNIT_EXPECT_EQ(test, poll(fx, 64), 0);
	KUNIT_EXPECT_EQ(test, skb_queue_len(&delivered), 5U);
}

/* A dropped frame costs budget like any other. */
static void poll_budget_of_dropped_frames(struct kunit *test)
{
	struct queue_fixture *fx = test->priv;
	u32 i;

	for (i = 0; i < 5; i++)
		answer(fx, 0, 0, -1);

	KUNIT_EXPECT_EQ(test, poll(fx, 4), 4);
	KUNIT_EXPECT_EQ(test, poll(fx, 4), 1);
}

/* A frame may come in pieces; its slots are posted again meanwhile. */
static void poll_frame_in_pieces(struct kunit *test)
{
	struct queue_fixture *fx = test->priv;
	u8 *bytes = pattern(test);

	answer_bytes(fx, MORE, 0, bytes, 1000);
	KUNIT_EXPECT_EQ(test, poll(fx, 64), 0);
	KUNIT_EXPECT_EQ(test, fx->rx_page->req_prod, NFH_RING_SLOTS + 1);
	answer_bytes(fx, MORE, 0, bytes + 1000, 1000);
	KUNIT_EXPECT_EQ(test, poll(fx, 64), 0);
	answer_bytes(fx, 0, 0, bytes + 2000, 1000);
	KUNIT_EXPECT_EQ(test, poll(fx, 64), 1);

	KUNIT_ASSERT_EQ(test, skb_queue_len(&delivered), 1U);
	expect_bytes(test, skb_peek(&delivered), bytes, 3000);
}

static void poll_notifies_if_asked(struct kunit *test)
{
	struct queue_fixture *fx = test->priv;
	u32 before = fake_evtchn_look(fx->q->rx_event.irq).notified;

	fx->rx_page->req_event = NFH_RING_SLOTS + 2;
	expect_next_frame(test);
	KUNIT_EXPECT_EQ(test, fake_evtchn_look(fx->q->rx_event.irq).notified,
			before);
	expect_next_frame(test);
	KUNIT_EXPECT_EQ(test, fake_evtchn_look(fx->q->rx_event.irq).notified,
			before + 1);
}

/* nfh_rx_create, nfh_rx_forget, nfh_rx_destroy */

static void create_no_memory(struct kunit *test)
{
	struct queue_fixture *fx = test->priv;

	nfh_rx_destroy(fx->q);
	refused[RX_PRIVATE_POOL] = asked[RX_PRIVATE_POOL] + 1;

	KUNIT_EXPECT_EQ(test, nfh_rx_create(fx->q), -ENOMEM);
	KUNIT_EXPECT_NULL(test, fx->q->rx_private);
}

/* The connection ends in the middle of a frame. */
static void forget_half_a_frame(struct kunit *test)
{
	struct queue_fixture *fx = test->priv;
	struct page_pool *pages = fx->q->rx_private;

	answer_bytes(fx, MORE, 0, pattern(test), 1000);
	poll(fx, 64);
	KUNIT_ASSERT_NOT_NULL(test, fx->q->rx_skb);
	fixture_watch(fx, fx->q->rx_skb);

	nfh_rx_forget(fx->q);
	KUNIT_EXPECT_EQ(test, fx->freed, 1U);
	KUNIT_EXPECT_NULL(test, fx->q->rx_skb);
	nfh_rx_forget(fx->q);

	/* the next connection does not go on with it, but has its pages */
	KUNIT_ASSERT_EQ(test, nfh_rx_create(fx->q), 0);
	KUNIT_EXPECT_EQ(test, fx->q->rx_frame.phase, NFH_FRAME_IDLE);
	KUNIT_EXPECT_NULL(test, fx->q->rx_skb);
	KUNIT_EXPECT_PTR_EQ(test, fx->q->rx_private, pages);

	nfh_rx_destroy(fx->q);
	KUNIT_EXPECT_NULL(test, fx->q->rx_private);
	nfh_rx_destroy(fx->q);
}

/* Pages that the stack still has outlive the device. */
static void destroy_before_the_stack_is_done(struct kunit *test)
{
	static const struct frame_row row = { "", 0, 4096, 2, 4096 };
	struct queue_fixture *fx = test->priv;
	u8 *bytes = pattern(test);
	u32 len = answer_row(fx, &row, bytes);

	poll(fx, 64);
	nfh_rx_destroy(fx->q);

	KUNIT_ASSERT_EQ(test, skb_queue_len(&delivered), 1U);
	expect_bytes(test, skb_peek(&delivered), bytes, len);
}

/* A reason that rx.c reports needs a row here. */
static void every_reason_has_a_row(struct kunit *test)
{
	u64 seen = BIT_ULL(NFH_V_RX_PRODUCER) | BIT_ULL(NFH_V_RX_ID);
	u32 i;

	for (i = 0; i < ARRAY_SIZE(drop_rows); i++)
		seen |= BIT_ULL(drop_rows[i].why);
	for (i = 0; i < ARRAY_SIZE(nfh_reasons); i++) {
		bool mine = nfh_reasons[i].by & BY_RX;

		KUNIT_EXPECT_EQ_MSG(test, mine,
				    !!(seen & BIT_ULL(nfh_reasons[i].why)),
				    "%s", nfh_reasons[i].name);
	}
}

static struct kunit_case rx_cases[] = {
	KUNIT_CASE_PARAM(poll_frame, frame_gen_params),
	KUNIT_CASE(poll_packs_fragments),
	KUNIT_CASE_PARAM(poll_drops, drop_gen_params),
	KUNIT_CASE(poll_producer_too_far),
	KUNIT_CASE(poll_id_of_another_position),
	KUNIT_CASE_PARAM(poll_no_memory, memory_gen_params),
	KUNIT_CASE(add_frag_none_left),
	KUNIT_CASE_PARAM(poll_offload, offload_gen_params),
	KUNIT_CASE(poll_gso_blanks_a_full_checksum),
	KUNIT_CASE(poll_valid_is_not_believed),
	KUNIT_CASE(poll_gso_header_length),
	KUNIT_CASE_PARAM(poll_any_saying_of_any_header, packet_gen_params),
	KUNIT_CASE(poll_budget),
	KUNIT_CASE(poll_budget_of_dropped_frames),
	KUNIT_CASE(poll_frame_in_pieces),
	KUNIT_CASE(poll_notifies_if_asked),
	KUNIT_CASE(create_no_memory),
	KUNIT_CASE(forget_half_a_frame),
	KUNIT_CASE(destroy_before_the_stack_is_done),
	KUNIT_CASE(every_reason_has_a_row),
	{}
};

static struct kunit_suite rx_suite = {
	.name = "netfront_hardened_rx",
	.init = rx_init,
	.exit = rx_exit,
	.test_cases = rx_cases,
};

kunit_test_suite(rx_suite);
