// SPDX-License-Identifier: GPL-2.0
/*
 * native            cycles a frame, against a plain copy of the same bytes
 * native count CASE LEN
 *                   moves COUNT_FRAMES frames once, for an instruction counter
 *
 * One thread plays both sides.  Only the driver's share is timed: the backend
 * writes responses and received bytes in between.  What the backend's own
 * processor would do to our caches is not seen; "cold" throws the bytes out of
 * them, which is worse than any backend.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <x86intrin.h>

#include <linux/mm.h>

#include "native.h"

#define PAGES		2048
#define ROUNDS		4000	/* of each row, timed one by one */
#define COUNT_FRAMES	1000

struct page *native_map;
u8 *native_pages;

static unsigned int pages_used;
static u32 refs_used;

void native_die(const char *what)
{
	fprintf(stderr, "native: %s\n", what);
	exit(2);
}

/* what pool.c and grant.c ask for */

struct page *alloc_page(gfp_t flags)
{
	if (pages_used == PAGES)
		return NULL;
	memset(native_pages + pages_used * PAGE_SIZE, 0, PAGE_SIZE);
	return &native_map[pages_used++];
}

void nfh_user_fail(const char *file, int line, const char *what)
{
	native_die(what);
}

void *nfh_user_zalloc(size_t len)
{
	return calloc(1, len);
}

void nfh_user_free(const void *memory)
{
	free((void *)memory);
}

void nfh_user_work_schedule(struct work_struct *work, unsigned long delay)
{
}

void nfh_user_work_cancel(void)
{
}

void nfh_user_lock(bool take)
{
}

bool nfh_user_lock_held(void)
{
	return true;
}

void nfh_user_sleep(void)
{
}

int nfh_user_refs_alloc(uint16_t count, uint32_t *head)
{
	return 0;
}

void nfh_user_refs_free(uint32_t head)
{
}

int nfh_user_ref_claim(uint32_t *head)
{
	return ++refs_used;
}

void nfh_user_ref_free(uint32_t ref)
{
}

void nfh_user_grant(uint32_t ref, uint16_t domid, unsigned long gfn,
		    bool readonly)
{
}

bool nfh_user_try_end(uint32_t ref)
{
	return true;
}

void nfh_user_end(uint32_t ref, struct page *page)
{
}

unsigned long nfh_user_gfn(const struct page *page)
{
	return page - native_map;
}

/* the backend */

static void backend_tx(struct native *n)
{
	struct xen_netif_tx_sring *sring = n->tx_page;
	u32 i;

	for (i = sring->rsp_prod; i != sring->req_prod; i++) {
		union xen_netif_tx_sring_entry *at =
			&sring->ring[i % NFH_RING_SLOTS];
		struct xen_netif_tx_response rsp = { .id = at->req.id };

		/* of the frames here only the second request is an extra */
		if (n->slots > 1 && i % (n->slots + 1) == 1)
			rsp.status = XEN_NETIF_RSP_NULL;
		at->rsp = rsp;
	}
	sring->rsp_prod = i;
}

static void backend_rx(struct native *n)
{
	struct xen_netif_rx_sring *sring = n->rx_page;
	u32 f, i;

	for (f = 0; f < n->frames; f++)
		for (i = 0; i < n->slots; i++) {
			u32 pos = sring->rsp_prod++ % NFH_RING_SLOTS;
			struct xen_netif_rx_response rsp = {
				.id = pos,
				.status = native_chunk(n, i),
				.flags = i + 1 < n->slots ?
					 XEN_NETRXF_more_data : 0,
			};

			sring->ring[pos].rsp = rsp;
			n->used[f * n->slots + i] = pos;
			memset(nfh_pool_fill(n->rx_pool, pos), f,
			       native_chunk(n, i));
		}
}

/* the measurement */

enum direction { TX, RX };

