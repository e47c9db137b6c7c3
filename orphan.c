// SPDX-License-Identifier: GPL-2.0
/*
 * Connections whose device has gone before the backend has
 *
 * A device may be removed while its backend is still at the rings.  An honest
 * backend needs a moment to leave; if the grants were ended at once it could
 * meet a reference that has found a new owner in this guest.  The device does
 * not wait: when the toolstack removes it, it does so in the xenwatch thread,
 * and all other devices would wait along.  It leaves its pools to an orphan,
 * which looks at the backend every now and then, for NFH_ORPHAN_TIMEOUT_MS at
 * most, and then ends the grants.  What the backend has mapped even then goes
 * through quarantine.
 *
 * An orphan is made together with the connection, so that removal cannot fail.
 *
 * LOCKING: an orphan belongs to the device (nd->lock) until
 * nfh_orphan_start(), to its work afterwards.
 */
#include <linux/jiffies.h>
#include <linux/slab.h>
#include <linux/wait.h>
#include <xen/xenbus.h>

#include "nfh.h"

/**
 * struct nfh_orphan - pools that wait for a backend
 * @backend: its directory in xenstore
 * @deadline: when to give up waiting, jiffies
 * @work: looks whether the backend has left
 * @count: entries of @pool in use
 * @pool: room for those of all queues
 */
struct nfh_orphan {
	char *backend;
	unsigned long deadline;
	struct delayed_work work;
	unsigned int count;
	struct nfh_pool *pool[];
};

/* Orphans on their own; the module cannot go before them. */
static atomic_t orphans = ATOMIC_INIT(0);
static DECLARE_WAIT_QUEUE_HEAD(orphans_gone);

/* Closed, or not there any more.  TRUST: a lie shortens the wait, no more. */
static bool backend_left(const char *backend)
{
	unsigned int state = xenbus_read_unsigned(backend, "state",
						  XenbusStateUnknown);

	return state == XenbusStateClosed || state == XenbusStateUnknown;
}

static void orphan_work(struct work_struct *work)
{
	struct nfh_orphan *orphan = container_of(to_delayed_work(work),
						 struct nfh_orphan, work);

	/* INVARIANT: bounded by the deadline, whatever the backend does */
	if (time_before(jiffies, orphan->deadline) &&
	    !backend_left(orphan->backend)) {
		nfh_recover_queue(&orphan->work,
				  msecs_to_jiffies(NFH_ORPHAN_POLL_MS));
		return;
	}
	nfh_orphan_destroy(orphan);
	if (atomic_dec_and_test(&orphans))
		wake_up(&orphans_gone);
}

/**
 * nfh_orphan_create() - prepare for a device that goes before its backend
 * @backend: directory in xenstore
 * @queues: of the connection
 *
 * Context: process context, sleeps.
 * Return: the orphan, without a pool, or %NULL when memory is short.
 */
struct nfh_orphan *nfh_orphan_create(const char *backend, unsigned int queues)
{
	unsigned int pools = 3 * queues;
	struct nfh_orphan *orphan;

	orphan = kzalloc(struct_size(orphan, pool, pools), GFP_KERNEL);
	if (!orphan)
		return NULL;
	orphan->backend = kstrdup(backend, GFP_KERNEL);
	if (!orphan->backend) {
		kfree(orphan);
		return NULL;
	}
	INIT_DELAYED_WORK(&orphan->work, orphan_work);
	return orphan;
}

/**
 * nfh_orphan_adopt() - leave a pool to an orphan
 * @orphan: not started; room for three pools of each queue
 * @pool: may be %NULL
 *
 * Context: any; the caller owns @orphan.
 */
void nfh_orphan_adopt(struct nfh_orphan *orphan, struct nfh_pool *pool)
{
	if (pool)
		orphan->pool[orphan->count++] = pool;
}

/**
 * nfh_orphan_start() - let the orphan wait for the backend
 * @orphan: not to be used afterwards
 *
 * Context: process context; does not wait.
 */
void nfh_orphan_start(struct nfh_orphan *orphan)
{
	atomic_inc(&orphans);
	orphan->deadline = jiffies + msecs_to_jiffies(NFH_ORPHAN_TIMEOUT_MS);
	nfh_recover_queue(&orphan->work, 0);
}

/**
 * nfh_orphan_destroy() - free an orphan, and end the grants of its pools
 * @orphan: not to be used afterwards; %NULL is fine
 *
 * Context: process context, sleeps.
 */
void nfh_orphan_destroy(struct nfh_orphan *orphan)
{
	if (!orphan)
		return;
	while (orphan->count)
		nfh_pool_destroy(orphan->pool[--orphan->count]);
	kfree(orphan->backend);
	kfree(orphan);
}

/**
 * nfh_orphan_exit() - wait until there is no orphan left
 *
 * Context: process context, sleeps up to NFH_ORPHAN_TIMEOUT_MS and a bit.
 */
void nfh_orphan_exit(void)
{
	wait_event(orphans_gone, !atomic_read(&orphans));
}
