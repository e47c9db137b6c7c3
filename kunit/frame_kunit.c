// SPDX-License-Identifier: GPL-2.0
/*
 * frame.c fed with sequences of slots
 *
 * A row is a sequence; after each step it names the phase that must follow,
 * so that the grammar is checked at every slot and not just at the end.
 */
#include <kunit/test.h>

#include "../frame.c"
#include "random.h"
#include "reasons.h"

/* What a step feeds in. */
enum step_kind {
	STEP_NONE,		/* the sequence is over */
	STEP_DATA,		/* nfh_frame_data() */
	STEP_EXTRA,		/* nfh_frame_extra() */
};

/* Flags of a step. */
#define MORE	BIT(0)		/* another slot of the same kind follows */
#define EXTRA	BIT(1)		/* data: extras follow */

/**
 * struct frame_step - one slot, or the same slot again and again
 * @kind: see enum step_kind
 * @flags: MORE, EXTRA
 * @len: bytes of a data slot, gso_size of an extra
 * @why: what the ring said of the slot
 * @next: phase that must follow, after each repetition
 * @times: repetitions; 0 is 1
 */
struct frame_step {
	enum step_kind kind;
	u8 flags;
	u16 len;
	enum nfh_violation why;
	enum nfh_frame_phase next;
	u32 times;
};

/**
 * struct frame_case - a sequence and what must have become of it
 * @desc: name of the row
 * @step: the sequence
 * @drop: reason, NFH_V_NONE for a good frame
 * @len: bytes that were counted
 * @slots: data slots that were counted
 * @gso_size: of the extra that was kept
 */
struct frame_case {
	const char *desc;
	struct frame_step step[6];
	enum nfh_violation drop;
	u32 len;
	u8 slots;
	u16 gso_size;
};

/* Phases and reasons, short enough for a table. */
#define P_EXTRA	NFH_FRAME_EXTRA
#define P_MORE	NFH_FRAME_MORE
#define P_END	NFH_FRAME_END
#define GOOD	NFH_V_NONE
#define D	STEP_DATA
#define X	STEP_EXTRA

