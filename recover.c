// SPDX-License-Identifier: GPL-2.0
/*
 * What happens after a connection has ended
 *
 *	fault ------> report: connection closed, devlink told, held
 *	                |                            |
 *	                | recovery by itself         | switched off, or too
 *	                v                            v many faults
 *	ended ------> wait (back-off) <-- operator: devlink health recover
 *	                |
 *	                v
 *	              advance: xenbus.c asks the backend for a connection
 *
 * A connection that the backend closed, and one that could not be made, is
 * followed by another one after a while that grows each time; there is no end
 * to that.  After a fault there is: NFH_BACKOFF_FAULTS in a row, and the device
 * stays down until an operator says otherwise.
 *
 * All of it runs on one workqueue, which freezes with the tasks: nothing here
 * meets a domain that is being saved, or xenbus changing the other end on
 * resume.
 *
 * LOCKING: nd->lock unless said otherwise.  devlink is called without it,
 * because devlink calls us with its own lock held.
 */
#include <linux/jiffies.h>
#include <linux/netdevice.h>
#include <linux/workqueue.h>

#include "nfh.h"

static struct workqueue_struct *recover_wq;

/**
 * nfh_recover_init() - make the workqueue
 *
 * Context: process context, sleeps.
 * Return: 0 or -ENOMEM.
 */
int nfh_recover_init(void)
{
	recover_wq = alloc_workqueue(NFH_NAME, WQ_UNBOUND | WQ_FREEZABLE, 0);
	return recover_wq ? 0 : -ENOMEM;
}

/**
 * nfh_recover_exit() - destroy the workqueue; there is no device any more
 *
 * Context: process context, sleeps.
 */
void nfh_recover_exit(void)
{
	destroy_workqueue(recover_wq);
}

/**
 * nfh_recover_queue() - run a work on the workqueue
 * @work: delayed work; one that waits already is moved
 * @delay: jiffies
 *
 * Context: any.
 */
void nfh_recover_queue(struct delayed_work *work, unsigned long delay)
{
	mod_delayed_work(recover_wq, work, delay);
}

/**
 * nfh_recover_tell() - devlink is to hear whether there is a connection
 * @nd: device
 *
 * Context: any.
 */
void nfh_recover_tell(struct nfh_dev *nd)
{
	queue_work(recover_wq, &nd->report);
}

/**
 * nfh_recover_report() - a fault is waiting in nd->fault
 * @nd: in state NFH_FAULTED
 *
 * Context: any.
 */
void nfh_recover_report(struct nfh_dev *nd)
{
	WRITE_ONCE(nd->faulted, true);
	nfh_recover_tell(nd);
}

/**
 * nfh_recover_at() - look at the backend after a while
 * @nd: device
 * @delay: jiffies
 *
 * Context: process context, nd->lock held.
 */
void nfh_recover_at(struct nfh_dev *nd, unsigned long delay)
{
	lockdep_assert_held(&nd->lock);
	if (!nd->gone)
		nfh_recover_queue(&nd->advance, delay);
}

/**
 * nfh_recover_ended() - a connection has ended, or could not be made
 * @nd: device
 * @fault: the backend broke the protocol
 *
 * Context: process context, nd->lock held.
 */
void nfh_recover_ended(struct nfh_dev *nd, bool fault)
{
	unsigned long now = jiffies;
	unsigned long delay = nfh_backoff_end(&nd->backoff, now, fault);

	nd->due = now + delay;
	nfh_recover_at(nd, delay);
}

/**
 * nfh_recover_due() - may a connection be made now?
 * @nd: device
 *
 * If only the time has not come, the device will look again when it has.
 *
 * Context: process context, nd->lock held.
 * Return: true if so.
 */
bool nfh_recover_due(struct nfh_dev *nd)
{
	unsigned long now = jiffies;

	if (nd->gone || nd->held || READ_ONCE(nd->faulted))
		return false;
	if (time_after_eq(now, nd->due))
		return true;
	nfh_recover_at(nd, nd->due - now);
	return false;
}

static void advance_work(struct work_struct *work)
{
	struct nfh_dev *nd = container_of(to_delayed_work(work),
					  struct nfh_dev, advance);

	mutex_lock(&nd->lock);
	if (!nd->gone) {
		nfh_xenbus_advance(nd);
		/* devlink takes an operator's recover for a recovery */
		nfh_recover_tell(nd);
	}
	mutex_unlock(&nd->lock);
}

/* Take the fault over and close its connection.  False if there is none. */
static bool take_fault(struct nfh_dev *nd, struct nfh_fault *fault)
{
	lockdep_assert_held(&nd->lock);
	if (!READ_ONCE(nd->faulted))
		return false;
	/* the backend may have closed it meanwhile */
	if (READ_ONCE(nd->state) == NFH_FAULTED)
		nfh_xenbus_end(nd);
	nd->held = true;
	nd->last_fault = nd->fault;
	*fault = nd->fault;
	WRITE_ONCE(nd->faulted, false);
	return true;
}

