// SPDX-License-Identifier: GPL-2.0
/*
 * A connection: rings mapped, event channels bound, states moved
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "hostile.h"

/* As in the kernel's uapi/xen/privcmd.h, which user space cannot include. */
struct mmap_resource {
	u16 dom;
	u32 type;
	u32 id;
	u32 idx;
	u64 num;
	u64 addr;
};

#define MMAP_RESOURCE _IOC(_IOC_NONE, 'P', 7, sizeof(struct mmap_resource))
#define RESOURCE_GRANT_TABLE	1
#define TABLE_BYTES	(64U * PAGE_BYTES)

struct grant_v1 {
	u16 flags;
	u16 domid;
	u32 frame;
};

#define GTF_PERMIT_ACCESS	1U
#define GTF_TYPE_MASK		3U
#define GTF_READONLY		4U

static struct {
	void *at;
	unsigned int pages;
} kept[GRANTS_MAX];

void vif_notify(struct backend *b, int port)
{
	if (!b->mute && port > 0)
		xenevtchn_notify(b->xce, port);
}

void *vif_map(struct backend *b, u32 ref, bool writable)
{
	return xengnttab_map_grant_ref(b->xgt_kept, b->domid, ref, PROT_READ |
				       (writable ? PROT_WRITE : 0));
}

/* So much of the guest's grant table; %NULL if it cannot be had. */
static struct grant_v1 *table_map(struct backend *b, size_t bytes)
{
	struct mmap_resource r = {
		.dom = b->domid,
		.type = RESOURCE_GRANT_TABLE,
		.num = bytes / PAGE_BYTES,
	};
	int fd = open("/dev/xen/privcmd", O_RDWR | O_CLOEXEC);
	void *table = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
			   0);

	r.addr = (uintptr_t)table;
	if (table != MAP_FAILED && ioctl(fd, MMAP_RESOURCE, &r)) {
		munmap(table, bytes);
		table = MAP_FAILED;
	}
	close(fd);
	if (table != MAP_FAILED)
		return table;
	complain(b, "the guest's grant table cannot be read");
	return NULL;
}

static unsigned int table_refs(struct backend *b, u32 *refs, bool *readonly)
{
	const size_t bytes = GRANTS_MAX * sizeof(struct grant_v1);
	struct grant_v1 *table = table_map(b, bytes);
	unsigned int i, n = 0;

	for (i = FIRST_GRANT; table && i < GRANTS_MAX; i++) {
		if ((table[i].flags & GTF_TYPE_MASK) != GTF_PERMIT_ACCESS ||
		    table[i].domid != b->home)
			continue;
		refs[n] = i;
		readonly[n++] = table[i].flags & GTF_READONLY;
	}
	if (table)
		munmap(table, bytes);
	return n;
}

/* What the rings name: themselves, and the pages of requests to receive. */
static unsigned int ring_refs(struct backend *b, u32 *refs, bool *readonly)
{
	unsigned int i, k, n = 0;

	for (k = 0; k < b->n_queues && b->connected; k++) {
		struct queue *q = &b->queues[k];

		refs[n++] = q->tx_ref;
		refs[n++] = q->rx_ref;
		for (i = q->rx_prod; i != READ_ONCE(q->rxs->req_prod) &&
		     i - q->rx_prod < SLOTS; i++)
			refs[n++] = q->rxs->ring[i & SLOT_MASK].req.gref;
	}
	memset(readonly, 0, n * sizeof(*readonly));
	return n;
}

/*
 * All pages that the guest shares with us.  A driver domain may not read
 * another one's grant table.
 */
unsigned int vif_grants(struct backend *b, u32 *refs, bool *readonly)
{
	if (b->home)
		return ring_refs(b, refs, readonly);
	return table_refs(b, refs, readonly);
}

/* Entries of the guest's table that are in use, for whatever. */
unsigned int vif_grants_used(struct backend *b)
{
	struct grant_v1 *table = table_map(b, TABLE_BYTES);
	unsigned int i, n = 0;

	for (i = 0; table && i < TABLE_BYTES / sizeof(*table); i++)
		n += !!(table[i].flags & GTF_TYPE_MASK);
	if (table)
		munmap(table, TABLE_BYTES);
	return n;
}

static bool keep_mapped(struct backend *b, unsigned int n, u32 *refs, int prot)
{
	u32 domid = b->domid;
	void *at;

	if (b->n_kept == GRANTS_MAX)
		return false;
	at = xengnttab_map_domain_grant_refs(b->xgt_kept, n, domid, refs, prot);
	if (!at)
		return false;
	kept[b->n_kept].at = at;
	kept[b->n_kept++].pages = n;
	b->kept_pages += n;
	return true;
}

/*
 * All in one mapping, which is much faster; but then none if one of them has
 * just ended.
 */
static void keep(struct backend *b, unsigned int n, u32 *refs, int prot)
{
	unsigned int i;

	if (!n || keep_mapped(b, n, refs, prot))
		return;
	for (i = 0; i < n; i++)
		keep_mapped(b, 1, &refs[i], prot);
}

/* Map whatever is shared, beyond the end of the connection. */
void vif_keep_all(struct backend *b)
{
	static u32 refs[GRANTS_MAX], some[GRANTS_MAX];
	static bool readonly[GRANTS_MAX];
	unsigned int n = vif_grants(b, refs, readonly);
	unsigned int i, k, pass;

	for (pass = 0; pass < 2; pass++) {
		for (i = 0, k = 0; i < n; i++)
			if (readonly[i] == pass)
				some[k++] = refs[i];
		keep(b, k, some, pass ? PROT_READ : PROT_READ | PROT_WRITE);
	}
	b->keep = true;
}

