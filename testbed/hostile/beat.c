// SPDX-License-Identifier: GPL-2.0
/*
 * nfh-beat IFACE: the guest's other work, in small
 *
 * Wakes up every 10 ms, and takes RTNL every 100 ms (the flags of the loopback
 * device are written back as they are).  When told to end, it says how long
 * the longest gap was, and how long RTNL was waited for at most.
 */
#include <net/if.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>

static long now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000L + t.tv_nsec / 1000000;
}

static long take_rtnl(int fd)
{
	struct ifreq ifr = { .ifr_name = "lo" };
	long begin = now_ms();

	if (ioctl(fd, SIOCGIFFLAGS, &ifr) || ioctl(fd, SIOCSIFFLAGS, &ifr))
		return 1000000;
	return now_ms() - begin;
}

int main(void)
{
	const struct timespec nap = { .tv_nsec = 10000000 };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	sigset_t end;
	long gap = 0, rtnl = 0, last = now_ms(), n;

	sigemptyset(&end);
	sigaddset(&end, SIGTERM);
	sigprocmask(SIG_BLOCK, &end, NULL);
	for (n = 0; sigtimedwait(&end, NULL, &nap) != SIGTERM; n++) {
		if (!(n % 10)) {
			long waited = take_rtnl(fd);

			rtnl = waited > rtnl ? waited : rtnl;
		}
		if (now_ms() - last > gap)
			gap = now_ms() - last;
		last = now_ms();
	}
	printf("%ld %ld\n", gap, rtnl);
	return 0;
}
