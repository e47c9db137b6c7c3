/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The network stack above tx.c and rx.c, and the rooms beside them
 */
#ifndef NFH_FUZZ_STACK_H
#define NFH_FUZZ_STACK_H

#include <linux/types.h>

#include "nfh.h"

/**
 * struct stack - the device under test, and what the stack counted
 * @netdev: has one queue
 * @dev: likewise
 * @queue: the queue
 * @pages: page pool pages that somebody holds
 * @skbs: skbs that nobody has freed
 * @drops: reasons that were only counted
 * @fault: reason for which the device stopped, or %NFH_V_NONE
 * @notified: events sent to the backend
 * @mapped: fragments that are mapped to be read
 * @shared: what stands in the granted pages
 */
struct stack {
	struct net_device netdev;
	struct nfh_dev dev;
	struct nfh_queue queue;
	unsigned int pages;
	unsigned int skbs;
	unsigned int drops[NFH_V_COUNT];
	enum nfh_violation fault;
	unsigned int notified;
	int mapped;
	u8 shared[NFH_RING_SLOTS][NFH_PAGE_BYTES];
};

extern struct stack stack;

/* A connected device without a ring. */
void stack_reset(void);

struct sk_buff *stack_skb(unsigned int linear);
void stack_skb_frag(struct sk_buff *skb, unsigned int offset,
		    unsigned int len);

/* The harness takes over an skb that rx.c delivers; tells of one that died. */
void stack_delivers(struct sk_buff *skb);
void stack_freed(const struct sk_buff *skb);

#endif /* NFH_FUZZ_STACK_H */
