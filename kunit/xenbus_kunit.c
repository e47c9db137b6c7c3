// SPDX-License-Identifier: GPL-2.0
/*
 * xenbus.c: every state of the backend in every state of the device, steps
 * that fail, and the ends of a device's life
 *
 * All that xenbus.c calls is a fake here, which remembers what was asked of
 * it; the states are moved by the real health.c.
 */
#include <kunit/test.h>
#include <linux/etherdevice.h>
#include <linux/netdevice.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "../nfh.h"

#define QUEUES	3U

/**
 * struct xenbus_fixture - a device, and what was asked for it
 * @nd: under test
 * @xbdev: its xenbus device
 * @backend: what the backend's state is
 * @due: a connection may be made
 * @online: the backend's key
 * @rx_copy: the backend offers it
 * @no_orphan: no memory for an orphan
 * @fail_queue: queue that cannot be connected; QUEUES: none
 * @fail_errno: why
 * @publish_errno: of publishing
 * @live_errno: of going live
 * @mac: in the frontend's directory; NULL: the key is missing
 * @no_device: no net device can be made
 * @no_watch: the key "backend" cannot be watched
 * @made_anew: the toolstack has, and our state in xenstore is its first
 * @darks: calls of nfh_dev_go_dark()
 * @connects: queues connected
 * @disconnects: queues disconnected
 * @leaves: queues left to an orphan
 * @orphans: made, and not destroyed
 * @started: orphans that were started
 * @ended: ends that recover.c was told of
 * @ats: looks that recover.c was asked for
 * @fatals: errors that were written to xenstore and the log
 * @forgets: resumes that recover.c was told of
 * @watches: watches on the key, not removed
 * @unregistered: the net device is no more seen
 * @destroyed: the device is gone
 * @queue: its queues
 */
struct xenbus_fixture {
	struct nfh_dev nd;
	struct xenbus_device xbdev;
	enum xenbus_state backend;
	bool due;
	bool online;
	bool rx_copy;
	bool no_orphan;
	unsigned int fail_queue;
	int fail_errno;
	int publish_errno;
	int live_errno;
	const char *mac;
	bool no_device;
	bool no_watch;
	bool made_anew;
	unsigned int darks;
	unsigned int connects;
	unsigned int disconnects;
	unsigned int leaves;
	int orphans;
	unsigned int started;
	unsigned int ended;
	unsigned int ats;
	unsigned int fatals;
	unsigned int forgets;
	int watches;
	bool unregistered;
	bool destroyed;
	struct nfh_queue queue[QUEUES];
};

static struct xenbus_fixture *now;

/* fakes: xenbus */

static int fake_switch_state(struct xenbus_device *xbdev,
			     enum xenbus_state state)
{
	xbdev->state = state;
	return 0;
}

static void fake_frontend_closed(struct xenbus_device *xbdev)
{
	xbdev->state = XenbusStateClosed;
}

/* As the real one: the error is written down, and the state is Closing. */
static void fake_dev_fatal(struct xenbus_device *xbdev, int err,
			   const char *format, ...)
{
	now->fatals++;
	xbdev->state = XenbusStateClosing;
}

static unsigned int fake_read_unsigned(const char *dir, const char *name,
				       unsigned int fallback)
{
	return now->online;
}

/* The frontend's own is what it wrote, unless the vif was made anew. */
static enum xenbus_state fake_read_state(struct xenbus_device *xbdev,
					 const char *path)
{
	if (!strcmp(path, "back"))
		return now->backend;
	return now->made_anew ? XenbusStateInitialising : now->xbdev.state;
}

static void *fake_read(struct xenbus_transaction xbt, const char *dir,
		       const char *name, unsigned int *len)
{
	char *text;

	if (!now->mac || strcmp(name, "mac"))
		return ERR_PTR(-ENOENT);
	text = kstrdup(now->mac, GFP_KERNEL);
	return text ?: ERR_PTR(-ENOMEM);
}

/* fakes: the rooms beside */

static void fake_go_dark(struct nfh_dev *nd)
{
	now->darks++;
	nfh_dev_move(nd, NFH_CLOSING);
}

static int fake_go_live(struct nfh_dev *nd)
{
	if (now->live_errno)
		return now->live_errno;
	return nfh_dev_move(nd, NFH_CONNECTED) ? 0 : -EINVAL;
}

static void fake_set_caps(struct nfh_dev *nd, const struct nfh_caps *caps)
{
	nd->caps = *caps;
}

