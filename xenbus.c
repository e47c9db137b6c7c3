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
 * guest.  Removal by us (unbind, module unload) is the one case that waits for
 * the backend, with a bound; then the pages of one that did not move go
 * through quarantine.
 *
 * A vif whose backend still has a connection of an earlier driver is first
 * closed; the new one is asked for when the backend has arrived in Closed.
 *
 * LOCKING: the xenbus core serialises probe, backend_changed, resume and
 * remove of a device.
 */
#include <linux/delay.h>
#include <linux/etherdevice.h>
#include <linux/netdevice.h>
#include <linux/slab.h>
#include <xen/xenbus.h>

#include "nfh.h"

static int connect_queues(struct nfh_dev *nd)
{
	unsigned int i;
	int err;

	for (i = 0; i < nd->num_queues; i++) {
		err = nfh_queue_connect(&nd->queues[i]);
		if (err)
			return err;
	}
	return 0;
}

/* Take back what the connection held. */
static void release_queues(struct nfh_dev *nd)
{
	unsigned int i;

	if (READ_ONCE(nd->state) != NFH_CLOSING)
		return;
	for (i = 0; i < nd->num_queues; i++)
		nfh_queue_disconnect(&nd->queues[i]);
	nfh_dev_move(nd, NFH_DISCONNECTED);
}

/* The connection is over and the backend has left. */
static void release(struct nfh_dev *nd)
{
	nfh_dev_go_dark(nd);
	release_queues(nd);
}

/* Pages that were published are taken back when the backend is Closed. */
static void connect_failed(struct nfh_dev *nd, int err, const char *what)
{
	nfh_dev_go_dark(nd);
	xenbus_dev_fatal(nd->xbdev, err, "%s", what);
}

/* The backend waits for us: offer it a connection. */
static void connect(struct nfh_dev *nd)
{
	struct nfh_caps caps;
	int err;

	if (!nfh_dev_move(nd, NFH_CONNECTING))
		return;
	nd->wanted = false;
	nfh_xenstore_read_caps(nd, &caps);
	nfh_dev_set_caps(nd, &caps);
	if (!caps.rx_copy) {
		connect_failed(nd, -EOPNOTSUPP,
			       "the backend does not offer feature-rx-copy");
		return;
	}
	err = connect_queues(nd);
	if (err) {
		connect_failed(nd, err, err == -EDQUOT ?
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

/* The backend is idle: ask for the connection that is still owed to us. */
static void ask_for_connection(struct nfh_dev *nd)
{
	if (nd->wanted)
		xenbus_switch_state(nd->xbdev, XenbusStateInitialising);
}

/* The backend has no connection; it waits for one. */
static void backend_ready(struct nfh_dev *nd)
{
	if (!nd->wanted)
		return;
	release(nd);
	ask_for_connection(nd);
	connect(nd);
}

static void backend_connected(struct nfh_dev *nd)
{
	int err;

	if (READ_ONCE(nd->state) == NFH_CONNECTING) {
		err = nfh_dev_go_live(nd);
		if (err)
			connect_failed(nd, err, "setting the number of queues");
	} else if (nd->wanted && nd->xbdev->state == XenbusStateInitialising) {
		/* with a driver that is gone: close that connection first */
		xenbus_switch_state(nd->xbdev, XenbusStateClosing);
	}
}

/* The connection is over; the backend may not have noticed yet. */
static void backend_closing(struct nfh_dev *nd)
{
	nfh_dev_go_dark(nd);
	if (nd->xbdev->state != XenbusStateClosed)
		xenbus_frontend_closed(nd->xbdev);
}

static void backend_closed(struct nfh_dev *nd)
{
	backend_closing(nd);
	release(nd);
	ask_for_connection(nd);
}

static void backend_changed(struct xenbus_device *xbdev,
			    enum xenbus_state state)
{
	struct nfh_dev *nd = dev_get_drvdata(&xbdev->dev);

	switch (state) {
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
		release(nd);
		break;
	case XenbusStateInitialising:
	case XenbusStateInitialised:
	case XenbusStateReconfiguring:
	case XenbusStateReconfigured:
		break;
	}
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
	dev_set_drvdata(&xbdev->dev, nd);
	/*
	 * The core calls backend_changed() with the present state next.  After
	 * an earlier driver we are Closed and the backend may not be there yet.
	 */
	nd->wanted = true;
	return 0;
}

/* Closed, or not there any more: the backend has left the rings. */
static bool backend_left(struct xenbus_device *xbdev)
{
	enum xenbus_state state =
		nfh_read_driver_state(xbdev, xbdev->otherend);

	return state == XenbusStateClosed || state == XenbusStateUnknown;
}

/* Say that we are closed, and give the backend a bounded time to follow. */
static void close_and_wait(struct xenbus_device *xbdev)
{
	unsigned int waited;

	xenbus_switch_state(xbdev, XenbusStateClosing);
	xenbus_switch_state(xbdev, XenbusStateClosed);
	for (waited = 0; waited < NFH_CLOSE_TIMEOUT_MS && !backend_left(xbdev);
	     waited += NFH_CLOSE_POLL_MS)
		msleep(NFH_CLOSE_POLL_MS);
}

static void remove(struct xenbus_device *xbdev)
{
	struct nfh_dev *nd = dev_get_drvdata(&xbdev->dev);

	/* the carrier must not change once the net device is unregistered */
	nfh_dev_go_dark(nd);
	unregister_netdev(nd->netdev);
	if (READ_ONCE(nd->state) == NFH_CLOSING)
		close_and_wait(xbdev);
	release_queues(nd);
	dev_set_drvdata(&xbdev->dev, NULL);
	nfh_dev_destroy(nd);
}

/*
 * The domain was restored or migrated: the grants and event channels of before
 * do not exist any more, and the backend is a new one.
 */
static int resume(struct xenbus_device *xbdev)
{
	struct nfh_dev *nd = dev_get_drvdata(&xbdev->dev);

	release(nd);
	nd->wanted = true;
	return 0;
}

static const struct xenbus_device_id ids[] = {
	{ "vif" },
	{ "" }
};

static struct xenbus_driver driver = {
	.name = NFH_NAME,
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
 * Return: 0 or a negative errno.
 */
int nfh_xenbus_register(void)
{
	return xenbus_register_frontend(&driver);
}

/**
 * nfh_xenbus_unregister() - stop to serve vifs; all devices are removed
 */
void nfh_xenbus_unregister(void)
{
	xenbus_unregister_driver(&driver);
}
