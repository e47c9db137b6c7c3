/* SPDX-License-Identifier: GPL-2.0 */
/*
 * nfh-judge: one case of the hostile backend, judged in the guest
 *
 * One program for all of a case, because in an emulated guest the start of a
 * program costs more than what it does.
 *
 * judge.c       the case from an honest start to an honest end
 * judge-beat.c  the guest's other work, in small
 * judge-log.c   words to the kernel log, and what the kernel says there
 * judge-nic.c   the interface, its driver, its traffic
 * judge-word.c  words to the backend, through xenstore
 */
#ifndef JUDGE_H
#define JUDGE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>

#define IFACE		"eth0"
#define GUEST_ADDRESS	"10.9.0.2"
#define DOM0_ADDRESS	"10.9.0.1"
#define POLL_MS		10

typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;

#define __printf(a, b)	__attribute__((format(printf, a, b)))
#define __aligned(n)	__attribute__((aligned(n)))

/**
 * struct trial - what is judged
 * @driver: "ours" or "stock"
 * @module: file of the driver, if it is ours
 * @debug: on the debug kernel, which is slow
 * @queues: for the driver
 * @far: the backend is in a driver domain
 * @name: of the attack
 * @class: of the attack
 * @seed: for the backend
 * @seconds: of attacks that take a time; 0: as they have it
 * @flags: of the attack, each between commas
 * @expect: counters of which one must move, or "none", or "any"
 * @also: counters that may move besides
 */
struct trial {
	const char *driver;
	const char *module;
	bool debug;
	unsigned int queues;
	bool far;
	const char *name;
	char class[24];
	const char *seed;
	const char *seconds;
	char flags[128];
	char expect[256];
	char also[256];
};

extern struct trial trial;

bool has(const char *flag);
bool ours(void);

/* judge-log.c */
void note(const char *fmt, ...) __printf(1, 2);
void remark(const char *fmt, ...) __printf(1, 2);
bool check(bool good, const char *fmt, ...) __printf(2, 3);
void must(bool good, const char *fmt, ...) __printf(2, 3);
void log_begin(void);
void log_read(void);
unsigned int log_lines(void);
const char *log_forbidden(void);
void log_end(void);

/* judge-beat.c */
u64 now_ms(void);
void nap(unsigned int milliseconds);
void beat_begin(void);
void beat_end(long *gap, long *rtnl);

/* judge-word.c */
void word_open(void);
void event(const char *fmt, ...) __printf(1, 2);
bool word_grants(char *count, unsigned int size);
bool order_ok(const char *fmt, ...) __printf(1, 2);
void word_say(const char *word);
bool word_wait(const char *word, unsigned int milliseconds, unsigned int *count,
	       char *opinion, unsigned int size);

/* judge-nic.c */
#define COUNTERS_MAX	64U

/**
 * struct counter - one that is not zero
 * @name: as in `ethtool -S`
 * @value: of it
 */
struct counter {
	char name[40];
	u64 value;
};

bool run(unsigned int milliseconds, const char * const argv[]);
bool driver_load(void);
bool driver_unload(void);
bool driver_bind(void);
bool vif_gone(void);
bool link_exists(void);
int link_index(void);
bool link_set(bool up);
bool link_carrier(void);
bool link_address(void);
bool nic_stats(struct counter *counters, unsigned int *n, u64 *links);
bool ping(unsigned int milliseconds);
void traffic_start(void);
void traffic_stop(void);

#endif /* JUDGE_H */
