// SPDX-License-Identifier: GPL-2.0
/*
 * Time that never jumps, and numbers from the command line.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "nfh-peer.h"

static int64_t started_ms;

int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void clock_start(void)
{
	started_ms = now_ms();
}

double elapsed_s(void)
{
	return (now_ms() - started_ms) / 1000.0;
}

uint64_t number(const char *text, const char *what, uint64_t min, uint64_t max)
{
	char problem[160], *end;
	uint64_t value;

	errno = 0;
	value = strtoull(text, &end, 10);
	if (!errno && end != text && !*end && *text != '-' && value >= min && value <= max)
		return value;
	snprintf(problem, sizeof(problem), "%s: '%s' is not a number from %llu to %llu", what, text,
		 (unsigned long long)min, (unsigned long long)max);
	usage(problem);
}
