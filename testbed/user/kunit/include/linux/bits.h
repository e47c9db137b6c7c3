/* SPDX-License-Identifier: GPL-2.0 */
#ifndef NFH_USER_BITS_H
#define NFH_USER_BITS_H

#define BIT(nr)		(1UL << (nr))
#define BIT_ULL(nr)	(1ULL << (nr))

#endif /* NFH_USER_BITS_H */
