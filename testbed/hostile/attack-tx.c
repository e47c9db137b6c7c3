// SPDX-License-Identifier: GPL-2.0
/*
 * Attacks on transmit: ids, null responses, statuses, producer index, order
 */
#include <string.h>

#include "hostile.h"

#define PATIENCE_MS	800
#define HOLD_MS		100
#define EACH_MS		20000
#define EACH_MIN	2000U
#define EACH_STEP	20219UL	/* a prime number */

/* One that owes so many, the one to be attacked or the next before it. */
static struct queue *owing(struct backend *b, unsigned int owed)
{
	unsigned int i = b->attack->queue;

	if (!b->connected)
		return NULL;
	if (i >= b->n_queues)
		i = b->n_queues - 1;
	for (;; i--) {
		if (b->queues[i].n_owed >= owed)
			return &b->queues[i];
		if (!i)
			return NULL;
	}
}

/*
 * A queue that owes at least so many answers; armed attacks hold them back.
 * When it takes long, what waits is answered: the guest may be waiting for
 * that, and has learned then to send more at a time.
 */
static struct queue *debtor(struct backend *b, unsigned int owed)
{
	struct queue *q = owing(b, owed);
	static u64 due;

	b->hold = q || now_ms() < due;
	if (!b->hold)
		due = now_ms() + HOLD_MS;
	return q;
}

/* The oldest debt that is, or is not, an extra; -1 when there is none. */
static int find_owed(struct queue *q, bool null)
{
	unsigned int i;

	for (i = 0; i < q->n_owed; i++)
		if (q->owed[i].null == null)
			return i;
	return -1;
}

/*
 * A queue that owes so many, an extra among them.  Without one the debts are
 * paid: a guest that waits for that sends no segmented frame.
 */
static struct queue *debtor_of_extra(struct backend *b, unsigned int owed)
{
	struct queue *q = debtor(b, owed);

	if (!q || find_owed(q, true) > 0)
		return q;
	b->hold = false;
	return NULL;
}

static int16_t honest_status(const struct owed *owed)
{
	return owed->null ? NETIF_RSP_NULL : NETIF_RSP_OKAY;
}

static bool done(struct backend *b)
{
	b->struck++;
	return true;
}

/* Answer with an id that is not ours to use: arg. */
bool strike_tx_id(struct backend *b)
{
	struct queue *q = debtor(b, 1);

	if (!q)
		return false;
	tx_respond(q, b->attack->arg, NETIF_RSP_OKAY);
	tx_push(b, q);
	return done(b);
}

/* An id that no request uses: the guest hands out low ids first. */
static bool strike_id_free(struct backend *b)
{
	struct queue *q = debtor(b, 1);
	unsigned int id, i;

	if (!q)
		return false;
	for (id = SLOTS - 1; id > 0; id--) {
		for (i = 0; i < q->n_owed; i++)
			if (q->owed[i].id == id)
				break;
		if (i == q->n_owed)
			break;
	}
	tx_respond(q, id, NETIF_RSP_OKAY);
	tx_push(b, q);
	return done(b);
}

/* The same id twice in one batch; arg: honest answers in between. */
static bool strike_duplicate(struct backend *b)
{
	struct queue *q = debtor(b, b->attack->arg + 2);
	long i;

	if (!q)
		return false;
	for (i = 0; i <= b->attack->arg; i++)
		tx_respond(q, q->owed[i].id, honest_status(&q->owed[i]));
	tx_respond(q, q->owed[0].id, NETIF_RSP_OKAY);
	tx_push(b, q);
	return done(b);
}

/* Null for a data slot; arg: how many of them. */
static bool strike_null(struct backend *b)
{
	struct queue *q = debtor(b, b->attack->arg);
	long i;

	if (!q)
		return false;
	/* an extra that waits would make the first null honest */
	if (find_owed(q, true) >= 0) {
		b->hold = false;
		return false;
	}
	for (i = 0; i < b->attack->arg; i++)
		tx_respond(q, q->owed[i].id, NETIF_RSP_NULL);
	tx_push(b, q);
	return done(b);
}

