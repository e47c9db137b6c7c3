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

TRACE_EVENT(violation,

	TP_PROTO(const struct net_device *netdev, int queue, const char *reason,
		 u64 refused),

	TP_ARGS(netdev, queue, reason, refused),

	TP_STRUCT__entry(
		__array(char, device, IFNAMSIZ)
		__array(char, reason, 32)
		__field(int, queue)
		__field(u64, refused)
	),

	TP_fast_assign(
		strscpy(__entry->device, netdev->name, IFNAMSIZ);
		strscpy(__entry->reason, reason, sizeof(__entry->reason));
		__entry->queue = queue;
		__entry->refused = refused;
	),

	/* queue -1: the input was dropped; otherwise the device faulted */
	TP_printk("%s queue=%d reason=%s refused=%#llx", __entry->device,
		  __entry->queue, __entry->reason,
		  (unsigned long long)__entry->refused)
);

#endif /* NFH_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
