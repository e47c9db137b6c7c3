// SPDX-License-Identifier: GPL-2.0
/*
 * The net device, and the module
 *
 * A net device is made for each vif when it is probed and lives until the vif
 * goes.  Connections come and go underneath it: nfh_dev_go_live() and
 * nfh_dev_go_dark() are where one meets the interface.  Both take RTNL for
 * moments that do not depend on the backend.
 *
 * LOCKING: ndo_open, ndo_stop and feature changes run under RTNL, as does the
 * part of going live and going dark that touches the net device.  The state
 * itself moves without a lock (health.c), so that a fault can be declared in
 * NAPI.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/cpumask.h>
#include <linux/etherdevice.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <xen/platform_pci.h>
#include <xen/xen.h>

#include "nfh.h"

#define CREATE_TRACE_POINTS
#include "trace.h"

static unsigned int max_queues;
module_param(max_queues, uint, 0444);
MODULE_PARM_DESC(max_queues,
		 "Queues of each device, 1 to 64; 0 means one per CPU, at most 8");

static int nfh_open(struct net_device *netdev)
{
	struct nfh_dev *nd = netdev_priv(netdev);

	if (nfh_dev_is_connected(nd))
		nfh_queues_start(nd);
	return 0;
}

static int nfh_stop(struct net_device *netdev)
{
	nfh_queues_stop(netdev_priv(netdev));
	return 0;
}

static void nfh_get_stats64(struct net_device *netdev,
			    struct rtnl_link_stats64 *total)
{
	struct nfh_dev *nd = netdev_priv(netdev);
	struct nfh_queue_counts counts;
	unsigned int i;

	for (i = 0; i < netdev->num_tx_queues; i++) {
		nfh_queue_count(&nd->queues[i], &counts);
		total->tx_packets += counts.tx_packets;
		total->tx_bytes += counts.tx_bytes;
		total->tx_dropped += counts.tx_dropped;
		total->tx_errors += counts.tx_errors;
		total->rx_packets += counts.rx_packets;
		total->rx_bytes += counts.rx_bytes;
		total->rx_errors += counts.rx_dropped;
		total->rx_dropped += counts.rx_no_memory;
	}
}

/* What the backend of this connection does not offer cannot be switched on. */
static netdev_features_t nfh_fix_features(struct net_device *netdev,
					  netdev_features_t features)
{
	const struct nfh_caps *caps =
		&((struct nfh_dev *)netdev_priv(netdev))->caps;

	if (!caps->sg)
		features &= ~NETIF_F_SG;
	if (!caps->ipv6_csum)
		features &= ~NETIF_F_IPV6_CSUM;
	if (!caps->gso_tcpv4)
		features &= ~NETIF_F_TSO;
	if (!caps->gso_tcpv6)
		features &= ~NETIF_F_TSO6;
	return features;
}

/* netconsole: look at the rings without waiting for an event. */
#ifdef CONFIG_NET_POLL_CONTROLLER
static void nfh_poll_controller(struct net_device *netdev)
{
	struct nfh_dev *nd = netdev_priv(netdev);
	unsigned int i;

	if (!nfh_dev_is_connected(nd))
		return;
	for (i = 0; i < netdev->real_num_tx_queues; i++)
		napi_schedule(&nd->queues[i].napi);
}
#endif

static const struct net_device_ops nfh_netdev_ops = {
	.ndo_open = nfh_open,
	.ndo_stop = nfh_stop,
	.ndo_start_xmit = nfh_start_xmit,
	.ndo_get_stats64 = nfh_get_stats64,
	.ndo_fix_features = nfh_fix_features,
	.ndo_set_mac_address = eth_mac_addr,
	.ndo_validate_addr = eth_validate_addr,
#ifdef CONFIG_NET_POLL_CONTROLLER
	.ndo_poll_controller = nfh_poll_controller,
#endif
};