/* Null for everything that is owed: far more than there are extras. */
static bool strike_null_excess(struct backend *b)
{
	struct queue *q = debtor_of_extra(b, 8);
	unsigned int i;

	if (!q)
		return false;
	for (i = 0; i < q->n_owed; i++)
		tx_respond(q, 0, NETIF_RSP_NULL);
	q->n_owed = 0;
	tx_push(b, q);
	return done(b);
}

/* Answer data, but no extra, until the time is over. */
static bool strike_null_never(struct backend *b)
{
	struct queue *q = debtor(b, 1);
	int i;

	if (!b->step)
		b->step = now_ms() + PATIENCE_MS;
	while (q && (i = find_owed(q, false)) >= 0) {
		tx_respond(q, q->owed[i].id, NETIF_RSP_OKAY);
		tx_forget(q, i);
		tx_push(b, q);
	}
	return now_ms() > b->step && done(b);
}

/* An extra slot answered as if it were data: with the id of its frame. */
static bool strike_extra_as_data(struct backend *b)
{
	struct queue *q = debtor_of_extra(b, 2);
	int extra, i;

	if (!q)
		return false;
	extra = find_owed(q, true);
	for (i = 0; i < extra; i++)
		tx_respond(q, q->owed[i].id, honest_status(&q->owed[i]));
	tx_respond(q, q->owed[extra - 1].id, NETIF_RSP_OKAY);
	tx_push(b, q);
	return done(b);
}

/* Nulls first, then the data: unusual, but in order. */
static bool strike_null_first(struct backend *b)
{
	struct queue *q = debtor(b, 1);
	bool mixed;
	int i;

	if (!b->step)
		b->step = now_ms() + PATIENCE_MS;
	while (q && q->n_owed) {
		mixed = find_owed(q, true) > 0;
		i = find_owed(q, true);
		if (i < 0)
			i = 0;
		tx_respond(q, q->owed[i].id, honest_status(&q->owed[i]));
		tx_forget(q, i);
		b->struck += mixed;
		if (!q->n_owed)
			tx_push(b, q);
	}
	if (now_ms() < b->step || !b->struck)
		return false;
	b->hold = false;
	return true;
}

/* Pay the oldest debt; what is owed to an extra is paid honestly. */
static void answer_oldest(struct backend *b, struct queue *q, long status)
{
	if (q->owed[0].null)
		status = NETIF_RSP_NULL;
	else
		b->struck++;
	tx_respond(q, q->owed[0].id, status);
	tx_forget(q, 0);
}

/* All answers with the status arg for a while. */
static bool strike_status(struct backend *b)
{
	struct queue *q = debtor(b, 1);

	while (q && q->n_owed) {
		answer_oldest(b, q, b->attack->arg);
		if (!q->n_owed)
			tx_push(b, q);
	}
	if (for_a_while(b, PATIENCE_MS) || !b->struck)
		return false;
	b->hold = false;
	return true;
}

/*
 * Each status from arg to arg2 once, or as many as there is time for: in steps
 * that have no common factor with their number, so that those come from the
 * whole range.
 */
static bool strike_each_status(struct backend *b)
{
	const struct attack *a = b->attack;
	unsigned int all = a->arg2 - a->arg + 1;
	struct queue *q = owing(b, 1);

	b->hold = true;
	while (q && q->n_owed && b->struck < all)
		answer_oldest(b, q, a->arg + b->struck * EACH_STEP % all);
	if (q)
		tx_push(b, q);
	if (b->struck < all && for_a_while(b, EACH_MS))
		return false;
	if (b->struck < EACH_MIN)
		complain(b, "only %u statuses of %u", b->struck, all);
	b->hold = false;
	return true;
}

/* The index ahead of what the guest has asked for: arg beyond the last one. */
bool strike_tx_ahead(struct backend *b)
{
	struct queue *q = debtor(b, 1);

	if (!q)
		return false;
	barrier();
	WRITE_ONCE(q->txs->rsp_prod,
		   READ_ONCE(q->txs->req_prod) + (u32)b->attack->arg);
	barrier();
	vif_notify(b, q->tx_port);
	return done(b);
}

/* The index behind what it has been: arg is negative, or an absolute value. */
static bool strike_behind(struct backend *b)
{
	struct queue *q = debtor(b, 1);

	/* back is what the guest has seen already */
	if (!q || (int)(READ_ONCE(q->txs->rsp_event) - q->tx_prod) < 1)
		return false;
	WRITE_ONCE(q->txs->rsp_prod, q->tx_prod + (u32)b->attack->arg);
	barrier();
	vif_notify(b, q->tx_port);
	return done(b);
}

