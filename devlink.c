// SPDX-License-Identifier: GPL-2.0
/*
 * The health reporter "backend" of each vif
 *
 *	devlink health show
 *	devlink health diagnose xen/vif-0 reporter backend
 *	devlink health dump show xen/vif-0 reporter backend
 *	devlink health recover xen/vif-0 reporter backend
 *	devlink health set xen/vif-0 reporter backend auto_recover false
 *	devlink health test xen/vif-0 reporter backend
 *
 * The reporter is in error from the end of a connection, or from one that could
 * not be made, until there is a connection.  Recovery takes its time and never
 * waits for the backend, so the recover operation only starts it.
 *
 * LOCKING: devlink holds its lock of the instance around each operation; they
 * take nd->lock under it.  What calls devlink (recover.c) holds neither.
 */
#include <linux/kernel.h>
#include <linux/netdevice.h>
#include <net/devlink.h>

#include "nfh.h"

/**
 * struct nfh_devlink - a device's part of devlink; devlink_priv() of it
 * @nd: device
 * @devlink: instance
 * @reporter: "backend"
 * @sick: a fault was reported, and there has been no connection since
 */
struct nfh_devlink {
	struct nfh_dev *nd;
	struct devlink *devlink;
	struct devlink_health_reporter *reporter;
	bool sick;
};

static void put_ring(struct devlink_fmsg *fmsg, const char *name,
		     const struct nfh_ring_view *view)
{
	char refused[24];

	snprintf(refused, sizeof(refused), "%#llx",
		 (unsigned long long)view->refused);
	devlink_fmsg_pair_nest_start(fmsg, name);
	devlink_fmsg_obj_nest_start(fmsg);
	devlink_fmsg_u32_pair_put(fmsg, "requests_published", view->req_prod);
	devlink_fmsg_u32_pair_put(fmsg, "responses_taken", view->rsp_cons);
	devlink_fmsg_u32_pair_put(fmsg, "responses_seen", view->rsp_seen);
	devlink_fmsg_string_pair_put(fmsg, "refused", refused);
	devlink_fmsg_obj_nest_end(fmsg);
	devlink_fmsg_pair_nest_end(fmsg);
}

/* Reasons that have been counted; most have not. */
static void put_violations(struct devlink_fmsg *fmsg, struct nfh_dev *nd)
{
	unsigned int why;

	devlink_fmsg_pair_nest_start(fmsg, "violations");
	devlink_fmsg_obj_nest_start(fmsg);
	for (why = NFH_V_NONE + 1; why < NFH_V_COUNT; why++) {
		u64 count = atomic64_read(&nd->violations[why]);

		if (count)
			devlink_fmsg_u64_pair_put(fmsg, nfh_violation_name(why),
						  count);
	}
	devlink_fmsg_obj_nest_end(fmsg);
	devlink_fmsg_pair_nest_end(fmsg);
}

/* The last fault: what was refused, and where the rings were. */
static int dump(struct devlink_health_reporter *reporter,
		struct devlink_fmsg *fmsg, void *context,
		struct netlink_ext_ack *extack)
{
	struct nfh_devlink *dl = devlink_health_reporter_priv(reporter);
	struct nfh_dev *nd = dl->nd;
	struct nfh_fault fault;

	mutex_lock(&nd->lock);
	fault = nd->last_fault;
	mutex_unlock(&nd->lock);
	devlink_fmsg_string_pair_put(fmsg, "reason",
				     nfh_violation_name(fault.why));
	devlink_fmsg_u32_pair_put(fmsg, "queue", fault.queue);
	put_ring(fmsg, "tx_ring", &fault.tx);
	put_ring(fmsg, "rx_ring", &fault.rx);
	put_violations(fmsg, nd);
	return 0;
}

/* Why there is no connection, in words; nd->lock held. */
static const char *explain(const struct nfh_dev *nd)
{
	if (nfh_dev_is_connected(nd))
		return "connected";
	if (nfh_backoff_exhausted(&nd->backoff))
		return "too many faults in a row, waits for recover";
	if (nd->held)
		return "faulted, waits for recover";
	if (nd->connect_error == -EDQUOT)
		return "backends keep too many pages of earlier connections";
	if (nd->connect_error)
		return "the last connection could not be made";
	if (READ_ONCE(nd->state) == NFH_CLOSING)
		return "waits for the backend to leave the last connection";
	if (time_before(jiffies, nd->due))
		return "waits before it connects again";
	return "waits for the backend";
}

static unsigned int due_in_ms(const struct nfh_dev *nd)
{
	unsigned long now = jiffies;

	if (nfh_dev_is_connected(nd) || nd->held || !time_before(now, nd->due))
		return 0;
	return jiffies_to_msecs(nd->due - now);
}

static int diagnose(struct devlink_health_reporter *reporter,
		    struct devlink_fmsg *fmsg, struct netlink_ext_ack *extack)
{
	struct nfh_devlink *dl = devlink_health_reporter_priv(reporter);
	struct nfh_dev *nd = dl->nd;
	struct nfh_pool_usage usage = nfh_account_usage(nd->account);

