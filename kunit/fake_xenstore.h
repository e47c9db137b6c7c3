/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A xenstore for tests: a few keys, and one transaction at a time
 *
 * Included before ../xenstore.c, whose calls then end up in fake_xenstore.c.
 * What a transaction writes is seen when it has ended well, and not before.
 * Writing outside of a transaction, or leaving one open, fails the test.
 */
#ifndef NFH_KUNIT_FAKE_XENSTORE_H
#define NFH_KUNIT_FAKE_XENSTORE_H

#include <linux/types.h>
#include <xen/xenbus.h>

struct kunit;

/* Keys that there may be, and bytes of a path and of a value. */
#define FAKE_KEYS	64U
#define FAKE_KEY_BYTES	64U

/* The test's side. */
void fake_xenstore_init(struct kunit *test);
void fake_xenstore_exit(void);
void fake_xenstore_write(const char *dir, const char *name, const char *text);
const char *fake_xenstore_look(const char *dir, const char *name);
u32 fake_xenstore_keys(void);
void fake_xenstore_fail_write(u32 nth);
void fake_xenstore_fail_start(void);
void fake_xenstore_conflict(u32 times);
u32 fake_xenstore_transactions(void);

/* The driver's side. */
void *fake_xenbus_read(struct xenbus_transaction xbt, const char *dir,
		       const char *name, unsigned int *len);
int fake_xenbus_rm(struct xenbus_transaction xbt, const char *dir,
		   const char *name);
__printf(4, 5)
int fake_xenbus_printf(struct xenbus_transaction xbt, const char *dir,
		       const char *name, const char *format, ...);
int fake_xenbus_start(struct xenbus_transaction *xbt);
int fake_xenbus_end(struct xenbus_transaction xbt, int abort);

#define xenbus_read		fake_xenbus_read
#define xenbus_rm		fake_xenbus_rm
#define xenbus_printf		fake_xenbus_printf
#define xenbus_transaction_start fake_xenbus_start
#define xenbus_transaction_end	fake_xenbus_end

#endif /* NFH_KUNIT_FAKE_XENSTORE_H */
