// SPDX-License-Identifier: GPL-2.0
/*
 * Words to the backend, through the guest's own part of xenstore
 *
 * An order goes to the process in dom0 that begins and ends backends; a word
 * goes to the backend that is at work.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <xenstore.h>

#include "judge.h"

#define NEAR		"data/nfh-hostile"
#define FAR		"data/nfh-far"
#define ORDER_MS	20000

static struct xs_handle *xs;

/* A node of the backend at work. */
static const char *place(const char *node)
{
	static char path[48];

	snprintf(path, sizeof(path), "%s/%s", trial.far ? FAR : NEAR, node);
	return path;
}

/* A handle cannot be shared with the process that forked us. */
void word_open(void)
{
	xs = xs_open(0);
	if (!xs)
		must(false, "xenstore");
}

static void put(const char *path, const char *text)
{
	if (!xs)
		word_open();
	xs_write(xs, XBT_NULL, path, text, strlen(text));
}

/* To those in dom0 who follow the guest, as nfh-channel does. */
void event(const char *fmt, ...)
{
	char path[64], text[512] = "event ";
	static unsigned int n;
	size_t at = strlen(text);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text + at, sizeof(text) - at, fmt, ap);
	va_end(ap);
	snprintf(path, sizeof(path), "data/nfh/req/judge-%u", n++);
	put(path, text);
}

/* What follows WORD and a space in the node; false if it begins otherwise */
static bool get(const char *path, const char *word, char *rest,
		unsigned int size)
{
	unsigned int len;
	char *text = xs_read(xs, XBT_NULL, path, &len);
	size_t n = strlen(word);
	bool there;

	there = text && !strncmp(text, word, n) && text[n] == ' ';
	if (there)
		snprintf(rest, size, "%s", text + n + 1);
	free(text);
	return there;
}

/* @where: NEAR or FAR */
static bool vorder(const char *where, char *reply, unsigned int size,
		   const char *fmt, va_list ap)
{
	char text[256], number[24], path[48];
	u64 end = now_ms() + ORDER_MS;
	static unsigned int n;
	int at;

	snprintf(number, sizeof(number), "%d.%u", getpid(), n++);
	at = snprintf(text, sizeof(text), "%s ", number);
	vsnprintf(text + at, sizeof(text) - at, fmt, ap);
	snprintf(path, sizeof(path), "%s/order", where);
	put(path, text);
	snprintf(path, sizeof(path), "%s/reply", where);
	while (!get(path, number, reply, size)) {
		if (now_ms() > end) {
			note("no reply to: %s", text);
			return false;
		}
		nap(POLL_MS);
	}
	return true;
}

__printf(4, 5) static bool order(const char *where, char *reply,
				 unsigned int size, const char *fmt, ...)
{
	va_list ap;
	bool there;

	va_start(ap, fmt);
	there = vorder(where, reply, size, fmt, ap);
	va_end(ap);
	return there;
}

/* Only dom0 can read the guest's grant table. */
bool word_grants(char *count, unsigned int size)
{
	return order(NEAR, count, size, "grants");
}

bool order_ok(const char *fmt, ...)
{
	char reply[200] = "";
	va_list ap;
	bool good;

	va_start(ap, fmt);
	good = vorder(trial.far ? FAR : NEAR, reply, sizeof(reply), fmt, ap) &&
	       !strcmp(reply, "ok");
	va_end(ap);
	if (!good && reply[0])
		note("  the reply was: %s", reply);
	return good;
}

void word_say(const char *word)
{
	put(place("word"), word);
}

/* The answer: how often the attack has been carried out, what was seen. */
bool word_wait(const char *word, unsigned int milliseconds, unsigned int *count,
	       char *opinion, unsigned int size)
{
	u64 end = now_ms() + milliseconds;
	char rest[400], *space;

	while (!get(place("answer"), word, rest, sizeof(rest))) {
		if (now_ms() > end)
			return false;
		nap(POLL_MS);
	}
	*count = strtoul(rest, &space, 10);
	snprintf(opinion, size, "%s", *space ? space + 1 : space);
	return true;
}
