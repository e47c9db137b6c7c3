// SPDX-License-Identifier: GPL-2.0
/*
 * Xenstore: what the backend offers, and what we publish
 *
 * TRUST: the backend's directory is written by the backend.  Each key is read
 * once per connection, through one table: a number, clamped, or its default.
 * The frontend directory is written by the toolstack, which is trusted.
 *
 * LOCKING: called where a connection is made, which happens once at a time.
 */
#include <linux/kstrtox.h>
#include <linux/slab.h>
#include <xen/xenbus.h>

#include "nfh.h"

/* A number in the backend's directory. */
struct backend_key {
	const char *name;
	size_t offset;
	u32 min;
	u32 max;
	u32 fallback;
};

#define BACKEND_FLAG(name, field) \
	{ name, offsetof(struct nfh_caps, field), 0, 1, 0 }

/*
 * struct nfh_caps says where netif.h describes each of them.  A flag that is
 * missing is off.
 */
static const struct backend_key backend_keys[] = {
	BACKEND_FLAG("feature-rx-copy", rx_copy),
	BACKEND_FLAG("feature-sg", sg),
	BACKEND_FLAG("feature-ipv6-csum-offload", ipv6_csum),
	BACKEND_FLAG("feature-gso-tcpv4", gso_tcpv4),
	BACKEND_FLAG("feature-gso-tcpv6", gso_tcpv6),
	BACKEND_FLAG("feature-split-event-channels", split_events),
	{ "multi-queue-max-queues", offsetof(struct nfh_caps, max_queues),
	  1, U32_MAX, 1 },
};

/* What we tell every backend. */
static const char * const frontend_flags[] = {
	"request-rx-copy",
	"feature-rx-notify",
	"feature-sg",
	"feature-gso-tcpv4",
	"feature-gso-tcpv6",
	"feature-ipv6-csum-offload",
};

/* What a connection publishes per queue; what an earlier one left must go. */
static const char * const queue_keys[] = {
	"tx-ring-ref",
	"rx-ring-ref",
	"event-channel",
	"event-channel-tx",
	"event-channel-rx",
};

/* Keys by which an earlier driver may have asked for what we do not do. */
static const char * const foreign_keys[] = {
	"xdp-headroom",
	"feature-no-csum-offload",
	"request-multicast-control",
	"ctrl-ring-ref",
	"event-channel-ctrl",
	"multi-queue-num-queues",
};

/*
 * A missing key is the fallback; so is nonsense, but that is counted.
 * Returns whether the key is there at all.
 */
static bool read_key(struct nfh_dev *nd, const struct backend_key *key,
		     u32 *value)
{
	char *raw_text = xenbus_read(XBT_NIL, nd->xbdev->otherend, key->name,
				     NULL);
	int err;

	*value = key->fallback;
	if (IS_ERR(raw_text))
		return false;
	/* TRUST: parsed as a whole, then clamped; the text goes no further */
	err = kstrtou32(raw_text, 10, value);
	kfree(raw_text);
	if (err || *value < key->min || *value > key->max) {
		nfh_dev_drop(nd, NFH_V_XENSTORE_VALUE);
		*value = key->fallback;
	}
	return true;
}

/**
 * nfh_xenstore_read_caps() - what the backend offers
 * @nd: device
 * @caps: overwritten
 *
 * Context: process context, sleeps.
 */
void nfh_xenstore_read_caps(struct nfh_dev *nd, struct nfh_caps *caps)
{
	unsigned int i;

	memset(caps, 0, sizeof(*caps));
	for (i = 0; i < ARRAY_SIZE(backend_keys); i++) {
		const struct backend_key *key = &backend_keys[i];
		bool there;

		there = read_key(nd, key, (void *)caps + key->offset);
		if (key->offset == offsetof(struct nfh_caps, max_queues))
			caps->multi_queue = there;
	}
}

/* Missing keys are fine: removing is making sure. */
static void clear_keys(struct xenbus_transaction xbt, const char *dir,
		       const char * const *keys, unsigned int count)
{
	while (count--)
		xenbus_rm(xbt, dir, keys[count]);
}

static int publish_events(struct xenbus_transaction xbt, const char *dir,
			  const struct nfh_queue *q)
{
	int err;

	if (!q->tx_event.port)
		return xenbus_printf(xbt, dir, "event-channel", "%u",
				     q->rx_event.port);
	err = xenbus_printf(xbt, dir, "event-channel-tx", "%u",
			    q->tx_event.port);
	if (err)
		return err;
	return xenbus_printf(xbt, dir, "event-channel-rx", "%u",
			     q->rx_event.port);
}

static int publish_queue_at(struct xenbus_transaction xbt, const char *dir,
			    const struct nfh_queue *q)
{
	int err;

	clear_keys(xbt, dir, queue_keys, ARRAY_SIZE(queue_keys));
	err = xenbus_printf(xbt, dir, "tx-ring-ref", "%u",
			    nfh_pool_gref(q->ring_pool, 0));
	if (err)
		return err;
	err = xenbus_printf(xbt, dir, "rx-ring-ref", "%u",
			    nfh_pool_gref(q->ring_pool, 1));
	if (err)
		return err;
	return publish_events(xbt, dir, q);
}

/* A single queue has its keys at the top, several have a directory each. */
static int publish_queue(struct xenbus_transaction xbt, struct nfh_dev *nd,
			 unsigned int i)
{
	const char *top = nd->xbdev->nodename;
	char *dir;
	int err;

	if (nd->num_queues == 1)
		return publish_queue_at(xbt, top, &nd->queues[0]);
	dir = kasprintf(GFP_KERNEL, "%s/queue-%u", top, i);
	if (!dir)
		return -ENOMEM;
	err = publish_queue_at(xbt, dir, &nd->queues[i]);
	kfree(dir);
	return err;
}

static int publish_all(struct xenbus_transaction xbt, struct nfh_dev *nd)
{
	const char *dir = nd->xbdev->nodename;
	unsigned int i;
	int err = 0;

	clear_keys(xbt, dir, queue_keys, ARRAY_SIZE(queue_keys));
	clear_keys(xbt, dir, foreign_keys, ARRAY_SIZE(foreign_keys));
	if (nd->caps.multi_queue)
		err = xenbus_printf(xbt, dir, "multi-queue-num-queues", "%u",
				    nd->num_queues);
	for (i = 0; i < nd->num_queues && !err; i++)
		err = publish_queue(xbt, nd, i);
	for (i = 0; i < ARRAY_SIZE(frontend_flags) && !err; i++)
		err = xenbus_printf(xbt, dir, frontend_flags[i], "1");
	return err;
}

/**
 * nfh_xenstore_publish() - show the connection to the backend
 * @nd: device whose queues have their rings and event channels
 *
 * All of it or nothing.  INVARIANT: a conflict with another transaction is
 * answered by trying again, NFH_XENSTORE_TRIES times in all.
 *
 * Context: process context, sleeps.
 * Return: 0; -EAGAIN after too many conflicts, -ENOMEM, or what xenstore
 * answered (-ENOSPC: quota; -EACCES, -EIO).
 */
int nfh_xenstore_publish(struct nfh_dev *nd)
{
	struct xenbus_transaction xbt;
	unsigned int tries;
	int err = -EAGAIN;

	for (tries = 0; err == -EAGAIN && tries < NFH_XENSTORE_TRIES; tries++) {
		err = xenbus_transaction_start(&xbt);
		if (err)
			break;
		err = publish_all(xbt, nd);
		if (err) {
			xenbus_transaction_end(xbt, 1);
			break;
		}
		err = xenbus_transaction_end(xbt, 0);
	}
	return err;
}
