/* SPDX-License-Identifier: GPL-2.0 */
#ifndef NFH_USER_NOSPEC_H
#define NFH_USER_NOSPEC_H

/* As in the kernel: 0 for an index that is out of range. */
#define array_index_nospec(index, size) \
	((typeof(index))((index) < (size) ? (index) : 0))

#endif /* NFH_USER_NOSPEC_H */
