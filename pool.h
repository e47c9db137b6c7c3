/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Zeroed pages, granted for as long as a connection lasts
 *
 * A pool is created with all of its pages zeroed and granted, and destroyed
 * whole.  In between there is no grant operation: packet bytes are copied in
 * (nfh_pool_fill(), nfh_pool_seal()) or out (nfh_pool_copy_out()).
 */
#ifndef NFH_POOL_H
#define NFH_POOL_H

#include <linux/types.h>
#include <xen/interface/xen.h>
#include <xen/interface/grant_table.h>

#include "trust.h"

struct nfh_account;
struct nfh_pool;

/**
 * enum nfh_pool_use - what the backend may do with the pages of a pool
 * @NFH_POOL_READ: the backend reads: transmit data
 * @NFH_POOL_WRITE: the backend reads and writes: receive data and rings
 */
enum nfh_pool_use {
	NFH_POOL_READ,
	NFH_POOL_WRITE,
};

/**
 * struct nfh_pool_usage - what one account holds
 * @pages: pages granted or in quarantine
 * @quarantined: of these, pages whose grant the backend did not let go
 */
struct nfh_pool_usage {
	u32 pages;
	u32 quarantined;
};

/*
 * Pages of one device that its backends may keep before the device refuses to
 * connect again: 4 MiB.  Two connections of one queue each; the connection
 * that is open may go beyond it.
 */
#define NFH_QUARANTINE_DEVICE_MAX	1024

struct nfh_account *nfh_account_create(void);
void nfh_account_put(struct nfh_account *account);
struct nfh_pool_usage nfh_account_usage(const struct nfh_account *account);

struct nfh_pool *nfh_pool_create(struct nfh_account *account, domid_t backend,
				 u16 pages, enum nfh_pool_use use);
void nfh_pool_destroy(struct nfh_pool *pool);
grant_ref_t nfh_pool_gref(const struct nfh_pool *pool, u16 index);
void __untrusted *nfh_pool_shared(const struct nfh_pool *pool, u16 index);
void *nfh_pool_fill(const struct nfh_pool *pool, u16 index);
void nfh_pool_seal(struct nfh_pool *pool, u16 index, u32 len);
int __must_check nfh_pool_copy_out(const struct nfh_pool *pool, u16 index,
				   u32 offset, void *to, u32 len);

void nfh_quarantine_exit(void);

#endif /* NFH_POOL_H */
