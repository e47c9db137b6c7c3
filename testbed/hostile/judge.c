// SPDX-License-Identifier: GPL-2.0
/*
 * nfh-judge: each case from an honest start to an honest end
 *
 *	nfh-judge DRIVER MODULE KERNEL SEED <JOBS
 *
 * A line of JOBS is "hostile/ATTACK QUEUES SECONDS", or planted/ATTACK for a
 * driver with bugs, or far/ATTACK for a backend in a driver domain.  Each is a
 * process of its own; its words go to the kernel log, what failed to
 * /tmp/failed, what is to stand beside the verdict to /tmp/remark.  A case that
 * failed is the last one, unless it was to fail: it may have left something
 * behind, and those that follow get another guest.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "judge.h"

#define LOG_LINES_MAX	20U
/* of faults, 10 in 5 s, and what the kernel says of the rest */
#define LINES_A_SECOND	3U
/* 5 s for a backend that does not close, 5 s for one that keeps pages */
#define UNLOAD_MS_MAX	13000U
#define ANSWER_MS_MAX	5000U
/* an emulated machine on a busy host stands still by itself */
#define GAP_MS_MAX	(trial.debug ? 6000 : 3000)
#define FILL_MS		60000U
#define APPEAR_MS	20000U
#define CARRIER_MS	15000U
#define STRIKE_MS	90000U
#define LOOK_MS		500U
#define SETTLE_MS	100U
#define COUNT_MS	1500U
#define GRANTS_MS	15000U
#define GRANTS_KEPT_MS	75000U
/* the first connection after a fault comes after 1 s; see the back-off */
#define ALONE_MS	10000U
#define ALONE_LATER_MS	1600U
#define RECOVER_MS	20000U
/* pages in quarantine, of one backend; connections made and given back */
#define GRANTS_MOST	(4096 + 2 * 514 * trial.queues + 64)

struct trial trial;

static char grants_before[32];
static struct counter counters[COUNTERS_MAX];
static unsigned int n_counters;
static u64 connections;
static int index_before;
static unsigned int unload_ms;
static unsigned int strikes;
static long gap, rtnl;
static char back[64];
static unsigned int grants_most;
static bool adopted;
static bool as_new;

#define AS_NEW	3	/* exit status: traffic after the driver was loaded anew */

bool has(const char *flag)
{
	char word[24];

	snprintf(word, sizeof(word), ",%s,", flag);
	return strstr(trial.flags, word);
}

bool ours(void)
{
	return !strcmp(trial.driver, "ours");
}

/* NAME|CLASS|FLAGS|EXPECT|ALSO|SUMMARY */
static bool find_attack(void)
{
	FILE *f = fopen("/nfh/attacks", "r");
	char line[512], *at, *word[5];
	bool found = false;
	unsigned int i;

	while (f && !found && fgets(line, sizeof(line), f)) {
		at = line;
		for (i = 0; i < 5; i++)
			word[i] = strsep(&at, "|");
		found = at && !strcmp(word[0], trial.name);
	}
	if (f)
		fclose(f);
	if (!found)
		return false;
	snprintf(trial.class, sizeof(trial.class), "%s", word[1]);
	snprintf(trial.flags, sizeof(trial.flags), "%s", word[2]);
	snprintf(trial.expect, sizeof(trial.expect), "%s", word[3]);
	snprintf(trial.also, sizeof(trial.also), "%s", word[4]);
	if (has("queues"))
		trial.queues = 4;
	return true;
}

static bool wait_until(bool (*done)(void), unsigned int milliseconds)
{
	u64 end = now_ms() + milliseconds;

	while (!done()) {
		if (now_ms() > end)
			return false;
		nap(POLL_MS);
	}
	return true;
}

static bool grants_back(void)
{
	char now[32];

	return word_grants(now, sizeof(now)) && !strcmp(now, grants_before);
}