static void fake_read_caps(struct nfh_dev *nd, struct nfh_caps *caps)
{
	memset(caps, 0, sizeof(*caps));
	caps->rx_copy = now->rx_copy;
	caps->max_queues = QUEUES;
}

static int fake_publish(struct nfh_dev *nd)
{
	return now->publish_errno;
}

static int fake_queue_connect(struct nfh_queue *q)
{
	if (q->index == now->fail_queue)
		return now->fail_errno;
	now->connects++;
	return 0;
}

static void fake_queue_disconnect(struct nfh_queue *q)
{
	now->disconnects++;
}

static void fake_queue_leave(struct nfh_queue *q, struct nfh_orphan *orphan)
{
	now->leaves++;
}

static struct nfh_orphan *fake_orphan_create(const char *backend,
					     unsigned int queues)
{
	if (now->no_orphan)
		return NULL;
	now->orphans++;
	return (struct nfh_orphan *)now;
}

static void fake_orphan_destroy(struct nfh_orphan *orphan)
{
	if (orphan)
		now->orphans--;
}

static void fake_orphan_start(struct nfh_orphan *orphan)
{
	now->orphans--;
	now->started++;
}

static bool fake_recover_due(struct nfh_dev *nd)
{
	return now->due && !nd->gone && !nd->held;
}

static void fake_recover_ended(struct nfh_dev *nd, bool fault)
{
	now->ended++;
}

static void fake_recover_at(struct nfh_dev *nd, unsigned long delay)
{
	now->ats++;
}

static void fake_recover_tell(struct nfh_dev *nd)
{
}

static void fake_recover_forget(struct nfh_dev *nd)
{
	now->forgets++;
}

static void fake_recover_destroy(struct nfh_dev *nd)
{
}

static int fake_reattach_watch(struct nfh_dev *nd)
{
	if (now->no_watch)
		return -ENOMEM;
	now->watches++;
	return 0;
}

static void fake_reattach_unwatch(struct nfh_dev *nd)
{
	now->watches--;
}

static void fake_unregister_netdev(struct net_device *netdev)
{
	now->unregistered = true;
}

static struct nfh_dev *fake_dev_create(struct xenbus_device *xbdev,
				       const u8 *mac)
{
	return now->no_device ? ERR_PTR(-ENOMEM) : &now->nd;
}

static void fake_dev_destroy(struct nfh_dev *nd)
{
	now->destroyed = true;
}

#define xenbus_switch_state		fake_switch_state
#define xenbus_frontend_closed		fake_frontend_closed
#define xenbus_dev_fatal		fake_dev_fatal
#define xenbus_read_unsigned		fake_read_unsigned
#undef nfh_read_driver_state
#define nfh_read_driver_state		fake_read_state
#define xenbus_read			fake_read
#define nfh_dev_go_dark			fake_go_dark
#define nfh_dev_go_live			fake_go_live
#define nfh_dev_set_caps		fake_set_caps
#define nfh_dev_create			fake_dev_create
#define nfh_dev_destroy			fake_dev_destroy
#define nfh_xenstore_read_caps		fake_read_caps
#define nfh_xenstore_publish		fake_publish
#define nfh_queue_connect		fake_queue_connect
#define nfh_queue_disconnect		fake_queue_disconnect
#define nfh_queue_leave			fake_queue_leave
#define nfh_orphan_create		fake_orphan_create
#define nfh_orphan_destroy		fake_orphan_destroy
#define nfh_orphan_start		fake_orphan_start
#define nfh_recover_due			fake_recover_due
#define nfh_recover_ended		fake_recover_ended
#define nfh_recover_at			fake_recover_at
#define nfh_recover_tell		fake_recover_tell
#define nfh_recover_forget		fake_recover_forget
#define nfh_recover_destroy		fake_recover_destroy
#define nfh_reattach_watch		fake_reattach_watch
#define nfh_reattach_unwatch		fake_reattach_unwatch
#define unregister_netdev		fake_unregister_netdev

#include "../xenbus.c"

static int xenbus_init(struct kunit *test)
{
	struct xenbus_fixture *fx;
	unsigned int i;

	fx = kunit_kzalloc(test, sizeof(*fx), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, fx);
	test->priv = fx;
	now = fx;
	fx->xbdev.nodename = "front";
	fx->xbdev.otherend = "back";
	fx->xbdev.state = XenbusStateInitialising;
	fx->due = true;
	fx->online = true;
	fx->rx_copy = true;
	fx->fail_queue = QUEUES;
	fx->mac = "00:16:3e:00:00:01";
	fx->nd.xbdev = &fx->xbdev;
	fx->nd.queues = fx->queue;
	fx->nd.num_queues = QUEUES;
	mutex_init(&fx->nd.lock);
	fx->nd.ask_at = jiffies;
	for (i = 0; i < QUEUES; i++)
		fx->queue[i].index = i;
	dev_set_drvdata(&fx->xbdev.dev, &fx->nd);
	return 0;
}

