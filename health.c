// SPDX-License-Identifier: GPL-2.0
/*
 * The state of the device, and the one way to give up
 *
 *	DISCONNECTED --> CONNECTING --> CONNECTED --> FAULTED
 *	     ^               |              |            |
 *	     |               v              v            v
 *	     +--------------------- CLOSING <------------+
 *
 * nfh_dev_fault() is the only way into FAULTED.  It is called where the ring
 * stopped making sense: in NAPI.  All it does is atomic: state, counter,
 * record, carrier, stopped queues, one line in the log.  Every NAPI is
 * scheduled once more, to free the skbs that wait for the backend.  Tearing
 * the connection down is left to those who may sleep (recover.c).
 *
 * How long to wait before the next connection is arithmetic, and is here too.
 */
#include <linux/jiffies.h>
#include <linux/minmax.h>
#include <linux/netdevice.h>
#include <linux/ratelimit.h>

#include "nfh.h"
#include "trace.h"

static const char * const violation_names[NFH_V_COUNT] = {
	[NFH_V_NONE] = "none",
	[NFH_V_TX_STATUS] = "tx_status_unknown",
	[NFH_V_RX_STATUS] = "rx_status_error",
	[NFH_V_RX_BOUNDS] = "rx_outside_page",
	[NFH_V_RX_EMPTY] = "rx_empty_slot",
	[NFH_V_RX_FLAGS] = "rx_flags",
	[NFH_V_RX_EXTRA_TYPE] = "rx_extra_type",
	[NFH_V_RX_EXTRA_COUNT] = "rx_extra_count",
	[NFH_V_RX_GSO] = "rx_gso",
	[NFH_V_RX_SLOTS] = "rx_too_many_slots",
	[NFH_V_RX_LONG] = "rx_too_long",
	[NFH_V_RX_SHORT] = "rx_too_short",
	[NFH_V_RX_CSUM] = "rx_checksum_setup",
	[NFH_V_XENSTORE_VALUE] = "xenstore_value",
	[NFH_V_TX_PRODUCER] = "tx_producer",
	[NFH_V_TX_ID_RANGE] = "tx_id_range",
	[NFH_V_TX_ID_IDLE] = "tx_id_not_in_flight",
	[NFH_V_TX_NULL] = "tx_null_not_expected",
	[NFH_V_RX_PRODUCER] = "rx_producer",
	[NFH_V_RX_ID] = "rx_id",
	[NFH_V_TEST] = "test",
};

static const char * const state_names[NFH_DEV_STATES] = {
	[NFH_DISCONNECTED] = "disconnected",
	[NFH_CONNECTING] = "connecting",
	[NFH_CONNECTED] = "connected",
	[NFH_FAULTED] = "faulted",
	[NFH_CLOSING] = "closing",
};

/**
 * nfh_violation_name() - the name of a reason, as in `ethtool -S`
 * @why: reason
 *
 * Context: any.
 * Return: a constant string.
 */
const char *nfh_violation_name(enum nfh_violation why)
{
	if (why >= NFH_V_COUNT || !violation_names[why])
		return "unknown";
	return violation_names[why];
}

/**
 * nfh_dev_state_name() - the name of a state, as devlink shows it
 * @state: state
 *
 * Context: any.
 * Return: a constant string.
 */
const char *nfh_dev_state_name(enum nfh_dev_state state)
{
	return state < NFH_DEV_STATES ? state_names[state] : "unknown";
}

/**
 * nfh_dev_may_move() - is this move drawn above?
 * @from: state
 * @to: state
 *
 * Context: any.
 * Return: true if so; staying is not moving.
 */
bool nfh_dev_may_move(enum nfh_dev_state from, enum nfh_dev_state to)
{
	switch (to) {
	case NFH_DISCONNECTED:
		return from == NFH_CLOSING;
	case NFH_CONNECTING:
		return from == NFH_DISCONNECTED;
	case NFH_CONNECTED:
		return from == NFH_CONNECTING;
	case NFH_FAULTED:
		return from == NFH_CONNECTED;
	case NFH_CLOSING:
		return from == NFH_CONNECTING || from == NFH_CONNECTED ||
		       from == NFH_FAULTED;
	default:
		return false;
	}
}

/**
 * nfh_dev_move() - the only function that moves the state
 * @nd: device
 * @to: state
 *
 * Context: any.
 * Return: false when the move is not drawn above; nothing has changed then.
 */