static const struct frame_case frame_cases[] = {
	{ "single", {
		{ D, 0, 60, GOOD, P_END },
	}, GOOD, 60, 1, 0 },
	{ "single_least", {
		{ D, 0, 14, GOOD, P_END },
	}, GOOD, 14, 1, 0 },
	{ "single_whole_page", {
		{ D, 0, 4096, GOOD, P_END },
	}, GOOD, 4096, 1, 0 },
	{ "two_slots", {
		{ D, MORE, 4096, GOOD, P_MORE },
		{ D, 0, 1, GOOD, P_END },
	}, GOOD, 4097, 2, 0 },
	{ "two_slots_least", {
		{ D, MORE, 13, GOOD, P_MORE },
		{ D, 0, 1, GOOD, P_END },
	}, GOOD, 14, 2, 0 },
	{ "tiny_slots_least", {
		{ D, MORE, 1, GOOD, P_MORE, 13 },
		{ D, 0, 1, GOOD, P_END },
	}, GOOD, 14, 14, 0 },
	{ "most_slots", {
		{ D, MORE, 1, GOOD, P_MORE, 17 },
		{ D, 0, 1, GOOD, P_END },
	}, GOOD, 18, 18, 0 },
	{ "one_slot_too_many", {
		{ D, MORE, 1, GOOD, P_MORE, 18 },
		{ D, 0, 1, GOOD, P_END },
	}, NFH_V_RX_SLOTS, 18, 18, 0 },
	{ "more_without_end", {
		{ D, MORE, 1, GOOD, P_MORE, 1000000 },
	}, NFH_V_RX_SLOTS, 18, 18, 0 },
	{ "more_without_end_then_end", {
		{ D, MORE, 100, GOOD, P_MORE, 1000 },
		{ D, 0, 100, GOOD, P_END },
	}, NFH_V_RX_SLOTS, 1800, 18, 0 },
	{ "longest", {
		{ D, MORE, 4096, GOOD, P_MORE, 15 },
		{ D, 0, 4095, GOOD, P_END },
	}, GOOD, 65535, 16, 0 },
	{ "one_byte_too_long", {
		{ D, MORE, 4096, GOOD, P_MORE, 15 },
		{ D, 0, 4096, GOOD, P_END },
	}, NFH_V_RX_LONG, 61440, 15, 0 },
	{ "longest_and_one_byte", {
		{ D, MORE, 4096, GOOD, P_MORE, 15 },
		{ D, MORE, 4095, GOOD, P_MORE },
		{ D, 0, 1, GOOD, P_END },
	}, NFH_V_RX_LONG, 65535, 16, 0 },
	{ "long_slots_without_end", {
		{ D, MORE, 4096, GOOD, P_MORE, 1000000 },
		{ D, 0, 4096, GOOD, P_END },
	}, NFH_V_RX_LONG, 61440, 15, 0 },
	{ "too_short_two_slots", {
		{ D, MORE, 12, GOOD, P_MORE },
		{ D, 0, 1, GOOD, P_END },
	}, NFH_V_RX_SHORT, 13, 2, 0 },
	{ "extra", {
		{ D, EXTRA, 60, GOOD, P_EXTRA },
		{ X, 0, 1448, GOOD, P_END },
	}, GOOD, 60, 1, 1448 },
	{ "extra_two_slots", {
		{ D, EXTRA | MORE, 4096, GOOD, P_EXTRA },
		{ X, 0, 1448, GOOD, P_MORE },
		{ D, 0, 60, GOOD, P_END },
	}, GOOD, 4156, 2, 1448 },
	{ "extra_too_short", {
		{ D, EXTRA, 13, GOOD, P_EXTRA },
		{ X, 0, 1448, GOOD, P_END },
	}, NFH_V_RX_SHORT, 13, 1, 1448 },
	{ "two_extras", {
		{ D, EXTRA, 60, GOOD, P_EXTRA },
		{ X, MORE, 1448, GOOD, P_EXTRA },
		{ X, 0, 999, GOOD, P_END },
	}, NFH_V_RX_EXTRA_COUNT, 60, 1, 1448 },
	{ "extras_without_end", {
		{ D, EXTRA, 60, GOOD, P_EXTRA },
		{ X, MORE, 1448, GOOD, P_EXTRA, 1000000 },
	}, NFH_V_RX_EXTRA_COUNT, 60, 1, 1448 },
	{ "two_extras_two_slots", {
		{ D, EXTRA | MORE, 60, GOOD, P_EXTRA },
		{ X, MORE, 1448, GOOD, P_EXTRA },
		{ X, 0, 1448, GOOD, P_MORE },
		{ D, 0, 60, GOOD, P_END },
	}, NFH_V_RX_EXTRA_COUNT, 120, 2, 1448 },
	{ "bad_extra", {
		{ D, EXTRA, 60, GOOD, P_EXTRA },
		{ X, 0, 0, NFH_V_RX_GSO, P_END },
	}, NFH_V_RX_GSO, 60, 1, 0 },
	{ "bad_extra_then_good_one", {
		{ D, EXTRA, 60, GOOD, P_EXTRA },
		{ X, MORE, 0, NFH_V_RX_EXTRA_TYPE, P_EXTRA },
		{ X, 0, 1448, GOOD, P_END },
	}, NFH_V_RX_EXTRA_TYPE, 60, 1, 1448 },
	{ "good_extra_then_bad_one", {
		{ D, EXTRA, 60, GOOD, P_EXTRA },
		{ X, MORE, 1448, GOOD, P_EXTRA },
		{ X, 0, 0, NFH_V_RX_GSO, P_END },
	}, NFH_V_RX_GSO, 60, 1, 1448 },
	{ "extra_flag_in_second_slot", {
		{ D, MORE, 60, GOOD, P_MORE },
		{ D, EXTRA, 60, GOOD, P_END },
	}, NFH_V_RX_FLAGS, 60, 1, 0 },
	{ "extra_flag_in_second_slot_more", {
		{ D, MORE, 60, GOOD, P_MORE },
		{ D, EXTRA | MORE, 60, GOOD, P_MORE },
		{ D, 0, 60, GOOD, P_END },
	}, NFH_V_RX_FLAGS, 120, 2, 0 },
	{ "extra_flag_in_slot_behind_extra", {
		{ D, EXTRA | MORE, 60, GOOD, P_EXTRA },
		{ X, 0, 1448, GOOD, P_MORE },
		{ D, EXTRA, 60, GOOD, P_END },
	}, NFH_V_RX_FLAGS, 60, 1, 1448 },
	{ "bad_first_slot", {
		{ D, 0, 0, NFH_V_RX_STATUS, P_END },
	}, NFH_V_RX_STATUS, 0, 0, 0 },
	{ "bad_first_slot_more", {
		{ D, MORE, 0, NFH_V_RX_BOUNDS, P_MORE },
		{ D, 0, 60, GOOD, P_END },
	}, NFH_V_RX_BOUNDS, 60, 1, 0 },
	{ "bad_first_slot_extra", {
		{ D, EXTRA | MORE, 0, NFH_V_RX_STATUS, P_EXTRA },
		{ X, 0, 1448, GOOD, P_MORE },
		{ D, 0, 60, GOOD, P_END },
	}, NFH_V_RX_STATUS, 60, 1, 1448 },
	{ "bad_last_slot", {
		{ D, MORE, 4096, GOOD, P_MORE },
		{ D, 0, 0, NFH_V_RX_EMPTY, P_END },
	}, NFH_V_RX_EMPTY, 4096, 1, 0 },
	{ "bad_slots_without_end", {
		{ D, MORE, 0, NFH_V_RX_EMPTY, P_MORE, 1000000 },
	}, NFH_V_RX_EMPTY, 0, 0, 0 },
	{ "first_reason_wins", {
		{ D, EXTRA | MORE, 0, NFH_V_RX_BOUNDS, P_EXTRA },
		{ X, 0, 0, NFH_V_RX_GSO, P_MORE },
		{ D, MORE, 0, NFH_V_RX_STATUS, P_MORE },
		{ D, 0, 0, NFH_V_RX_EMPTY, P_END },
	}, NFH_V_RX_BOUNDS, 0, 0, 0 },
	{ "reason_of_extra_before_slots", {
		{ D, EXTRA | MORE, 60, GOOD, P_EXTRA },
		{ X, 0, 0, NFH_V_RX_EXTRA_TYPE, P_MORE },
		{ D, MORE, 60, GOOD, P_MORE, 30 },
		{ D, 0, 60, GOOD, P_END },
	}, NFH_V_RX_EXTRA_TYPE, 1080, 18, 0 },
	{ "long_before_slots", {
		{ D, MORE, 4096, GOOD, P_MORE, 17 },
		{ D, MORE, 1, GOOD, P_MORE, 30 },
		{ D, 0, 1, GOOD, P_END },
	}, NFH_V_RX_LONG, 61443, 18, 0 },
};

