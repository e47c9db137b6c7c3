/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The device and its queues, as all rooms but ring, frame, pool and grant
 * see them
 *
 * ring, grant, pool and frame do not include this file and do not know that a
 * network device exists.
 */
#ifndef NFH_H
#define NFH_H

#include <asm/barrier.h>
#include <linux/if_vlan.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/u64_stats_sync.h>
#include <linux/workqueue.h>
#include <xen/interface/event_channel.h>
#include <xen/xenbus.h>

#include "compat.h"
#include "frame.h"
#include "pool.h"
#include "ring.h"
#include "trust.h"

#define NFH_NAME	"netfront_hardened"

/* Queues of a device: what `max_queues` may ask for, and what it is unset. */
#define NFH_QUEUES_MAX		64U
#define NFH_QUEUES_DEFAULT	8U

/*
 * The largest MTU whose frames fit the protocol's 16-bit size, VLAN tag
 * included.  xen-netback sets the same limit on its side.
 */
#define NFH_MTU_MAX	(NFH_FRAME_MAX - VLAN_ETH_HLEN)

/* How often a xenstore transaction is started again on a conflict. */
#define NFH_XENSTORE_TRIES	8U

/*
 * Every time that the driver waits, in one place; pool.c has those of the
 * quarantine, which knows nothing of devices.
 */

/*
 * How long the pages of a removed device wait for the backend to leave the
 * rings, and how often a look is taken.  Afterwards they go to quarantine.
 */
#define NFH_ORPHAN_TIMEOUT_MS	5000U
#define NFH_ORPHAN_POLL_MS	20U

/*
 * A connection that ended is followed by the next one after MIN, doubled each
 * time up to MAX.  The count starts again when nothing ended for CALM.
 */
#define NFH_BACKOFF_MIN_MS	1000U
#define NFH_BACKOFF_MAX_MS	60000U
#define NFH_BACKOFF_CALM_MS	300000U

/* The backend is asked for a connection no more often than this. */
#define NFH_ASK_MS		1000U

/* Faults in a row after which the device stays down until it is told. */
#define NFH_BACKOFF_FAULTS	10U

/* How long a restarted backend may take to go on with our rings. */
#define NFH_RESTART_MS		2000U

/* Faults of all devices are told of in the log so often in such a time. */
#define NFH_LOG_SECONDS		5
#define NFH_LOG_LINES		10

/*
 * An skb waits this long for its response, and a backend that has answered
 * nothing for as long gets no more to keep; how often a look is taken.
 */
#define NFH_TX_STALL_MS		10000U
#define NFH_TX_STALL_POLL_MS	2000U

struct nfh_dev;
struct nfh_devlink;
struct nfh_orphan;
struct nfh_queue;

/**
 * enum nfh_dev_state - what the device does
 * @NFH_DISCONNECTED: holds no ring, no page, no event channel (zero on
 *	purpose: a new device is disconnected)
 * @NFH_CONNECTING: rings are made and published, the backend has not answered
 * @NFH_CONNECTED: frames go both ways while the interface is up
 * @NFH_FAULTED: the backend broke the protocol; nothing moves until the
 *	connection is torn down
 * @NFH_CLOSING: the connection is over, nothing moves; rings and pages are
 *	kept until the backend has left them
 *
 * @NFH_DEV_STATES: how many there are
 *
 * Moved by nfh_dev_move() only.
 */
enum nfh_dev_state {
	NFH_DISCONNECTED,
	NFH_CONNECTING,
	NFH_CONNECTED,
	NFH_FAULTED,
	NFH_CLOSING,
	NFH_DEV_STATES
};

/**
 * struct nfh_event - an event channel of a queue
 * @queue: its queue
 * @port: 0 when there is no channel
 * @irq: valid while @port is
 * @pending: an event was taken and its end-of-interrupt is still owed
 * @progress: transmit responses taken and frames delivered since the last
 *	end-of-interrupt; none means that the event was spurious, and Xen's
 *	event code delays the next one
 * @name: shown in /proc/interrupts
 *
 * LOCKING: @pending alternates: the interrupt handler sets it, and cannot run
 * again before NAPI has cleared it and paid the end-of-interrupt.  @progress
 * belongs to NAPI.  The rest changes only while neither can run.
 */
