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
 * carrier, stopped queues, one line in the log.  Every NAPI is scheduled once
 * more, to free the skbs that wait for the backend.  Tearing the connection
 * down is left to those who may sleep.
 */
#include <linux/netdevice.h>
#include <linux/ratelimit.h>

#include "nfh.h"

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
};

/**
 * nfh_violation_name() - the name of a reason, as in `ethtool -S`
 * @why: reason
 *
 * Return: a constant string.
 */
const char *nfh_violation_name(enum nfh_violation why)
{
	if (why >= NFH_V_COUNT || !violation_names[why])
		return "unknown";
	return violation_names[why];
}

/**
 * nfh_dev_may_move() - is this move drawn above?
 * @from: state
 * @to: state
 *
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
}

/**
 * nfh_dev_fault() - give the connection up
 * @q: queue on which it happened
 * @why: reason
 *
 * The first fault of a connection counts; later ones on other queues find the
 * device faulted.  The interface can still be brought down, and the device
 * removed; event channels stay silent because no EOI is paid any more.
 *
 * Context: NAPI, transmit lock not held.
 */
void nfh_dev_fault(struct nfh_queue *q, enum nfh_violation why)
{
	static DEFINE_RATELIMIT_STATE(log_limit, 5 * HZ, 10);
	struct nfh_dev *nd = q->dev;
	unsigned int i;

	if (!nfh_dev_move(nd, NFH_FAULTED))
		return;
	atomic64_inc(&nd->violations[why]);
	netif_carrier_off(nd->netdev);
	netif_tx_stop_all_queues(nd->netdev);
	for (i = 0; i < nd->num_queues; i++)
		napi_schedule(&nd->queues[i].napi);
	if (__ratelimit(&log_limit))
		netdev_err(nd->netdev,
			   "queue %u: backend broke the protocol (%s), device stopped; unbind and bind the vif, or re-attach it\n",
			   q->index, nfh_violation_name(why));
}
