/* SPDX-License-Identifier: GPL-2.0 */
#ifndef NFH_USER_PRINTK_H
#define NFH_USER_PRINTK_H

#define KBUILD_MODNAME		"nfh"

/* Nobody reads it; the arguments are still checked. */
static inline __attribute__((format(printf, 1, 2))) void
nfh_user_print(const char *format, ...)
{
}

#define pr_warn(...)		nfh_user_print(__VA_ARGS__)
#define pr_warn_ratelimited(...) nfh_user_print(__VA_ARGS__)
#define pr_info(...)		nfh_user_print(__VA_ARGS__)

#endif /* NFH_USER_PRINTK_H */
