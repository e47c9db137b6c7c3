/* SPDX-License-Identifier: GPL-2.0 */
#ifndef NFH_USER_BARRIER_H
#define NFH_USER_BARRIER_H

/*
 * The other side of the ring is a function here, called from this thread: it
 * can be early or late, but nothing is reordered.
 */
#define virt_mb()	__asm__ volatile("" : : : "memory")
#define virt_rmb()	virt_mb()
#define virt_wmb()	virt_mb()

#define smp_load_acquire(p)	READ_ONCE(*(p))

#endif /* NFH_USER_BARRIER_H */
