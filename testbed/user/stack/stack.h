/* SPDX-License-Identifier: GPL-2.0 */
/*
 * As much of the network stack as tx.c and rx.c ask for
 *
 * Not the kernel's code but its contracts: a function that may fail fails when
 * the fuzzer says so, one that promises something of its result gives any
 * result that keeps the promise.  What a misuse of the real thing would do to
 * the kernel is a failed check here.  stack.c has the parts that are not one
 * line.
 */
#ifndef NFH_USER_STACK_H
#define NFH_USER_STACK_H

#include <linux/atomic.h>
#include <linux/compiler.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/jiffies.h>
#include <linux/types.h>

/* time passes when the harness says so */
extern unsigned long jiffies;
#define time_after_eq(a, b)	((long)((a) - (b)) >= 0)

/* versions: the spelling of compat.h that needs the least */
#define KERNEL_VERSION(a, b, c)	(((a) << 16) + ((b) << 8) + (c))
#define LINUX_VERSION_CODE	KERNEL_VERSION(6, 12, 0)

#define IS_ENABLED(option)	1
#define static_assert(what)	_Static_assert(what, #what)
#define DIV_ROUND_UP(n, d)	(((n) + (d) - 1) / (d))
#define ____cacheline_aligned_in_smp
#define container_of(at, type, member) \
	((type *)((char *)(at) - offsetof(type, member)))

/* numbers of the kernel that the driver's own depend on */
#define ETH_HLEN		14
#define VLAN_ETH_HLEN		18
#define ETH_P_IP		0x0800
#define ETH_P_IPV6		0x86dd
#define MAX_SKB_FRAGS		17
#define GSO_BY_FRAGS		0xffff
#define XDP_PACKET_HEADROOM	256
#define NUMA_NO_NODE		(-1)
#define SKB_DATA_ALIGN(len)	(((len) + 63U) & ~63U)
#define NETIF_F_RXCSUM		1

#define htons(x)		((u16)__builtin_bswap16(x))

enum {
	CHECKSUM_NONE,
	CHECKSUM_UNNECESSARY,
	CHECKSUM_COMPLETE,
	CHECKSUM_PARTIAL,
};

enum {
	SKB_GSO_TCPV4 = 1 << 0,
	SKB_GSO_DODGY = 1 << 1,
	SKB_GSO_TCPV6 = 1 << 4,
	SKB_GSO_OTHER = 1 << 9,
};

typedef enum {
	NETDEV_TX_OK = 0x00,
	NETDEV_TX_BUSY = 0x10,
} netdev_tx_t;

struct tcphdr {
	u16 source;
	u16 dest;
	u32 seq;
	u32 ack_seq;
	u8 res1 : 4;
	u8 doff : 4;
	u8 flags;
	u16 window;
	u16 check;
	u16 urg_ptr;
};

/* counters */
typedef u64 u64_stats_t;

struct u64_stats_sync {
	bool writing;
};

static inline void u64_stats_update_begin(struct u64_stats_sync *sync)
{
	nfh_user_check(!sync->writing);
	sync->writing = true;
}

static inline void u64_stats_update_end(struct u64_stats_sync *sync)
{
	nfh_user_check(sync->writing);
	sync->writing = false;
}

#define u64_stats_inc(counter)		((void)(*(counter) += 1))
#define u64_stats_add(counter, n)	((void)(*(counter) += (n)))
#define u64_stats_read(counter)		(*(counter))

typedef struct {
	s64 counter;
} atomic64_t;

/* devices */
struct net_device;
struct napi_struct {
	int unused;
};

struct netdev_queue {
	bool stopped;
	bool locked;
	s64 in_flight;	/* bytes, as byte queue limits count them */
};

struct net_device {
	u64 features;
	void *priv;
	struct netdev_queue txq;
	bool xmit_more;
};

struct xenbus_watch {
	const char *node;
};

struct xenbus_device {
	u16 otherend_id;
};

static inline void *netdev_priv(const struct net_device *netdev)
{
	return netdev->priv;
}

static inline struct netdev_queue *
netdev_get_tx_queue(const struct net_device *netdev, unsigned int index)
{
	nfh_user_check(!index);
	return (struct netdev_queue *)&netdev->txq;
}

bool netdev_xmit_more(void);
void __netif_tx_lock(struct netdev_queue *txq, int cpu);
bool __netif_tx_trylock(struct netdev_queue *txq);
void __netif_tx_unlock(struct netdev_queue *txq);
bool __netdev_tx_sent_queue(struct netdev_queue *txq, unsigned int bytes,
			    bool xmit_more);
void netdev_tx_completed_queue(struct netdev_queue *txq, unsigned int packets,
			       unsigned int bytes);

static inline void __netif_tx_lock_bh(struct netdev_queue *txq)
{
	__netif_tx_lock(txq, 0);
}

static inline void __netif_tx_unlock_bh(struct netdev_queue *txq)
{
	__netif_tx_unlock(txq);
}

static inline int smp_processor_id(void)
{
	return 0;
}

static inline void netif_tx_stop_queue(struct netdev_queue *txq)
{
	txq->stopped = true;
}

static inline void netif_tx_start_queue(struct netdev_queue *txq)
{
	txq->stopped = false;
}

