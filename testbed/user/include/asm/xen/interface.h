/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the architecture adds to Xen's interface, cut down to names and sizes
 *
 * The files under xen/interface/ are the real ones, of the installed kernel
 * headers.  Of the types here the driver uses none; they only let xen.h and
 * grant_table.h compile.
 */
#ifndef NFH_USER_ASM_XEN_INTERFACE_H
#define NFH_USER_ASM_XEN_INTERFACE_H

#include <linux/types.h>

#define DEFINE_GUEST_HANDLE_STRUCT(name) \
	typedef struct name *__guest_handle_##name
#define DEFINE_GUEST_HANDLE(name)	typedef name *__guest_handle_##name
#define GUEST_HANDLE(name)		__guest_handle_##name

typedef unsigned long xen_pfn_t;
typedef unsigned long xen_ulong_t;
typedef long xen_long_t;

#define MAX_VIRT_CPUS		32

struct arch_vcpu_info {
	unsigned long unused;
};

struct arch_shared_info {
	unsigned long unused;
};

struct pvclock_vcpu_time_info {
	u32 unused[8];
};

struct pvclock_wall_clock {
	u32 unused[3];
};

DEFINE_GUEST_HANDLE(char);
DEFINE_GUEST_HANDLE(int);
DEFINE_GUEST_HANDLE(void);
DEFINE_GUEST_HANDLE(uint64_t);
DEFINE_GUEST_HANDLE(uint32_t);
DEFINE_GUEST_HANDLE(xen_pfn_t);
DEFINE_GUEST_HANDLE(xen_ulong_t);

#endif /* NFH_USER_ASM_XEN_INTERFACE_H */
