// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel log: our words go there, so that they stand in order with the
 * kernel's own, which are counted and searched
 */
#include <errno.h>
#include <fcntl.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/klog.h>
#include <unistd.h>

#include "judge.h"

#define OURS		"nfh: "
#define LINE_MAX_BYTES	900
#define PATTERNS_MAX	64U
#define KLOG_CLEAR	5

static regex_t forbidden[PATTERNS_MAX], harmless[PATTERNS_MAX];
static unsigned int n_forbidden, n_harmless;
static int reader = -1;
static int writer = -1;
static unsigned int lines;
static char bad[300];

static void put(const char *fmt, va_list ap)
{
	char line[LINE_MAX_BYTES + 16];
	int n = snprintf(line, sizeof(line), "<6>" OURS);

	vsnprintf(line + n, LINE_MAX_BYTES, fmt, ap);
	if (writer < 0)
		writer = open("/dev/kmsg", O_WRONLY | O_CLOEXEC);
	/* a full log is no reason to end */
	if (write(writer, line, strlen(line)) < 0)
		return;
}

void note(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	put(fmt, ap);
	va_end(ap);
}

static void append(const char *path, const char *text)
{
	FILE *f = fopen(path, "a");

	if (!f)
		return;
	fprintf(f, "%s\n", text);
	fclose(f);
}

/* What stands beside the verdict. */
void remark(const char *fmt, ...)
{
	char text[400];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	append("/tmp/remark", text);
}

static void judge(bool good, const char *fmt, va_list ap)
{
	char what[256], text[300];

	vsnprintf(what, sizeof(what), fmt, ap);
	note("%s - %s", good ? "ok" : "not ok", what);
	if (good)
		return;
	snprintf(text, sizeof(text), "check failed: %s", what);
	append("/tmp/failed", text);
}

bool check(bool good, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	judge(good, fmt, ap);
	va_end(ap);
	return good;
}

/* Nothing that follows would make sense. */
void must(bool good, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	judge(good, fmt, ap);
	va_end(ap);
	if (!good)
		exit(1);
}

static unsigned int patterns(const char *path, regex_t *to, unsigned int n)
{
	FILE *f = fopen(path, "r");
	char line[256];

	while (f && n < PATTERNS_MAX && fgets(line, sizeof(line), f)) {
		line[strcspn(line, "\n")] = 0;
		if (regcomp(&to[n++], line, REG_EXTENDED | REG_NOSUB))
			must(false, "pattern '%s'", line);
	}
	if (!f)
		must(false, "%s", path);
	fclose(f);
	return n;
}

/* The log is read on from where the case before has ended. */
void log_begin(void)
{
	n_forbidden = patterns("/nfh/forbidden", forbidden, 0);
	n_harmless = patterns("/nfh/harmless", harmless, 0);
	n_harmless = patterns("/nfh/harmless-hostile", harmless, n_harmless);
	reader = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (reader < 0 || lseek(reader, 0, SEEK_DATA) < 0)
		must(false, "/dev/kmsg can be read");
	log_read();
	lines = 0;
}

static bool matches(const regex_t *pattern, unsigned int n, const char *line)
{
	while (n--)
		if (!regexec(&pattern[n], line, 0, NULL, 0))
			return true;
	return false;
}

/* A record as `dmesg` would show it. */
static void look_at(char *record)
{
	char *text = strchr(record, ';');
	char line[1100];

	if (!text)
		return;
	text++;
	text[strcspn(text, "\n")] = 0;
	if (!strncmp(text, OURS, strlen(OURS)))
		return;
	lines++;
	snprintf(line, sizeof(line), "[0.0] %.1000s", text);
	if (bad[0] || matches(harmless, n_harmless, line))
		return;
	if (matches(forbidden, n_forbidden, line))
		snprintf(bad, sizeof(bad), "%.290s", text);
}

void log_read(void)
{
	char record[8192];
	ssize_t n;

	for (;;) {
		n = read(reader, record, sizeof(record) - 1);
		/* EPIPE: some were overwritten, those that follow are there */
		if (n < 0 && errno != EPIPE && errno != EINTR)
			return;
		if (n <= 0)
			continue;
		record[n] = 0;
		look_at(record);
	}
}

/* Of the kernel, since the case began. */
unsigned int log_lines(void)
{
	log_read();
	return lines;
}

/* The first line with a forbidden word, or %NULL. */
const char *log_forbidden(void)
{
	log_read();
	return bad[0] ? bad : NULL;
}

void log_end(void)
{
	klogctl(KLOG_CLEAR, NULL, 0);
}
