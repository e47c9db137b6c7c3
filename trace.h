/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The tracepoint: each input of a backend that was refused
 *
 *	echo 1 >/sys/kernel/tracing/events/netfront_hardened/violation/enable
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM netfront_hardened

#if !defined(NFH_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define NFH_TRACE_H

#include <linux/netdevice.h>
#include <linux/string.h>
#include <linux/tracepoint.h>

#include "ring.h"

/* @ring: the one that was given up, with the very word; %NULL for a drop */
TRACE_EVENT(violation,

	TP_PROTO(const struct net_device *netdev, int queue, const char *reason,
		 const struct nfh_ring_view *ring),

	TP_ARGS(netdev, queue, reason, ring),

	TP_STRUCT__entry(
		__array(char, device, IFNAMSIZ)
		__array(char, reason, 32)
		__field(int, queue)
		__field(u64, refused)
		__field(u32, req_prod)
		__field(u32, rsp_cons)
		__field(u32, rsp_seen)
	),

	TP_fast_assign(
		strscpy(__entry->device, netdev->name, IFNAMSIZ);
		strscpy(__entry->reason, reason, sizeof(__entry->reason));
		__entry->queue = queue;
		__entry->refused = ring ? ring->refused : 0;
		__entry->req_prod = ring ? ring->req_prod : 0;
		__entry->rsp_cons = ring ? ring->rsp_cons : 0;
		__entry->rsp_seen = ring ? ring->rsp_seen : 0;
	),

	/* queue -1: the input was dropped; otherwise the device faulted */
	TP_printk("%s queue=%d reason=%s refused=%#llx req_prod=%u rsp_cons=%u rsp_seen=%u",
		  __entry->device, __entry->queue, __entry->reason,
		  (unsigned long long)__entry->refused, __entry->req_prod,
		  __entry->rsp_cons, __entry->rsp_seen)
);

#endif /* NFH_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
