// SPDX-License-Identifier: GPL-2.0
/*
 * Attacks on one of four queues, or on all of them at once; those of the other
 * tables have one queue
 */
#include "hostile.h"

#define LAST	3U

static bool owes(const struct queue *q, u16 id)
{
	unsigned int i;

	for (i = 0; i < q->n_owed; i++)
		if (q->owed[i].id == id)
			return true;
	return false;
}

/* Of two queues that owe answers, the one with fewer is the victim. */
static bool find_pair(struct backend *b, struct queue **from,
		      struct queue **victim)
{
	unsigned int i;

	*from = NULL;
	*victim = NULL;
	for (i = 0; i < b->n_queues && b->connected; i++) {
		struct queue *q = &b->queues[i];

		if (!q->n_owed)
			continue;
		if (!*victim || q->n_owed < (*victim)->n_owed) {
			if (!*from)
				*from = *victim;
			*victim = q;
		} else if (!*from || q->n_owed > (*from)->n_owed) {
			*from = q;
		}
	}
	return *from;
}

/* An id that is in flight, but on another queue. */
static bool strike_id_of_other(struct backend *b)
{
	struct queue *from, *victim;
	unsigned int i;

	b->hold = true;
	if (!find_pair(b, &from, &victim))
		return false;
	for (i = 0; i < from->n_owed; i++) {
		if (owes(victim, from->owed[i].id))
			continue;
		tx_respond(victim, from->owed[i].id, NETIF_RSP_OKAY);
		tx_push(b, victim);
		b->struck++;
		return true;
	}
	/* they owe the same: an honest answer makes a difference */
	if (victim->n_owed > 1 && !victim->owed[0].null) {
		tx_respond(victim, victim->owed[0].id, NETIF_RSP_OKAY);
		tx_forget(victim, 0);
		tx_push(b, victim);
	}
	return false;
}

/* The connection has the two queues that were offered. */
static bool strike_queues_two(struct backend *b)
{
	if (!b->connected)
		return false;
	if (b->n_queues != 2)
		complain(b, "%u queues, 2 were offered", b->n_queues);
	b->struck++;
	return true;
}

#define QUEUE(_name, _summary, _expect, _flags, _strike, ...) { \
	.name = _name, .class = "queues", .summary = _summary, \
	.expect = _expect, .flags = QUEUES4 | (_flags), \
	.strike = _strike, __VA_ARGS__ \
}

#define SLOT(...) (&(const struct train) { \
	.slots = (const struct rx_slot []) { { __VA_ARGS__ } }, .n = 1, \
})

const struct attack attacks_queues[] = {
	QUEUE("queues-tx-id", "response id 256 on the last queue in use",
	      "fault_tx_id_range", 0, strike_tx_id, .arg = 256, .queue = LAST),
	QUEUE("queues-tx-id-other", "an id that is in flight on another queue",
	      "fault_tx_id_not_in_flight", 0, strike_id_of_other),
	QUEUE("queues-tx-prod", "transmit producer a ring ahead on one queue",
	      "fault_tx_producer", 0, strike_tx_ahead, .arg = 256,
	      .queue = LAST),
	QUEUE("queues-rx-id", "the id of another slot on the fourth queue",
	      "fault_rx_id", 0, strike_rx_train, .queue = LAST,
	      .data = SLOT(.status = 100, .id_add = 1)),
	QUEUE("queues-rx-offset", "bytes outside the page on the fourth queue",
	      "drop_rx_outside_page", LIVES, strike_rx_train, .queue = LAST,
	      .data = SLOT(.status = 2, .offset = 4095)),
	QUEUE("queues-rx-prod", "receive producer a ring ahead on one queue",
	      "fault_rx_producer", 0, strike_rx_ahead, .arg = 256,
	      .queue = LAST, .also = "fault_rx_id"),
	QUEUE("queues-storm", "events as fast as they go on four queues",
	      "none", LIVES, strike_storm),
	QUEUE("queues-keep-unload",
	      "all pages of four queues stay mapped when unloading", "none",
	      KEEP, strike_keep),
	QUEUE("queues-leak-udp", "all pages of four queues are read", "none",
	      LIVES | LEAK, strike_listen),
	QUEUE("queues-fewer", "two queues for a guest of four", "none",
	      LIVES | EARLY, strike_queues_two,
	      .keys = (const struct key []) {
			{ "multi-queue-max-queues", "2" }, { } }),
	{ }
};
