// SPDX-License-Identifier: GPL-2.0
/*
 * The list of sizes to send: SIZE, FROM-TO or FROM-TO/STEP, any number of them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nfh-peer.h"

void sizes_rewind(struct sizes *sizes)
{
	sizes->at = 0;
	sizes->next = sizes->count ? sizes->ranges[0].from : 0;
}

void sizes_add(struct sizes *sizes, struct range range)
{
	sizes->ranges = reallocarray(sizes->ranges, sizes->count + 1, sizeof(range));
	if (!sizes->ranges)
		die("out of memory for the list of sizes");
	sizes->ranges[sizes->count++] = range;
	sizes->total += (range.to - range.from) / range.step + 1;
	sizes_rewind(sizes);
}

static struct range range_parse(char *word, unsigned int min, unsigned int max)
{
	struct range range = { .step = 1 };
	char *dash = strchr(word, '-');
	char *slash = strchr(word, '/');

	if (slash) {
		*slash = '\0';
		range.step = number(slash + 1, "step", 1, max);
	}
	if (dash)
		*dash = '\0';
	range.from = number(word, "size", min, max);
	range.to = dash ? number(dash + 1, "last size", range.from, max) : range.from;
	return range;
}

void sizes_parse(struct sizes *sizes, char *const *words, int count, unsigned int min,
		 unsigned int max)
{
	char *word;
	int i;

	for (i = 0; i < count; i++) {
		word = strdup(words[i]);
		if (!word)
			die("out of memory for the list of sizes");
		sizes_add(sizes, range_parse(word, min, max));
		free(word);
	}
}

bool sizes_next(struct sizes *sizes, unsigned int *size)
{
	const struct range *range;

	if (sizes->at == sizes->count)
		return false;
	range = &sizes->ranges[sizes->at];
	*size = sizes->next;
	if (range->to - sizes->next >= range->step)
		sizes->next += range->step;
	else if (++sizes->at < sizes->count)
		sizes->next = sizes->ranges[sizes->at].from;
	return true;
}
