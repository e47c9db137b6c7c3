// SPDX-License-Identifier: GPL-2.0
/*
 * Request and response, one at a time: how long a small datagram is on its way there and back.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "nfh-peer.h"

#define WARM_UP		50	/* exchanges that are not counted */

static int64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000LL + now.tv_nsec;
}

/* The echo of this very datagram; late ones of earlier exchanges are passed over. */
static bool echo_of(int fd, struct header head)
{
	uint8_t data[UDP_MAX];
	struct header got;
	ssize_t len;

	do {
		len = recv(fd, data, sizeof(data), 0);
		if (len < 0)
			return false;
		if (!payload_header(data, len, &got))
			die("corrupt: an echo of %zd bytes is not what was sent", len);
	} while (got.run != head.run || got.seq != head.seq);
	return true;
}

static int64_t exchange(int fd, size_t size, struct header head)
{
	uint8_t data[UDP_MAX];
	int64_t start;

	payload_make(data, size, head);
	start = now_ns();
	if (send(fd, data, size, 0) < 0)
		die("cannot send: %s", strerror(errno));
	if (!echo_of(fd, head))
		die("exchange %u: no echo in %lld ms", head.seq, (long long)opt.timeout_ms);
	return now_ns() - start;
}

static int longer(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

int cmd_rr(int argc, char **argv)
{
	struct header head = { .run = run_number() };
	unsigned int count, size = 64, i;
	int64_t *took, sum = 0;
	int fd;

	if (argc < 2 || argc > 3)
		usage("rr needs HOST COUNT [SIZE]");
	fd = socket_series(argc, argv, &count, &size);
	socket_timeouts(fd, (opt.timeout_ms + 999) / 1000);
	took = calloc(count, sizeof(*took));
	if (!took)
		die("out of memory for %u exchanges", count);
	for (i = 0; i < WARM_UP; i++, head.seq++)
		exchange(fd, size, head);
	for (i = 0; i < count; i++, head.seq++) {
		took[i] = exchange(fd, size, head);
		sum += took[i];
	}
	qsort(took, count, sizeof(*took), longer);
	printf("rr: %u exchanges of %u bytes, us: mean %.1f, p50 %.1f, p90 %.1f, p99 %.1f, max %.1f\n",
	       count, size, sum / 1e3 / count, took[count / 2] / 1e3, took[count * 9 / 10] / 1e3,
	       took[count * 99 / 100] / 1e3, took[count - 1] / 1e3);
	free(took);
	close(fd);
	return 0;
}
