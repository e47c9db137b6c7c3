/* SPDX-License-Identifier: GPL-2.0 */
/* As in the kernel on x86. */
#ifndef NFH_NATIVE_BARRIER_H
#define NFH_NATIVE_BARRIER_H

#define virt_mb() \
	__asm__ volatile("lock; addl $0, -4(%%rsp)" : : : "memory", "cc")
#define virt_rmb()	__asm__ volatile("" : : : "memory")
#define virt_wmb()	virt_rmb()

/* a load is one already */
#define smp_load_acquire(p)	READ_ONCE(*(p))

#endif /* NFH_NATIVE_BARRIER_H */
