// SPDX-License-Identifier: GPL-2.0
/*
 * The guest's other work, in small: a thread that wakes up every 10 ms and
 * takes RTNL every 100 ms (the flags of the loopback device are written back
 * as they are), and remembers how long that took at worst
 */
#include <net/if.h>
#include <pthread.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>

#include "judge.h"

#define BEAT_MS		10
#define RTNL_EVERY	10U

static pthread_t thread;
static bool stop;
static long longest_gap;
static long longest_rtnl;

u64 now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000ULL + t.tv_nsec / 1000000;
}

void nap(unsigned int milliseconds)
{
	const struct timespec t = {
		.tv_sec = milliseconds / 1000,
		.tv_nsec = milliseconds % 1000 * 1000000L,
	};

	nanosleep(&t, NULL);
}

static long take_rtnl(int fd)
{
	struct ifreq ifr = { .ifr_name = "lo" };
	u64 begin = now_ms();

	if (ioctl(fd, SIOCGIFFLAGS, &ifr) || ioctl(fd, SIOCSIFFLAGS, &ifr))
		return 1000000;
	return now_ms() - begin;
}

static void *beat(void *arg)
{
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	u64 last = now_ms();
	unsigned int n;

	(void)arg;
	for (n = 0; !__atomic_load_n(&stop, __ATOMIC_ACQUIRE); n++) {
		long gap, rtnl;

		nap(BEAT_MS);
		rtnl = n % RTNL_EVERY ? 0 : take_rtnl(fd);
		gap = now_ms() - last;
		last += gap;
		longest_rtnl = rtnl > longest_rtnl ? rtnl : longest_rtnl;
		longest_gap = gap > longest_gap ? gap : longest_gap;
	}
	return NULL;
}

void beat_begin(void)
{
	must(!pthread_create(&thread, NULL, beat, NULL), "the heart beats");
}

/* A beat that does not end is a guest that hangs: dom0 notices. */
void beat_end(long *gap, long *rtnl)
{
	__atomic_store_n(&stop, true, __ATOMIC_RELEASE);
	pthread_join(thread, NULL);
	*gap = longest_gap;
	*rtnl = longest_rtnl;
}
