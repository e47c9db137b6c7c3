/* SPDX-License-Identifier: GPL-2.0 */
/*
 * nfh-peer: sends data whose every byte it can predict, and compares what the other side echoes.
 */
#ifndef NFH_PEER_H
#define NFH_PEER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#define PEER_ETHERTYPE	0x88B5	/* IEEE local experimental: nobody else answers it */
#define PEER_UDP_PORT	7777
#define PEER_TCP_PORT	7778
#define ETH_HEAD	14
#define SERIES_MAX	1000000	/* datagrams that follow each other */
#define FRAME_MAX	65535	/* what a netif request can carry */
#define UDP_MAX		65507	/* 65535 - IPv4 header - UDP header */
#define RX_BUF		(128 * 1024)

struct options {
	unsigned int window;		/* how many frames or datagrams may be in flight */
	unsigned int max_retries;	/* losses allowed in one run */
	/* serve, for negative tests: what happens to every Nth echo */
	unsigned int corrupt_every;	/* one byte is spoilt */
	unsigned int drop_every;	/* it is swallowed */
	unsigned int cut_every;		/* its last byte is left out */
	int64_t deadline_ms;		/* the whole run ends by then */
	int64_t timeout_ms;		/* an echo is taken for lost after this time */
	int64_t pause_ms;		/* load: rest between two bursts */
	uint64_t min_echoes;		/* load: fewer are a failure */
	bool frames_only;		/* serve: no UDP, no TCP */
	/* serve: no raw frames; two raw echoes face to face would never end */
	bool sockets_only;
};

extern struct options opt;

/* nfh-peer-pattern.c: content that can be predicted */
#define HEADER_LEN	12	/* run, sequence, check value */

struct header {
	uint32_t run;
	uint32_t seq;
};

uint64_t pattern_mix(uint64_t value);
void pattern_fill(uint8_t *to, size_t len, uint64_t key, uint64_t offset);
bool pattern_same(const uint8_t *got, size_t len, uint64_t key, uint64_t offset, const char *what);
void payload_make(uint8_t *payload, size_t len, struct header head);
bool payload_header(const uint8_t *payload, size_t len, struct header *head);
bool payload_intact(const uint8_t *payload, size_t len, struct header head, const char *what);
uint32_t run_number(void);

/* nfh-peer-clock.c: time and numbers from the command line */
int64_t now_ms(void);
void clock_start(void);
double elapsed_s(void);
uint64_t number(const char *text, const char *what, uint64_t min, uint64_t max);

/* nfh-peer-sizes.c: the list of sizes to send */
struct range {
	unsigned int from, to, step;
};

struct sizes {
	struct range *ranges;
	unsigned int count, at;
	unsigned int next;
	uint64_t total;
};

void sizes_parse(struct sizes *sizes, char *const *words, int count, unsigned int min,
		 unsigned int max);
void sizes_add(struct sizes *sizes, struct range range);
bool sizes_next(struct sizes *sizes, unsigned int *size);
void sizes_rewind(struct sizes *sizes);

/* nfh-peer-socket.c: sockets, opened the same way everywhere */
struct address {
	struct sockaddr_storage where;
	socklen_t len;
};

struct address address_of(const char *host, uint16_t port);
struct address address_any(int family, uint16_t port);
int socket_udp(int family);
int socket_series(int argc, char **argv, unsigned int *count, unsigned int *size);
int socket_raw(const char *iface, uint8_t mac[6]);
int socket_bind(int fd, const struct address *here);
int socket_listen(int family, uint16_t port);
int socket_connect(const struct address *to, int64_t wait_ms);
void socket_nonblocking(int fd);
void socket_timeouts(int fd, int seconds);
void socket_buffers(int fd, int bytes);

/* nfh-peer-window.c: send with several in flight, compare every echo */
struct link {
	const char *noun;	/* "frame" or "datagram", for messages */
	int fd;			/* connected or bound, non-blocking */
	size_t head;		/* bytes before the payload: 14 or 0 */
	uint8_t mac[6], peer[6];
};

int window_run(const struct link *link, struct sizes *sizes);

/* the subcommands: each returns the exit status */
int cmd_serve(int argc, char **argv);
int cmd_frames(int argc, char **argv);
int cmd_udp(int argc, char **argv);
int cmd_tcp(int argc, char **argv);
int cmd_load(int argc, char **argv);
int cmd_rr(int argc, char **argv);
int cmd_send(int argc, char **argv);

void __attribute__((noreturn, format(printf, 1, 2))) die(const char *format, ...);
void __attribute__((noreturn)) usage(const char *problem);

#endif
