// SPDX-License-Identifier: GPL-2.0
/*
 * The two ends' states: who is ready, who has left
 *
 * The protocol is that of xen/interface/io/xenbus.h.  Every step is taken when
 * the other side has moved (backend_changed()), never by waiting for it:
 *
 *	backend InitWait -> make the rings, publish them, we are Connected
 *	backend Connected -> frames flow
 *	backend Closing -> nothing moves any more, we are Closed
 *	backend Closed, gone -> take the pages back
 *
 * Closing may have been written by the toolstack, with the backend still at
 * the rings, so the pages are kept until it is Closed.  An honest backend
 * could otherwise use a grant reference that has found a new owner in this
 * guest.  When the device goes before that, an orphan keeps them (orphan.c).
 *
 * A connection that has ended is followed by another one, when recover.c says
 * that it is time: a backend that is Closed is asked for it, one that is in
 * InitWait gets it.  A vif whose backend still has a connection of an earlier
 * driver is first closed.
 *
 * LOCKING: nd->lock is held in every step, which is taken by the xenbus core's
 * callbacks and by recover.c.  xbdev->otherend changes only in probe, remove
 * and resume, when recover.c's works do not run.
 */
#include <linux/etherdevice.h>
#include <linux/netdevice.h>
#include <linux/slab.h>
#include <xen/xenbus.h>

#include "nfh.h"

static int connect_queues(struct nfh_dev *nd)
{
	unsigned int i;
	int err;

	nd->orphan = nfh_orphan_create(nd->xbdev->otherend, nd->num_queues);
	if (!nd->orphan)
		return -ENOMEM;
	for (i = 0; i < nd->num_queues; i++) {
		err = nfh_queue_connect(&nd->queues[i]);
		if (err)
			return err;
	}
	return 0;
}

/* Take back what the connection held; the backend has left. */
static void release_queues(struct nfh_dev *nd)
{
	unsigned int i;

	if (READ_ONCE(nd->state) != NFH_CLOSING)
		return;
	for (i = 0; i < nd->num_queues; i++)
		nfh_queue_disconnect(&nd->queues[i]);
	nfh_orphan_destroy(nd->orphan);
	nd->orphan = NULL;
	nfh_dev_move(nd, NFH_DISCONNECTED);
}

/* The device goes before the backend does. */
static void leave_queues(struct nfh_dev *nd)
{
	unsigned int i;

	if (!nd->orphan)
		return;
	for (i = 0; i < nd->num_queues; i++)
		nfh_queue_leave(&nd->queues[i], nd->orphan);
	nfh_orphan_start(nd->orphan);
	nd->orphan = NULL;
	nfh_dev_move(nd, NFH_DISCONNECTED);
}

static bool has_connection(const struct nfh_dev *nd)
{
	int state = READ_ONCE(nd->state);

	return state != NFH_DISCONNECTED && state != NFH_CLOSING;
}

/* Nothing moves any more.  A fault is counted when it is reported. */
static void lose(struct nfh_dev *nd)
{
	if (!has_connection(nd))
		return;
	nfh_dev_go_dark(nd);
	nd->restarted = false;
	/* NAPI is quiet now: nothing sets it any more */
	if (!READ_ONCE(nd->faulted))
		nfh_recover_ended(nd, false);
	nfh_recover_tell(nd);
}

static void say_closed(struct nfh_dev *nd)
{
	if (nd->xbdev->state != XenbusStateClosed)
		xenbus_frontend_closed(nd->xbdev);
}

/* We end the connection, not the backend. */
static void say_closing_and_closed(struct nfh_dev *nd)
{
	xenbus_switch_state(nd->xbdev, XenbusStateClosing);
	xenbus_switch_state(nd->xbdev, XenbusStateClosed);
}

