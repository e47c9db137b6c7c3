// SPDX-License-Identifier: GPL-2.0
/*
 * nfh-hoard grants|ports SECONDS [RELEASE...]: in a guest: takes all grants, or all event
 * channels, that are left, says how many they were and keeps them for so long; at each
 * SIGUSR1 it releases the next RELEASE of them, or some more
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
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

struct gntalloc_dealloc {
	uint64_t index;
	uint32_t count;
};

struct evtchn_unbound {
	uint32_t remote_domain;
};

struct evtchn_port {
	uint32_t port;
};

#define GNTALLOC_ALLOC_GREF _IOC(_IOC_NONE, 'G', 5, 24)
#define GNTALLOC_DEALLOC_GREF _IOC(_IOC_NONE, 'G', 6, sizeof(struct gntalloc_dealloc))
#define EVTCHN_UNBIND _IOC(_IOC_NONE, 'E', 3, sizeof(struct evtchn_port))
#define EVTCHN_BIND_UNBOUND_PORT _IOC(_IOC_NONE, 'E', 2, sizeof(struct evtchn_unbound))
#define MAX 40000

/* What was taken, in order: grants by the index of the file, ports by their number. */
static struct piece {
	uint64_t index;
	uint32_t port;
	int count;
} pieces[MAX];
static int n_pieces;

static void took(uint64_t index, uint32_t port, int count)
{
	pieces[n_pieces++] = (struct piece){ index, port, count };
}

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

		if (!ioctl(fd, GNTALLOC_ALLOC_GREF, &a)) {
			took(a.index, 0, count);
			n += count;
		} else {
			a.count = count > 1 ? 1 : 0;
		}
	}
	return n;
}

static int ports(int fd)
{
	struct evtchn_unbound u = { .remote_domain = 0 };
	int n = 0, port;

	while (n < MAX && (port = ioctl(fd, EVTCHN_BIND_UNBOUND_PORT, &u)) > 0) {
		took(0, port, 1);
		n++;
	}
	return n;
}

static bool give_back(int fd, const struct piece *p)
{
	struct gntalloc_dealloc grants = { .index = p->index, .count = p->count };
	struct evtchn_port port = { .port = p->port };

	if (p->port)
		return !ioctl(fd, EVTCHN_UNBIND, &port);
	return !ioctl(fd, GNTALLOC_DEALLOC_GREF, &grants);
}

/* The last ones first: of grants these were taken one by one. */
static int release(int fd, int wanted)
{
	int n = 0;

	while (n < wanted && n_pieces && give_back(fd, &pieces[n_pieces - 1]))
		n += pieces[--n_pieces].count;
	return n;
}

static volatile sig_atomic_t asked;

static void on_signal(int number)
{
	(void)number;
	asked++;
}

/* A signal ends the pause; what it asks for is done, and the pause goes on. */
static void keep(int fd, unsigned int seconds, char **releases, int n)
{
	int i = 0;

	while (seconds) {
		seconds = sleep(seconds);
		for (; i < asked && i < n; i++) {
			printf("released %d\n", release(fd, atoi(releases[i])));
			fflush(stdout);
		}
	}
}

int main(int argc, char **argv)
{
	const char *file = "/dev/xen/gntalloc";
	int (*take)(int fd) = grants;
	int fd;

	if (argc < 3 || (strcmp(argv[1], "grants") && strcmp(argv[1], "ports"))) {
		fputs("usage: nfh-hoard grants|ports SECONDS [RELEASE...]\n", stderr);
		return 2;
	}
	if (!strcmp(argv[1], "ports")) {
		file = "/dev/xen/evtchn";
		take = ports;
	}
	fd = open(file, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return die(file);
	signal(SIGUSR1, on_signal);
	printf("took %d %s\n", take(fd), argv[1]);
	fflush(stdout);
	keep(fd, atoi(argv[2]), argv + 3, argc - 3);
	return 0;
}