/* Counted once in a guest, before the driver was ever loaded. */
static void first_grants(void)
{
	FILE *f = fopen("/tmp/before", "r");

	if (f && fgets(grants_before, sizeof(grants_before), f)) {
		fclose(f);
		return;
	}
	must(word_grants(grants_before, sizeof(grants_before)),
	     "grants can be counted");
	f = fopen("/tmp/before", "w");
	fputs(grants_before, f);
	fclose(f);
}

/* The bound on memory, seen from outside while it may grow. */
static void grants_look(void)
{
	char text[32];
	unsigned int now;

	if (!word_grants(text, sizeof(text)))
		return;
	now = strtoul(text, NULL, 10);
	if (now > grants_most)
		grants_most = now;
}

static bool backend_start(const char *verb, const char *attack)
{
	return order_ok("%s %s %s %s", verb, attack, trial.seed, trial.seconds);
}

static bool interface_up(void)
{
	return link_set(true) && wait_until(link_carrier, CARRIER_MS) &&
	       link_address();
}

static bool canary(const char *where, const char *amount)
{
	return run(FILL_MS, (const char * const []) {
		   "nfh-canary", where, amount, NULL });
}

/*
 * What is freed now is what pages and skbs are made of later.  Before there is a
 * backend, as an emulated kernel under KASAN takes its time.
 */
static void fill_memory(void)
{
	must(canary("fill", "40") && canary("slab", "200"),
	     "memory is full of the canary");
}

/* Interface up, traffic both ways, before anything happens. */
static void scene(void)
{
	must(wait_until(link_exists, APPEAR_MS), "the interface appears");
	must(interface_up(), "interface comes up");
	index_before = link_index();
	traffic_start();
	must(ping(8000), "honest traffic flows");
}

static void command_recovery(void)
{
	run(10000, (const char * const []) {
	    "devlink", "health", "recover", "xen/vif-0", "reporter", "backend",
	    NULL });
}

/* One that takes its time gets one connection after the other. */
static bool struck(char *opinion, unsigned int size)
{
	const unsigned int seconds = atoi(trial.seconds);
	u64 end = now_ms() + STRIKE_MS + seconds * 1000;

	while (!word_wait("attack", LOOK_MS, &strikes, opinion, size)) {
		if (now_ms() > end)
			return false;
		grants_look();
		if (seconds && ours() && link_exists() && !link_carrier())
			command_recovery();
	}
	return true;
}

/* The attack must have happened at least once. */
static bool strike(void)
{
	char opinion[300] = "";
	bool answered;

	if (!has("early"))
		word_say("attack");
	if (has("down")) {
		nap(200);
		link_set(false);
	}
	if (has("suspend"))
		check(run(60000, (const char * const []) {
			  "nfh-channel", "call", "nfh-checkpoint", NULL }),
		      "the guest is suspended and goes on");
	answered = struck(opinion, sizeof(opinion));
	if (has("down"))
		link_set(true);
	note("  attack %u %s", strikes, opinion);
	return answered && strikes;
}

static bool listed(const char *list, const char *name)
{
	const char *at = strstr(list, name);
	size_t n = strlen(name);

	return at && (at == list || at[-1] == ' ') &&
	       (!at[n] || at[n] == ' ');
}

static bool counters_read(void)
{
	if (nic_stats(counters, &n_counters, &connections))
		return true;
	n_counters = 0;
	return !link_exists();
}

/* Of stock, and of some attacks, nothing is known. */
static bool any_counters(void)
{
	return !ours() || !strcmp(trial.expect, "any");
}

static bool expected(void)
{
	unsigned int i;

	for (i = 0; i < n_counters; i++)
		if (listed(trial.expect, counters[i].name))
			return true;
	return !strcmp(trial.expect, "none");
}

/* Nothing but those that may move. */
static bool no_other(void)
{
	unsigned int i;

	if (!counters_read())
		return false;
	if (any_counters())
		return true;
	for (i = 0; i < n_counters; i++)
		if (!listed(trial.expect, counters[i].name) &&
		    !listed(trial.also, counters[i].name))
			return false;
	return true;
}