void vif_let_go(struct backend *b)
{
	while (b->n_kept) {
		b->n_kept--;
		xengnttab_unmap(b->xgt_kept, kept[b->n_kept].at,
				kept[b->n_kept].pages);
	}
	b->kept_pages = 0;
	b->keep = false;
}

static bool read_queue_key(struct backend *b, unsigned int index,
			   const char *key, u32 *value)
{
	char name[48];

	if (b->multi)
		snprintf(name, sizeof(name), "queue-%u/%s", index, key);
	else
		snprintf(name, sizeof(name), "%s", key);
	return store_fe_number(b, name, value);
}

static bool bind_events(struct backend *b, struct queue *q)
{
	u32 tx, rx;

	if (!read_queue_key(b, q->index, "event-channel-tx", &tx)) {
		if (!read_queue_key(b, q->index, "event-channel", &rx))
			return false;
		q->rx_port = xenevtchn_bind_interdomain(b->xce, b->domid, rx);
		q->tx_port = q->rx_port;
		return q->rx_port > 0;
	}
	if (!read_queue_key(b, q->index, "event-channel-rx", &rx))
		return false;
	q->tx_port = xenevtchn_bind_interdomain(b->xce, b->domid, tx);
	q->rx_port = xenevtchn_bind_interdomain(b->xce, b->domid, rx);
	return q->tx_port > 0 && q->rx_port > 0;
}

static bool connect_queue(struct backend *b, unsigned int index)
{
	struct queue *q = &b->queues[index];
	const int prot = PROT_READ | PROT_WRITE;

	memset(q, 0, sizeof(*q));
	q->index = index;
	if (!read_queue_key(b, index, "tx-ring-ref", &q->tx_ref) ||
	    !read_queue_key(b, index, "rx-ring-ref", &q->rx_ref))
		return false;
	q->txs = xengnttab_map_grant_ref(b->xgt, b->domid, q->tx_ref, prot);
	q->rxs = xengnttab_map_grant_ref(b->xgt, b->domid, q->rx_ref, prot);
	return q->txs && q->rxs && bind_events(b, q);
}

/* Take what the frontend has published. */
bool vif_connect(struct backend *b)
{
	u32 queues = 1;
	unsigned int i;

	store_fe_number(b, "multi-queue-num-queues", &queues);
	b->multi = queues > 1;
	b->n_queues = queues < QUEUES_MAX ? queues : QUEUES_MAX;
	b->connected = true;
	for (i = 0; i < b->n_queues; i++) {
		if (connect_queue(b, i))
			continue;
		b->n_queues = i + 1;
		vif_disconnect(b);
		return false;
	}
	b->connections++;
	leak_connected(b);
	return true;
}

static void disconnect_queue(struct backend *b, struct queue *q)
{
	if (q->tx_port > 0 && q->tx_port != q->rx_port)
		xenevtchn_unbind(b->xce, q->tx_port);
	if (q->rx_port > 0)
		xenevtchn_unbind(b->xce, q->rx_port);
	if (q->txs)
		xengnttab_unmap(b->xgt, q->txs, 1);
	if (q->rxs)
		xengnttab_unmap(b->xgt, q->rxs, 1);
	memset(q, 0, sizeof(*q));
}

void vif_disconnect(struct backend *b)
{
	unsigned int i;

	if (!b->connected)
		return;
	race_stop();
	b->connected = false;
	for (i = 0; i < b->n_queues; i++)
		disconnect_queue(b, &b->queues[i]);
	b->n_queues = 0;
}

static void published(struct backend *b)
{
	if (b->connected)
		return;
	if (b->attack->on_connect && !b->attack->on_connect(b))
		return;
	if (vif_connect(b))
		store_state(b, "4");
}

/* No frontend connects before this has changed. */
static bool closed(struct backend *b)
{
	unsigned int len;
	char *text = xs_read(b->xs, XBT_NULL, store_be_path(b, "state"), &len);
	int state = text ? atoi(text) : 0;

	free(text);
	return state == XenbusStateClosing || state == XenbusStateClosed;
}

/* What an honest backend does when the frontend's state has changed. */
void vif_frontend_moved(struct backend *b)
{
	u32 state = XenbusStateUnknown;
	unsigned int before = b->fe_state;

	store_fe_number(b, "state", &state);
	b->fe_state = state;
	if (b->deaf || state == before)
		return;
	switch (state) {
	case XenbusStateInitialising:
		vif_disconnect(b);
		/* it may have closed before somebody looked */
		if (before == XenbusStateClosed ||
		    before == XenbusStateClosing || closed(b))
			store_state(b, "2");
		break;
	case XenbusStateInitialised:
	case XenbusStateConnected:
		published(b);
		break;
	case XenbusStateClosing:
		vif_disconnect(b);
		store_state(b, "5");
		break;
	case XenbusStateClosed:
		vif_disconnect(b);
		store_state(b, "6");
		break;
	default:
		vif_disconnect(b);
		break;
	}
}

/*
 * What a driver domain does that was started anew, or an honest driver that
 * takes over: nothing of before counts.  The frontend is asked to close what it
 * has, or is offered a connection at once.
 */
void vif_restart(struct backend *b)
{
	u32 state = XenbusStateUnknown;

	vif_disconnect(b);
	if (!store_fe_number(b, "state", &state)) {
		store_make(b);
		b->fe_state = XenbusStateUnknown;
		return;
	}
	store_renew(b);
	b->fe_state = state;
	switch (state) {
	case XenbusStateInitialised:
	case XenbusStateConnected:
		store_state(b, "5");
		break;
	case XenbusStateClosing:
	case XenbusStateClosed:
		store_state(b, "6");
		break;
	default:
		store_state(b, "2");
		break;
	}
}