bool nfh_dev_move(struct nfh_dev *nd, enum nfh_dev_state to)
{
	int from = READ_ONCE(nd->state);

	/* INVARIANT: bounded, the state graph has no way round but through 0 */
	do {
		if (!nfh_dev_may_move(from, to))
			return false;
	} while (!try_cmpxchg(&nd->state, &from, to));
	return true;
}

/**
 * nfh_dev_drop() - something of the backend's was dropped
 * @nd: device
 * @why: reason
 *
 * Counted, not logged: a backend can cause it at line rate.
 *
 * Context: any.
 */
void nfh_dev_drop(struct nfh_dev *nd, enum nfh_violation why)
{
	atomic64_inc(&nd->violations[why]);
	trace_violation(nd->netdev, -1, nfh_violation_name(why), NULL);
}

/* The ring that was given up; its word may be 0, which says nothing. */
static const struct nfh_ring_view *refused_by(const struct nfh_fault *fault)
{
	switch (fault->why) {
	case NFH_V_RX_PRODUCER:
	case NFH_V_RX_ID:
		return &fault->rx;
	default:
		return &fault->tx;
	}
}

/* What an operator may want to know; nothing is loaded for it again. */
static void record_fault(struct nfh_queue *q, enum nfh_violation why)
{
	struct nfh_fault *fault = &q->dev->fault;

	fault->why = why;
	fault->queue = q->index;
	nfh_tx_ring_look(&q->tx, &fault->tx);
	nfh_rx_ring_look(&q->rx, &fault->rx);
	trace_violation(q->dev->netdev, q->index, nfh_violation_name(why),
			refused_by(fault));
}

/**
 * nfh_dev_fault() - give the connection up
 * @q: queue on which it happened
 * @why: reason
 *
 * The first fault of a connection counts; later ones on other queues find the
 * device faulted.  The interface can still be brought down, and the device
 * removed; event channels stay silent because no EOI is paid any more.  What
 * comes next is decided by whoever gets the report.
 *
 * Context: NAPI, or softirqs disabled and nd->lock held; transmit lock not
 * held.
 */
void nfh_dev_fault(struct nfh_queue *q, enum nfh_violation why)
{
	static DEFINE_RATELIMIT_STATE(log_limit, NFH_LOG_SECONDS * HZ,
				      NFH_LOG_LINES);
	struct nfh_dev *nd = q->dev;
	unsigned int i;

	if (!nfh_dev_move(nd, NFH_FAULTED))
		return;
	atomic64_inc(&nd->violations[why]);
	record_fault(q, why);
	netif_carrier_off(nd->netdev);
	netif_tx_stop_all_queues(nd->netdev);
	for (i = 0; i < nd->num_queues; i++)
		napi_schedule(&nd->queues[i].napi);
	if (__ratelimit(&log_limit))
		netdev_err(nd->netdev,
			   "queue %u: backend broke the protocol (%s, %#llx), connection stopped\n",
			   q->index, nfh_violation_name(why),
			   (unsigned long long)refused_by(&nd->fault)->refused);
	nfh_recover_report(nd);
}

/**
 * nfh_backoff_end() - a connection has ended
 * @backoff: of the device
 * @now: jiffies
 * @fault: because the backend broke the protocol
 *
 * Context: any; the caller owns @backoff (that of a device: nd->lock).
 * Return: how long to wait before the next connection, in jiffies.
 */
unsigned long nfh_backoff_end(struct nfh_backoff *backoff, unsigned long now,
			      bool fault)
{
	unsigned long calm = msecs_to_jiffies(NFH_BACKOFF_CALM_MS);
	unsigned int ms = NFH_BACKOFF_MIN_MS;
	unsigned int i;

	if (backoff->ends && time_after_eq(now, backoff->last + calm)) {
		backoff->ends = 0;
		backoff->faults = 0;
	}
	/* INVARIANT: bounded by the number of doublings from MIN to MAX */
	for (i = 0; i < backoff->ends && ms < NFH_BACKOFF_MAX_MS; i++)
		ms *= 2;
	if (backoff->ends < UINT_MAX)
		backoff->ends++;
	if (fault && backoff->faults < UINT_MAX)
		backoff->faults++;
	backoff->last = now;
	return msecs_to_jiffies(min(ms, NFH_BACKOFF_MAX_MS));
}

/**
 * nfh_backoff_exhausted() - have there been too many faults in a row?
 * @backoff: of the device
 *
 * Context: any; the caller owns @backoff (that of a device: nd->lock).
 * Return: true when the device is to stay down until it is told otherwise.
 */
bool nfh_backoff_exhausted(const struct nfh_backoff *backoff)
{
	return backoff->faults >= NFH_BACKOFF_FAULTS;
}
