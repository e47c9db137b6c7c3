/* SPDX-License-Identifier: GPL-2.0 */
/*
 * trust.h - what may be believed, said in types
 *
 * Three kinds of annotation keep the backend's bytes apart from ours.
 *
 * __untrusted   a pointer into a page that the backend can see.  sparse
 *               refuses to dereference it; only the accessors in ring.c
 *               (ring pages) and pool.c (packet pages) cast it away, each
 *               under a TRUST: comment that says why that is right there.
 * nfh_raw*_t    a number that came from the backend and that nobody has
 *               checked.  It is __bitwise: it cannot index an array, cannot
 *               be compared with a length, cannot be assigned to an integer.
 *               The functions that check it return a plain number.
 * enum nfh_violation
 *               why an input was refused.  Each reason either drops what
 *               carried it or faults the device; Documentation/violations.rst
 *               says which, and why.
 *
 * The file must stay free of net_device, sk_buff and xenbus: it is compiled
 * in the kernel, under KUnit and in user space.
 */
#ifndef NFH_TRUST_H
#define NFH_TRUST_H

#include <linux/types.h>

#ifdef __CHECKER__
# define __untrusted	__attribute__((noderef, address_space(__untrusted)))
#else
# define __untrusted
#endif

/* What one grant covers (XEN_PAGE_SIZE); pool.c asserts that it is our page. */
#define NFH_PAGE_BYTES	4096U

typedef u16 __bitwise nfh_raw16_t;
typedef u32 __bitwise nfh_raw32_t;
typedef u64 __bitwise nfh_raw64_t;

/*
 * Every way in which a backend can be wrong, in the order of the counters in
 * `ethtool -S`.  The name given here is the counter's name behind its prefix.
 *
 * NFH_DROPS: the input is consumed, counted and forgotten; the device goes on.
 * NFH_FAULTS: the ring can no longer be believed; the device stops.
 */
#define NFH_DROPS(X) \
	X(TX_STATUS,		"tx_status_unknown") \
	X(RX_STATUS,		"rx_status_error") \
	X(RX_BOUNDS,		"rx_outside_page") \
	X(RX_EMPTY,		"rx_empty_slot") \
	X(RX_FLAGS,		"rx_flags") \
	X(RX_EXTRA_TYPE,	"rx_extra_type") \
	X(RX_EXTRA_COUNT,	"rx_extra_count") \
	X(RX_GSO,		"rx_gso") \
	X(RX_SLOTS,		"rx_too_many_slots") \
	X(RX_LONG,		"rx_too_long") \
	X(RX_SHORT,		"rx_too_short") \
	X(RX_CSUM,		"rx_checksum_setup") \
	X(XENSTORE_VALUE,	"xenstore_value")

#define NFH_FAULTS(X) \
	X(TX_PRODUCER,		"tx_producer") \
	X(TX_ID_RANGE,		"tx_id_range") \
	X(TX_ID_IDLE,		"tx_id_not_in_flight") \
	X(TX_NULL,		"tx_null_not_expected") \
	X(RX_PRODUCER,		"rx_producer") \
	X(RX_ID,		"rx_id")

#define NFH_VIOLATION_ENUM(id, name)	NFH_V_##id,

/**
 * enum nfh_violation - why an input of the backend was refused
 * @NFH_V_NONE: it was not refused
 * @NFH_V_FIRST_FAULT: reasons from here on fault the device, earlier ones drop
 * @NFH_V_LAST_DROP: the last reason that only drops
 * @NFH_V_COUNT: number of reasons, @NFH_V_NONE included
 *
 * The reasons themselves come from NFH_DROPS() and NFH_FAULTS() above.
 */
enum nfh_violation {
	NFH_V_NONE,
	NFH_DROPS(NFH_VIOLATION_ENUM)
	NFH_V_FIRST_FAULT,
	NFH_V_LAST_DROP = NFH_V_FIRST_FAULT - 1,
	NFH_FAULTS(NFH_VIOLATION_ENUM)
	NFH_V_COUNT
};

#endif /* NFH_TRUST_H */
