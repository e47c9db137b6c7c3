/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Time passes when somebody sleeps, and pages that are used more than once:
 * what the suites need and the driver's pure files do not
 */
#ifndef NFH_USER_DELAY_H
#define NFH_USER_DELAY_H

#include <linux/types.h>

struct delayed_work;
struct page;

void msleep(unsigned int ms);
void get_page(struct page *page);
void put_page(struct page *page);
struct page *virt_to_page(const void *at);
bool flush_delayed_work(struct delayed_work *work);

#endif /* NFH_USER_DELAY_H */