struct nfh_event {
	struct nfh_queue *queue;
	evtchn_port_t port;
	unsigned int irq;
	bool pending;
	u32 progress;
	char name[48];
};

/**
 * struct nfh_tx_stats - transmit counters of a queue
 * @packets: accepted for transmission; a train of segments counts once
 * @bytes: of these, with their Ethernet headers
 * @dropped: frames refused here: no connection, no room while the backend
 *	answers nothing, empty, too long for this backend, segmentation that it
 *	does not offer, bytes that could not be copied
 * @errors: frames whose last slot was answered with another status than
 *	XEN_NETIF_RSP_OKAY: _ERROR, _DROPPED, or one that netif.h does not define
 * @syncp: for 64-bit counters on 32-bit machines
 */
struct nfh_tx_stats {
	u64_stats_t packets;
	u64_stats_t bytes;
	u64_stats_t dropped;
	u64_stats_t errors;
	struct u64_stats_sync syncp;
};

/**
 * struct nfh_rx_stats - receive counters of a queue
 * @packets: handed to the stack; a train of segments counts once
 * @bytes: of these, with their Ethernet headers
 * @dropped: frames with something wrong in them
 * @no_memory: frames lost because memory was short
 * @syncp: for 64-bit counters on 32-bit machines
 */
struct nfh_rx_stats {
	u64_stats_t packets;
	u64_stats_t bytes;
	u64_stats_t dropped;
	u64_stats_t no_memory;
	struct u64_stats_sync syncp;
};

/**
 * struct nfh_queue_counts - a consistent copy of a queue's counters
 * @tx_packets: see struct nfh_tx_stats
 * @tx_bytes: see struct nfh_tx_stats
 * @tx_dropped: see struct nfh_tx_stats
 * @tx_errors: see struct nfh_tx_stats
 * @rx_packets: see struct nfh_rx_stats
 * @rx_bytes: see struct nfh_rx_stats
 * @rx_dropped: see struct nfh_rx_stats
 * @rx_no_memory: see struct nfh_rx_stats
 */
struct nfh_queue_counts {
	u64 tx_packets;
	u64 tx_bytes;
	u64 tx_dropped;
	u64 tx_errors;
	u64 rx_packets;
	u64 rx_bytes;
	u64 rx_dropped;
	u64 rx_no_memory;
};

/**
 * struct nfh_queue - one pair of rings
 * @dev: its device
 * @index: number of the queue, in both directions
 * @napi: polls both rings
 * @tx: transmit ring
 * @tx_pool: page i belongs to transmit slot i; the backend reads
 * @tx_event: transmit event channel, unused when @rx_event serves both
 * @tx_stats: written under the transmit lock
 * @tx_progress: responses taken at the last look for a stall
 * @tx_alive: when that number had moved, jiffies
 * @tx_stalled: the backend has answered nothing for NFH_TX_STALL_MS
 * @rx: receive ring
 * @rx_pool: page i belongs to receive slot i; the backend writes
 * @rx_event: receive event channel
 * @rx_private: pages that the backend has never seen, for skbs; ours from
 *	nfh_rx_create() to nfh_rx_destroy(), pages that the stack still uses
 *	outlive it
 * @rx_frame: the frame that is coming in
 * @rx_skb: its skb so far; ours until it goes to the stack or is freed
 * @rx_stats: written by NAPI
 * @ring_pool: pages 0 and 1 are the shared transmit and receive rings
 *
 * The queues live as long as the net device, so no entry point can meet a
 * missing one; what belongs to a connection comes and goes with it.
 *
 * LOCKING: @tx, @tx_stats, @tx_*: transmit lock of the queue.  @rx, @rx_frame,
 * @rx_skb, @rx_stats: NAPI.  Pools, events and @rx_private change only in
 * NFH_CONNECTING and NFH_CLOSING, with NAPI disabled and nothing transmitting.
 */
struct nfh_queue {
	struct nfh_dev *dev;
	u16 index;
	struct napi_struct napi;