/* Forwards and back again, with an event for each. */
static bool strike_oscillate(struct backend *b)
{
	struct queue *q = debtor(b, 1);
	unsigned int i;

	if (!q)
		return false;
	for (i = 0; i < 20000; i++) {
		WRITE_ONCE(q->txs->rsp_prod,
			   q->tx_prod + (i & 1 ? 0 : 1 + i % 300));
		barrier();
		if (!(i & 15))
			vif_notify(b, q->tx_port);
	}
	WRITE_ONCE(q->txs->rsp_prod, q->tx_prod + SLOTS + 1);
	vif_notify(b, q->tx_port);
	return done(b);
}

/* The index moves on although no response was written. */
static bool strike_unwritten(struct backend *b)
{
	struct queue *q = debtor(b, 1);

	if (!q)
		return false;
	q->tx_prod++;
	tx_push(b, q);
	return done(b);
}

enum order {
	REVERSED,
	SHUFFLED,
	ONE_BY_ONE,
	DELAYED,
	NEVER,
	SOME,
};

/*
 * Requests that are never answered, while all others are.  More bytes than byte
 * queue limits allow would stop the queue, and then nothing is answered.
 */
#define WITHHELD	2U

static unsigned int pick(struct backend *b, struct queue *q)
{
	if (b->attack->arg == REVERSED)
		return q->n_owed - 1;
	if (b->attack->arg == SHUFFLED)
		return rnd(b) % q->n_owed;
	return 0;
}

/* Legal, but odd: the answers come in another order, or late. */
static bool strike_order(struct backend *b)
{
	const u64 wait = b->attack->arg2 ?: PATIENCE_MS;
	struct queue *q = debtor(b, 1);
	unsigned int i;

	if (!b->step)
		b->step = now_ms() + wait;
	if (b->attack->arg >= DELAYED && now_ms() < b->step)
		return false;
	if (b->attack->arg == NEVER) {
		b->hold = true;
		return done(b);
	}
	if (b->attack->arg == SOME) {
		b->hold = false;
		b->withhold = WITHHELD;
		return done(b);
	}
	while (q && q->n_owed) {
		i = pick(b, q);
		tx_respond(q, q->owed[i].id, honest_status(&q->owed[i]));
		tx_forget(q, i);
		if (b->attack->arg == ONE_BY_ONE || !q->n_owed)
			tx_push(b, q);
	}
	if (now_ms() < b->step)
		return false;
	b->hold = false;
	return done(b);
}

#define TX_ATTACK(_name, _class, _summary, _expect) \
	.name = _name, .class = _class, .summary = _summary, .expect = _expect

#define CASE(_name, _class, _strike, _arg, _flags, _summary, _expect) { \
	TX_ATTACK(_name, _class, _summary, _expect), \
	.strike = _strike, .arg = _arg, .flags = _flags, \
}

#define ID_RANGE(_name, _arg) { \
	TX_ATTACK(_name, "tx id", "response id " #_arg " names no slot", \
		  "fault_tx_id_range"), \
	.strike = strike_tx_id, .arg = _arg, \
}

#define AHEAD(_name, _arg, _what, _also) { \
	TX_ATTACK(_name, "tx producer", "producer " _what, \
		  "fault_tx_producer" _also), \
	.strike = strike_tx_ahead, .arg = _arg, \
}

#define BEHIND(_name, _arg, _what) { \
	TX_ATTACK(_name, "tx producer", "producer " _what, \
		  "fault_tx_producer"), \
	.strike = strike_behind, .arg = _arg, \
}

#define STATUS(_name, _status, _expect, _what) { \
	TX_ATTACK(_name, "tx status", "status " _what, _expect), \
	.strike = strike_status, .arg = _status, .flags = LIVES, \
}

#define EACH_STATUS(_name, _from, _to, _what) { \
	TX_ATTACK(_name, "tx status", "each status " _what, \
		  "drop_tx_status_unknown"), \
	.strike = strike_each_status, .arg = _from, .arg2 = _to, \
	.flags = LIVES | FAST, \
}