	mutex_lock(&nd->lock);
	devlink_fmsg_string_pair_put(fmsg, "state",
				     nfh_dev_state_name(READ_ONCE(nd->state)));
	devlink_fmsg_string_pair_put(fmsg, "because", explain(nd));
	devlink_fmsg_u32_pair_put(fmsg, "ends_in_a_row", nd->backoff.ends);
	devlink_fmsg_u32_pair_put(fmsg, "faults_in_a_row", nd->backoff.faults);
	devlink_fmsg_u32_pair_put(fmsg, "next_try_in_ms", due_in_ms(nd));
	mutex_unlock(&nd->lock);
	devlink_fmsg_u64_pair_put(fmsg, "connections",
				  atomic64_read(&nd->connections));
	devlink_fmsg_u32_pair_put(fmsg, "pages", usage.pages);
	devlink_fmsg_u32_pair_put(fmsg, "quarantined_pages", usage.quarantined);
	devlink_fmsg_u32_pair_put(fmsg, "quarantine_limit",
				  NFH_QUARANTINE_DEVICE_MAX);
	return 0;
}

/* With a context: by itself, after a fault.  Without: the operator. */
static int recover(struct devlink_health_reporter *reporter, void *context,
		   struct netlink_ext_ack *extack)
{
	struct nfh_devlink *dl = devlink_health_reporter_priv(reporter);
	int err;

	if (context)
		return nfh_recover_auto(dl->nd);
	err = nfh_recover_now(dl->nd);
	if (!err)
		WRITE_ONCE(dl->sick, false);
	return err;
}

/* A fault without a culprit, to see that recovery works. */
static int test(struct devlink_health_reporter *reporter,
		struct netlink_ext_ack *extack)
{
	struct nfh_devlink *dl = devlink_health_reporter_priv(reporter);
	struct nfh_dev *nd = dl->nd;
	int err = 0;

	mutex_lock(&nd->lock);
	if (nfh_dev_is_connected(nd)) {
		local_bh_disable();
		nfh_dev_fault(&nd->queues[0], NFH_V_TEST);
		local_bh_enable();
	} else {
		NL_SET_ERR_MSG(extack, "there is no connection to be faulted");
		err = -ENOTCONN;
	}
	mutex_unlock(&nd->lock);
	return err;
}

static const struct devlink_health_reporter_ops backend_ops = {
	.name = "backend",
	.recover = recover,
	.dump = dump,
	.diagnose = diagnose,
	.test = test,
};

static const struct devlink_ops no_ops = { };

/**
 * nfh_devlink_healthy() - say whether there is a connection
 * @nd: device
 * @healthy: there is
 *
 * Context: process context, no lock held.
 */
void nfh_devlink_healthy(struct nfh_dev *nd, bool healthy)
{
	struct nfh_devlink *dl = nd->devlink;

	if (healthy && READ_ONCE(dl->sick)) {
		WRITE_ONCE(dl->sick, false);
		devlink_health_reporter_recovery_done(dl->reporter);
	}
	devlink_health_reporter_state_update(dl->reporter, healthy ?
		DEVLINK_HEALTH_REPORTER_STATE_HEALTHY :
		DEVLINK_HEALTH_REPORTER_STATE_ERROR);
}

/**
 * nfh_devlink_fault() - report a fault
 * @nd: device
 * @fault: what happened; devlink dumps it, and recovers if it is set to
 *
 * Context: process context, no lock held.
 */
void nfh_devlink_fault(struct nfh_dev *nd, const struct nfh_fault *fault)
{
	struct nfh_devlink *dl = nd->devlink;

	/*
	 * There was a connection, or it could not have faulted; devlink may
	 * not have heard of it yet, and then it would not recover again.
	 */
	nfh_devlink_healthy(nd, true);
	WRITE_ONCE(dl->sick, true);
	devlink_health_report(dl->reporter, nfh_violation_name(fault->why),
			      (void *)fault);
}

/**
 * nfh_devlink_create() - make the devlink instance of a vif
 * @nd: device, complete but for its net device being registered
 *
 * Context: process context, sleeps.
 * Return: 0 or -ENOMEM.
 */
int nfh_devlink_create(struct nfh_dev *nd)
{
	struct devlink *devlink;
	struct nfh_devlink *dl;
	int err;

	devlink = devlink_alloc(&no_ops, sizeof(*dl), &nd->xbdev->dev);
	if (!devlink)
		return -ENOMEM;
	dl = devlink_priv(devlink);
	dl->nd = nd;
	dl->devlink = devlink;
	dl->reporter = nfh_reporter_create(devlink, &backend_ops, dl);
	if (IS_ERR(dl->reporter)) {
		/* @dl goes with the instance */
		err = PTR_ERR(dl->reporter);
		devlink_free(devlink);
		return err;
	}
	nd->devlink = dl;
	devlink_register(devlink);
	return 0;
}

/**
 * nfh_devlink_destroy() - remove it again
 * @nd: device; nfh_devlink_fault() and nfh_devlink_healthy() are not called
 *	any more
 *
 * Context: process context, sleeps.
 */
void nfh_devlink_destroy(struct nfh_dev *nd)
{
	struct nfh_devlink *dl = nd->devlink;

	nd->devlink = NULL;
	devlink_unregister(dl->devlink);
	devlink_health_reporter_destroy(dl->reporter);
	devlink_free(dl->devlink);
}
