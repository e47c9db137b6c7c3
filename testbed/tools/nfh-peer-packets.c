// SPDX-License-Identifier: GPL-2.0
/*
 * The packet commands: raw frames, UDP datagrams, and a UDP load that survives everything.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "nfh-peer.h"

#define MAC_FORMAT	"%hhx:%hhx:%hhx:%hhx:%hhx:%hhx%n"

static void mac_parse(const char *text, uint8_t mac[6])
{
	int used = 0;

	if (sscanf(text, MAC_FORMAT, &mac[0], &mac[1], &mac[2], &mac[3], &mac[4], &mac[5], &used) !=
		    6 ||
	    text[used])
		usage("PEERMAC must look like 00:16:3e:00:00:01");
}

/*
 * FROM TO [STEP], or ranges as the other commands have them: several ranges spare the cost of
 * several sockets.
 */
static void frame_sizes(struct sizes *sizes, int argc, char **argv)
{
	const unsigned int min = ETH_HEAD + HEADER_LEN;
	struct range range = { .step = 1 };

	if (argc < 2 || argc > 3 || strchr(argv[0], '-') || strchr(argv[1], '-')) {
		sizes_parse(sizes, argv, argc, min, FRAME_MAX);
		return;
	}
	range.from = number(argv[0], "FROM", min, FRAME_MAX);
	range.to = number(argv[1], "TO", range.from, FRAME_MAX);
	if (argc == 3)
		range.step = number(argv[2], "STEP", 1, FRAME_MAX);
	sizes_add(sizes, range);
}

int cmd_frames(int argc, char **argv)
{
	struct link link = { .noun = "frame", .head = ETH_HEAD };
	struct sizes sizes = { 0 };

	if (argc < 3)
		usage("frames needs IFACE PEERMAC and sizes");
	mac_parse(argv[1], link.peer);
	frame_sizes(&sizes, argc - 2, argv + 2);
	link.fd = socket_raw(argv[0], link.mac);
	socket_nonblocking(link.fd);
	return window_run(&link, &sizes);
}

int cmd_udp(int argc, char **argv)
{
	struct link link = { .noun = "datagram" };
	struct sizes sizes = { 0 };
	struct address to;

	if (argc < 2)
		usage("udp needs HOST SIZE|FROM-TO[/STEP]...");
	to = address_of(argv[0], PEER_UDP_PORT);
	sizes_parse(&sizes, argv + 1, argc - 1, HEADER_LEN, UDP_MAX);
	link.fd = socket_udp(to.where.ss_family);
	if (link.fd < 0)
		die("cannot open a UDP socket: %s", strerror(errno));
	if (connect(link.fd, (struct sockaddr *)&to.where, to.len))
		die("cannot reach %s: %s", argv[0], strerror(errno));
	socket_nonblocking(link.fd);
	return window_run(&link, &sizes);
}

struct load {
	int fd;
	struct address to;
	struct sizes sizes;
	struct header head;
	uint64_t sent, echoed, errors, foreign;
	int last_error;
	uint8_t data[RX_BUF];
};

static volatile sig_atomic_t stopped;

static void stop(int signal)
{
	(void)signal;
	stopped = 1;
}

/* Errors are expected here: the interface under the load goes down, away and comes back. */
static void load_burst(struct load *load)
{
	unsigned int i, size = 0;

	for (i = 0; i < opt.window; i++) {
		if (!sizes_next(&load->sizes, &size)) {
			sizes_rewind(&load->sizes);
			sizes_next(&load->sizes, &size);
		}
		load->head.seq++;
		payload_make(load->data, size, load->head);
		if (sendto(load->fd, load->data, size, 0, (struct sockaddr *)&load->to.where,
			   load->to.len) < 0) {
			load->errors++;
			load->last_error = errno;
			return;
		}
		load->sent++;
	}
}

static void load_receive(struct load *load)
{
	struct header head;
	unsigned int i;
	ssize_t len;

	/* Bounded by two windows, so that the sending goes on whatever arrives. */
	for (i = 0; i < 2 * opt.window; i++) {
		len = recv(load->fd, load->data, sizeof(load->data), MSG_DONTWAIT);
		if (len < 0)
			return;
		if (!payload_header(load->data, len, &head))
			die("corrupt: datagram of %zd bytes: its first bytes or its length are not what was sent",
			    len);
		if (head.run != load->head.run)
			load->foreign++;
		else if (!payload_intact(load->data, len, head, "datagram of the load"))
			_exit(1);
		else
			load->echoed++;
	}
}

static int load_verdict(const struct load *load)
{
	printf("load: %llu sent, %llu echoed intact, %llu send errors%s%s, %llu foreign, %.1f s\n",
	       (unsigned long long)load->sent, (unsigned long long)load->echoed,
	       (unsigned long long)load->errors, load->last_error ? ", last: " : "",
	       load->last_error ? strerror(load->last_error) : "",
	       (unsigned long long)load->foreign, elapsed_s());
	if (load->echoed >= opt.min_echoes)
		return 0;
	die("only %llu echoes, at least %llu wanted; is there a peer at all?",
	    (unsigned long long)load->echoed, (unsigned long long)opt.min_echoes);
}

int cmd_load(int argc, char **argv)
{
	static struct load load;
	struct pollfd poller = { .events = POLLIN };
	int64_t end;

	if (argc < 2)
		usage("load needs HOST SECONDS [SIZE|FROM-TO[/STEP]...]");
	load.to = address_of(argv[0], PEER_UDP_PORT);
	end = now_ms() + 1000 * number(argv[1], "SECONDS", 1, 3600);
	sizes_parse(&load.sizes, argv + 2, argc - 2, HEADER_LEN, UDP_MAX);
	if (argc == 2)
		sizes_add(&load.sizes, (struct range){ 64, 1472, 97 });
	load.head.run = run_number();
	load.fd = socket_udp(load.to.where.ss_family);
	poller.fd = load.fd;
	if (load.fd < 0)
		die("cannot open a UDP socket: %s", strerror(errno));
	socket_nonblocking(load.fd);
	signal(SIGTERM, stop);
	signal(SIGINT, stop);
	while (!stopped && now_ms() < end) {
		load_burst(&load);
		poll(&poller, 1, 20);
		load_receive(&load);
		poll(NULL, 0, opt.pause_ms);
	}
	return load_verdict(&load);
}
