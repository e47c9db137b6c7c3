// SPDX-License-Identifier: GPL-2.0
/*
 * A process for each case that the guest orders, one at a time
 *
 *	run ATTACK SEED SECONDS		a new vif
 *	adopt ATTACK SEED SECONDS	the vif that a dead backend has left
 *	stop				whatever runs is killed, the vif goes
 *	grants				how many entries of its table are in use
 *
 * An order begins with a number, which the reply repeats.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hostile.h"

#define ORDER_MS	20U

static pid_t worker;

static void reply(struct backend *b, const char *number, const char *text)
{
	char line[256];
	int n = snprintf(line, sizeof(line), "%s %s", number, text);

	xs_write(b->xs, XBT_NULL, store_word_path(b, "reply"), line, n);
}

/* Killed, unless it is over: what it had mapped goes with it. */
static void stop(void)
{
	if (worker <= 0)
		return;
	kill(worker, SIGKILL);
	waitpid(worker, NULL, 0);
	worker = 0;
}

/* The words of the case before must not meet the next one. */
static void hush(struct backend *b)
{
	xs_write(b->xs, XBT_NULL, store_word_path(b, "word"), "", 0);
	xs_write(b->xs, XBT_NULL, store_word_path(b, "answer"), "", 0);
}

static const char *start(struct backend *b, bool adopt, const char *name,
			 const char *seed, const char *seconds)
{
	const struct attack *attack = attack_find(name);

	if (!attack)
		return "there is no such attack";
	stop();
	hush(b);
	worker = fork();
	if (worker)
		return worker > 0 ? "ok" : "fork failed";
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	b->attack = attack;
	b->seed = strtoull(seed, NULL, 0) ?: 1;
	b->seconds = atoi(seconds);
	exit(case_run(b, adopt));
}

static void obey(struct backend *b, char *line)
{
	char *word[5] = { "", "", "", "", "" };
	char text[32];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(word) && line; i++)
		word[i] = strsep(&line, " ");
	if (!strcmp(word[1], "run") || !strcmp(word[1], "adopt")) {
		reply(b, word[0], start(b, word[1][0] == 'a', word[2], word[3],
					word[4]));
	} else if (!strcmp(word[1], "grants")) {
		snprintf(text, sizeof(text), "%u", vif_grants_used(b));
		reply(b, word[0], text);
	} else if (!strcmp(word[1], "stop")) {
		stop();
		store_remove(b);
		reply(b, word[0], "ok");
	} else {
		reply(b, word[0], "what?");
	}
}

int serve(struct backend *b, int domid, int home)
{
	char last[24] = "";

	b->domid = domid;
	b->home = home;
	b->xs = xs_open(0);
	if (!b->xs) {
		fprintf(stderr, "hostile: no xenstore\n");
		return 1;
	}
	for (;; usleep(ORDER_MS * 1000)) {
		unsigned int len;
		char *line = xs_read(b->xs, XBT_NULL,
				     store_word_path(b, "order"), &len);
		size_t n = line ? strcspn(line, " ") : 0;

		if (n && n < sizeof(last) &&
		    (strncmp(line, last, n) || last[n])) {
			snprintf(last, sizeof(last), "%.*s", (int)n, line);
			obey(b, line);
		}
		free(line);
	}
}
