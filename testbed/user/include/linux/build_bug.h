/* SPDX-License-Identifier: GPL-2.0 */
#ifndef NFH_USER_BUILD_BUG_H
#define NFH_USER_BUILD_BUG_H

/* The kernel's takes the message as an option, that of C11 does not. */
#define static_assert(what, ...) _Static_assert(what, #what)

#endif /* NFH_USER_BUILD_BUG_H */