	struct nfh_tx_ring tx ____cacheline_aligned_in_smp;
	struct nfh_pool *tx_pool;
	struct nfh_event tx_event;
	struct nfh_tx_stats tx_stats;
	u32 tx_progress;
	unsigned long tx_alive;
	bool tx_stalled;

	struct nfh_rx_ring rx ____cacheline_aligned_in_smp;
	struct nfh_pool *rx_pool;
	struct nfh_event rx_event;
	struct page_pool *rx_private;
	struct nfh_frame rx_frame;
	struct sk_buff *rx_skb;
	struct nfh_rx_stats rx_stats;

	struct nfh_pool *ring_pool;
};

/**
 * struct nfh_caps - what the backend offers, read once per connection
 * @rx_copy: it copies into our pages (it must): "feature-rx-copy"
 * @sg: frames of more than one slot: "feature-sg"
 * @ipv6_csum: transport checksum over IPv6 may be left blank; netif.h,
 *	"feature-ipv6-csum-offload"
 * @gso_tcpv4: segments TCP over IPv4; netif.h, "feature-gso-tcpv4"
 * @gso_tcpv6: segments TCP over IPv6; netif.h, "feature-gso-tcpv6"
 * @split_events: one event channel for each direction; netif.h,
 *	"feature-split-event-channels"
 * @multi_queue: it published a number of queues; netif.h, "Multiple transmit
 *	and receive queues"
 * @max_queues: that number, 1 to U32_MAX; 1 if there is none
 *
 * All u32 but @max_queues are flags, 0 or 1.  netif.h says nothing of the first
 * two: they are what xen-netback writes.
 */
struct nfh_caps {
	u32 rx_copy;
	u32 sg;
	u32 ipv6_csum;
	u32 gso_tcpv4;
	u32 gso_tcpv6;
	u32 split_events;
	bool multi_queue;
	u32 max_queues;
};

/**
 * struct nfh_fault - a fault, as it was found
 * @why: reason; %NFH_V_NONE when there has been none
 * @queue: index of the queue
 * @tx: transmit ring of that queue
 * @rx: receive ring of that queue
 */
struct nfh_fault {
	enum nfh_violation why;
	u16 queue;
	struct nfh_ring_view tx;
	struct nfh_ring_view rx;
};

/**
 * struct nfh_backoff - how often connections have ended lately
 * @ends: in a row, faults included
 * @faults: in a row
 * @last: when the last one ended, jiffies; valid while @ends is not 0
 */
struct nfh_backoff {
	unsigned int ends;
	unsigned int faults;
	unsigned long last;
};

/**
 * struct nfh_dev - one vif
 * @netdev: the net device
 * @xbdev: the xenbus device
 * @devlink: its health reporter; %NULL without CONFIG_NET_DEVLINK
 * @lock: the life of the connection
 * @state: see enum nfh_dev_state
 * @queues: all queues, netdev->num_tx_queues of them
 * @num_queues: of these, how many the connection uses, at least 1; 0 before
 *	the first connection
 * @caps: of the connection
 * @account: pages held for this device, in pools and in quarantine; the device
 *	holds one use of it, each pool another
 * @running: NAPI of the queues in use is enabled
 * @gone: the device is being removed: no connection any more
 * @moved: the toolstack gave the vif to another backend
 * @key_watch: for the key that says which backend it has; its node is ours,
 *	freed by nfh_reattach_unwatch()
 * @held: no connection until the operator or recovery says so
 * @restarted: the backend was seen waiting although we are connected
 * @due: no connection before this time, jiffies
 * @ask_at: the backend is not asked for one before this time, jiffies
 * @backoff: where @due comes from
 * @advance: looks at the backend when @due has come
 * @connect_error: of the last try to connect; 0 when it went well
 * @orphan: who will own the pages if the device goes before the backend does;
 *	ours until nfh_orphan_start()
 * @fault: what NAPI found; valid while @faulted
 * @last_fault: the last one that was reported
 * @faulted: @fault has not been reported
 * @report: says to devlink what happened
 * @stall: looks for transmit queues whose backend does not answer
 * @tx_stalled: skbs freed because their backend did not answer
 * @connections: connections made
 * @violations: count of each reason
 *
 * LOCKING: @state: nfh_dev_move(), any context.  @caps, @num_queues, @running:
 * written under RTNL; the first two only while nothing is connected.
 * @moved, @key_watch: the xenwatch thread and removal.  @gone, @held to
 * @orphan, @last_fault: @lock.  @fault: whoever moves the device to
 * NFH_FAULTED; it is not written again before the report has cleared @faulted,
 * as no connection is made until then.  Order: devlink's lock of the instance,
 * @lock, RTNL.
 */
