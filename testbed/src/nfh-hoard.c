// SPDX-License-Identifier: GPL-2.0
/*
 * nfh-hoard grants|ports SECONDS: in a guest: takes all grants, or all event channels, that
 * are left, says how many they were and keeps them for so long
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* As in the kernel's uapi/xen/gntalloc.h and evtchn.h, which cannot be included as they are. */
struct gntalloc_alloc {
	uint16_t domid, flags;
	uint32_t count;
	uint64_t index;
	uint32_t gref_ids[64];
};

struct evtchn_unbound {
	uint32_t remote_domain;
};

#define GNTALLOC_ALLOC_GREF _IOC(_IOC_NONE, 'G', 5, 24)
#define EVTCHN_BIND_UNBOUND_PORT _IOC(_IOC_NONE, 'E', 2, sizeof(struct evtchn_unbound))
#define MAX 40000

static int die(const char *what)
{
	fprintf(stderr, "nfh-hoard: %s: %s\n", what, strerror(errno));
	return 1;
}

/* Grants go by 64, then one by one. */
static int grants(int fd)
{
	struct gntalloc_alloc a = { .domid = 0, .count = 64 };
	int n = 0;

	while (n < MAX && a.count) {
		int count = a.count;

		if (!ioctl(fd, GNTALLOC_ALLOC_GREF, &a))
			n += count;
		else
			a.count = count > 1 ? 1 : 0;
	}
	return n;
}

static int ports(int fd)
{
	struct evtchn_unbound u = { .remote_domain = 0 };
	int n = 0;

	while (n < MAX && ioctl(fd, EVTCHN_BIND_UNBOUND_PORT, &u) > 0)
		n++;
	return n;
}

int main(int argc, char **argv)
{
	const char *file = "/dev/xen/gntalloc";
	int (*take)(int fd) = grants;
	int fd;

	if (argc != 3 || (strcmp(argv[1], "grants") && strcmp(argv[1], "ports"))) {
		fputs("usage: nfh-hoard grants|ports SECONDS\n", stderr);
		return 2;
	}
	if (!strcmp(argv[1], "ports")) {
		file = "/dev/xen/evtchn";
		take = ports;
	}
	fd = open(file, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return die(file);
	printf("took %d %s\n", take(fd), argv[1]);
	fflush(stdout);
	sleep(atoi(argv[2]));
	return 0;
}
