/* SPDX-License-Identifier: GPL-2.0 */
#ifndef NFH_USER_JIFFIES_H
#define NFH_USER_JIFFIES_H

/* 250 a second, as in Debian's kernels. */
#define msecs_to_jiffies(ms)	((unsigned long)(ms) / 4)

#endif /* NFH_USER_JIFFIES_H */