struct nfh_dev {
	struct net_device *netdev;
	struct xenbus_device *xbdev;
	struct nfh_devlink *devlink;
	struct mutex lock;	/* the life of the connection */
	int state;
	struct nfh_queue *queues;
	unsigned int num_queues;
	struct nfh_caps caps;
	struct nfh_account *account;
	bool running;
	bool gone;
	bool moved;
	struct xenbus_watch key_watch;
	bool held;
	bool restarted;
	unsigned long due;
	unsigned long ask_at;
	struct nfh_backoff backoff;
	struct delayed_work advance;
	int connect_error;
	struct nfh_orphan *orphan;
	struct nfh_fault fault;
	struct nfh_fault last_fault;
	bool faulted;
	struct work_struct report;
	struct delayed_work stall;
	atomic64_t tx_stalled;
	atomic64_t connections;
	atomic64_t violations[NFH_V_COUNT];
};

/**
 * nfh_dev_is_connected() - do frames go both ways at this moment?
 * @nd: device
 *
 * The state may have moved when it returns.  Whoever transmits or polls may use
 * the rings all the same, because they are taken away only when neither can
 * run; what was made for the connection before it was live is seen.
 *
 * Context: any.
 * Return: true in state NFH_CONNECTED.
 */
static inline bool nfh_dev_is_connected(const struct nfh_dev *nd)
{
	/* ORDER: pairs with the exchange in nfh_dev_move() */
	return smp_load_acquire(&nd->state) == NFH_CONNECTED;
}

/**
 * nfh_txq() - the net core's transmit queue, which has the transmit lock
 * @q: queue
 *
 * Context: any.
 * Return: the queue of the same index.
 */
static inline struct netdev_queue *nfh_txq(const struct nfh_queue *q)
{
	return netdev_get_tx_queue(q->dev->netdev, q->index);
}

/**
 * nfh_tx_event() - the event channel of the transmit ring
 * @q: queue with a connection
 *
 * Context: any, while no event channel is opened or closed.
 * Return: the ring's own channel, or the one that serves both rings.
 */
static inline struct nfh_event *nfh_tx_event(struct nfh_queue *q)
{
	return q->tx_event.port ? &q->tx_event : &q->rx_event;
}

/* health.c */
bool nfh_dev_may_move(enum nfh_dev_state from, enum nfh_dev_state to);
bool nfh_dev_move(struct nfh_dev *nd, enum nfh_dev_state to);
void nfh_dev_drop(struct nfh_dev *nd, enum nfh_violation why);
void nfh_dev_fault(struct nfh_queue *q, enum nfh_violation why);
const char *nfh_violation_name(enum nfh_violation why);
const char *nfh_dev_state_name(enum nfh_dev_state state);
unsigned long nfh_backoff_end(struct nfh_backoff *backoff, unsigned long now,
			      bool fault);
bool nfh_backoff_exhausted(const struct nfh_backoff *backoff);

/* recover.c */
int nfh_recover_init(void);
void nfh_recover_exit(void);
void nfh_recover_create(struct nfh_dev *nd);
void nfh_recover_destroy(struct nfh_dev *nd);
void nfh_recover_report(struct nfh_dev *nd);
void nfh_recover_tell(struct nfh_dev *nd);
void nfh_recover_ended(struct nfh_dev *nd, bool fault);
bool nfh_recover_due(struct nfh_dev *nd);
void nfh_recover_at(struct nfh_dev *nd, unsigned long delay);
int nfh_recover_auto(struct nfh_dev *nd);
int nfh_recover_now(struct nfh_dev *nd);
void nfh_recover_forget(struct nfh_dev *nd);
void nfh_recover_watch(struct nfh_dev *nd);
void nfh_recover_unwatch(struct nfh_dev *nd);
void nfh_recover_queue(struct delayed_work *work, unsigned long delay);