static inline void netif_schedule_queue(struct netdev_queue *txq)
{
}

static inline void netif_tx_wake_queue(struct netdev_queue *txq)
{
	txq->stopped = false;
}

static inline bool netif_tx_queue_stopped(const struct netdev_queue *txq)
{
	return txq->stopped;
}

static inline void netdev_tx_reset_queue(struct netdev_queue *txq)
{
	txq->in_flight = 0;
}

/* skbs; the shared info stands apart, where the address sanitizer sees it */
typedef struct {
	struct page *page;
	unsigned int offset;
	unsigned int len;
} skb_frag_t;

struct skb_shared_info {
	u8 nr_frags;
	u16 gso_size;
	u16 gso_segs;
	u32 gso_type;
	skb_frag_t frags[MAX_SKB_FRAGS];
};

struct sk_buff {
	struct sk_buff *next;
	struct net_device *dev;
	unsigned int len, data_len;
	u8 *head, *data, *tail, *end;
	struct page *page;	/* behind the linear part, when it is built on one */
	struct skb_shared_info *info;
	u16 protocol;
	u8 ip_summed;
	bool recycle;
	bool alive;
	bool network;		/* the network header was set */
	u16 csum_start, csum_offset;
	u16 queue_mapping;
	int rx_queue;
	unsigned int id;	/* the harness's */
	_Alignas(8) char cb[48];
};

struct sk_buff_head {
	struct sk_buff *first, *last;
	unsigned int count;
};

#define skb_shinfo(skb)			((skb)->info)
#define skb_frag_size(frag)		((frag)->len)
#define skb_frag_size_add(frag, n)	((void)((frag)->len += (n)))
#define skb_frag_address(frag) \
	((void *)((u8 *)nfh_user_page_address((frag)->page) + (frag)->offset))
#define skb_tail_pointer(skb)		((void *)(skb)->tail)
#define skb_headlen(skb)		((skb)->len - (skb)->data_len)
#define skb_headroom(skb)		((unsigned int)((skb)->data - (skb)->head))
#define skb_is_gso(skb)			(!!skb_shinfo(skb)->gso_size)
#define skb_get_queue_mapping(skb)	((skb)->queue_mapping)
#define skb_tx_timestamp(skb)		nfh_user_check((skb)->alive)
#define nf_reset_ct(skb)		nfh_user_check((skb)->alive)
#define skb_ext_reset(skb)		nfh_user_check((skb)->alive)
#define skb_checksum_start_offset(skb) \
	((int)(skb)->csum_start - (int)skb_headroom(skb))

static inline unsigned int skb_tailroom(const struct sk_buff *skb)
{
	return skb->data_len ? 0 : skb->end - skb->tail;
}

static inline void skb_mark_for_recycle(struct sk_buff *skb)
{
	skb->recycle = true;
}

static inline void skb_reset_network_header(struct sk_buff *skb)
{
	skb->network = true;
}

static inline void skb_record_rx_queue(struct sk_buff *skb, u16 index)
{
	skb->rx_queue = index;
}

struct sk_buff *napi_build_skb(void *data, unsigned int bytes);
struct sk_buff *napi_alloc_skb(struct napi_struct *napi, unsigned int len);
void dev_kfree_skb_any(struct sk_buff *skb);
void dev_consume_skb_any(struct sk_buff *skb);
void napi_consume_skb(struct sk_buff *skb, int budget);
void skb_reserve(struct sk_buff *skb, unsigned int len);
void *skb_put(struct sk_buff *skb, unsigned int len);
void skb_add_rx_frag(struct sk_buff *skb, int at, struct page *page,
		     unsigned int offset, unsigned int len,
		     unsigned int truesize);
bool pskb_may_pull(struct sk_buff *skb, unsigned int len);

struct skb_seq_state {
	const struct sk_buff *skb;
	bool mapped;
};

void skb_prepare_seq_read(struct sk_buff *skb, unsigned int from,
			  unsigned int to, struct skb_seq_state *st);
unsigned int skb_seq_read(unsigned int at, const u8 **data,
			  struct skb_seq_state *st);
void skb_abort_seq_read(struct skb_seq_state *st);

int skb_checksum_setup(struct sk_buff *skb, bool recalculate);
u16 eth_type_trans(struct sk_buff *skb, struct net_device *netdev);
void napi_gro_receive(struct napi_struct *napi, struct sk_buff *skb);

void __skb_queue_head_init(struct sk_buff_head *list);
void __skb_queue_tail(struct sk_buff_head *list, struct sk_buff *skb);
struct sk_buff *__skb_dequeue(struct sk_buff_head *list);

static inline unsigned int skb_queue_len(const struct sk_buff_head *list)
{
	return list->count;
}

/* private pages */
struct page_pool {
	unsigned int out;
};

struct page_pool_params {
	unsigned int pool_size;
	int nid;
	struct napi_struct *napi;
};

struct page_pool *page_pool_create(const struct page_pool_params *params);
void page_pool_destroy(struct page_pool *pool);
struct page *page_pool_dev_alloc_pages(struct page_pool *pool);
void page_pool_recycle_direct(struct page_pool *pool, struct page *page);
#define page_address(page)	nfh_user_page_address(page)

#endif /* NFH_USER_STACK_H */