/* And one of those expected. */
static bool counters_judged(void)
{
	return no_other() && (any_counters() || expected());
}

static const char *moved(void)
{
	static char text[300];
	unsigned int i, at = 0;

	text[0] = 0;
	for (i = 0; i < n_counters && at < sizeof(text); i++)
		at += snprintf(text + at, sizeof(text) - at, "%s=%llu ",
			       counters[i].name,
			       (unsigned long long)counters[i].value);
	return text;
}

/*
 * The backend is honest, or honest again: every byte comes back, none late.
 * Alone, as the load fills whatever buffer it finds.
 */
static bool carries(void)
{
	traffic_stop();
	return ping(8000) && run(40000, (const char * const []) {
		"nfh-peer", "--max-retries", "0", "--timeout", "10000", "udp",
		DOM0_ADDRESS, "100-1400/300", NULL });
}

static bool answers_in_time(bool (*what)(void))
{
	u64 begin = now_ms();

	return what() && now_ms() - begin <= ANSWER_MS_MAX;
}

static bool goes_down(void)
{
	return link_set(false);
}

static bool goes_up(void)
{
	return link_set(true);
}

static bool shows_counters(void)
{
	return nic_stats(counters, &n_counters, &connections);
}

static void verdict(void)
{
	bool good;

	nap(SETTLE_MS);
	grants_look();
	good = wait_until(counters_judged, COUNT_MS);
	check(good, "counters: %s; moved: %s", trial.expect, moved());
	if (has("lives")) {
		if (has("early"))
			check(wait_until(link_exists, APPEAR_MS) &&
			      interface_up(), "interface comes up");
		check(carries(), "traffic goes on");
	}
	if (!link_exists())
		return;
	check(answers_in_time(goes_down), "the interface goes down");
	check(answers_in_time(goes_up), "the interface goes up");
	check(answers_in_time(shows_counters), "its counters can be read");
}

/* A device that xenbus gave up before the driver saw it: the operator binds. */
static bool there(void)
{
	if (link_exists())
		return true;
	if (driver_bind())
		snprintf(back, sizeof(back), "bound by hand, ");
	return false;
}

/* Carrier alone may be that of the old connection. */
static bool reached(void)
{
	return link_carrier() && ping(200);
}

/* So many connections have ended in a row that the next one has to wait. */
static bool backed_off(void)
{
	return atoi(trial.seconds) || !strcmp(trial.class, "grants kept") ||
	       !strcmp(trial.class, "xenstore states");
}

/* Connected again by itself; where the back-off has grown, on command. */
static bool recovered(void)
{
	const bool later = backed_off();
	u64 begin = now_ms();
	bool alone = wait_until(reached, later ? ALONE_LATER_MS : ALONE_MS);
	size_t at = strlen(back);

	if (!alone) {
		if (!later)
			return false;
		command_recovery();
	}
	if (!wait_until(reached, RECOVER_MS))
		return false;
	snprintf(back + at, sizeof(back) - at, "back after %u ms %s, ",
		 (unsigned int)(now_ms() - begin),
		 alone ? "by itself" : "on command");
	return true;
}

/* A good backend in the same place: the driver stays, and so does its vif. */
static void recover(void)
{
	char opinion[300];
	unsigned int count;

	traffic_stop();
	if (has("dead")) {
		adopted = backend_start("adopt", "honest");
		check(adopted, "a backend is there");
	} else {
		word_say("honest");
		check(word_wait("honest", 10000, &count, opinion,
				sizeof(opinion)), "the backend turns honest");
	}
	check(wait_until(there, APPEAR_MS), "the interface is there");
	check(link_set(true) && link_address() && recovered(),
	      "a connection again");
	check(carries(), "a good backend carries traffic");
	check(!index_before || has("another") ||
	      link_index() == index_before,
	      "the net device is the same");
}

