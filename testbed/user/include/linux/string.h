/* SPDX-License-Identifier: GPL-2.0 */
#ifndef NFH_USER_STRING_H
#define NFH_USER_STRING_H

#include "types.h"

#define memcpy(to, from, len)	nfh_user_memcpy(to, from, len)
#define memset(to, byte, len)	nfh_user_memset(to, byte, len)

#endif /* NFH_USER_STRING_H */