/* Pages that were published are taken back when the backend is Closed. */
static void connect_failed(struct nfh_dev *nd, int err, const char *what)
{
	lose(nd);
	/* the backend decides how often: say it once for each reason */
	if (err != nd->connect_error)
		xenbus_dev_fatal(nd->xbdev, err, "%s", what);
	else
		xenbus_switch_state(nd->xbdev, XenbusStateClosing);
	nd->connect_error = err;
}

/* Nothing was published: what is there need not wait for the backend. */
static void offer_failed(struct nfh_dev *nd, int err, const char *what)
{
	connect_failed(nd, err, what);
	release_queues(nd);
}

/* The backend waits for us: offer it a connection. */
static void connect(struct nfh_dev *nd)
{
	struct nfh_caps caps;
	int err;

	if (!nfh_dev_move(nd, NFH_CONNECTING))
		return;
	nfh_xenstore_read_caps(nd, &caps);
	nfh_dev_set_caps(nd, &caps);
	if (!caps.rx_copy) {
		offer_failed(nd, -EOPNOTSUPP,
			     "the backend does not offer feature-rx-copy");
		return;
	}
	err = connect_queues(nd);
	if (err) {
		offer_failed(nd, err, err == -EDQUOT ?
			     "backends keep too many pages of earlier connections" :
			     "making rings, pages, event channels");
		return;
	}
	err = nfh_xenstore_publish(nd);
	if (err) {
		connect_failed(nd, err, "publishing the rings in xenstore");
		return;
	}
	xenbus_switch_state(nd->xbdev, XenbusStateConnected);
}

/*
 * The toolstack is taking the vif away: asking for a connection would only get
 * in its way.  TRUST: the backend may write the key; a lie costs one request.
 */
static bool backend_online(const struct nfh_dev *nd)
{
	return xenbus_read_unsigned(nd->xbdev->otherend, "online", 1);
}

/*
 * The backend is idle: ask for a connection, if it is time.  TRUST: it may be
 * idle again at once, as often as it likes, and no connection ends by that: the
 * back-off does not count it.
 */
static void ask_for_connection(struct nfh_dev *nd)
{
	unsigned long now = jiffies;

	if (!nfh_recover_due(nd))
		return;
	if (time_before(now, nd->ask_at)) {
		nfh_recover_at(nd, nd->ask_at - now);
		return;
	}
	nd->ask_at = now + msecs_to_jiffies(NFH_ASK_MS);
	if (backend_online(nd))
		xenbus_switch_state(nd->xbdev, XenbusStateInitialising);
	else
		nfh_recover_ended(nd, false);
}

/*
 * The backend waits although we are connected: it was restarted.  It may go on
 * with our rings, as xen-netback does; if it does not, it gets new ones.
 */
static void backend_restarted(struct nfh_dev *nd)
{
	unsigned long delay = msecs_to_jiffies(NFH_RESTART_MS);

	if (!nd->restarted) {
		nd->restarted = true;
		nd->due = jiffies + delay;
		nfh_recover_at(nd, delay);
	} else if (nfh_recover_due(nd)) {
		nfh_xenbus_end(nd);
	}
}

/* Does xenstore still have what we have published? */
static bool is_published(const struct nfh_dev *nd)
{
	return nfh_read_driver_state(nd->xbdev, nd->xbdev->nodename) ==
	       nd->xbdev->state;
}

/*
 * The backend has no connection; it waits for one.  If it has been offered one
 * it may be about to take it.  But the vif may also have been detached and
 * attached again faster than xenbus noticed: then there is no offer any more.
 */
static void backend_ready(struct nfh_dev *nd)
{
	if (nfh_dev_is_connected(nd))
		backend_restarted(nd);
	else if (READ_ONCE(nd->state) == NFH_CONNECTING && !is_published(nd))
		nfh_xenbus_end(nd);
	if (has_connection(nd))
		return;
	release_queues(nd);
	if (!nfh_recover_due(nd))
		return;
	xenbus_switch_state(nd->xbdev, XenbusStateInitialising);
	connect(nd);
}