/* orphan.c */
struct nfh_orphan *nfh_orphan_create(const char *backend, unsigned int queues);
void nfh_orphan_adopt(struct nfh_orphan *orphan, struct nfh_pool *pool);
void nfh_orphan_start(struct nfh_orphan *orphan);
void nfh_orphan_destroy(struct nfh_orphan *orphan);
void nfh_orphan_exit(void);

/* devlink.c */
#if IS_ENABLED(CONFIG_NET_DEVLINK)
int nfh_devlink_create(struct nfh_dev *nd);
void nfh_devlink_destroy(struct nfh_dev *nd);
void nfh_devlink_fault(struct nfh_dev *nd, const struct nfh_fault *fault);
void nfh_devlink_healthy(struct nfh_dev *nd, bool healthy);
#else
static inline int nfh_devlink_create(struct nfh_dev *nd)
{
	return 0;
}

static inline void nfh_devlink_destroy(struct nfh_dev *nd)
{
}

static inline void nfh_devlink_fault(struct nfh_dev *nd,
				     const struct nfh_fault *fault)
{
	nfh_recover_auto(nd);
}

static inline void nfh_devlink_healthy(struct nfh_dev *nd, bool healthy)
{
}
#endif

/* tx.c */
netdev_tx_t nfh_start_xmit(struct sk_buff *skb, struct net_device *netdev);
void nfh_tx_reap(struct nfh_queue *q, int budget);
enum nfh_violation nfh_tx_arm(struct nfh_queue *q, u32 *count);
unsigned int nfh_tx_release(struct nfh_queue *q);
void nfh_tx_start(struct nfh_queue *q);
unsigned int nfh_tx_check_stall(struct nfh_queue *q);

/* rx.c */
int nfh_rx_poll(struct nfh_queue *q, int budget);
int nfh_rx_create(struct nfh_queue *q);
void nfh_rx_forget(struct nfh_queue *q);
void nfh_rx_destroy(struct nfh_queue *q);

/* event.c */
int nfh_event_open(struct nfh_event *event, struct nfh_queue *q,
		   const char *suffix);
void nfh_event_close(struct nfh_event *event);
void nfh_event_notify(const struct nfh_event *event);
void nfh_event_pay(struct nfh_event *event);

/* queue.c */
int nfh_queue_connect(struct nfh_queue *q);
void nfh_queue_disconnect(struct nfh_queue *q);
void nfh_queue_leave(struct nfh_queue *q, struct nfh_orphan *orphan);
int nfh_queues_create(struct nfh_dev *nd);
void nfh_queues_destroy(struct nfh_dev *nd);
void nfh_queues_start(struct nfh_dev *nd);
void nfh_queues_stop(struct nfh_dev *nd);
void nfh_queue_count(const struct nfh_queue *q,
		     struct nfh_queue_counts *counts);

/* xenstore.c */
void nfh_xenstore_read_caps(struct nfh_dev *nd, struct nfh_caps *caps);
int nfh_xenstore_publish(struct nfh_dev *nd);

/* xenbus.c */
int nfh_xenbus_register(void);
void nfh_xenbus_unregister(void);
void nfh_xenbus_advance(struct nfh_dev *nd);
void nfh_xenbus_end(struct nfh_dev *nd);

/* reattach.c */
int nfh_reattach_watch(struct nfh_dev *nd);
void nfh_reattach_unwatch(struct nfh_dev *nd);
void nfh_reattach_exit(void);

/* ethtool.c */
extern const struct ethtool_ops nfh_ethtool_ops;

/* netfront_hardened.c */
struct nfh_dev *nfh_dev_create(struct xenbus_device *xbdev, const u8 *mac);
void nfh_dev_destroy(struct nfh_dev *nd);
void nfh_dev_set_caps(struct nfh_dev *nd, const struct nfh_caps *caps);
int nfh_dev_go_live(struct nfh_dev *nd);
void nfh_dev_go_dark(struct nfh_dev *nd);

#endif /* NFH_H */