static void frame_desc(const struct frame_case *row, char *desc)
{
	strscpy(desc, row->desc, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(frame, frame_cases, frame_desc);

static void feed(struct nfh_frame *frame, const struct frame_step *step)
{
	const struct nfh_rx_extra extra = {
		.more = step->flags & MORE,
		.gso_type = XEN_NETIF_GSO_TYPE_TCPV6,
		.gso_size = step->len,
	};
	const struct nfh_rx_data data = {
		.len = step->len,
		.more = step->flags & MORE,
		.extra = step->flags & EXTRA,
	};

	if (step->kind == STEP_DATA)
		nfh_frame_data(frame, &data, step->why);
	else
		nfh_frame_extra(frame, &extra, step->why);
}

static void feed_all(struct kunit *test, struct nfh_frame *frame,
		     const struct frame_case *row)
{
	const struct frame_step *step;

	for (step = row->step; step->kind != STEP_NONE; step++) {
		u32 times = step->times ?: 1;

		while (times--) {
			feed(frame, step);
			KUNIT_ASSERT_EQ_MSG(test, frame->phase, step->next,
					    "step %d", (int)(step - row->step));
		}
	}
}

static void frame_of_slots(struct kunit *test)
{
	const struct frame_case *row = test->param_value;
	struct nfh_frame frame;

	nfh_frame_reset(&frame);
	feed_all(test, &frame, row);

	KUNIT_EXPECT_EQ(test, frame.drop, row->drop);
	KUNIT_EXPECT_EQ(test, frame.len, row->len);
	KUNIT_EXPECT_EQ(test, frame.slots, row->slots);
	KUNIT_EXPECT_EQ(test, frame.gso_size, row->gso_size);
	KUNIT_EXPECT_EQ(test, frame.gso_type,
			row->gso_size ? XEN_NETIF_GSO_TYPE_TCPV6 : 0);
}

/* What was wrong with a frame says nothing about the one behind it. */
static void frame_behind_another(struct kunit *test)
{
	const struct frame_case *row = test->param_value;
	static const struct frame_case good = {
		.step = { { D, MORE, 4096, GOOD, P_MORE },
			  { D, 0, 100, GOOD, P_END } },
	};
	struct nfh_frame frame;

	nfh_frame_reset(&frame);
	feed_all(test, &frame, row);
	nfh_frame_reset(&frame);
	KUNIT_EXPECT_EQ(test, frame.phase, NFH_FRAME_IDLE);
	feed_all(test, &frame, &good);

	KUNIT_EXPECT_EQ(test, frame.drop, NFH_V_NONE);
	KUNIT_EXPECT_EQ(test, frame.len, 4196U);
	KUNIT_EXPECT_EQ(test, frame.slots, 2);
	KUNIT_EXPECT_EQ(test, frame.gso_type, 0);
	KUNIT_EXPECT_EQ(test, frame.gso_size, 0);
}

static void frame_reset_clears_all(struct kunit *test)
{
	struct nfh_frame frame;

	memset(&frame, 0xff, sizeof(frame));
	nfh_frame_reset(&frame);

	KUNIT_EXPECT_NULL(test, memchr_inv(&frame, 0, sizeof(frame)));
	KUNIT_EXPECT_EQ(test, frame.phase, NFH_FRAME_IDLE);
	KUNIT_EXPECT_EQ(test, frame.drop, NFH_V_NONE);
}

static void frame_data_every_short_length(struct kunit *test)
{
	u16 len;

	for (len = 1; len < 20; len++) {
		const struct nfh_rx_data data = { .len = len };
		struct nfh_frame frame;

		nfh_frame_reset(&frame);
		nfh_frame_data(&frame, &data, NFH_V_NONE);
		KUNIT_EXPECT_EQ_MSG(test, frame.drop,
				    len < 14 ? NFH_V_RX_SHORT : NFH_V_NONE,
				    "%u bytes", len);
	}
}

/* Whatever the ring found is the frame's reason, in a slot or in an extra. */
static void frame_takes_every_reason_of_the_ring(struct kunit *test)
{
	u32 why;

	for (why = NFH_V_NONE + 1; why < NFH_V_FIRST_FAULT; why++) {
		const struct nfh_rx_data data = { .len = 60 };
		const struct nfh_rx_data first = { .len = 60, .extra = true };
		const struct nfh_rx_extra extra = { .gso_type = 1 };
		struct nfh_frame frame;

		nfh_frame_reset(&frame);
		nfh_frame_data(&frame, &data, why);
		KUNIT_EXPECT_EQ(test, (u32)frame.drop, why);

		nfh_frame_reset(&frame);
		nfh_frame_data(&frame, &first, NFH_V_NONE);
		nfh_frame_extra(&frame, &extra, why);
		KUNIT_EXPECT_EQ(test, (u32)frame.drop, why);
		KUNIT_EXPECT_EQ(test, frame.gso_type, 0);
	}
}

static void frame_checksum_flags_of_first_slot(struct kunit *test)
{
	u32 flags;

	for (flags = 0; flags < 4; flags++) {
		const struct nfh_rx_data first = {
			.len = 60,
			.more = true,
			.csum_blank = flags & 1,
			.csum_valid = flags & 2,
		};
		const struct nfh_rx_data second = {
			.len = 60,
			.csum_blank = !first.csum_blank,
			.csum_valid = !first.csum_valid,
		};
		struct nfh_frame frame;

		nfh_frame_reset(&frame);
		nfh_frame_data(&frame, &first, NFH_V_NONE);
		nfh_frame_data(&frame, &second, NFH_V_NONE);
		KUNIT_EXPECT_EQ(test, frame.csum_blank, first.csum_blank);
		KUNIT_EXPECT_EQ(test, frame.csum_valid, first.csum_valid);
	}
}

static void frame_extra_keeps_type_and_size(struct kunit *test)
{
	const struct nfh_rx_data data = { .len = 60, .extra = true };
	const struct nfh_rx_extra extra = {
		.gso_type = XEN_NETIF_GSO_TYPE_TCPV4,
		.gso_size = 536,
	};
	struct nfh_frame frame;

	nfh_frame_reset(&frame);
	nfh_frame_data(&frame, &data, NFH_V_NONE);
	nfh_frame_extra(&frame, &extra, NFH_V_NONE);

	KUNIT_EXPECT_EQ(test, frame.gso_type, XEN_NETIF_GSO_TYPE_TCPV4);
	KUNIT_EXPECT_EQ(test, frame.gso_size, 536);
}

/* The phase behind a slot, written down a second time. */
static enum nfh_frame_phase phase_behind(const struct nfh_frame *before,
					 const struct frame_step *step,
					 bool slots_follow)
{
	bool more = step->flags & MORE;

	if (step->kind == STEP_EXTRA && more)
		return NFH_FRAME_EXTRA;
	if (step->kind == STEP_DATA && step->flags & EXTRA &&
	    before->phase == NFH_FRAME_IDLE)
		return NFH_FRAME_EXTRA;
	return slots_follow ? NFH_FRAME_MORE : NFH_FRAME_END;
}

/* A slot that the ring could have made something of. */
static struct frame_step random_step(u32 *random, const struct nfh_frame *frame)
{
	struct frame_step step = {
		.kind = frame->phase == NFH_FRAME_EXTRA ? X : D,
		.flags = next_random(random) & (MORE | EXTRA),
		.len = 1 + random_below(random, 4096),
	};

	/* frames of many slots would be rare otherwise */
	if (random_below(random, 4))
		step.flags |= MORE;
	if (step.kind == STEP_DATA && random_below(random, 16))
		step.flags &= ~EXTRA;
	if (!random_below(random, 8)) {
		step.why = NFH_V_RX_STATUS;
		step.len = 0;
	}
	return step;
}

static void frame_random_walk(struct kunit *test)
{
	u32 random = 20220101;
	bool slots_follow = false;
	u32 good = 0, bad = 0, steps;
	struct nfh_frame frame;

	nfh_frame_reset(&frame);
	for (steps = 0; steps < 200000; steps++) {
		struct frame_step step = random_step(&random, &frame);
		struct nfh_frame before = frame;

		if (step.kind == STEP_DATA)
			slots_follow = step.flags & MORE;
		feed(&frame, &step);

		KUNIT_ASSERT_EQ(test, frame.phase,
				phase_behind(&before, &step, slots_follow));
		KUNIT_ASSERT_LE(test, frame.len, NFH_FRAME_MAX);
		KUNIT_ASSERT_LE(test, (u32)frame.slots, NFH_RX_SLOTS_MAX);
		if (before.drop != NFH_V_NONE)
			KUNIT_ASSERT_EQ(test, frame.drop, before.drop);
		if (frame.phase != NFH_FRAME_END)
			continue;
		good += frame.drop == NFH_V_NONE;
		bad += frame.drop != NFH_V_NONE;
		nfh_frame_reset(&frame);
	}
	KUNIT_EXPECT_GT(test, good, 5000U);
	KUNIT_EXPECT_GT(test, bad, 5000U);
}

/* Every reason that frame.c may find by itself stands in the table. */
static void frame_table_knows_every_reason(struct kunit *test)
{
	u64 seen = 0;
	u32 i, k;

	for (i = 0; i < ARRAY_SIZE(frame_cases); i++) {
		const struct frame_case *row = &frame_cases[i];
		u64 given = 0;

		for (k = 0; k < ARRAY_SIZE(row->step); k++)
			given |= BIT_ULL(row->step[k].why);
		if (!(given & BIT_ULL(row->drop)))
			seen |= BIT_ULL(row->drop);
	}
	for (i = 0; i < ARRAY_SIZE(nfh_reasons); i++) {
		const struct nfh_reason *reason = &nfh_reasons[i];

		KUNIT_EXPECT_EQ_MSG(test, (seen & BIT_ULL(reason->why)) != 0,
				    (reason->by & BY_FRAME) != 0, "%s",
				    reason->name);
	}
}

static struct kunit_case frame_cases_list[] = {
	KUNIT_CASE_PARAM(frame_of_slots, frame_gen_params),
	KUNIT_CASE_PARAM(frame_behind_another, frame_gen_params),
	KUNIT_CASE(frame_reset_clears_all),
	KUNIT_CASE(frame_data_every_short_length),
	KUNIT_CASE(frame_takes_every_reason_of_the_ring),
	KUNIT_CASE(frame_checksum_flags_of_first_slot),
	KUNIT_CASE(frame_extra_keeps_type_and_size),
	KUNIT_CASE(frame_random_walk),
	KUNIT_CASE(frame_table_knows_every_reason),
	{}
};

static struct kunit_suite frame_suite = {
	.name = "netfront_hardened_frame",
	.test_cases = frame_cases_list,
};

kunit_test_suite(frame_suite);