static void backend_connected(struct nfh_dev *nd)
{
	int err;

	nd->restarted = false;
	if (READ_ONCE(nd->state) == NFH_CONNECTING) {
		err = nfh_dev_go_live(nd);
		if (err) {
			connect_failed(nd, err, "setting the number of queues");
			return;
		}
		nd->connect_error = 0;
		nd->ask_at = jiffies;
		atomic64_inc(&nd->connections);
		nfh_recover_tell(nd);
	} else if (!has_connection(nd) &&
		   nd->xbdev->state == XenbusStateInitialising) {
		/* with a driver that is gone: close that connection first */
		xenbus_switch_state(nd->xbdev, XenbusStateClosing);
	} else if (!has_connection(nd) && nfh_recover_due(nd)) {
		/* it should have followed us to Closed: ask all the same */
		xenbus_switch_state(nd->xbdev, XenbusStateInitialising);
		nfh_recover_ended(nd, false);
	}
}

/* The connection is over; the backend may not have noticed yet. */
static void backend_closing(struct nfh_dev *nd)
{
	lose(nd);
	say_closed(nd);
}

/* Its directory is gone, or cannot be read. */
static void backend_vanished(struct nfh_dev *nd)
{
	backend_closing(nd);
	release_queues(nd);
}

static void backend_closed(struct nfh_dev *nd)
{
	backend_vanished(nd);
	ask_for_connection(nd);
}

static void advance(struct nfh_dev *nd, enum xenbus_state backend)
{
	lockdep_assert_held(&nd->lock);
	switch (backend) {
	case XenbusStateInitWait:
		backend_ready(nd);
		break;
	case XenbusStateConnected:
		backend_connected(nd);
		break;
	case XenbusStateClosing:
		backend_closing(nd);
		break;
	case XenbusStateClosed:
		backend_closed(nd);
		break;
	case XenbusStateUnknown:
		backend_vanished(nd);
		break;
	case XenbusStateInitialising:
	case XenbusStateInitialised:
	case XenbusStateReconfiguring:
	case XenbusStateReconfigured:
		break;
	}
}

/**
 * nfh_xenbus_advance() - take the step that the backend's state asks for
 * @nd: device
 *
 * The states are those of enum xenbus_state, xen/interface/io/xenbus.h.
 *
 * Context: process context, nd->lock held; does not wait for the backend.
 */
void nfh_xenbus_advance(struct nfh_dev *nd)
{
	advance(nd, nfh_read_driver_state(nd->xbdev, nd->xbdev->otherend));
}

/**
 * nfh_xenbus_end() - end the connection, and let the backend know
 * @nd: device
 *
 * Context: process context, nd->lock held; does not wait for the backend.
 */
void nfh_xenbus_end(struct nfh_dev *nd)
{
	lose(nd);
	say_closing_and_closed(nd);
}

/*
 * Called for each change of the backend's state before it is queued for the
 * xenwatch thread.  One that waits is enough, as the state is read when its
 * turn comes.  TRUST: else a backend that writes its state in a loop would fill
 * the guest's memory, and keep the thread from everybody else.  The core does
 * this for its backends, not for frontends.
 */
static bool none_is_waiting(struct xenbus_watch *watch, const char *path,
			    const char *token)
{
	return !watch->nr_pending;
}

static void backend_changed(struct xenbus_device *xbdev,
			    enum xenbus_state state)
{
	struct nfh_dev *nd = dev_get_drvdata(&xbdev->dev);

	/* the core makes the watch anew after probe and after resume */
	WRITE_ONCE(xbdev->otherend_watch.will_handle, none_is_waiting);
	mutex_lock(&nd->lock);
	advance(nd, state);
	mutex_unlock(&nd->lock);
}

static int read_mac(struct xenbus_device *xbdev, u8 *mac)
{
	char *text = xenbus_read(XBT_NIL, xbdev->nodename, "mac", NULL);
	bool ok;

	if (IS_ERR(text))
		return PTR_ERR(text);
	ok = mac_pton(text, mac) && is_valid_ether_addr(mac);
	kfree(text);
	return ok ? 0 : -EINVAL;
}