/* Whatever happened: what was made for a connection is gone with it. */
static void check_balance(struct kunit *test)
{
	struct xenbus_fixture *fx = test->priv;

	if (fx->nd.state == NFH_DISCONNECTED)
		KUNIT_EXPECT_EQ(test, 0, fx->orphans);
	KUNIT_EXPECT_EQ(test, !!fx->nd.orphan, fx->orphans);
}

/* Put the device into a state, on the way that it would have taken. */
static void bring(struct kunit *test, enum nfh_dev_state to)
{
	struct xenbus_fixture *fx = test->priv;
	struct xenbus_device *xbdev = &fx->xbdev;

	if (to == NFH_DISCONNECTED)
		return;
	backend_changed(xbdev, XenbusStateInitWait);
	KUNIT_ASSERT_EQ(test, (int)NFH_CONNECTING, fx->nd.state);
	if (to == NFH_CONNECTED || to == NFH_FAULTED)
		backend_changed(xbdev, XenbusStateConnected);
	if (to == NFH_FAULTED)
		nfh_dev_move(&fx->nd, NFH_FAULTED);
	if (to == NFH_CLOSING)
		backend_changed(xbdev, XenbusStateClosing);
	KUNIT_ASSERT_EQ(test, (int)to, fx->nd.state);
	fx->ended = 0;
	fx->ats = 0;
	fx->connects = 0;
}

/* backend_changed */

/**
 * struct step_case - one step
 * @desc: name of the row
 * @from: state of the device
 * @backend: what the backend's state has become
 * @due: a connection may be made
 * @offline: the toolstack is taking the vif away
 * @to: state of the device afterwards
 * @front: our state in xenstore afterwards
 * @ended: ends that recover.c is told of
 * @connects: queues that are connected
 */
struct step_case {
	const char *desc;
	enum nfh_dev_state from;
	enum xenbus_state backend;
	bool due;
	bool offline;
	enum nfh_dev_state to;
	enum xenbus_state front;
	unsigned int ended;
	unsigned int connects;
};

#define DISC	NFH_DISCONNECTED
#define CING	NFH_CONNECTING
#define CTED	NFH_CONNECTED
#define FAULT	NFH_FAULTED
#define CLOSE	NFH_CLOSING
#define B(x)	XenbusState##x