#define ORDER(_name, _arg, _arg2, _what) { \
	TX_ATTACK(_name, "tx order", "answers " _what, "none"), \
	.strike = strike_order, .arg = _arg, .arg2 = _arg2, .flags = LIVES, \
}

#define IDLE	"fault_tx_id_not_in_flight"
#define EXCESS	"fault_tx_null_not_expected"

/* A request of the guest between our look and our write makes it legal. */
#define TX_RACE " fault_tx_id_range fault_tx_id_not_in_flight"

const struct attack attacks_tx[] = {
	ID_RANGE("tx-id-256", 256),
	ID_RANGE("tx-id-257", 257),
	ID_RANGE("tx-id-32767", 32767),
	ID_RANGE("tx-id-32768", 32768),
	ID_RANGE("tx-id-65535", 65535),
	CASE("tx-id-free", "tx id", strike_id_free, 0, 0,
	     "id that no request uses", IDLE),
	CASE("tx-id-twice", "tx id", strike_duplicate, 0, 0,
	     "the same id twice in a row", IDLE),
	CASE("tx-id-twice-apart", "tx id", strike_duplicate, 3, 0,
	     "the same id twice, three others in between", IDLE),
	CASE("tx-id-for-extra", "tx id", strike_extra_as_data, 0, TCP,
	     "an extra slot answered with its frame's id", IDLE),
	CASE("tx-null-for-data", "tx null", strike_null, 1, 0,
	     "null response to a data slot", EXCESS),
	CASE("tx-null-many", "tx null", strike_null, 4, 0,
	     "null responses to four data slots", EXCESS),
	CASE("tx-null-excess", "tx null", strike_null_excess, 0, TCP,
	     "more null responses than there are extras", EXCESS),
	CASE("tx-null-never", "tx null", strike_null_never, 0, TCP,
	     "no extra is ever answered", "none"),
	CASE("tx-null-first", "tx null", strike_null_first, 0, TCP | LIVES,
	     "null responses before those to the data", "none"),
	STATUS("tx-status-error", -1, "none", "ERROR for everything"),
	STATUS("tx-status-dropped", -2, "none", "DROPPED for everything"),
	STATUS("tx-status-2", 2, "drop_tx_status_unknown", "2"),
	STATUS("tx-status-max", 32767, "drop_tx_status_unknown", "32767"),
	STATUS("tx-status-min", -32768, "drop_tx_status_unknown", "-32768"),
	EACH_STATUS("tx-status-positive", 2, 32767, "from 2 to 32767"),
	EACH_STATUS("tx-status-negative", -32768, 0, "from -32768 to 0"),
	AHEAD("tx-prod-one-ahead", 1, "one ahead of the requests", TX_RACE),
	AHEAD("tx-prod-ring-ahead", 256, "a ring's size ahead", ""),
	AHEAD("tx-prod-ring-and-one", 257, "a ring's size and one ahead", ""),
	AHEAD("tx-prod-2g-ahead", 0x7fffffff, "2^31 - 1 ahead", ""),
	AHEAD("tx-prod-4g-ahead", -0x10000, "2^32 - 65536 ahead", ""),
	BEHIND("tx-prod-back-one", -1, "one back"),
	BEHIND("tx-prod-back-ring", -256, "a ring's size back"),
	BEHIND("tx-prod-back-2g", 0x80000000L, "2^31 away"),
	CASE("tx-prod-oscillate", "tx producer", strike_oscillate, 0, 0,
	     "producer forwards and back all the time",
	     "fault_tx_producer" TX_RACE),
	CASE("tx-prod-unwritten", "tx producer", strike_unwritten, 0, 0,
	     "producer moves on over a slot that was not written", "any"),
	ORDER("tx-order-reversed", REVERSED, 0, "in reverse order"),
	ORDER("tx-order-shuffled", SHUFFLED, 0, "in random order"),
	ORDER("tx-order-one-by-one", ONE_BY_ONE, 0, "with an event for each"),
	ORDER("tx-order-delayed", DELAYED, 2000, "after 2 seconds"),
	CASE("tx-order-never", "tx order", strike_order, NEVER, 0,
	     "answers never", "none"),
	CASE("tx-order-some", "tx order", strike_order, SOME, 0,
	     "answers all but the first two", "none"),
	{ }
};
