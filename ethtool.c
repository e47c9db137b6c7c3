// SPDX-License-Identifier: GPL-2.0
/*
 * What `ethtool -i`, `-S`, `-T`, `-g` and `-l` show
 *
 * Statistics: what the device holds, connections made, skbs freed because the
 * backend did not answer (tx_stalled), each reason for which input was dropped
 * (drop_*) or the device faulted (fault_*), then the traffic of each queue.
 */
#include <linux/ethtool.h>
#include <linux/netdevice.h>

#include "nfh.h"

static const char device_strings[][ETH_GSTRING_LEN] = {
	"pool_pages",
	"grants_shared",
	"quarantined_pages",
	"connections",
	"tx_stalled",
};

static const char queue_formats[][ETH_GSTRING_LEN] = {
	"tx_queue_%u_packets",
	"tx_queue_%u_bytes",
	"tx_queue_%u_dropped",
	"tx_queue_%u_errors",
	"rx_queue_%u_packets",
	"rx_queue_%u_bytes",
	"rx_queue_%u_dropped",
	"rx_queue_%u_no_memory",
};

/* Reasons are numbered from 1; NFH_V_NONE has no counter. */
#define REASONS	(NFH_V_COUNT - 1)

static void nfh_get_drvinfo(struct net_device *netdev,
			    struct ethtool_drvinfo *info)
{
	strscpy(info->driver, NFH_NAME, sizeof(info->driver));
	strscpy(info->version, NFH_VERSION, sizeof(info->version));
	strscpy(info->bus_info, dev_name(netdev->dev.parent),
		sizeof(info->bus_info));
}

static int nfh_get_sset_count(struct net_device *netdev, int sset)
{
	if (sset != ETH_SS_STATS)
		return -EOPNOTSUPP;
	return ARRAY_SIZE(device_strings) + REASONS +
	       ARRAY_SIZE(queue_formats) * netdev->num_tx_queues;
}

static void put_reasons(u8 **data)
{
	unsigned int why;

	for (why = 1; why < NFH_V_COUNT; why++)
		ethtool_sprintf(data, "%s_%s",
				why < NFH_V_FIRST_FAULT ? "drop" : "fault",
				nfh_violation_name(why));
}

static void nfh_get_strings(struct net_device *netdev, u32 sset, u8 *data)
{
	unsigned int i, k;

	if (sset != ETH_SS_STATS)
		return;
	memcpy(data, device_strings, sizeof(device_strings));
	data += sizeof(device_strings);
	put_reasons(&data);
	for (i = 0; i < netdev->num_tx_queues; i++)
		for (k = 0; k < ARRAY_SIZE(queue_formats); k++)
			ethtool_sprintf(&data, queue_formats[k], i);
}

/* The counters of a queue, in the order of queue_formats. */
static u64 *put_queue_counts(const struct nfh_queue *q, u64 *data)
{
	struct nfh_queue_counts counts;

	nfh_queue_count(q, &counts);
	*data++ = counts.tx_packets;
	*data++ = counts.tx_bytes;
	*data++ = counts.tx_dropped;
	*data++ = counts.tx_errors;
	*data++ = counts.rx_packets;
	*data++ = counts.rx_bytes;
	*data++ = counts.rx_dropped;
	*data++ = counts.rx_no_memory;
	return data;
}

static void nfh_get_ethtool_stats(struct net_device *netdev,
				  struct ethtool_stats *stats, u64 *data)
{
	struct nfh_dev *nd = netdev_priv(netdev);
	struct nfh_pool_usage usage = nfh_account_usage(nd->account);
	unsigned int i;

	*data++ = usage.pages;
	/* the two were read at different moments */
	*data++ = usage.pages - min(usage.quarantined, usage.pages);
	*data++ = usage.quarantined;
	*data++ = atomic64_read(&nd->connections);
	*data++ = atomic64_read(&nd->tx_stalled);
	for (i = 1; i < NFH_V_COUNT; i++)
		*data++ = atomic64_read(&nd->violations[i]);
	for (i = 0; i < netdev->num_tx_queues; i++)
		data = put_queue_counts(&nd->queues[i], data);
}

static void nfh_get_channels(struct net_device *netdev,
			     struct ethtool_channels *channels)
{
	channels->max_combined = netdev->num_tx_queues;
	channels->combined_count = netdev->real_num_tx_queues;
}

/* The protocol knows rings of one page only. */
static void nfh_get_ringparam(struct net_device *netdev,
			      struct ethtool_ringparam *ring,
			      struct kernel_ethtool_ringparam *kernel_ring,
			      struct netlink_ext_ack *extack)
{
	ring->rx_max_pending = NFH_RING_SLOTS;
	ring->tx_max_pending = NFH_RING_SLOTS;
	ring->rx_pending = NFH_RING_SLOTS;
	ring->tx_pending = NFH_RING_SLOTS;
}

const struct ethtool_ops nfh_ethtool_ops = {
	.get_drvinfo = nfh_get_drvinfo,
	.get_link = ethtool_op_get_link,
	.get_sset_count = nfh_get_sset_count,
	.get_strings = nfh_get_strings,
	.get_ethtool_stats = nfh_get_ethtool_stats,
	.get_channels = nfh_get_channels,
	.get_ringparam = nfh_get_ringparam,
	.get_ts_info = ethtool_op_get_ts_info,
};
