// SPDX-License-Identifier: GPL-2.0
/* Leaks memory on purpose: the negative test of the testbed's search with kmemleak. */
#include <linux/module.h>
#include <linux/slab.h>

/* Not in the init section, which is gone, and nobody's, when kmemleak looks. */
static noinline int leak(void)
{
	int i;

	for (i = 0; i < 64; i++)
		if (!kmalloc(192, GFP_KERNEL))
			return -ENOMEM;
	return 0;
}

static int __init nfh_leak_init(void)
{
	return leak();
}

static void __exit nfh_leak_exit(void)
{
}

module_init(nfh_leak_init);
module_exit(nfh_leak_exit);
MODULE_DESCRIPTION("leaks memory on purpose, for a negative test");
MODULE_LICENSE("GPL");
