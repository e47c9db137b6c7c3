/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The only file that knows kernel versions
 *
 * Supported: 6.1 to 7.2.  The newest spelling is the one that the driver
 * uses; older kernels get it from here.  An entry goes when its kernel does.
 */
#ifndef NFH_COMPAT_H
#define NFH_COMPAT_H

#include <linux/compiler.h>
#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 1, 0)
# error "netfront_hardened needs Linux 6.1 or newer"
#endif

/* 6.6 split net/page_pool.h into types and helpers (a9ca9f9ceff3). */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 6, 0)
# include <net/page_pool.h>
#else
# include <net/page_pool/helpers.h>
#endif

/* 6.4 lets a page pool recycle from its NAPI without a lock (dd64b232deb8). */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 4, 0)
# define nfh_page_pool_set_napi(params, instance) do { } while (0)
#else
# define nfh_page_pool_set_napi(params, instance) ((params)->napi = (instance))
#endif

/* 6.2 dropped the _irq variants, of which the plain ones took the meaning. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0)
# include <linux/u64_stats_sync.h>
# define nfh_stats_begin(syncp)		u64_stats_fetch_begin_irq(syncp)
# define nfh_stats_retry(syncp, start)	u64_stats_fetch_retry_irq(syncp, start)
#else
# define nfh_stats_begin(syncp)		u64_stats_fetch_begin(syncp)
# define nfh_stats_retry(syncp, start)	u64_stats_fetch_retry(syncp, start)
#endif

/* 6.4 moved mac_pton() out of kernel.h. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 4, 0)
# include <linux/kernel.h>
#else
# include <linux/hex.h>
#endif

/* 7.2 passes the device to xenbus_read_driver_state(). */
#if LINUX_VERSION_CODE < KERNEL_VERSION(7, 2, 0)
# define nfh_read_driver_state(dev, path) xenbus_read_driver_state(path)
#else
# define nfh_read_driver_state(dev, path) xenbus_read_driver_state(dev, path)
#endif

/* 6.18 takes the grace period of a health reporter from its operations. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 18, 0)
# define nfh_reporter_create(devlink, ops, priv) \
	devlink_health_reporter_create(devlink, ops, 0, priv)
#else
# define nfh_reporter_create(devlink, ops, priv) \
	devlink_health_reporter_create(devlink, ops, priv)
#endif

/*
 * sparse cannot follow __netif_tx_trylock(), which takes the lock on one of
 * its two ways out; it is shown the way on which the lock is held.
 */
#ifdef __CHECKER__
# define nfh_tx_trylock(txq)	({ __netif_tx_lock(txq, 0); true; })
#else
# define nfh_tx_trylock(txq)	__netif_tx_trylock(txq)
#endif

#endif /* NFH_COMPAT_H */