static void init_netdev(struct net_device *netdev)
{
	netdev->netdev_ops = &nfh_netdev_ops;
	netdev->ethtool_ops = &nfh_ethtool_ops;
	netdev->hw_features = NETIF_F_SG | NETIF_F_IP_CSUM | NETIF_F_IPV6_CSUM |
			      NETIF_F_TSO | NETIF_F_TSO6 | NETIF_F_RXCSUM;
	/* copying handles any memory; the backend checks what GSO claims */
	netdev->features = netdev->hw_features | NETIF_F_HIGHDMA |
			   NETIF_F_FRAGLIST | NETIF_F_GSO_ROBUST;
	/* the backend finds no transport header behind a VLAN tag */
	netdev->vlan_features = NETIF_F_SG | NETIF_F_HIGHDMA | NETIF_F_FRAGLIST;
	netdev->min_mtu = ETH_MIN_MTU;
	netdev->max_mtu = NFH_MTU_MAX;
	/* an skb is linked to a list of ours when it is done */
	netdev->priv_flags &= ~IFF_TX_SKB_SHARING;
	netif_set_tso_max_size(netdev, NFH_FRAME_MAX);
	netif_carrier_off(netdev);
}

static unsigned int queues_wanted(void)
{
	if (max_queues)
		return max_queues;
	return min_t(unsigned int, num_online_cpus(), NFH_QUEUES_DEFAULT);
}

/**
 * nfh_dev_create() - make and register the net device of a vif
 * @xbdev: xenbus device
 * @mac: hardware address, valid
 *
 * The interface appears at once, without carrier.
 *
 * Context: process context, takes RTNL, sleeps.
 * Return: the device, or ERR_PTR.
 */
struct nfh_dev *nfh_dev_create(struct xenbus_device *xbdev, const u8 *mac)
{
	unsigned int queues = queues_wanted();
	struct net_device *netdev;
	struct nfh_dev *nd;
	int err = -ENOMEM;

	netdev = alloc_etherdev_mqs(sizeof(*nd), queues, queues);
	if (!netdev)
		return ERR_PTR(-ENOMEM);
	nd = netdev_priv(netdev);
	nd->netdev = netdev;
	nd->xbdev = xbdev;
	SET_NETDEV_DEV(netdev, &xbdev->dev);
	init_netdev(netdev);
	eth_hw_addr_set(netdev, mac);
	nfh_recover_create(nd);

	nd->account = nfh_account_create();
	if (!nd->account)
		goto err_free_netdev;
	err = nfh_queues_create(nd);
	if (err)
		goto err_put_account;
	err = nfh_devlink_create(nd);
	if (err)
		goto err_destroy_queues;
	err = register_netdev(netdev);
	if (err)
		goto err_destroy_devlink;
	return nd;

err_destroy_devlink:
	nfh_devlink_destroy(nd);
err_destroy_queues:
	nfh_queues_destroy(nd);
err_put_account:
	nfh_account_put(nd->account);
err_free_netdev:
	free_netdev(netdev);
	return ERR_PTR(err);
}

/**
 * nfh_dev_destroy() - free the net device of a vif
 * @nd: device; unregistered, without a connection, nd->gone set
 *
 * Context: process context, sleeps.
 */
void nfh_dev_destroy(struct nfh_dev *nd)
{
	nfh_devlink_destroy(nd);
	nfh_queues_destroy(nd);
	nfh_account_put(nd->account);
	free_netdev(nd->netdev);
}

/* Frames of more than one slot need a backend that takes them. */
static void limit_mtu(struct nfh_dev *nd)
{
	struct net_device *netdev = nd->netdev;
	unsigned int mtu = netdev->mtu;

	netdev->max_mtu = nd->caps.sg ? NFH_MTU_MAX : ETH_DATA_LEN;
	if (mtu <= netdev->max_mtu || dev_set_mtu(netdev, netdev->max_mtu))
		return;
	netdev_warn(netdev, "MTU lowered from %u to %u: the backend does not offer feature-sg\n",
		    mtu, netdev->mtu);
}

