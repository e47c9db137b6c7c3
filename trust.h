/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What may be believed, said in types
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

/**
 * enum nfh_violation - why an input of the backend was refused
 * @NFH_V_NONE: it was not refused
 * @NFH_V_TX_STATUS: a status that netif.h does not define
 * @NFH_V_RX_STATUS: negative status of a data slot
 * @NFH_V_RX_BOUNDS: bytes outside the page
 * @NFH_V_RX_EMPTY: data slot of no bytes
 * @NFH_V_RX_FLAGS: flags that were not negotiated, or at the wrong place
 * @NFH_V_RX_EXTRA_TYPE: an extra that was not negotiated
 * @NFH_V_RX_EXTRA_COUNT: a second extra of one type
 * @NFH_V_RX_GSO: segmentation that does not fit the frame
 * @NFH_V_RX_SLOTS: more data slots than a frame may have
 * @NFH_V_RX_LONG: more bytes than a frame may have
 * @NFH_V_RX_SHORT: fewer bytes than an Ethernet header
 * @NFH_V_RX_CSUM: a checksum to be completed, but nowhere to put it
 * @NFH_V_XENSTORE_VALUE: no number, or out of its range
 * @NFH_V_TX_PRODUCER: responses to requests that were not made
 * @NFH_V_TX_ID_RANGE: an id that names no slot
 * @NFH_V_TX_ID_IDLE: an id that is not in flight
 * @NFH_V_TX_NULL: a null response that no extra waits for
 * @NFH_V_RX_PRODUCER: responses to requests that were not made
 * @NFH_V_RX_ID: a data slot with the id of another position
 * @NFH_V_TEST: none of the backend's: `devlink health test` asked for a fault
 * @NFH_V_COUNT: number of reasons, @NFH_V_NONE included
 * @NFH_V_FIRST_FAULT: reasons from here on fault the device, those before drop
 *
 * In the order of the counters in `ethtool -S`; health.c has their names.
 * To drop: the input is consumed, counted and forgotten; the device goes on.
 * To fault: the ring can no longer be believed; the device stops.
 */
enum nfh_violation {
	NFH_V_NONE,

	NFH_V_TX_STATUS,
	NFH_V_RX_STATUS,
	NFH_V_RX_BOUNDS,
	NFH_V_RX_EMPTY,
	NFH_V_RX_FLAGS,
	NFH_V_RX_EXTRA_TYPE,
	NFH_V_RX_EXTRA_COUNT,
	NFH_V_RX_GSO,
	NFH_V_RX_SLOTS,
	NFH_V_RX_LONG,
	NFH_V_RX_SHORT,
	NFH_V_RX_CSUM,
	NFH_V_XENSTORE_VALUE,

	NFH_V_TX_PRODUCER,
	NFH_V_TX_ID_RANGE,
	NFH_V_TX_ID_IDLE,
	NFH_V_TX_NULL,
	NFH_V_RX_PRODUCER,
	NFH_V_RX_ID,
	NFH_V_TEST,

	NFH_V_COUNT,
	NFH_V_FIRST_FAULT = NFH_V_TX_PRODUCER,
};

#endif /* NFH_TRUST_H */
