// SPDX-License-Identifier: GPL-2.0
/*
 * The module that holds the unit tests
 *
 * It needs neither Xen nor the driver: loading it into any kernel with KUnit
 * runs everything.  Each suite includes the .c file of one room, so that it
 * sees that room's statics, and plays the part of whoever is on the other side:
 *
 *	netfront_hardened_ring		the backend, on the shared page
 *	netfront_hardened_frame		the ring, with sequences of slots
 *	netfront_hardened_grant		the grant table (fake_gnttab.c)
 *	netfront_hardened_pool		the same, and memory (fake_memory.c)
 *	netfront_hardened_health	NAPI, on a net device of its own
 *	netfront_hardened_event		event channels (fake_evtchn.c)
 *	netfront_hardened_tx, _tx_full	net core and backend (queue_fixture.c)
 *	netfront_hardened_rx		backend and stack (queue_fixture.c)
 *	netfront_hardened_xenstore	the toolstack's daemon (fake_xenstore.c)
 *	netfront_hardened_xenbus	the backend's states, and the rooms beside
 *
 * A case is named after the function and the situation; tables name their
 * rows.  reasons.h ties the tables to enum nfh_violation: a reason without a
 * row fails, a reason that is not listed does not compile.
 *
 *	make KDIR=<kernel with KUnit> kunit-modules
 *	insmod kunit/netfront-hardened-kunit.ko
 */
#include <linux/module.h>

MODULE_DESCRIPTION("KUnit suites of netfront_hardened");
MODULE_LICENSE("GPL");