/* What the attack has set off may have come after the first look. */
static void last_look(void)
{
	bool good = no_other();

	check(good, "no other counter: %s", moved());
	if (has("lives") && !has("early") && link_exists())
		check(connections == 1, "one connection was enough, not %llu",
		      (unsigned long long)connections);
}

static void unload(void)
{
	u64 begin = now_ms();
	bool gone = driver_unload();

	unload_ms = now_ms() - begin;
	check(gone, "driver unloads");
	check(unload_ms <= UNLOAD_MS_MAX, "in %u ms, %u are allowed",
	      unload_ms, UNLOAD_MS_MAX);
}

static void other_work(void)
{
	beat_end(&gap, &rtnl);
	check(gap <= GAP_MS_MAX && rtnl <= GAP_MS_MAX,
	      "other work went on: longest gap %ld ms, RTNL %ld ms, %d are allowed",
	      gap, rtnl, GAP_MS_MAX);
}

static void quit(void)
{
	char opinion[300] = "no opinion";
	unsigned int count;
	bool content;

	if (has("dead") && !adopted) {
		check(order_ok("stop"), "the backend is gone");
		return;
	}
	word_say("quit");
	content = word_wait("quit", 10000, &count, opinion, sizeof(opinion)) &&
		  !strcmp(opinion, "ok");
	check(content, "the backend has seen nothing bad: %s", opinion);
}

static void release(void)
{
	char opinion[300];
	unsigned int count;

	if (has("dead"))
		return;
	word_say("release");
	check(word_wait("release", 20000, &count, opinion, sizeof(opinion)),
	      "the backend lets go");
}

static void grants_returned(void)
{
	check(wait_until(grants_back, has("keep") ? GRANTS_KEPT_MS : GRANTS_MS),
	      "grants are back to: %s", grants_before);
}

/* A good backend gets traffic through, with the driver loaded anew. */
static void begin_again(void)
{
	bool carried, gone;

	must(driver_load(), "driver loads again");
	must(wait_until(vif_gone, APPEAR_MS), "the vif is gone");
	must(backend_start("run", "honest"), "a good backend starts");
	must(wait_until(link_exists, APPEAR_MS), "the interface appears again");
	must(interface_up(), "interface comes up again");
	carried = carries();
	check(carried, "a good backend carries traffic");
	word_say("quit");
	check(wait_until(vif_gone, APPEAR_MS), "the vif is gone again");
	gone = driver_unload();
	check(gone, "driver unloads again");
	as_new = carried && gone;
}

/*
 * Where the attack goes on while the driver is unloaded it cannot recover, and
 * of stock it is not asked that it can: they are loaded anew.
 */
static void end(void)
{
	bool anew = has("keep") || (!ours() && !has("lives"));
	unsigned int lines_max = LOG_LINES_MAX + (has("vifs") ? strikes : 0) +
				 atoi(trial.seconds) * LINES_A_SECOND;
	unsigned int lines;

	if (!anew && !has("lives"))
		recover();
	traffic_stop();
	if (ours())
		last_look();
	/* the scanner has all pages mapped */
	if ((anew || has("leak")) && !has("keep"))
		release();
	unload();
	other_work();
	if (has("keep"))
		release();
	check(!ours() || grants_most <= GRANTS_MOST,
	      "%u grants at most, %u are allowed", grants_most, GRANTS_MOST);
	grants_returned();
	quit();
	lines = log_lines();
	check(lines <= lines_max, "%u lines in the log, %u allowed", lines,
	      lines_max);
	if (anew)
		begin_again();
}

/* A backend in another domain is told a secret, then the vif moves to dom0. */
static void before_the_move(void)
{
	trial.far = true;
	must(backend_start("run", "honest"), "a backend in a driver domain");
	must(wait_until(link_exists, APPEAR_MS) && interface_up() && ping(8000),
	     "traffic with it");
	must(run(20000, (const char * const []) {
	     "nfh-canary", "shout", DOM0_ADDRESS, "600", NULL }),
	     "it gets to know the canary");
	must(order_ok("stop"), "the vif is taken away from it");
	must(wait_until(vif_gone, APPEAR_MS), "no vif is there any more");
	trial.far = false;
}

