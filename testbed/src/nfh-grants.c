// SPDX-License-Identifier: GPL-2.0
/*
 * nfh-grants DOMID       in dom0: how many grant entries of a domain are in use, read from its
 *                        grant table itself (Xen's own 'g' key shows only those that are mapped
 *                        at that moment)
 * nfh-grants hold N SEC  in a guest: keep N pages granted to dom0 for SEC seconds, to show that
 *                        the count above notices
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

/* As in the kernel's uapi/xen/privcmd.h and gntalloc.h, which cannot be included as they are. */
struct mmap_resource {
	uint16_t dom;
	uint32_t type, id, idx;
	uint64_t num, addr;
};

#define MMAP_RESOURCE _IOC(_IOC_NONE, 'P', 7, sizeof(struct mmap_resource))
#define RESOURCE_GRANT_TABLE 1

struct gntalloc_alloc {
	uint16_t domid, flags;
	uint32_t count;
	uint64_t index;
	uint32_t gref_ids[64];
};

#define GNTALLOC_ALLOC_GREF _IOC(_IOC_NONE, 'G', 5, 24)

struct grant_v1 {
	uint16_t flags, domid;
	uint32_t frame;
};

#define TYPE_MASK 3
#define IN_USE (8 | 16) /* GTF_reading | GTF_writing */
#define MAX_FRAMES 64

static int die(const char *what)
{
	fprintf(stderr, "nfh-grants: %s: %s\n", what, strerror(errno));
	return 2;
}

static int count(int domid)
{
	struct mmap_resource r = { .dom = domid, .type = RESOURCE_GRANT_TABLE };
	size_t used = 0, mapped = 0, i, size = MAX_FRAMES * 4096;
	int fd = open("/dev/xen/privcmd", O_RDWR | O_CLOEXEC);
	struct grant_v1 *table;

	if (fd < 0)
		return die("/dev/xen/privcmd");
	table = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (table == MAP_FAILED)
		return die("mmap");
	r.num = MAX_FRAMES;
	r.addr = (uintptr_t)table;
	if (ioctl(fd, MMAP_RESOURCE, &r))
		return die("map the grant table");
	for (i = 0; i < size / sizeof(*table); i++) {
		if (!(table[i].flags & TYPE_MASK))
			continue;
		used++;
		mapped += !!(table[i].flags & IN_USE);
	}
	printf("%zu used %zu mapped\n", used, mapped);
	return 0;
}

static int hold(int pages, int seconds)
{
	struct gntalloc_alloc a = { .domid = 0, .count = pages };
	int fd = open("/dev/xen/gntalloc", O_RDWR | O_CLOEXEC);

	if (fd < 0)
		return die("/dev/xen/gntalloc");
	if (pages < 1 || pages > 64 || ioctl(fd, GNTALLOC_ALLOC_GREF, &a))
		return die("allocate grants");
	printf("holding %d granted pages\n", pages);
	fflush(stdout);
	sleep(seconds);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 4 && !strcmp(argv[1], "hold"))
		return hold(atoi(argv[2]), atoi(argv[3]));
	if (argc == 2 && atoi(argv[1]) > 0)
		return count(atoi(argv[1]));
	fprintf(stderr, "usage: nfh-grants DOMID | nfh-grants hold PAGES SECONDS\n");
	return 2;
}
