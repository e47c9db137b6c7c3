// SPDX-License-Identifier: GPL-2.0
/*
 * nfh-hog SECONDS: computes as fast as it can for so long; prints how far it got, in rounds
 * a second
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
	double begin = now(), seconds = argc == 2 ? atof(argv[1]) : 0;
	volatile uint64_t x = 1;
	uint64_t rounds = 0;

	if (seconds <= 0) {
		fputs("usage: nfh-hog SECONDS\n", stderr);
		return 2;
	}
	while (now() - begin < seconds) {
		for (int i = 0; i < 100000; i++)
			x = x * 6364136223846793005ULL + 1;
		rounds++;
	}
	printf("%.0f\n", rounds / (now() - begin));
	return 0;
}