static void setup(struct native *n)
{
	struct nfh_account *account = nfh_account_create();
	struct nfh_pool *rings;
	u32 i;

	native_map = calloc(PAGES, sizeof(*native_map));
	native_pages = aligned_alloc(PAGE_SIZE, PAGES * PAGE_SIZE);
	n->private = aligned_alloc(PAGE_SIZE, NATIVE_PRIVATE * PAGE_SIZE);
	memset(n->private, 0x5a, NATIVE_PRIVATE * PAGE_SIZE);
	rings = nfh_pool_create(account, 0, 2, NFH_POOL_WRITE);
	n->tx_pool = nfh_pool_create(account, 0, NFH_RING_SLOTS, NFH_POOL_READ);
	n->rx_pool = nfh_pool_create(account, 0, NFH_RING_SLOTS, NFH_POOL_WRITE);
	n->tx_page = nfh_pool_shared(rings, 0);
	n->rx_page = nfh_pool_shared(rings, 1);
	nfh_tx_ring_init(&n->tx, n->tx_page);
	nfh_rx_ring_init(&n->rx, n->rx_page);
	for (i = 0; i < NFH_RING_SLOTS; i++)
		n->rx.gref[i] = nfh_pool_gref(n->rx_pool, i);
	nfh_rx_ring_repost(&n->rx);
}

/* The backend's view of positions begins anew with each row. */
static void set_len(struct native *n, u32 len)
{
	memset(n->tx_page, 0, PAGE_SIZE);
	nfh_tx_ring_init(&n->tx, n->tx_page);
	n->len = len;
	n->slots = (len + NFH_PAGE_BYTES - 1) / NFH_PAGE_BYTES;
	n->frames = n->slots > 1 ? 8 : 64;
	n->turn = 0;
}

/* A timer that begins and ends behind everything in front of it. */
static u64 ticks(void)
{
	u64 now;

	_mm_mfence();
	_mm_lfence();
	now = __rdtsc();
	_mm_lfence();
	return now;
}

static double ticks_a_ns(void)
{
	struct timespec t0, t1;
	u64 c0, c1;
	double ns;

	clock_gettime(CLOCK_MONOTONIC, &t0);
	c0 = ticks();
	do {
		clock_gettime(CLOCK_MONOTONIC, &t1);
		ns = (t1.tv_sec - t0.tv_sec) * 1e9 + t1.tv_nsec - t0.tv_nsec;
	} while (ns < 5e7);
	c1 = ticks();
	return (c1 - c0) / ns;
}

static void evict(const void *at, size_t len)
{
	size_t i;

	for (i = 0; i < len; i += 64)
		_mm_clflush((const char *)at + i);
}

/* Out of the caches: what is copied from. Its target is ours alone. */
static void make_cold(struct native *n, enum direction to)
{
	u32 i;

	if (to == TX)
		evict(n->private, NATIVE_PRIVATE * PAGE_SIZE);
	else
		for (i = 0; i < n->frames * n->slots; i++)
			evict(nfh_pool_fill(n->rx_pool, n->used[i]), PAGE_SIZE);
	_mm_mfence();
}

/* Every page holds a full page of an earlier frame. */
static void soil(struct native *n)
{
	u32 i;

	for (i = 0; i < NFH_RING_SLOTS; i++) {
		nfh_pool_fill(n->tx_pool, i);
		nfh_pool_seal(n->tx_pool, i, NFH_PAGE_BYTES);
	}
}

static u64 time_ours(struct native *n, enum direction to, bool cold,
		     bool soiled)
{
	u64 start, took;

	if (to == RX)
		backend_rx(n);
	if (soiled)
		soil(n);
	if (cold)
		make_cold(n, to);
	start = ticks();
	if (to == RX)
		native_rx_poll(n);
	else
		native_tx_send(n);
	took = ticks() - start;
	if (to == RX)
		return took;
	backend_tx(n);
	start = ticks();
	native_tx_reap(n);
	return took + ticks() - start;
}

