/* SPDX-License-Identifier: GPL-2.0 */
#ifndef NFH_USER_WORKQUEUE_H
#define NFH_USER_WORKQUEUE_H

#include "types.h"

struct work_struct {
	void (*func)(struct work_struct *work);
};

struct delayed_work {
	struct work_struct work;
};

#define DECLARE_DELAYED_WORK(name, function) \
	struct delayed_work name = { .work.func = (function) }

static inline bool schedule_delayed_work(struct delayed_work *work,
					 unsigned long delay)
{
	nfh_user_work_schedule(&work->work, delay);
	return true;
}

/* What is scheduled next takes the place of what is cancelled. */
static inline bool cancel_delayed_work(struct delayed_work *work)
{
	return false;
}

static inline bool cancel_delayed_work_sync(struct delayed_work *work)
{
	nfh_user_work_cancel();
	return true;
}

static inline long schedule_timeout_uninterruptible(long timeout)
{
	nfh_user_sleep();
	return 0;
}

#endif /* NFH_USER_WORKQUEUE_H */