static const struct step_case step_cases[] = {
	{ "disconnected_initwait", DISC, B(InitWait), true, false,
	  CING, B(Connected), 0, QUEUES },
	{ "disconnected_initwait_early", DISC, B(InitWait), false, false,
	  DISC, B(Initialising), 0, 0 },
	{ "disconnected_connected", DISC, B(Connected), true, false,
	  DISC, B(Closing), 0, 0 },
	{ "disconnected_closing", DISC, B(Closing), true, false,
	  DISC, B(Closed), 0, 0 },
	{ "disconnected_closed", DISC, B(Closed), true, false,
	  DISC, B(Initialising), 0, 0 },
	{ "disconnected_closed_early", DISC, B(Closed), false, false,
	  DISC, B(Closed), 0, 0 },
	{ "disconnected_closed_offline", DISC, B(Closed), true, true,
	  DISC, B(Closed), 1, 0 },
	{ "disconnected_gone", DISC, B(Unknown), true, false,
	  DISC, B(Closed), 0, 0 },
	{ "disconnected_initialising", DISC, B(Initialising), true, false,
	  DISC, B(Initialising), 0, 0 },
	{ "disconnected_initialised", DISC, B(Initialised), true, false,
	  DISC, B(Initialising), 0, 0 },
	{ "disconnected_reconfiguring", DISC, B(Reconfiguring), true, false,
	  DISC, B(Initialising), 0, 0 },
	{ "disconnected_reconfigured", DISC, B(Reconfigured), true, false,
	  DISC, B(Initialising), 0, 0 },

	{ "connecting_initwait", CING, B(InitWait), true, false,
	  CING, B(Connected), 0, 0 },
	{ "connecting_connected", CING, B(Connected), true, false,
	  CTED, B(Connected), 0, 0 },
	{ "connecting_closing", CING, B(Closing), true, false,
	  CLOSE, B(Closed), 1, 0 },
	{ "connecting_closed", CING, B(Closed), true, false,
	  DISC, B(Initialising), 1, 0 },
	{ "connecting_gone", CING, B(Unknown), true, false,
	  DISC, B(Closed), 1, 0 },
	{ "connecting_initialising", CING, B(Initialising), true, false,
	  CING, B(Connected), 0, 0 },
	{ "connecting_initialised", CING, B(Initialised), true, false,
	  CING, B(Connected), 0, 0 },
	{ "connecting_reconfiguring", CING, B(Reconfiguring), true, false,
	  CING, B(Connected), 0, 0 },
	{ "connecting_reconfigured", CING, B(Reconfigured), true, false,
	  CING, B(Connected), 0, 0 },

	{ "connected_initwait", CTED, B(InitWait), true, false,
	  CTED, B(Connected), 0, 0 },
	{ "connected_connected", CTED, B(Connected), true, false,
	  CTED, B(Connected), 0, 0 },
	{ "connected_closing", CTED, B(Closing), true, false,
	  CLOSE, B(Closed), 1, 0 },
	{ "connected_closed", CTED, B(Closed), true, false,
	  DISC, B(Initialising), 1, 0 },
	{ "connected_closed_early", CTED, B(Closed), false, false,
	  DISC, B(Closed), 1, 0 },
	{ "connected_closed_offline", CTED, B(Closed), true, true,
	  DISC, B(Closed), 2, 0 },
	{ "connected_gone", CTED, B(Unknown), true, false,
	  DISC, B(Closed), 1, 0 },
	{ "connected_initialising", CTED, B(Initialising), true, false,
	  CTED, B(Connected), 0, 0 },
	{ "connected_initialised", CTED, B(Initialised), true, false,
	  CTED, B(Connected), 0, 0 },
	{ "connected_reconfiguring", CTED, B(Reconfiguring), true, false,
	  CTED, B(Connected), 0, 0 },
	{ "connected_reconfigured", CTED, B(Reconfigured), true, false,
	  CTED, B(Connected), 0, 0 },

	{ "faulted_initwait", FAULT, B(InitWait), true, false,
	  FAULT, B(Connected), 0, 0 },
	{ "faulted_connected", FAULT, B(Connected), true, false,
	  FAULT, B(Connected), 0, 0 },
	{ "faulted_closing", FAULT, B(Closing), true, false,
	  CLOSE, B(Closed), 1, 0 },
	{ "faulted_closed", FAULT, B(Closed), false, false,
	  DISC, B(Closed), 1, 0 },
	{ "faulted_gone", FAULT, B(Unknown), true, false,
	  DISC, B(Closed), 1, 0 },
	{ "faulted_initialising", FAULT, B(Initialising), true, false,
	  FAULT, B(Connected), 0, 0 },
	{ "faulted_initialised", FAULT, B(Initialised), true, false,
	  FAULT, B(Connected), 0, 0 },
	{ "faulted_reconfiguring", FAULT, B(Reconfiguring), true, false,
	  FAULT, B(Connected), 0, 0 },
	{ "faulted_reconfigured", FAULT, B(Reconfigured), true, false,
	  FAULT, B(Connected), 0, 0 },

	{ "closing_initwait", CLOSE, B(InitWait), true, false,
	  CING, B(Connected), 0, QUEUES },
	{ "closing_initwait_early", CLOSE, B(InitWait), false, false,
	  DISC, B(Closed), 0, 0 },
	{ "closing_connected", CLOSE, B(Connected), true, false,
	  CLOSE, B(Initialising), 1, 0 },
	{ "closing_connected_early", CLOSE, B(Connected), false, false,
	  CLOSE, B(Closed), 0, 0 },
	{ "closing_closing", CLOSE, B(Closing), true, false,
	  CLOSE, B(Closed), 0, 0 },
	{ "closing_closed", CLOSE, B(Closed), true, false,
	  DISC, B(Initialising), 0, 0 },
	{ "closing_gone", CLOSE, B(Unknown), true, false,
	  DISC, B(Closed), 0, 0 },
	{ "closing_initialising", CLOSE, B(Initialising), true, false,
	  CLOSE, B(Closed), 0, 0 },
	{ "closing_initialised", CLOSE, B(Initialised), true, false,
	  CLOSE, B(Closed), 0, 0 },
	{ "closing_reconfiguring", CLOSE, B(Reconfiguring), true, false,
	  CLOSE, B(Closed), 0, 0 },
	{ "closing_reconfigured", CLOSE, B(Reconfigured), true, false,
	  CLOSE, B(Closed), 0, 0 },
	{ "no_state_at_all", CTED, (enum xenbus_state)4711, true, false,
	  CTED, B(Connected), 0, 0 },
};

