/* SPDX-License-Identifier: GPL-2.0 */
#ifndef NFH_USER_MUTEX_H
#define NFH_USER_MUTEX_H

#include "lockdep.h"
#include "types.h"

/* There is one thread: a mutex can only be forgotten, not be waited for. */
struct mutex {
	int unused;
};

#define DEFINE_MUTEX(name)	struct mutex name

static inline void mutex_lock(struct mutex *lock)
{
	nfh_user_lock(true);
}

static inline void mutex_unlock(struct mutex *lock)
{
	nfh_user_lock(false);
}

#endif /* NFH_USER_MUTEX_H */
