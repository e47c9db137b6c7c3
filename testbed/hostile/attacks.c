// SPDX-License-Identifier: GPL-2.0
/*
 * All attacks, by name
 */
#include <stdio.h>
#include <string.h>

#include "hostile.h"

static const struct attack * const tables[] = {
	attacks_honest,
	attacks_tx,
	attacks_rx,
	attacks_store,
	attacks_life,
	attacks_race,
	attacks_leak,
	attacks_queues,
};

static bool strike_nothing(struct backend *b)
{
	b->struck = 1;
	return true;
}

const struct attack attacks_honest[] = {
	{
		.name = "honest",
		.class = "none",
		.summary = "an honest backend, for comparison",
		.expect = "none",
		.flags = LIVES | TCP,
		.strike = strike_nothing,
	},
	{ }
};

const struct attack *attack_find(const char *name)
{
	const struct attack *a;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(tables); i++)
		for (a = tables[i]; a->name; a++)
			if (!strcmp(a->name, name))
				return a;
	return NULL;
}

/* Flags as words that a shell can look for. */
static void print_flags(unsigned int flags)
{
	static const char * const names[] = {
		"lives", "early", "tcp", "many", "down", "dead", "leak",
		"keep", "suspend", "queues", "moved", "vifs", "another",
		"fast",
	};
	unsigned int i;

	putchar(',');
	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (flags & (1U << i))
			printf("%s,", names[i]);
}

/* NAME|CLASS|FLAGS|EXPECT|ALSO|SUMMARY, one line each. */
void attack_list(void)
{
	const struct attack *a;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(tables); i++) {
		for (a = tables[i]; a->name; a++) {
			printf("%s|%s|", a->name, a->class);
			print_flags(a->flags);
			printf("|%s|%s|%s\n", a->expect, a->also ?: "",
			       a->summary);
		}
	}
}