static void step_desc(const struct step_case *c, char *desc)
{
	strscpy(desc, c->desc, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(step, step_cases, step_desc);

static void backend_step(struct kunit *test)
{
	const struct step_case *c = test->param_value;
	struct xenbus_fixture *fx = test->priv;

	bring(test, c->from);
	fx->due = c->due;
	fx->online = !c->offline;
	backend_changed(&fx->xbdev, c->backend);
	KUNIT_EXPECT_EQ(test, (int)c->to, fx->nd.state);
	KUNIT_EXPECT_EQ(test, (int)c->front, (int)fx->xbdev.state);
	KUNIT_EXPECT_EQ(test, c->ended, fx->ended);
	KUNIT_EXPECT_EQ(test, c->connects, fx->connects);
	KUNIT_EXPECT_EQ(test, 0U, fx->fatals);
	check_balance(test);
}

/* It is idle again and again, and asked now and then. */
static void backend_closed_in_a_loop(struct kunit *test)
{
	struct xenbus_fixture *fx = test->priv;

	backend_changed(&fx->xbdev, XenbusStateClosed);
	KUNIT_EXPECT_EQ(test, (int)XenbusStateInitialising,
			(int)fx->xbdev.state);
	KUNIT_EXPECT_EQ(test, 0U, fx->ats);
	backend_changed(&fx->xbdev, XenbusStateClosed);
	backend_changed(&fx->xbdev, XenbusStateClosed);
	KUNIT_EXPECT_EQ(test, (int)XenbusStateClosed, (int)fx->xbdev.state);
	KUNIT_EXPECT_EQ(test, 2U, fx->ats);
	fx->nd.ask_at = jiffies;
	backend_changed(&fx->xbdev, XenbusStateClosed);
	KUNIT_EXPECT_EQ(test, (int)XenbusStateInitialising,
			(int)fx->xbdev.state);
}

/* Nobody can take what we have offered: it ends, and the next one follows. */
static void connecting_made_anew(struct kunit *test)
{
	struct xenbus_fixture *fx = test->priv;

	bring(test, NFH_CONNECTING);
	fx->made_anew = true;
	fx->due = false;
	backend_changed(&fx->xbdev, XenbusStateInitWait);
	KUNIT_EXPECT_EQ(test, (int)NFH_DISCONNECTED, fx->nd.state);
	KUNIT_EXPECT_EQ(test, (int)XenbusStateClosed, (int)fx->xbdev.state);
	KUNIT_EXPECT_EQ(test, 1U, fx->ended);
	fx->made_anew = false;
	fx->due = true;
	backend_changed(&fx->xbdev, XenbusStateInitWait);
	KUNIT_EXPECT_EQ(test, (int)NFH_CONNECTING, fx->nd.state);
	check_balance(test);
}

/* A fault that has not been reported is counted when it is, not here. */
static void backend_closing_after_fault(struct kunit *test)
{
	struct xenbus_fixture *fx = test->priv;

	bring(test, NFH_FAULTED);
	fx->nd.faulted = true;
	backend_changed(&fx->xbdev, XenbusStateClosing);
	KUNIT_EXPECT_EQ(test, (int)NFH_CLOSING, fx->nd.state);
	KUNIT_EXPECT_EQ(test, 0U, fx->ended);
}

/* First a look later, then new rings. */
static void backend_restart(struct kunit *test)
{
	struct xenbus_fixture *fx = test->priv;

	bring(test, NFH_CONNECTED);
	backend_changed(&fx->xbdev, XenbusStateInitWait);
	KUNIT_EXPECT_EQ(test, 1U, fx->ats);
	KUNIT_EXPECT_EQ(test, 0U, fx->connects);
	fx->due = false;
	backend_changed(&fx->xbdev, XenbusStateInitWait);
	KUNIT_EXPECT_EQ(test, (int)NFH_CONNECTED, fx->nd.state);
	fx->due = true;
	fx->backend = XenbusStateInitWait;
	mutex_lock(&fx->nd.lock);
	nfh_xenbus_advance(&fx->nd);
	mutex_unlock(&fx->nd.lock);
	KUNIT_EXPECT_EQ(test, (int)NFH_CONNECTING, fx->nd.state);
	KUNIT_EXPECT_EQ(test, QUEUES, fx->connects);
	KUNIT_EXPECT_EQ(test, QUEUES, fx->disconnects);
	KUNIT_EXPECT_EQ(test, 1U, fx->ended);
	check_balance(test);
}

/* It goes on with our rings, as xen-netback does. */
static void backend_restart_same_rings(struct kunit *test)
{
	struct xenbus_fixture *fx = test->priv;

	bring(test, NFH_CONNECTED);
	backend_changed(&fx->xbdev, XenbusStateInitWait);
	backend_changed(&fx->xbdev, XenbusStateConnected);
	KUNIT_EXPECT_FALSE(test, fx->nd.restarted);
	KUNIT_EXPECT_EQ(test, (int)NFH_CONNECTED, fx->nd.state);
	KUNIT_EXPECT_EQ(test, 0U, fx->ended);
}

/* connect */

/**
 * struct fail_case - a connection that cannot be made
 * @desc: name of the row
 * @no_copy: the backend does not offer feature-rx-copy
 * @no_orphan: no memory for an orphan
 * @queue: queue that fails
 * @queue_errno: why
 * @publish_errno: of publishing
 * @live_errno: of going live, when the backend has connected
 * @err: what is written down
 */
struct fail_case {
	const char *desc;
	bool no_copy;
	bool no_orphan;
	unsigned int queue;
	int queue_errno;
	int publish_errno;
	int live_errno;
	int err;
};

static const struct fail_case fail_cases[] = {
	{ "no_rx_copy", true, false, QUEUES, 0, 0, 0, -EOPNOTSUPP },
	{ "no_orphan", false, true, QUEUES, 0, 0, 0, -ENOMEM },
	{ "first_queue", false, false, 0, -ENOMEM, 0, 0, -ENOMEM },
	{ "last_queue", false, false, QUEUES - 1, -ENOSPC, 0, 0, -ENOSPC },
	{ "quarantine", false, false, 0, -EDQUOT, 0, 0, -EDQUOT },
	{ "publish", false, false, QUEUES, 0, -EAGAIN, 0, -EAGAIN },
	{ "going_live", false, false, QUEUES, 0, 0, -EINVAL, -EINVAL },
};

static void fail_desc(const struct fail_case *c, char *desc)
{
	strscpy(desc, c->desc, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(fail, fail_cases, fail_desc);

static void try_once(struct xenbus_fixture *fx)
{
	backend_changed(&fx->xbdev, XenbusStateInitWait);
	if (fx->live_errno)
		backend_changed(&fx->xbdev, XenbusStateConnected);
}

/* Said once, whatever the backend does; and made up for when all is well. */
static void connect_fails(struct kunit *test)
{
	const struct fail_case *c = test->param_value;
	struct xenbus_fixture *fx = test->priv;
	bool published;

	fx->rx_copy = !c->no_copy;
	fx->no_orphan = c->no_orphan;
	fx->fail_queue = c->queue;
	fx->fail_errno = c->queue_errno;
	fx->publish_errno = c->publish_errno;
	fx->live_errno = c->live_errno;
	try_once(fx);
	/* before anything was published nobody is waited for */
	published = c->publish_errno || c->live_errno;
	KUNIT_EXPECT_EQ(test, fx->nd.state,
			(int)(published ? NFH_CLOSING : NFH_DISCONNECTED));
	KUNIT_EXPECT_EQ(test, fx->disconnects, published ? 0 : QUEUES);
	KUNIT_EXPECT_EQ(test, (int)XenbusStateClosing, (int)fx->xbdev.state);
	KUNIT_EXPECT_EQ(test, c->err, fx->nd.connect_error);
	check_balance(test);
	KUNIT_EXPECT_EQ(test, 1U, fx->fatals);
	KUNIT_EXPECT_EQ(test, 1U, fx->ended);
	try_once(fx);
	KUNIT_EXPECT_EQ(test, 1U, fx->fatals);
	KUNIT_EXPECT_EQ(test, (int)XenbusStateClosing, (int)fx->xbdev.state);

	fx->rx_copy = true;
	fx->no_orphan = false;
	fx->fail_queue = QUEUES;
	fx->publish_errno = 0;
	fx->live_errno = 0;
	bring(test, NFH_CONNECTED);
	KUNIT_EXPECT_EQ(test, 0, fx->nd.connect_error);
	KUNIT_EXPECT_EQ(test, 1, (int)atomic64_read(&fx->nd.connections));
	check_balance(test);
}

/* probe, remove, resume */

static const struct xenbus_device_id no_id;

static void probe_finds_mac(struct kunit *test)
{
	struct xenbus_fixture *fx = test->priv;

	dev_set_drvdata(&fx->xbdev.dev, NULL);
	KUNIT_EXPECT_EQ(test, 0, probe(&fx->xbdev, &no_id));
	KUNIT_EXPECT_PTR_EQ(test, &fx->nd,
			    (struct nfh_dev *)dev_get_drvdata(&fx->xbdev.dev));
	KUNIT_EXPECT_EQ(test, 0U, fx->fatals);
}

static void probe_refuses_mac(struct kunit *test)
{
	static const char * const bad[] = {
		"", "nonsense", "00:16:3e:00:00", "ff:ff:ff:ff:ff:ff",
		"00:00:00:00:00:00", "01:16:3e:00:00:01",
	};
	struct xenbus_fixture *fx = test->priv;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		fx->mac = bad[i];
		KUNIT_EXPECT_EQ(test, -EINVAL, probe(&fx->xbdev, &no_id));
	}
	fx->mac = NULL;
	KUNIT_EXPECT_EQ(test, -ENOENT, probe(&fx->xbdev, &no_id));
	KUNIT_EXPECT_EQ(test, (unsigned int)ARRAY_SIZE(bad) + 1, fx->fatals);
}

static void probe_no_memory(struct kunit *test)
{
	struct xenbus_fixture *fx = test->priv;

	fx->no_device = true;
	KUNIT_EXPECT_EQ(test, -ENOMEM, probe(&fx->xbdev, &no_id));
	KUNIT_EXPECT_EQ(test, 1U, fx->fatals);
}

static void probe_no_watch(struct kunit *test)
{
	struct xenbus_fixture *fx = test->priv;

	dev_set_drvdata(&fx->xbdev.dev, NULL);
	fx->no_watch = true;
	KUNIT_EXPECT_EQ(test, -ENOMEM, probe(&fx->xbdev, &no_id));
	KUNIT_EXPECT_EQ(test, 1U, fx->fatals);
	KUNIT_EXPECT_TRUE(test, fx->unregistered && fx->destroyed);
	KUNIT_EXPECT_NULL(test, dev_get_drvdata(&fx->xbdev.dev));
}

/* What a vif that has moved says is for the next backend. */
static void remove_moved(struct kunit *test)
{
	struct xenbus_fixture *fx = test->priv;

	bring(test, NFH_CONNECTED);
	fx->nd.moved = true;
	remove(&fx->xbdev);
	KUNIT_EXPECT_EQ(test, (int)XenbusStateConnected, (int)fx->xbdev.state);
	KUNIT_EXPECT_EQ(test, QUEUES, fx->leaves);
	KUNIT_EXPECT_EQ(test, 1U, fx->started);
	check_balance(test);
}

/* Without a connection there is nothing to say, either. */
static void remove_moved_disconnected(struct kunit *test)
{
	struct xenbus_fixture *fx = test->priv;

	fx->nd.moved = true;
	remove(&fx->xbdev);
	KUNIT_EXPECT_EQ(test, (int)XenbusStateInitialising,
			(int)fx->xbdev.state);
	/* or xenbus_dev_remove() would say it */
	KUNIT_EXPECT_TRUE(test, driver.allow_rebind);
}

/* A change of state that waits for the xenwatch thread is enough. */
static void one_change_is_queued(struct kunit *test)
{
	struct xenbus_fixture *fx = test->priv;
	struct xenbus_watch *watch = &fx->xbdev.otherend_watch;

	backend_changed(&fx->xbdev, XenbusStateInitWait);
	KUNIT_ASSERT_NOT_NULL(test, watch->will_handle);
	KUNIT_EXPECT_TRUE(test, watch->will_handle(watch, "", ""));
	watch->nr_pending = 1;
	KUNIT_EXPECT_FALSE(test, watch->will_handle(watch, "", ""));
}

/**
 * struct life_case - the end of a device, or of its domain's first life
 * @desc: name of the row
 * @from: state of the device
 * @leaves: removal leaves the queues to an orphan
 * @front: our state in xenstore after removal
 */
struct life_case {
	const char *desc;
	enum nfh_dev_state from;
	bool leaves;
	enum xenbus_state front;
};

static const struct life_case life_cases[] = {
	{ "disconnected", DISC, false, XenbusStateClosed },
	{ "connecting", CING, true, XenbusStateClosed },
	{ "connected", CTED, true, XenbusStateClosed },
	{ "faulted", FAULT, true, XenbusStateClosed },
	{ "closing", CLOSE, true, XenbusStateClosed },
};

static void life_desc(const struct life_case *c, char *desc)
{
	strscpy(desc, c->desc, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(life, life_cases, life_desc);

static void remove_in_state(struct kunit *test)
{
	const struct life_case *c = test->param_value;
	struct xenbus_fixture *fx = test->priv;

	bring(test, c->from);
	remove(&fx->xbdev);
	KUNIT_EXPECT_TRUE(test, fx->destroyed && fx->nd.gone);
	KUNIT_EXPECT_EQ(test, (int)NFH_DISCONNECTED, fx->nd.state);
	KUNIT_EXPECT_EQ(test, (int)c->front, (int)fx->xbdev.state);
	KUNIT_EXPECT_EQ(test, c->leaves ? QUEUES : 0, fx->leaves);
	KUNIT_EXPECT_EQ(test, (unsigned int)c->leaves, fx->started);
	KUNIT_EXPECT_EQ(test, 0U, fx->disconnects);
	KUNIT_EXPECT_NULL(test, dev_get_drvdata(&fx->xbdev.dev));
	check_balance(test);
}

/* A connection that failed before it was published has nothing to leave. */
static void remove_half_connected(struct kunit *test)
{
	struct xenbus_fixture *fx = test->priv;

	fx->fail_queue = QUEUES - 1;
	fx->fail_errno = -ENOMEM;
	backend_changed(&fx->xbdev, XenbusStateInitWait);
	KUNIT_ASSERT_EQ(test, (int)NFH_DISCONNECTED, fx->nd.state);
	remove(&fx->xbdev);
	KUNIT_EXPECT_EQ(test, 0U, fx->leaves);
	KUNIT_EXPECT_EQ(test, QUEUES, fx->disconnects);
	KUNIT_EXPECT_EQ(test, (int)NFH_DISCONNECTED, fx->nd.state);
	check_balance(test);
}

/* However long the last connection was: the backend is asked when it ends. */
static void ask_after_a_long_connection(struct kunit *test)
{
	struct xenbus_fixture *fx = test->priv;

	/* where jiffies have got to since it was written, and half round */
	fx->nd.ask_at = jiffies + LONG_MAX;
	bring(test, NFH_CONNECTED);
	backend_changed(&fx->xbdev, XenbusStateClosed);
	KUNIT_EXPECT_EQ(test, (int)XenbusStateInitialising,
			(int)fx->xbdev.state);
	KUNIT_EXPECT_EQ(test, 0U, fx->ats);
}

static void resume_in_state(struct kunit *test)
{
	const struct life_case *c = test->param_value;
	struct xenbus_fixture *fx = test->priv;

	bring(test, c->from);
	KUNIT_EXPECT_EQ(test, 0, resume(&fx->xbdev));
	KUNIT_EXPECT_EQ(test, (int)NFH_DISCONNECTED, fx->nd.state);
	KUNIT_EXPECT_EQ(test, c->leaves ? QUEUES : 0, fx->disconnects);
	KUNIT_EXPECT_EQ(test, 1U, fx->forgets);
	KUNIT_EXPECT_EQ(test, 0U, fx->leaves);
	check_balance(test);
}

static struct kunit_case xenbus_cases[] = {
	KUNIT_CASE_PARAM(backend_step, step_gen_params),
	KUNIT_CASE(backend_closed_in_a_loop),
	KUNIT_CASE(connecting_made_anew),
	KUNIT_CASE(backend_closing_after_fault),
	KUNIT_CASE(backend_restart),
	KUNIT_CASE(backend_restart_same_rings),
	KUNIT_CASE_PARAM(connect_fails, fail_gen_params),
	KUNIT_CASE(probe_finds_mac),
	KUNIT_CASE(probe_refuses_mac),
	KUNIT_CASE(probe_no_memory),
	KUNIT_CASE(probe_no_watch),
	KUNIT_CASE(remove_moved),
	KUNIT_CASE(remove_moved_disconnected),
	KUNIT_CASE(one_change_is_queued),
	KUNIT_CASE_PARAM(remove_in_state, life_gen_params),
	KUNIT_CASE(remove_half_connected),
	KUNIT_CASE(ask_after_a_long_connection),
	KUNIT_CASE_PARAM(resume_in_state, life_gen_params),
	{}
};

static struct kunit_suite xenbus_suite = {
	.name = "netfront_hardened_xenbus",
	.init = xenbus_init,
	.test_cases = xenbus_cases,
};

kunit_test_suite(xenbus_suite);