/* A backend that offers less than the one before does not do so in silence. */
static void tell_losses(const struct net_device *netdev, unsigned int queues,
			netdev_features_t features)
{
	netdev_features_t lost = features & ~netdev->features;

	if (netdev->real_num_tx_queues < queues)
		netdev_info(netdev, "queues: %u instead of %u, the backend takes no more\n",
			    netdev->real_num_tx_queues, queues);
	if (lost)
		netdev_warn(netdev, "offloads off, the backend does not offer them any more:%s%s%s%s\n",
			    lost & NETIF_F_SG ? " tx-scatter-gather" : "",
			    lost & NETIF_F_IPV6_CSUM ? " tx-checksum-ipv6" : "",
			    lost & NETIF_F_TSO ? " tx-tcp-segmentation" : "",
			    lost & NETIF_F_TSO6 ? " tx-tcp6-segmentation" : "");
}

/**
 * nfh_dev_set_caps() - what the backend of the next connection offers
 * @nd: in state NFH_CONNECTING, no queue connected
 * @caps: read from xenstore
 *
 * Context: process context, takes RTNL.
 */
void nfh_dev_set_caps(struct nfh_dev *nd, const struct nfh_caps *caps)
{
	rtnl_lock();
	nd->caps = *caps;
	WRITE_ONCE(nd->num_queues,
		   min(caps->max_queues, nd->netdev->num_tx_queues));
	rtnl_unlock();
}

/**
 * nfh_dev_go_live() - the backend has connected: let frames flow
 * @nd: in state NFH_CONNECTING, nd->num_queues queues connected
 *
 * Context: process context, takes RTNL, sleeps.
 * Return: 0; -EINVAL in another state, -ENOMEM or another error of
 * netif_set_real_num_queues(); the state is as it was then.
 */
int nfh_dev_go_live(struct nfh_dev *nd)
{
	netdev_features_t features;
	unsigned int queues;
	int err;

	rtnl_lock();
	queues = nd->netdev->real_num_tx_queues;
	features = nd->netdev->features;
	err = netif_set_real_num_queues(nd->netdev, nd->num_queues,
					nd->num_queues);
	if (err)
		goto out_unlock;
	limit_mtu(nd);
	netdev_update_features(nd->netdev);
	tell_losses(nd->netdev, queues, features);
	if (!nfh_dev_move(nd, NFH_CONNECTED)) {
		err = -EINVAL;
		goto out_unlock;
	}
	/* a fault comes from NAPI and takes the carrier: it must come last */
	netif_carrier_on(nd->netdev);
	if (netif_running(nd->netdev))
		nfh_queues_start(nd);
out_unlock:
	rtnl_unlock();
	if (!err)
		netdev_notify_peers(nd->netdev);
	return err;
}

/**
 * nfh_dev_go_dark() - the connection is over: nothing moves afterwards
 * @nd: device in any state; NFH_CLOSING afterwards, unless NFH_DISCONNECTED
 *
 * Rings, pages and event channels stay as they are: the backend may still be
 * at them.
 *
 * Context: process context, takes RTNL, sleeps; does not wait for the backend.
 */
void nfh_dev_go_dark(struct nfh_dev *nd)
{
	rtnl_lock();
	netif_carrier_off(nd->netdev);
	nfh_dev_move(nd, NFH_CLOSING);
	nfh_queues_stop(nd);
	rtnl_unlock();
}

static int __init nfh_init(void)
{
	int err;

	if (!xen_domain() || !xen_has_pv_nic_devices())
		return -ENODEV;
	if (max_queues > NFH_QUEUES_MAX) {
		pr_err("max_queues=%u is out of range: use 1 to %u, or 0 for one per CPU\n",
		       max_queues, NFH_QUEUES_MAX);
		return -EINVAL;
	}
	err = nfh_recover_init();
	if (err)
		return err;
	err = nfh_xenbus_register();
	if (err)
		nfh_recover_exit();
	return err;
}
module_init(nfh_init);

static void __exit nfh_exit(void)
{
	nfh_xenbus_unregister();
	nfh_reattach_exit();
	nfh_orphan_exit();
	nfh_recover_exit();
	nfh_quarantine_exit();
}
module_exit(nfh_exit);

MODULE_DESCRIPTION("Xen network frontend for backends that are not trusted");
MODULE_LICENSE("GPL");
MODULE_VERSION(NFH_VERSION);
MODULE_ALIAS("xen:vif");