static void report_work(struct work_struct *work)
{
	struct nfh_dev *nd = container_of(work, struct nfh_dev, report);
	struct nfh_fault fault;
	bool faulted, healthy;

	mutex_lock(&nd->lock);
	faulted = take_fault(nd, &fault);
	healthy = nfh_dev_is_connected(nd);
	mutex_unlock(&nd->lock);

	if (faulted)
		nfh_devlink_fault(nd, &fault);
	else
		nfh_devlink_healthy(nd, healthy);
}

/* LOCKING: RTNL is held by those who start and stop this, not taken here. */
static void stall_work(struct work_struct *work)
{
	struct nfh_dev *nd = container_of(to_delayed_work(work),
					  struct nfh_dev, stall);
	unsigned int i;

	for (i = 0; i < nd->num_queues; i++)
		atomic64_add(nfh_tx_check_stall(&nd->queues[i]),
			     &nd->tx_stalled);
	nfh_recover_queue(&nd->stall, msecs_to_jiffies(NFH_TX_STALL_POLL_MS));
}

/**
 * nfh_recover_watch() - start to look for stalled transmit queues
 * @nd: running device
 *
 * Context: process context, RTNL held.
 */
void nfh_recover_watch(struct nfh_dev *nd)
{
	nfh_recover_queue(&nd->stall, msecs_to_jiffies(NFH_TX_STALL_POLL_MS));
}

/**
 * nfh_recover_unwatch() - stop that
 * @nd: device
 *
 * Context: process context, RTNL held, sleeps.
 */
void nfh_recover_unwatch(struct nfh_dev *nd)
{
	cancel_delayed_work_sync(&nd->stall);
}

/**
 * nfh_recover_auto() - recover from a fault, after the time that is due
 * @nd: device whose fault has been reported
 *
 * Context: process context, nd->lock not held.
 * Return: -EINPROGRESS when it will be tried, -ECANCELED when the device stays
 * down: there have been too many faults.
 */
int nfh_recover_auto(struct nfh_dev *nd)
{
	int err = -EINPROGRESS;

	mutex_lock(&nd->lock);
	nfh_recover_ended(nd, true);
	if (nfh_backoff_exhausted(&nd->backoff)) {
		netdev_err(nd->netdev,
			   "%u faults in a row: staying down until `devlink health recover` or a new vif\n",
			   nd->backoff.faults);
		err = -ECANCELED;
	} else {
		nd->held = false;
	}
	mutex_unlock(&nd->lock);
	return err;
}

/* Faults and time-outs are forgotten; a connection may be made at once. */
static void start_over(struct nfh_dev *nd)
{
	nd->held = false;
	nd->due = jiffies;
	nd->ask_at = jiffies;
	nd->connect_error = 0;
	memset(&nd->backoff, 0, sizeof(nd->backoff));
}

/**
 * nfh_recover_now() - the operator wants a connection
 * @nd: device
 *
 * Context: process context, nd->lock not held; does not wait for the backend.
 * Return: 0, or -ENODEV when the device is on its way out.
 */
int nfh_recover_now(struct nfh_dev *nd)
{
	int err = -ENODEV;

	mutex_lock(&nd->lock);
	if (!nd->gone) {
		start_over(nd);
		nfh_recover_at(nd, 0);
		err = 0;
	}
	mutex_unlock(&nd->lock);
	return err;
}

/**
 * nfh_recover_forget() - the domain was resumed: nothing of before counts
 * @nd: device without a connection
 *
 * Context: process context, nd->lock held.
 */
void nfh_recover_forget(struct nfh_dev *nd)
{
	lockdep_assert_held(&nd->lock);
	/* a report that waits to be made finds none */
	WRITE_ONCE(nd->faulted, false);
	start_over(nd);
	nd->restarted = false;
}

/**
 * nfh_recover_create() - prepare a new device
 * @nd: device
 *
 * Context: any; nobody else knows of the device yet.
 */
void nfh_recover_create(struct nfh_dev *nd)
{
	mutex_init(&nd->lock);
	INIT_DELAYED_WORK(&nd->advance, advance_work);
	INIT_DELAYED_WORK(&nd->stall, stall_work);
	INIT_WORK(&nd->report, report_work);
	start_over(nd);
}

/**
 * nfh_recover_destroy() - nothing runs for this device any more
 * @nd: device with nd->gone set and no connection that could fault
 *
 * Context: process context, nd->lock not held, sleeps.
 */
void nfh_recover_destroy(struct nfh_dev *nd)
{
	cancel_work_sync(&nd->report);
	cancel_delayed_work_sync(&nd->advance);
}
