/* SPDX-License-Identifier: GPL-2.0 */
#ifndef NFH_USER_MINMAX_H
#define NFH_USER_MINMAX_H

#define min_t(type, a, b)	((type)(a) < (type)(b) ? (type)(a) : (type)(b))
#define max_t(type, a, b)	((type)(a) > (type)(b) ? (type)(a) : (type)(b))
#define min(a, b)		min_t(typeof(a), a, b)
#define max(a, b)		max_t(typeof(a), a, b)
#define min3(a, b, c)		min_t(typeof(a), min(a, b), c)

#endif /* NFH_USER_MINMAX_H */
