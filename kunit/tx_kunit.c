// SPDX-License-Identifier: GPL-2.0
/*
 * tx.c between a net core and a backend that are both the test
 *
 * Frames go in as the net core hands them over, transmit lock held; what the
 * backend can see of them is compared with what they were made of, byte by
 * byte and slot by slot.  A watched skb says when it is freed: not before the
 * last slot of its frame is answered, and exactly once.
 */
#include <kunit/test.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/string.h>

#include "queue_fixture.h"
#include "fake_evtchn.h"
#include "reasons.h"

/* More frames are about to come, as the net core says. */
static bool more_frames;

/* Copies until one fails; 0 for never. */
static u32 failing_copy;

static unsigned int fake_seq_read(unsigned int at, const u8 **data,
				  struct skb_seq_state *st)
{
	if (failing_copy && !--failing_copy)
		return 0;
	return skb_seq_read(at, data, st);
}

/* How often a qdisc was told to go on. */
static u32 scheduled;

static void fake_schedule_queue(struct netdev_queue *txq)
{
	scheduled++;
}

#define netdev_xmit_more()	more_frames
#define netif_schedule_queue	fake_schedule_queue
#define skb_seq_read		fake_seq_read

#include "../tx.c"

#undef skb_seq_read
#undef netif_schedule_queue

/* Slots that are left when the queue is stopped, one-slot frames behind it. */
#define FRAMES_TO_STOP	(NFH_RING_SLOTS - NFH_TX_SLOTS_MAX + 1)

static int tx_init_pages(struct kunit *test, u16 pages)
{
	struct queue_fixture *fx = fixture_create(test, pages, 0);

	more_frames = false;
	failing_copy = 0;
	scheduled = 0;
	fx->nd->caps.sg = true;
	fx->nd->caps.gso_tcpv4 = true;
	fx->nd->caps.gso_tcpv6 = true;
	return 0;
}

static int tx_init(struct kunit *test)
{
	return tx_init_pages(test, 48);
}

static void tx_exit(struct kunit *test)
{
	struct queue_fixture *fx = test->priv;

	if (fx && fx->q->tx_pool)
		nfh_tx_release(fx->q);
	fixture_destroy(fx);
}

/* As the net core does. */
static netdev_tx_t xmit(struct queue_fixture *fx, struct sk_buff *skb)
{
	netdev_tx_t ret;

	__netif_tx_lock_bh(nfh_txq(fx->q));
	ret = nfh_start_xmit(skb, fx->netdev);
	__netif_tx_unlock_bh(nfh_txq(fx->q));
	return ret;
}

/* As NAPI does. */
static void reap(struct queue_fixture *fx, int budget)
{
	local_bh_disable();
	nfh_tx_reap(fx->q, budget);
	local_bh_enable();
}

static const struct xen_netif_tx_request *request(struct queue_fixture *fx,
						  u32 pos)
{
	return &fx->tx_page->ring[pos % NFH_RING_SLOTS].req;
}

static u16 id_of(struct queue_fixture *fx, u32 pos)
{
	return request(fx, pos)->id;
}

/* Page @slot holds bytes @from.. of a frame, @len of them, and zeroes. */
static void expect_page(struct kunit *test, u16 slot, u32 from, u32 len)
{
	struct queue_fixture *fx = test->priv;
	const u8 *bytes = backend_page(fx->q->tx_pool, slot);
	u32 i;

	for (i = 0; i < len; i++)
		KUNIT_ASSERT_EQ_MSG(test, bytes[i], fixture_byte(from + i),
				    "byte %u of slot %u", i, slot);
	KUNIT_EXPECT_NULL(test, memchr_inv(bytes + len, 0,
					   NFH_PAGE_BYTES - len));
}

/* Requests of a frame of @len bytes from position @pos on, no extra. */
static void expect_frame(struct kunit *test, u32 pos, u32 len)
{
	struct queue_fixture *fx = test->priv;
	u32 slots = DIV_ROUND_UP(len, NFH_PAGE_BYTES);
	u32 i;

	for (i = 0; i < slots; i++) {
		const struct xen_netif_tx_request *req = request(fx, pos + i);
		u32 part = min_t(u32, len - i * NFH_PAGE_BYTES, NFH_PAGE_BYTES);

		KUNIT_EXPECT_EQ(test, req->size, i ? part : len);
		KUNIT_EXPECT_EQ(test, req->offset, 0);
		KUNIT_EXPECT_EQ(test, req->flags,
				i + 1 < slots ? XEN_NETTXF_more_data : 0);
		KUNIT_EXPECT_EQ(test, req->gref,
				nfh_pool_gref(fx->q->tx_pool, req->id));
		expect_page(test, req->id, i * NFH_PAGE_BYTES, part);
	}
	KUNIT_EXPECT_EQ(test, fx->tx_page->req_prod, pos + slots);
}

/* How the bytes of an skb are kept. */
enum skb_layout {
	LINEAR,		/* all of them behind skb->data */
	FRAGS,		/* 42 bytes there, the others in odd pieces of pages */
	FRAG_LIST,	/* half of them in a second skb */
	SKB_LAYOUTS
};

static void add_frags(struct kunit *test, struct sk_buff *skb, u32 len)
{
	u32 at = skb->len;

	while (len) {
		u32 part = min_t(u32, len, NFH_PAGE_BYTES - 3);
		struct page *page = alloc_page(GFP_KERNEL);
		u32 i;

		KUNIT_ASSERT_NOT_NULL(test, page);
		memset(page_address(page), 0xff, NFH_PAGE_BYTES);
		for (i = 0; i < part; i++)
			((u8 *)page_address(page))[3 + i] = fixture_byte(at++);
		skb_add_rx_frag(skb, skb_shinfo(skb)->nr_frags, page, 3, part,
				NFH_PAGE_BYTES);
		len -= part;
	}
}

static struct sk_buff *layout_skb(struct kunit *test, u32 len,
				  enum skb_layout layout)
{
	u32 head = layout == LINEAR ? len : layout == FRAGS ? min(len, 42U) :
					    DIV_ROUND_UP(len, 2);
	struct sk_buff *skb = fixture_skb(test, head);
	struct sk_buff *rest;
	u32 i;

