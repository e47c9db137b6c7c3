/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which room finds which enum nfh_violation, and what it is called
 *
 * A reason that is added to trust.h and not here does not compile.  The suite
 * of a room then wants a row with that reason in one of its tables.
 */
#ifndef NFH_KUNIT_REASONS_H
#define NFH_KUNIT_REASONS_H

#include <linux/bits.h>
#include <linux/build_bug.h>
#include <linux/kernel.h>
#include <linux/types.h>

#include "../trust.h"

#define BY_RING		BIT(0)
#define BY_FRAME	BIT(1)
#define BY_RX		BIT(2)
#define BY_TX		BIT(3)
#define BY_XENSTORE	BIT(4)
/* devlink.c is looked at in the testbed, not here */
#define BY_DEVLINK	BIT(5)

/**
 * struct nfh_reason - what the suites know of a reason
 * @why: the reason
 * @by: rooms that find it
 * @name: of its counter
 */
struct nfh_reason {
	enum nfh_violation why;
	u8 by;
	const char *name;
};

/* In the order of the enum, from 1. */
static const struct nfh_reason nfh_reasons[] = {
	{ NFH_V_TX_STATUS, BY_RING | BY_TX, "tx_status_unknown" },
	{ NFH_V_RX_STATUS, BY_RING | BY_RX, "rx_status_error" },
	{ NFH_V_RX_BOUNDS, BY_RING | BY_RX, "rx_outside_page" },
	{ NFH_V_RX_EMPTY, BY_RING | BY_RX, "rx_empty_slot" },
	{ NFH_V_RX_FLAGS, BY_RING | BY_FRAME | BY_RX, "rx_flags" },
	{ NFH_V_RX_EXTRA_TYPE, BY_RING | BY_RX, "rx_extra_type" },
	{ NFH_V_RX_EXTRA_COUNT, BY_FRAME | BY_RX, "rx_extra_count" },
	{ NFH_V_RX_GSO, BY_RING | BY_RX, "rx_gso" },
	{ NFH_V_RX_SLOTS, BY_FRAME | BY_RX, "rx_too_many_slots" },
	{ NFH_V_RX_LONG, BY_FRAME | BY_RX, "rx_too_long" },
	{ NFH_V_RX_SHORT, BY_FRAME | BY_RX, "rx_too_short" },
	{ NFH_V_RX_CSUM, BY_RX, "rx_checksum_setup" },
	{ NFH_V_XENSTORE_VALUE, BY_XENSTORE, "xenstore_value" },
	{ NFH_V_TX_PRODUCER, BY_RING | BY_TX, "tx_producer" },
	{ NFH_V_TX_ID_RANGE, BY_RING | BY_TX, "tx_id_range" },
	{ NFH_V_TX_ID_IDLE, BY_RING | BY_TX, "tx_id_not_in_flight" },
	{ NFH_V_TX_NULL, BY_RING | BY_TX, "tx_null_not_expected" },
	{ NFH_V_RX_PRODUCER, BY_RING | BY_RX, "rx_producer" },
	{ NFH_V_RX_ID, BY_RING | BY_RX, "rx_id" },
	{ NFH_V_TEST, BY_DEVLINK, "test" },
};

static_assert(ARRAY_SIZE(nfh_reasons) == NFH_V_COUNT - 1);
static_assert(NFH_V_COUNT <= 64, "a set of reasons is a u64");

#endif /* NFH_KUNIT_REASONS_H */