static u64 time_plain(struct native *n, enum direction to, bool cold)
{
	u64 start;
	u32 i;

	for (i = 0; to == RX && i < n->frames * n->slots; i++)
		memset(nfh_pool_fill(n->rx_pool, n->used[i]), i, PAGE_SIZE);
	if (cold)
		make_cold(n, to);
	start = ticks();
	if (to == RX)
		native_rx_plain(n);
	else
		native_tx_plain(n);
	return ticks() - start;
}

static u64 time_nothing(void)
{
	u64 start = ticks();

	return ticks() - start;
}

static int more(const void *a, const void *b)
{
	u64 x = *(const u64 *)a, y = *(const u64 *)b;

	return (x > y) - (x < y);
}

struct sample {
	u64 took[ROUNDS];
};

static double part(struct sample *s, unsigned int percent)
{
	return s->took[ROUNDS * percent / 100];
}

static struct sample ours, plain, nothing;

static double row(struct native *n, enum direction to, u32 len, bool cold,
		  bool soiled, double per_ns)
{
	double own, copy, low, high;
	unsigned int i;

	set_len(n, len);
	for (i = 0; i < ROUNDS + 100; i++) {
		unsigned int at = i < 100 ? 0 : i - 100;

		ours.took[at] = time_ours(n, to, cold, soiled);
		plain.took[at] = time_plain(n, to, cold);
		nothing.took[at] = time_nothing();
	}
	qsort(ours.took, ROUNDS, sizeof(u64), more);
	qsort(plain.took, ROUNDS, sizeof(u64), more);
	qsort(nothing.took, ROUNDS, sizeof(u64), more);
	/* transmitting is timed in two pieces */
	low = part(&nothing, 50);
	own = (part(&ours, 50) - low * (to == TX ? 2 : 1)) / n->frames;
	copy = (part(&plain, 50) - low) / n->frames;
	high = part(&ours, 90) / n->frames;
	low = part(&ours, 10) / n->frames;
	printf("| %s %u%s%s | %.0f | %.1f | %.0f | %.0f | %.2f | %.0f %% | %.2f |\n",
	       to == TX ? "TX" : "RX", len, cold ? ", cold" : "",
	       soiled ? ", page was full" : "", own, own / per_ns, copy,
	       own - copy, own / copy, 100 * (high - low) / own,
	       len / (own / per_ns));
	return own / copy;
}

static int count(struct native *n, enum direction to, u32 len)
{
	u32 moved;

	set_len(n, len);
	for (moved = 0; moved < COUNT_FRAMES; moved += n->frames)
		time_ours(n, to, false, false);
	printf("%u\n", moved);
	return 0;
}

static void target(const char *name, double ratio)
{
	printf("target native %s, full pages: %.2f of plain memcpy, target <= 1.20  %s\n",
	       name, ratio, ratio <= 1.2 ? "met" : "missed");
}

int main(int argc, char **argv)
{
	static const u32 lens[] = { 64, 512, 1500, 4096, 65535 };
	static struct native n;
	double per_ns, tx = 0, rx = 0;
	unsigned int i;

	setup(&n);
	if (argc == 4)
		return count(&n, *argv[2] == 'r' ? RX : TX, atoi(argv[3]));
	per_ns = ticks_a_ns();
	printf("time stamp counter: %.3f GHz\n\n", per_ns);
	puts("| frame | ticks | ns | plain copy, ticks | the rest, ticks | ratio | spread (p10 to p90) | GB/s |");
	puts("|---|---|---|---|---|---|---|---|");
	for (i = 0; i < 5; i++)
		tx = row(&n, TX, lens[i], false, false, per_ns);
	row(&n, TX, 64, false, true, per_ns);
	row(&n, TX, 1500, false, true, per_ns);
	row(&n, TX, 4096, true, false, per_ns);
	for (i = 0; i < 5; i++)
		rx = row(&n, RX, lens[i], false, false, per_ns);
	row(&n, RX, 4096, true, false, per_ns);
	puts("");
	target("TX", tx);
	target("RX", rx);
	return 0;
}
