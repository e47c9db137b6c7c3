/* SPDX-License-Identifier: GPL-2.0 */
#ifndef NFH_USER_LOCKDEP_H
#define NFH_USER_LOCKDEP_H

#include "types.h"

#define lockdep_assert_held(lock) \
	do { (void)(lock); nfh_user_check(nfh_user_lock_held()); } while (0)

#endif /* NFH_USER_LOCKDEP_H */