	if (layout == FRAGS)
		add_frags(test, skb, len - head);
	if (layout != FRAG_LIST || len == head)
		return skb;
	rest = alloc_skb(len - head, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, rest);
	for (i = head; i < len; i++)
		*(u8 *)skb_put(rest, 1) = fixture_byte(i);
	skb_shinfo(skb)->frag_list = rest;
	skb->len += rest->len;
	skb->data_len += rest->len;
	return skb;
}

/* nfh_start_xmit: lengths */

struct length_case {
	const char *desc;
	u32 len;
	u32 slots;
};

static const struct length_case length_cases[] = {
	{ "one_byte", 1, 1 },
	{ "smallest_ethernet", 60, 1 },
	{ "mtu_1500", 1514, 1 },
	{ "page_less_one", 4095, 1 },
	{ "page", 4096, 1 },
	{ "page_and_one", 4097, 2 },
	{ "two_pages", 8192, 2 },
	{ "two_pages_and_one", 8193, 3 },
	{ "mtu_9000", 9014, 3 },
	{ "fifteen_pages_and_one", 61441, 16 },
	{ "longest", NFH_FRAME_MAX, NFH_TX_DATA_SLOTS_MAX },
};

static void length_desc(const struct length_case *row, char *desc)
{
	strscpy(desc, row->desc, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(length, length_cases, length_desc);

/* Three times over, so that pages are used that have been used before. */
static void start_xmit_length(struct kunit *test)
{
	const struct length_case *row = test->param_value;
	struct queue_fixture *fx = test->priv;
	u32 layout, i;

	for (layout = LINEAR; layout < SKB_LAYOUTS; layout++) {
		u32 pos = fx->tx_page->req_prod;
		struct sk_buff *skb = layout_skb(test, row->len, layout);

		KUNIT_EXPECT_EQ(test, pos, layout * row->slots);
		KUNIT_EXPECT_EQ(test, xmit(fx, skb), NETDEV_TX_OK);
		expect_frame(test, pos, row->len);
		KUNIT_EXPECT_EQ(test, fx->freed, layout);
		for (i = 0; i < row->slots; i++)
			backend_answers_tx(fx, id_of(fx, pos + i),
					   XEN_NETIF_RSP_OKAY);
		reap(fx, 64);
		KUNIT_EXPECT_EQ(test, fx->freed, layout + 1);
	}
	KUNIT_EXPECT_EQ(test, u64_stats_read(&fx->q->tx_stats.packets), 3ULL);
	KUNIT_EXPECT_EQ(test, u64_stats_read(&fx->q->tx_stats.bytes),
			3ULL * row->len);
	KUNIT_EXPECT_EQ(test, u64_stats_read(&fx->q->tx_stats.errors), 0ULL);
	KUNIT_EXPECT_EQ(test, nfh_tx_ring_room(&fx->q->tx), NFH_RING_SLOTS);
}

/* A short frame in the page of a long one: the rest of it must be zero. */
static void start_xmit_short_after_long(struct kunit *test)
{
	struct queue_fixture *fx = test->priv;

	xmit(fx, fixture_skb(test, NFH_PAGE_BYTES));
	backend_answers_tx(fx, id_of(fx, 0), XEN_NETIF_RSP_OKAY);
	reap(fx, 64);
	xmit(fx, fixture_skb(test, 60));

	KUNIT_EXPECT_EQ(test, id_of(fx, 0), id_of(fx, 1));
	expect_frame(test, 1, 60);
}

/* Neither headroom nor tailroom nor the slab behind them may be seen. */
static void start_xmit_copies_the_frame_only(struct kunit *test)
{
	struct queue_fixture *fx = test->priv;
	struct sk_buff *skb = fixture_skb(test, 100);

	memset(skb->head, 0xee, skb_headroom(skb));
	memset(skb_tail_pointer(skb), 0xee, skb_tailroom(skb));
	xmit(fx, skb);

	expect_frame(test, 0, 100);
}

/* nfh_start_xmit: what is not sent */

struct sayable_case {
	const char *desc;
	u32 len;
	u32 gso_type;
	bool no_sg;
	bool no_v4;
	bool no_v6;
	bool sent;
};

#define UDP_L4	SKB_GSO_UDP_L4
#define TCPV4	SKB_GSO_TCPV4
#define TCPV6	SKB_GSO_TCPV6

static const struct sayable_case sayable_cases[] = {
	{ "empty" },
	{ "one_byte", .len = 1, .sent = true },
	{ "longest", .len = NFH_FRAME_MAX, .sent = true },
	{ "too_long", .len = NFH_FRAME_MAX + 1 },
	{ "much_too_long", .len = 3 * NFH_FRAME_MAX },
	{ "page_without_sg", .len = 4096, .no_sg = true, .sent = true },
	{ "longer_than_page_without_sg", .len = 4097, .no_sg = true },
	{ "tcpv4", .len = 4000, .gso_type = TCPV4, .sent = true },
	{ "tcpv4_not_offered", .len = 4000, .gso_type = TCPV4, .no_v4 = true },
	{ "tcpv4_only_v4", .len = 4000, .gso_type = TCPV4, .no_v6 = true,
	  .sent = true },
	{ "tcpv6", .len = 4000, .gso_type = TCPV6, .sent = true },
	{ "tcpv6_not_offered", .len = 4000, .gso_type = TCPV6, .no_v6 = true },
	{ "tcpv6_only_v6", .len = 4000, .gso_type = TCPV6, .no_v4 = true,
	  .sent = true },
	{ "udp_segments", .len = 4000, .gso_type = UDP_L4 },
	{ "too_long_tcpv4", .len = NFH_FRAME_MAX + 1, .gso_type = TCPV4 },
};

static void sayable_desc(const struct sayable_case *row, char *desc)
{
	strscpy(desc, row->desc, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(sayable, sayable_cases, sayable_desc);

static void start_xmit_sayable(struct kunit *test)
{
	const struct sayable_case *row = test->param_value;
	struct queue_fixture *fx = test->priv;
	struct sk_buff *skb = fixture_skb(test, row->len);

	fx->nd->caps.sg = !row->no_sg;
	fx->nd->caps.gso_tcpv4 = !row->no_v4;
	fx->nd->caps.gso_tcpv6 = !row->no_v6;
	skb_shinfo(skb)->gso_type = row->gso_type;
	skb_shinfo(skb)->gso_size = row->gso_type ? 1448 : 0;

	KUNIT_EXPECT_EQ(test, xmit(fx, skb), NETDEV_TX_OK);

	KUNIT_EXPECT_EQ(test, fx->tx_page->req_prod > 0, row->sent);
	KUNIT_EXPECT_EQ(test, fx->freed, !row->sent);
	KUNIT_EXPECT_EQ(test, u64_stats_read(&fx->q->tx_stats.packets),
			(u64)row->sent);
	KUNIT_EXPECT_EQ(test, u64_stats_read(&fx->q->tx_stats.dropped),
			(u64)!row->sent);
}

static void start_xmit_not_connected(struct kunit *test)
{
	struct queue_fixture *fx = test->priv;
	u32 state;

	for (state = NFH_DISCONNECTED; state < NFH_DEV_STATES; state++) {
		fx->freed = 0;
		fx->nd->state = state;
		if (state == NFH_CONNECTED)
			continue;
		KUNIT_EXPECT_EQ(test, xmit(fx, fixture_skb(test, 60)),
				NETDEV_TX_OK);
		KUNIT_EXPECT_EQ(test, fx->freed, 1U);
	}
	KUNIT_EXPECT_EQ(test, fx->tx_page->req_prod, 0U);
	KUNIT_EXPECT_EQ(test, fake_evtchn_look(fx->q->rx_event.irq).notified,
			0U);
	KUNIT_EXPECT_EQ(test, u64_stats_read(&fx->q->tx_stats.dropped),
			(u64)NFH_DEV_STATES - 1);
}

/* The connection before this one had more queues. */
static void start_xmit_queue_not_in_use(struct kunit *test)
{
	struct queue_fixture *fx = test->priv;

	fx->nd->num_queues = FIXTURE_QUEUE;

	KUNIT_EXPECT_EQ(test, xmit(fx, fixture_skb(test, 60)), NETDEV_TX_OK);
	KUNIT_EXPECT_EQ(test, fx->freed, 1U);
	KUNIT_EXPECT_EQ(test, fx->tx_page->req_prod, 0U);
	fx->nd->num_queues = FIXTURE_QUEUES;
}

/* Every page of the frame may be the one that cannot be read. */
static void start_xmit_copy_fails(struct kunit *test)
{
	struct queue_fixture *fx = test->priv;
	u32 nth;

	for (nth = 1; nth <= 3; nth++) {
		failing_copy = nth;
		KUNIT_EXPECT_EQ(test, xmit(fx, fixture_skb(test, 9000)),
				NETDEV_TX_OK);
		KUNIT_EXPECT_EQ(test, failing_copy, 0U);
		KUNIT_EXPECT_EQ(test, fx->freed, nth);
		KUNIT_EXPECT_EQ(test, fx->q->tx.free_count, NFH_RING_SLOTS);
		KUNIT_EXPECT_EQ(test, fx->tx_page->req_prod, 0U);
	}
	/* what the failed copies left behind is gone */
	xmit(fx, fixture_skb(test, 100));
	expect_frame(test, 0, 100);
}

/* Cannot happen while there is room; if it did, no slot would be lost. */
static void start_xmit_no_free_slot(struct kunit *test)
{
	struct queue_fixture *fx = test->priv;

	/* slots 0 and 1 are free, and the fixture has pages for them */
	fx->q->tx.free_count = 2;
	fx->q->tx.free[0] = 1;
	fx->q->tx.free[1] = 0;
	xmit(fx, fixture_skb(test, 9000));

	KUNIT_EXPECT_EQ(test, fx->freed, 1U);
	KUNIT_EXPECT_EQ(test, fx->q->tx.free_count, 2U);
	KUNIT_EXPECT_EQ(test, u64_stats_read(&fx->q->tx_stats.dropped), 1ULL);
}

/* nfh_start_xmit: flags */

struct flags_case {
	const char *desc;
	u8 ip_summed;
	u32 gso_type;
	u16 flags;
	u8 extra_type;
};

#define BLANK	(XEN_NETTXF_csum_blank | XEN_NETTXF_data_validated)
#define EXTRA	XEN_NETTXF_extra_info
#define V4	XEN_NETIF_GSO_TYPE_TCPV4
#define V6	XEN_NETIF_GSO_TYPE_TCPV6

static const struct flags_case flags_cases[] = {
	{ "nothing", CHECKSUM_NONE },
	{ "verified", CHECKSUM_UNNECESSARY, 0, XEN_NETTXF_data_validated },
	{ "complete", CHECKSUM_COMPLETE },
	{ "partial", CHECKSUM_PARTIAL, 0, BLANK },
	{ "gso_v4", CHECKSUM_PARTIAL, TCPV4, BLANK | EXTRA, V4 },
	{ "gso_v6", CHECKSUM_PARTIAL, TCPV6, BLANK | EXTRA, V6 },
	{ "gso_v4_ecn", CHECKSUM_PARTIAL, TCPV4 | SKB_GSO_TCP_ECN,
	  BLANK | EXTRA, V4 },
	{ "gso_v4_not_partial", CHECKSUM_NONE, TCPV4, EXTRA, V4 },
};

static void flags_desc(const struct flags_case *row, char *desc)
{
	strscpy(desc, row->desc, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(flags, flags_cases, flags_desc);

/* A frame of two slots: the flags stand in the first one only. */
static void start_xmit_flags(struct kunit *test)
{
	const struct flags_case *row = test->param_value;
	struct queue_fixture *fx = test->priv;
	struct sk_buff *skb = fixture_skb(test, 5000);
	const struct xen_netif_extra_info *extra =
		(void *)&fx->tx_page->ring[1];
	u32 second = row->gso_type ? 2 : 1;

	skb->ip_summed = row->ip_summed;
	skb_shinfo(skb)->gso_type = row->gso_type;
	skb_shinfo(skb)->gso_size = row->gso_type ? 1448 : 0;
	xmit(fx, skb);

	KUNIT_EXPECT_EQ(test, fx->tx_page->req_prod, second + 1);
	KUNIT_EXPECT_EQ(test, request(fx, 0)->flags,
			row->flags | XEN_NETTXF_more_data);
	KUNIT_EXPECT_EQ(test, request(fx, second)->flags, 0);
	KUNIT_EXPECT_EQ(test, request(fx, second)->size, 5000 - 4096);
	if (!row->gso_type)
		return;
	KUNIT_EXPECT_EQ(test, extra->type, XEN_NETIF_EXTRA_TYPE_GSO);
	KUNIT_EXPECT_EQ(test, extra->flags, 0);
	KUNIT_EXPECT_EQ(test, extra->u.gso.type, row->extra_type);
	KUNIT_EXPECT_EQ(test, extra->u.gso.size, 1448);
}

/* nfh_start_xmit: when the backend is told */

static u32 notified(struct queue_fixture *fx)
{
	return fake_evtchn_look(nfh_tx_event(fx->q)->irq).notified;
}

static void start_xmit_more_publishes_later(struct kunit *test)
{
	struct queue_fixture *fx = test->priv;

	more_frames = true;
	xmit(fx, fixture_skb(test, 60));
	xmit(fx, fixture_skb(test, 60));
	KUNIT_EXPECT_EQ(test, fx->tx_page->req_prod, 0U);
	KUNIT_EXPECT_EQ(test, notified(fx), 0U);

	more_frames = false;
	xmit(fx, fixture_skb(test, 60));
	KUNIT_EXPECT_EQ(test, fx->tx_page->req_prod, 3U);
	KUNIT_EXPECT_EQ(test, notified(fx), 1U);
}

/* The last frame of a burst is dropped: the others must not wait for it. */
static void start_xmit_dropped_last_publishes(struct kunit *test)
{
	struct queue_fixture *fx = test->priv;

	more_frames = true;
	xmit(fx, fixture_skb(test, 60));
	xmit(fx, fixture_skb(test, 0));
	KUNIT_EXPECT_EQ(test, fx->tx_page->req_prod, 0U);

	more_frames = false;
	xmit(fx, fixture_skb(test, 0));
	KUNIT_EXPECT_EQ(test, fx->tx_page->req_prod, 1U);
	KUNIT_EXPECT_EQ(test, notified(fx), 1U);
}

static void start_xmit_backend_is_awake(struct kunit *test)
{
	struct queue_fixture *fx = test->priv;

	/* it has not asked for an event */
	fx->tx_page->req_event = 100;
	xmit(fx, fixture_skb(test, 60));

	KUNIT_EXPECT_EQ(test, fx->tx_page->req_prod, 1U);
	KUNIT_EXPECT_EQ(test, notified(fx), 0U);
}

static void start_xmit_own_event_channel(struct kunit *test)
{
	struct queue_fixture *fx = test->priv;

	KUNIT_ASSERT_EQ(test, nfh_event_open(&fx->q->tx_event, fx->q, "tx"), 0);
	xmit(fx, fixture_skb(test, 60));

	KUNIT_EXPECT_EQ(test, fake_evtchn_look(fx->q->tx_event.irq).notified,
			1U);
	KUNIT_EXPECT_EQ(test, fake_evtchn_look(fx->q->rx_event.irq).notified,
			0U);
}

/* Responses */

struct answer_case {
	const char *desc;
	s16 status;
	bool error;
	bool unknown;
};

static const struct answer_case answer_cases[] = {
	{ "okay", XEN_NETIF_RSP_OKAY },
	{ "error", XEN_NETIF_RSP_ERROR, .error = true },
	{ "dropped", XEN_NETIF_RSP_DROPPED, .error = true },
	{ "unknown_positive", 2, .error = true, .unknown = true },
	{ "unknown_negative", -3, .error = true, .unknown = true },
};

static void answer_desc(const struct answer_case *row, char *desc)
{
	strscpy(desc, row->desc, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(answer, answer_cases, answer_desc);

/* Two frames: the second one goes well, whatever became of the first. */
static void reap_status(struct kunit *test)
{
	const struct answer_case *row = test->param_value;
	struct queue_fixture *fx = test->priv;

	xmit(fx, fixture_skb(test, 60));
	xmit(fx, fixture_skb(test, 60));
	backend_answers_tx(fx, id_of(fx, 0), row->status);
	backend_answers_tx(fx, id_of(fx, 1), XEN_NETIF_RSP_OKAY);
	reap(fx, 64);

	KUNIT_EXPECT_EQ(test, fx->freed, 2U);
	KUNIT_EXPECT_EQ(test, u64_stats_read(&fx->q->tx_stats.errors),
			(u64)row->error);
	KUNIT_EXPECT_EQ(test,
			atomic64_read(&fx->nd->violations[NFH_V_TX_STATUS]),
			(s64)row->unknown);
	KUNIT_EXPECT_EQ(test, fixture_violations(fx), (s64)row->unknown);
	KUNIT_EXPECT_EQ(test, fx->nd->state, NFH_CONNECTED);
	KUNIT_EXPECT_EQ(test, fx->q->rx_event.progress, 2U);
}

struct reap_fault {
	const char *desc;
	enum nfh_violation why;
	u32 owned_up;		/* responses more than there are */
	u16 id;
	s16 status;
};

/* The reasons by which tx.c stops the device; the ring's suite has them all. */
static const struct reap_fault reap_faults[] = {
	{ "producer_too_far", NFH_V_TX_PRODUCER, 100, 0, XEN_NETIF_RSP_OKAY },
	{ "id_out_of_range", NFH_V_TX_ID_RANGE, 0, NFH_RING_SLOTS, 0 },
	{ "id_not_in_flight", NFH_V_TX_ID_IDLE, 0, NFH_RING_SLOTS - 1, 0 },
	{ "null_not_expected", NFH_V_TX_NULL, 0, 0, XEN_NETIF_RSP_NULL },
};

static void fault_desc(const struct reap_fault *row, char *desc)
{
	strscpy(desc, row->desc, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(reap_fault, reap_faults, fault_desc);

/* A good response before the bad one is still taken. */
static void reap_faults_the_device(struct kunit *test)
{
	const struct reap_fault *row = test->param_value;
	struct queue_fixture *fx = test->priv;
	bool believed = row->why != NFH_V_TX_PRODUCER;

	xmit(fx, fixture_skb(test, 60));
	xmit(fx, fixture_skb(test, 60));
	backend_answers_tx(fx, id_of(fx, 0), XEN_NETIF_RSP_OKAY);
	backend_answers_tx(fx, row->id, row->status);
	fx->tx_page->rsp_prod += row->owned_up;
	reap(fx, 64);

	KUNIT_EXPECT_EQ(test, fx->nd->state, NFH_FAULTED);
	KUNIT_EXPECT_EQ(test, atomic64_read(&fx->nd->violations[row->why]),
			1LL);
	KUNIT_EXPECT_EQ(test, fixture_violations(fx), 1LL);
	KUNIT_EXPECT_EQ(test, fx->freed, believed ? 1U : 0U);
	KUNIT_EXPECT_TRUE(test, netif_tx_queue_stopped(nfh_txq(fx->q)));
}

/* The skb goes with the last slot of its frame, whenever that one comes. */
static void reap_last_slot_first(struct kunit *test)
{
	struct queue_fixture *fx = test->priv;

	xmit(fx, fixture_skb(test, 9000));
	backend_answers_tx(fx, id_of(fx, 0), XEN_NETIF_RSP_OKAY);
	backend_answers_tx(fx, id_of(fx, 1), XEN_NETIF_RSP_OKAY);
	reap(fx, 64);
	KUNIT_EXPECT_EQ(test, fx->freed, 0U);
	backend_answers_tx(fx, id_of(fx, 2), XEN_NETIF_RSP_OKAY);
	reap(fx, 64);
	KUNIT_EXPECT_EQ(test, fx->freed, 1U);

	xmit(fx, fixture_skb(test, 9000));
	backend_answers_tx(fx, id_of(fx, 5), XEN_NETIF_RSP_OKAY);
	reap(fx, 64);
	KUNIT_EXPECT_EQ(test, fx->freed, 2U);
	/* a slot that is not answered stays with the backend */
	KUNIT_EXPECT_EQ(test, fx->q->tx.slot[id_of(fx, 3)].state, NFH_TX_SENT);
}

/* An error of any slot but the last one is not a frame of its own. */
static void reap_counts_frames_in_error(struct kunit *test)
{
	struct queue_fixture *fx = test->priv;
	u32 i;

	xmit(fx, fixture_skb(test, 9000));
	for (i = 0; i < 3; i++)
		backend_answers_tx(fx, id_of(fx, i), XEN_NETIF_RSP_ERROR);
	reap(fx, 64);

	KUNIT_EXPECT_EQ(test, u64_stats_read(&fx->q->tx_stats.errors), 1ULL);
	KUNIT_EXPECT_EQ(test, fx->q->rx_event.progress, 3U);
}

static void reap_null_of_an_extra(struct kunit *test)
{
	struct queue_fixture *fx = test->priv;
	struct sk_buff *skb = fixture_skb(test, 3000);

	skb->ip_summed = CHECKSUM_PARTIAL;
	skb_shinfo(skb)->gso_type = SKB_GSO_TCPV4;
	skb_shinfo(skb)->gso_size = 1448;
	xmit(fx, skb);
	backend_answers_tx(fx, id_of(fx, 0), XEN_NETIF_RSP_OKAY);
	backend_answers_tx(fx, 0, XEN_NETIF_RSP_NULL);
	reap(fx, 64);

	KUNIT_EXPECT_EQ(test, fx->freed, 1U);
	KUNIT_EXPECT_EQ(test, fx->nd->state, NFH_CONNECTED);
	KUNIT_EXPECT_EQ(test, nfh_tx_ring_room(&fx->q->tx), NFH_RING_SLOTS);
}

static void reap_nothing_there(struct kunit *test)
{
	struct queue_fixture *fx = test->priv;

	xmit(fx, fixture_skb(test, 60));
	reap(fx, 64);

	KUNIT_EXPECT_EQ(test, fx->freed, 0U);
	KUNIT_EXPECT_EQ(test, fx->q->rx_event.progress, 0U);
}

/* netpoll may come from under the transmit lock: it must not wait for it. */
static void reap_netpoll(struct kunit *test)
{
	struct queue_fixture *fx = test->priv;

	xmit(fx, fixture_skb(test, 60));
	backend_answers_tx(fx, id_of(fx, 0), XEN_NETIF_RSP_OKAY);

	__netif_tx_lock_bh(nfh_txq(fx->q));
	nfh_tx_reap(fx->q, 0);
	__netif_tx_unlock_bh(nfh_txq(fx->q));
	KUNIT_EXPECT_EQ(test, fx->freed, 0U);

	reap(fx, 0);
	KUNIT_EXPECT_EQ(test, fx->freed, 1U);
}

/* nfh_tx_arm, nfh_tx_release */

static void arm_counts_what_is_there(struct kunit *test)
{
	struct queue_fixture *fx = test->priv;
	u32 count = 77;

	xmit(fx, fixture_skb(test, 60));
	local_bh_disable();
	KUNIT_EXPECT_EQ(test, nfh_tx_arm(fx->q, &count), NFH_V_NONE);
	KUNIT_EXPECT_EQ(test, count, 0U);
	KUNIT_EXPECT_EQ(test, fx->tx_page->rsp_event, 1U);
	backend_answers_tx(fx, id_of(fx, 0), XEN_NETIF_RSP_OKAY);
	KUNIT_EXPECT_EQ(test, nfh_tx_arm(fx->q, &count), NFH_V_NONE);
	KUNIT_EXPECT_EQ(test, count, 1U);
	fx->tx_page->rsp_prod++;
	KUNIT_EXPECT_EQ(test, nfh_tx_arm(fx->q, &count), NFH_V_TX_PRODUCER);
	/* the lock has been given back */
	KUNIT_EXPECT_TRUE(test, __netif_tx_trylock(nfh_txq(fx->q)));
	__netif_tx_unlock(nfh_txq(fx->q));
	local_bh_enable();
}

/* The skbs go at once, the slots when they are answered. */
static void release_frees_skbs_only(struct kunit *test)
{
	struct queue_fixture *fx = test->priv;

	xmit(fx, fixture_skb(test, 9000));
	xmit(fx, fixture_skb(test, 60));
	nfh_tx_release(fx->q);
	KUNIT_EXPECT_EQ(test, fx->freed, 2U);
	nfh_tx_release(fx->q);
	KUNIT_EXPECT_EQ(test, fx->freed, 2U);
	KUNIT_EXPECT_EQ(test, nfh_tx_ring_room(&fx->q->tx), NFH_RING_SLOTS - 4);

	backend_answers_tx(fx, id_of(fx, 2), XEN_NETIF_RSP_OKAY);
	reap(fx, 64);
	KUNIT_EXPECT_EQ(test, fx->freed, 2U);
	KUNIT_EXPECT_EQ(test, fx->nd->state, NFH_CONNECTED);
	KUNIT_EXPECT_EQ(test, nfh_tx_ring_room(&fx->q->tx), NFH_RING_SLOTS - 3);
}

/* A reason that tx.c reports needs a row here. */
static void every_reason_has_a_row(struct kunit *test)
{
	u64 seen = BIT_ULL(NFH_V_TX_STATUS);
	u32 i;

	for (i = 0; i < ARRAY_SIZE(reap_faults); i++)
		seen |= BIT_ULL(reap_faults[i].why);
	for (i = 0; i < ARRAY_SIZE(nfh_reasons); i++) {
		bool mine = nfh_reasons[i].by & BY_TX;

		KUNIT_EXPECT_EQ_MSG(test, mine,
				    !!(seen & BIT_ULL(nfh_reasons[i].why)),
				    "%s", nfh_reasons[i].name);
	}
}

static struct kunit_case tx_cases[] = {
	KUNIT_CASE_PARAM(start_xmit_length, length_gen_params),
	KUNIT_CASE(start_xmit_short_after_long),
	KUNIT_CASE(start_xmit_copies_the_frame_only),
	KUNIT_CASE_PARAM(start_xmit_sayable, sayable_gen_params),
	KUNIT_CASE(start_xmit_not_connected),
	KUNIT_CASE(start_xmit_queue_not_in_use),
	KUNIT_CASE(start_xmit_copy_fails),
	KUNIT_CASE(start_xmit_no_free_slot),
	KUNIT_CASE_PARAM(start_xmit_flags, flags_gen_params),
	KUNIT_CASE(start_xmit_more_publishes_later),
	KUNIT_CASE(start_xmit_dropped_last_publishes),
	KUNIT_CASE(start_xmit_backend_is_awake),
	KUNIT_CASE(start_xmit_own_event_channel),
	KUNIT_CASE_PARAM(reap_status, answer_gen_params),
	KUNIT_CASE_PARAM(reap_faults_the_device, reap_fault_gen_params),
	KUNIT_CASE(reap_last_slot_first),
	KUNIT_CASE(reap_counts_frames_in_error),
	KUNIT_CASE(reap_null_of_an_extra),
	KUNIT_CASE(reap_nothing_there),
	KUNIT_CASE(reap_netpoll),
	KUNIT_CASE(arm_counts_what_is_there),
	KUNIT_CASE(release_frees_skbs_only),
	KUNIT_CASE(every_reason_has_a_row),
	{}
};

static struct kunit_suite tx_suite = {
	.name = "netfront_hardened_tx",
	.init = tx_init,
	.exit = tx_exit,
	.test_cases = tx_cases,
};

/* A ring that fills up needs all of its pages. */

static int tx_full_init(struct kunit *test)
{
	struct queue_fixture *fx;
	u32 i;

	tx_init_pages(test, NFH_RING_SLOTS);
	fx = test->priv;
	for (i = 0; i < FRAMES_TO_STOP - 1; i++)
		xmit(fx, fixture_skb(test, 60));
	KUNIT_ASSERT_FALSE(test, netif_tx_queue_stopped(nfh_txq(fx->q)));
	return 0;
}

/* The queue stops before the net core could hand over one frame too many. */
static void full_stops_the_queue(struct kunit *test)
{
	struct queue_fixture *fx = test->priv;

	more_frames = true;
	KUNIT_EXPECT_EQ(test, xmit(fx, fixture_skb(test, 60)), NETDEV_TX_OK);

	KUNIT_EXPECT_TRUE(test, netif_tx_queue_stopped(nfh_txq(fx->q)));
	/* nothing else would show these to the backend */
	KUNIT_EXPECT_EQ(test, fx->tx_page->req_prod, FRAMES_TO_STOP);
}

/* One largest frame fits as long as the queue runs. */
static void full_longest_frame_fits(struct kunit *test)
{
	struct queue_fixture *fx = test->priv;
	struct sk_buff *skb = fixture_skb(test, NFH_FRAME_MAX);

	skb->ip_summed = CHECKSUM_PARTIAL;
	skb_shinfo(skb)->gso_type = SKB_GSO_TCPV4;
	skb_shinfo(skb)->gso_size = 1448;
	KUNIT_EXPECT_EQ(test, xmit(fx, skb), NETDEV_TX_OK);
	KUNIT_EXPECT_EQ(test, nfh_tx_ring_room(&fx->q->tx), 0U);
	KUNIT_EXPECT_EQ(test, fx->freed, 0U);
}

/* A frame that comes all the same stays with the net core. */
static void full_is_busy(struct kunit *test)
{
	struct queue_fixture *fx = test->priv;
	struct sk_buff *skb = fixture_skb(test, 60);

	xmit(fx, fixture_skb(test, 60));
	netif_tx_start_queue(nfh_txq(fx->q));
	KUNIT_EXPECT_EQ(test, xmit(fx, skb), NETDEV_TX_BUSY);

	KUNIT_EXPECT_TRUE(test, netif_tx_queue_stopped(nfh_txq(fx->q)));
	KUNIT_EXPECT_EQ(test, fx->freed, 0U);
	KUNIT_EXPECT_EQ(test, fx->tx_page->req_prod, FRAMES_TO_STOP);
	KUNIT_EXPECT_EQ(test, u64_stats_read(&fx->q->tx_stats.dropped), 0ULL);
	kfree_skb(skb);
}

/* And what had been kept for it is shown to the backend. */
static void full_busy_publishes(struct kunit *test)
{
	struct queue_fixture *fx = test->priv;
	struct sk_buff *skb = fixture_skb(test, 60);

	xmit(fx, fixture_skb(test, 60));
	/* composed and not published, as in the middle of a burst */
	nfh_tx_ring_put_gso(&fx->q->tx, XEN_NETIF_GSO_TYPE_TCPV4, 1448);
	xmit(fx, skb);

	KUNIT_EXPECT_EQ(test, fx->tx_page->req_prod, FRAMES_TO_STOP + 1);
	kfree_skb(skb);
}

static void answer_first(struct queue_fixture *fx, u32 count)
{
	u32 first = fx->tx_page->rsp_prod;
	u32 i;

	for (i = 0; i < count; i++)
		backend_answers_tx(fx, id_of(fx, first + i),
				   XEN_NETIF_RSP_OKAY);
	reap(fx, 64);
}

/* Woken when two of the largest frames fit, not one slot earlier. */
static void full_wakes_with_room(struct kunit *test)
{
	struct queue_fixture *fx = test->priv;
	u32 room;

	xmit(fx, fixture_skb(test, 60));
	room = nfh_tx_ring_room(&fx->q->tx);
	answer_first(fx, NFH_TX_WAKE_ROOM - 1 - room);
	KUNIT_EXPECT_TRUE(test, netif_tx_queue_stopped(nfh_txq(fx->q)));
	answer_first(fx, 1);
	KUNIT_EXPECT_FALSE(test, netif_tx_queue_stopped(nfh_txq(fx->q)));
	KUNIT_EXPECT_EQ(test, nfh_tx_ring_room(&fx->q->tx), NFH_TX_WAKE_ROOM);
}

/* A device that has stopped is not woken by late responses. */
static void full_not_woken_when_not_connected(struct kunit *test)
{
	struct queue_fixture *fx = test->priv;

	xmit(fx, fixture_skb(test, 60));
	fx->nd->state = NFH_CLOSING;
	answer_first(fx, 200);

	KUNIT_EXPECT_EQ(test, fx->freed, 200U);
	KUNIT_EXPECT_TRUE(test, netif_tx_queue_stopped(nfh_txq(fx->q)));
}

/* One poll takes all of them, and no more than there are. */
static void full_reap_takes_the_whole_ring(struct kunit *test)
{
	struct queue_fixture *fx = test->priv;

	xmit(fx, fixture_skb(test, 60));
	answer_first(fx, FRAMES_TO_STOP);

	KUNIT_EXPECT_EQ(test, fx->freed, FRAMES_TO_STOP);
	KUNIT_EXPECT_EQ(test, fx->q->rx_event.progress, FRAMES_TO_STOP);
	KUNIT_EXPECT_EQ(test, nfh_tx_ring_room(&fx->q->tx), NFH_RING_SLOTS);
}

/* nfh_tx_check_stall */

static void let_time_pass(struct queue_fixture *fx)
{
	fx->q->tx_alive -= msecs_to_jiffies(NFH_TX_STALL_MS);
}

/* The skbs go, and frames that find no room are dropped, not kept. */
static void stall_lets_skbs_go(struct kunit *test)
{
	struct queue_fixture *fx = test->priv;

	nfh_tx_start(fx->q);
	xmit(fx, fixture_skb(test, 60));
	KUNIT_EXPECT_EQ(test, nfh_tx_check_stall(fx->q), 0U);
	KUNIT_EXPECT_EQ(test, fx->freed, 0U);
	KUNIT_EXPECT_EQ(test, scheduled, 0U);
	let_time_pass(fx);
	KUNIT_EXPECT_EQ(test, nfh_tx_check_stall(fx->q), FRAMES_TO_STOP);
	KUNIT_EXPECT_EQ(test, fx->freed, FRAMES_TO_STOP);
	KUNIT_EXPECT_FALSE(test, netif_tx_queue_stopped(nfh_txq(fx->q)));
	/* whatever had stopped it: what waits in the qdisc goes on */
	KUNIT_EXPECT_EQ(test, scheduled, 1U);

	KUNIT_EXPECT_EQ(test, xmit(fx, fixture_skb(test, 60)), NETDEV_TX_OK);
	KUNIT_EXPECT_EQ(test, u64_stats_read(&fx->q->tx_stats.dropped), 1ULL);
	KUNIT_EXPECT_EQ(test, fx->freed, FRAMES_TO_STOP + 1);
	KUNIT_EXPECT_FALSE(test, netif_tx_queue_stopped(nfh_txq(fx->q)));
	/* the slots are still the backend's */
	KUNIT_EXPECT_EQ(test, nfh_tx_ring_room(&fx->q->tx),
			NFH_RING_SLOTS - FRAMES_TO_STOP);
	KUNIT_EXPECT_EQ(test, fx->nd->state, NFH_CONNECTED);
}

/* The last frame that fits is shown to the backend, and stops nothing. */
static void stall_does_not_stop_the_queue(struct kunit *test)
{
	struct queue_fixture *fx = test->priv;

	nfh_tx_start(fx->q);
	let_time_pass(fx);
	KUNIT_EXPECT_EQ(test, nfh_tx_check_stall(fx->q), FRAMES_TO_STOP - 1);
	more_frames = true;
	KUNIT_EXPECT_EQ(test, xmit(fx, fixture_skb(test, 60)), NETDEV_TX_OK);
	KUNIT_EXPECT_FALSE(test, netif_tx_queue_stopped(nfh_txq(fx->q)));
	KUNIT_EXPECT_EQ(test, fx->tx_page->req_prod, FRAMES_TO_STOP);
}

/* What is sent meanwhile is not kept for an answer, nor is it counted. */
static void stall_keeps_no_skb(struct kunit *test)
{
	struct queue_fixture *fx = test->priv;

	nfh_tx_start(fx->q);
	let_time_pass(fx);
	nfh_tx_check_stall(fx->q);
	KUNIT_EXPECT_EQ(test, fx->freed, FRAMES_TO_STOP - 1);
	KUNIT_EXPECT_EQ(test, xmit(fx, fixture_skb(test, 60)), NETDEV_TX_OK);
	KUNIT_EXPECT_EQ(test, fx->freed, FRAMES_TO_STOP);
	KUNIT_EXPECT_EQ(test, u64_stats_read(&fx->q->tx_stats.dropped), 0ULL);
	/* more bytes than byte queue limits know of would be a BUG there */
	answer_first(fx, FRAMES_TO_STOP);
	KUNIT_EXPECT_EQ(test, nfh_tx_ring_room(&fx->q->tx), NFH_RING_SLOTS);
	KUNIT_EXPECT_EQ(test, fx->freed, FRAMES_TO_STOP);
}

/* One answer is enough: it is alive, and frames are kept for it again. */
static void stall_ends_with_an_answer(struct kunit *test)
{
	struct queue_fixture *fx = test->priv;

	nfh_tx_start(fx->q);
	let_time_pass(fx);
	nfh_tx_check_stall(fx->q);
	KUNIT_EXPECT_TRUE(test, fx->q->tx_stalled);
	answer_first(fx, 1);
	KUNIT_EXPECT_FALSE(test, fx->q->tx_stalled);
	let_time_pass(fx);
	xmit(fx, fixture_skb(test, 60));
	KUNIT_EXPECT_EQ(test, nfh_tx_check_stall(fx->q), 0U);
}

/* Nothing is owed, or the connection is over: nothing to wait for. */
static void stall_needs_somebody_who_owes(struct kunit *test)
{
	struct queue_fixture *fx = test->priv;

	nfh_tx_start(fx->q);
	let_time_pass(fx);
	fx->nd->state = NFH_FAULTED;
	KUNIT_EXPECT_EQ(test, nfh_tx_check_stall(fx->q), 0U);
	fx->nd->state = NFH_CONNECTED;
	answer_first(fx, FRAMES_TO_STOP - 1);
	nfh_tx_check_stall(fx->q);
	let_time_pass(fx);
	KUNIT_EXPECT_EQ(test, nfh_tx_check_stall(fx->q), 0U);
	KUNIT_EXPECT_FALSE(test, fx->q->tx_stalled);
}

static void let_it_wait(struct queue_fixture *fx, u32 pos)
{
	struct sk_buff *skb = fx->q->tx.slot[id_of(fx, pos)].cookie;

	*tx_sent_at(skb) -= msecs_to_jiffies(NFH_TX_STALL_MS);
}

/* It answers, but not these: they go, and nothing else changes. */
static void overdue_ones_go(struct kunit *test)
{
	struct queue_fixture *fx = test->priv;

	nfh_tx_start(fx->q);
	let_it_wait(fx, 0);
	let_it_wait(fx, 2);
	fx->nd->state = NFH_FAULTED;
	KUNIT_EXPECT_EQ(test, nfh_tx_check_stall(fx->q), 0U);
	fx->nd->state = NFH_CONNECTED;
	KUNIT_EXPECT_EQ(test, nfh_tx_check_stall(fx->q), 2U);
	KUNIT_EXPECT_EQ(test, fx->freed, 2U);
	KUNIT_EXPECT_NULL(test, fx->q->tx.slot[id_of(fx, 0)].cookie);
	KUNIT_EXPECT_NOT_NULL(test, fx->q->tx.slot[id_of(fx, 1)].cookie);
	KUNIT_EXPECT_NULL(test, fx->q->tx.slot[id_of(fx, 2)].cookie);
	KUNIT_EXPECT_FALSE(test, fx->q->tx_stalled);
	KUNIT_EXPECT_EQ(test, nfh_tx_check_stall(fx->q), 0U);
	/* more bytes than byte queue limits know of would be a BUG there */
	answer_first(fx, FRAMES_TO_STOP - 1);
	KUNIT_EXPECT_EQ(test, fx->freed, FRAMES_TO_STOP - 1);
	KUNIT_EXPECT_EQ(test, nfh_tx_ring_room(&fx->q->tx), NFH_RING_SLOTS);
}

static struct kunit_case tx_full_cases[] = {
	KUNIT_CASE(full_stops_the_queue),
	KUNIT_CASE(full_longest_frame_fits),
	KUNIT_CASE(full_is_busy),
	KUNIT_CASE(full_busy_publishes),
	KUNIT_CASE(full_wakes_with_room),
	KUNIT_CASE(full_not_woken_when_not_connected),
	KUNIT_CASE(full_reap_takes_the_whole_ring),
	KUNIT_CASE(stall_lets_skbs_go),
	KUNIT_CASE(stall_does_not_stop_the_queue),
	KUNIT_CASE(stall_keeps_no_skb),
	KUNIT_CASE(stall_ends_with_an_answer),
	KUNIT_CASE(stall_needs_somebody_who_owes),
	KUNIT_CASE(overdue_ones_go),
	{}
};

static struct kunit_suite tx_full_suite = {
	.name = "netfront_hardened_tx_full",
	.init = tx_full_init,
	.exit = tx_exit,
	.test_cases = tx_full_cases,
};

kunit_test_suites(&tx_suite, &tx_full_suite);