/* Nothing of a connection is left, nor a way to make one. */
static void retire(struct nfh_dev *nd)
{
	/* the carrier must not change once the net device is unregistered */
	mutex_lock(&nd->lock);
	nd->gone = true;
	nfh_dev_go_dark(nd);
	mutex_unlock(&nd->lock);
	nfh_recover_destroy(nd);
	unregister_netdev(nd->netdev);
}

/* The device goes.  The state of a vif that has moved is the next backend's. */
static void say_goodbye(struct nfh_dev *nd)
{
	if (nd->moved)
		return;
	if (READ_ONCE(nd->state) == NFH_CLOSING)
		say_closing_and_closed(nd);
	else
		say_closed(nd);
}

static int probe(struct xenbus_device *xbdev, const struct xenbus_device_id *id)
{
	u8 mac[ETH_ALEN];
	struct nfh_dev *nd;
	int err;

	err = read_mac(xbdev, mac);
	if (err) {
		xenbus_dev_fatal(xbdev, err, "reading the key mac of %s",
				 xbdev->nodename);
		return err;
	}
	nd = nfh_dev_create(xbdev, mac);
	if (IS_ERR(nd)) {
		xenbus_dev_fatal(xbdev, PTR_ERR(nd), "making the net device");
		return PTR_ERR(nd);
	}
	err = nfh_reattach_watch(nd);
	if (err) {
		xenbus_dev_fatal(xbdev, err, "watching the key backend of %s",
				 xbdev->nodename);
		retire(nd);
		nfh_dev_destroy(nd);
		return err;
	}
	/* the core calls backend_changed() with the present state next */
	dev_set_drvdata(&xbdev->dev, nd);
	nfh_recover_tell(nd);
	return 0;
}

static void remove(struct xenbus_device *xbdev)
{
	struct nfh_dev *nd = dev_get_drvdata(&xbdev->dev);

	nfh_reattach_unwatch(nd);
	retire(nd);
	say_goodbye(nd);
	if (READ_ONCE(nd->state) == NFH_CLOSING)
		leave_queues(nd);
	dev_set_drvdata(&xbdev->dev, NULL);
	nfh_dev_destroy(nd);
}

/*
 * The domain was restored or migrated: the grants and event channels of before
 * do not exist any more, and the backend is a new one.  Or the guest alone was
 * asleep, and the backend still has the old connection, which it is then asked
 * to close; pages that it has mapped go through quarantine.
 */
static int resume(struct xenbus_device *xbdev)
{
	struct nfh_dev *nd = dev_get_drvdata(&xbdev->dev);

	mutex_lock(&nd->lock);
	nfh_dev_go_dark(nd);
	release_queues(nd);
	nfh_recover_forget(nd);
	nfh_recover_tell(nd);
	mutex_unlock(&nd->lock);
	return 0;
}

static const struct xenbus_device_id ids[] = {
	{ "vif" },
	{ "" }
};

static struct xenbus_driver driver = {
	.name = NFH_NAME,
	/* remove() says Closed, where that is right; the core shall not */
	.allow_rebind = true,
	/* loading waits up to 30 s for a backend, not up to 300 s */
	.not_essential = true,
	.ids = ids,
	.probe = probe,
	.remove = remove,
	.resume = resume,
	.otherend_changed = backend_changed,
};

/**
 * nfh_xenbus_register() - start to serve vifs
 *
 * Context: process context, sleeps; the core may wait for backends, up to 30 s.
 * Return: 0; -EBUSY when there is a driver of this name, -ENOMEM, or another
 * error of the driver core.
 */
int nfh_xenbus_register(void)
{
	return xenbus_register_frontend(&driver);
}

/**
 * nfh_xenbus_unregister() - stop to serve vifs; all devices are removed
 *
 * Context: process context, sleeps; does not wait for the backends.
 */
void nfh_xenbus_unregister(void)
{
	xenbus_unregister_driver(&driver);
}