static void judge_case(void)
{
	first_grants();
	must(wait_until(vif_gone, APPEAR_MS), "no vif is there");
	if (has("leak"))
		fill_memory();
	must(driver_load(), "driver loads");
	if (has("moved"))
		before_the_move();
	must(backend_start("run", trial.name), "the backend starts");
	beat_begin();
	if (!has("early"))
		scene();
	must(strike(), "the attack happens");
	verdict();
	end();
	remark("%u strikes, %s%sgap %ld ms, RTNL %ld ms, unload %u ms, %u grants",
	       strikes, back, moved(), gap, rtnl, unload_ms, grants_most);
}

/* However the case has ended. */
static void conclude(void)
{
	traffic_stop();
	if (log_forbidden())
		check(false, "forbidden word in the log: %s", log_forbidden());
	log_end();
}

/* Returns the exit status: 0 or AS_NEW. */
static int try(void)
{
	atexit(conclude);
	log_begin();
	must(find_attack(), "there is an attack '%s'", trial.name);
	word_open();
	judge_case();
	return as_new ? AS_NEW : 0;
}

/* The first line of a file, without its end; empty if there is none. */
static const char *first_line(const char *path)
{
	static char line[300];
	FILE *f = fopen(path, "r");

	if (!f || !fgets(line, sizeof(line), f))
		line[0] = 0;
	if (f)
		fclose(f);
	line[strcspn(line, "\n")] = 0;
	return line;
}

/*
 * One job of its own process.  True if the guest is fit for the next one: it
 * passed, or was meant to fail, or is the kernel's driver, which often fails,
 * and carried traffic in the end.
 */
static bool job_done(const char *job)
{
	const char *reason, *reloaded;
	bool passed, fit;
	int status, code;
	pid_t pid;

	unlink("/tmp/failed");
	unlink("/tmp/remark");
	event("begin %s", job);
	note("begin %s", job);
	if (atoi(trial.seconds))
		event("phase %d attack of %s s", atoi(trial.seconds) + 150,
		      trial.seconds);
	pid = fork();
	if (!pid)
		exit(try());
	waitpid(pid, &status, 0);
	code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	fit = !ours() && code == AS_NEW;
	passed = (!code || code == AS_NEW) && access("/tmp/failed", F_OK);
	reason = first_line(passed ? "/tmp/remark" : "/tmp/failed");
	if (!passed && !*reason)
		reason = "the judge did not get to the end";
	reloaded = fit && !passed ? "; traffic again after a reload" : "";
	note("end %s %s %s%s", job, passed ? "pass" : "fail", reason, reloaded);
	event("end %s %s %s%s", job, passed ? "pass" : "fail", reason,
	      reloaded);
	return passed || fit || !strncmp(job, "planted/", 8);
}

int main(int argc, char **argv)
{
	char job[64], seconds[16], *name, *line;
	static char jobs[65536];

	if (argc != 5) {
		fprintf(stderr,
			"usage: nfh-judge DRIVER MODULE KERNEL SEED <JOBS\n");
		return 2;
	}
	trial.driver = argv[1];
	trial.module = argv[2];
	trial.debug = !strcmp(argv[3], "debug");
	trial.seed = argv[4];
	/* all of it now: children that exit would move the file's position */
	if (!fread(jobs, 1, sizeof(jobs) - 1, stdin))
		return 2;
	for (line = strtok(jobs, "\n"); line; line = strtok(NULL, "\n")) {
		if (sscanf(line, "%63s %u %15s", job, &trial.queues,
			   seconds) != 3)
			return 2;
		name = strchr(job, '/');
		if (!name || !strcmp(name, "/leftovers"))
			continue;
		trial.name = name + 1;
		trial.far = !strncmp(job, "far/", 4);
		trial.seconds = seconds;
		if (!job_done(job))
			return 1;
	}
	return 0;
}
