// SPDX-License-Identifier: GPL-2.0
/*
 * A vif that was given to another backend while nobody looked
 *
 * The toolstack takes a vif away by removing its directory, and gives it to
 * another backend by making the directory anew.  If the guest was paused
 * meanwhile, the xenbus core finds a directory where it expects one, keeps the
 * device, and goes on with the old backend: for ever, be it dead or alive.  So
 * the key "backend" is watched.  When it names another directory, the device
 * is probed again, as if the vif had been unplugged and plugged.
 *
 * TRUST: the key is in the frontend's directory, which the toolstack writes
 * and a backend cannot.
 *
 * LOCKING: callbacks run in the xenwatch thread, as do the core's own probing
 * and removing of vifs that come and go, so these do not meet.  nd->lock is not
 * held.  device_reprobe() takes the device's lock.  An unbind through sysfs
 * that holds it waits for the xenwatch thread (unregister_xenbus_watch()), so
 * the two could wait for each other.  That is so in the core whenever a vif
 * goes, and this is no further occasion: the vif did go, and the core would
 * have taken the same lock in the same thread, had it noticed.  In a work of
 * our own it would be one: the toolstack may take away what it has just given.
 */
#include <linux/slab.h>
#include <linux/string.h>
#include <xen/xenbus.h>

#include "nfh.h"

static bool has_moved(const struct xenbus_device *xbdev)
{
	char *backend = xenbus_read(XBT_NIL, xbdev->nodename, "backend", NULL);
	bool moved;

	/* without the key the vif is on its way out: that is the core's */
	if (IS_ERR(backend))
		return false;
	/* after a resume that found no directory there is no other end */
	moved = *backend &&
		(!xbdev->otherend || strcmp(backend, xbdev->otherend));
	kfree(backend);
	return moved;
}

/* @nd is gone when device_reprobe() returns; there may be another one. */
static void key_changed(struct xenbus_watch *watch, const char *path,
			const char *token)
{
	struct nfh_dev *nd = container_of(watch, struct nfh_dev, key_watch);
	struct xenbus_device *xbdev = nd->xbdev;

	if (!has_moved(xbdev))
		return;
	netdev_info(nd->netdev, "the vif has another backend\n");
	nd->moved = true;
	/* the old device drops the reference that keeps this code here */
	__module_get(THIS_MODULE);
	if (device_reprobe(&xbdev->dev) < 0 || !xbdev->dev.driver)
		dev_err(&xbdev->dev, "probing the vif again failed\n");
	module_put(THIS_MODULE);
}

/**
 * nfh_reattach_watch() - begin to look whether the vif moves
 * @nd: new device
 *
 * Context: process context, sleeps.
 * Return: 0; -ENOMEM, or what xenstore answered (-ENOSPC: quota; -E2BIG: too
 * many watches; -EIO).
 */
int nfh_reattach_watch(struct nfh_dev *nd)
{
	struct xenbus_watch *watch = &nd->key_watch;
	int err;

	watch->node = kasprintf(GFP_KERNEL, "%s/backend", nd->xbdev->nodename);
	if (!watch->node)
		return -ENOMEM;
	watch->callback = key_changed;
	err = register_xenbus_watch(watch);
	if (err)
		kfree(watch->node);
	return err;
}

/**
 * nfh_reattach_unwatch() - stop that
 * @nd: device that is watched
 *
 * Context: process context, sleeps; may be called by the callback itself.
 */
void nfh_reattach_unwatch(struct nfh_dev *nd)
{
	unregister_xenbus_watch(&nd->key_watch);
	kfree(nd->key_watch.node);
}

static void no_change(struct xenbus_watch *watch, const char *path,
		      const char *token)
{
}

/**
 * nfh_reattach_exit() - wait until no callback runs any more
 *
 * One that has removed its own watch was not waited for.  Removing any watch
 * waits for whatever callback is running.
 *
 * Context: process context, sleeps.
 */
void nfh_reattach_exit(void)
{
	struct xenbus_watch watch = { .node = "device", .callback = no_change };

	if (!register_xenbus_watch(&watch))
		unregister_xenbus_watch(&watch);
}
