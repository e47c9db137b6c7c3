/* SPDX-License-Identifier: GPL-2.0 */
#ifndef NFH_USER_ERRNO_H
#define NFH_USER_ERRNO_H

/* The C library's errno.h includes this very name; the values are its own. */
#include <asm-generic/errno.h>

#endif /* NFH_USER_ERRNO_H */
