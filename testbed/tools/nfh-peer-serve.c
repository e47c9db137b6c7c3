// SPDX-License-Identifier: GPL-2.0
/*
 * The echo side: one child a service, so that a service that waits holds up no other.
 */
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <linux/if_packet.h>

#include "nfh-peer.h"

#define SERVICES	5
#define CONNECTIONS	64	/* TCP: more at once are refused */
#define SEND_WAIT_S	2	/* an echo that cannot be sent for that long is dropped */
#define IDLE_WAIT_S	120	/* TCP: a client that says nothing for that long is gone */

struct service {
	const char *name;
	int fd;
	void (*run)(int fd);
	pid_t pid;
};

static struct service services[SERVICES];
static unsigned int service_count;
static uint8_t buffer[RX_BUF];

static bool every(unsigned int count, unsigned int echoes)
{
	return count && echoes % count == 0;
}

/*
 * For the negative tests: returns what is left to echo after the faults that were asked for, 0
 * for nothing.
 */
static size_t spoil(uint8_t *data, size_t len, size_t head)
{
	static unsigned int echoes;

	echoes++;
	if (every(opt.drop_every, echoes))
		return 0;
	if (every(opt.corrupt_every, echoes) && len > head)
		data[head + echoes % (len - head)] ^= 1;
	return every(opt.cut_every, echoes) ? len - 1 : len;
}

/* Tell, but not without end: a vif that is away for a while loses thousands. */
static void not_echoed(const char *noun, ssize_t len)
{
	static unsigned int told;

	if (told++ < 20)
		fprintf(stderr, "nfh-peer serve: %s of %zd bytes not echoed: %s\n", noun, len,
			strerror(errno));
}

static void echo_frames(int fd)
{
	struct sockaddr_ll from;
	socklen_t from_len;
	uint8_t mac[6];
	ssize_t len;

	for (;;) {
		from_len = sizeof(from);
		len = recvfrom(fd, buffer, sizeof(buffer), 0, (struct sockaddr *)&from, &from_len);
		if (len < ETH_HEAD || from.sll_pkttype != PACKET_HOST)
			continue;
		memcpy(mac, buffer, 6);
		memcpy(buffer, buffer + 6, 6);
		memcpy(buffer + 6, mac, 6);
		len = spoil(buffer, len, ETH_HEAD);
		if (len && send(fd, buffer, len, 0) < 0)
			not_echoed("frame", len);
	}
}

static void echo_datagrams(int fd)
{
	struct sockaddr_storage from;
	socklen_t from_len;
	ssize_t len;

	for (;;) {
		from_len = sizeof(from);
		len = recvfrom(fd, buffer, sizeof(buffer), 0, (struct sockaddr *)&from, &from_len);
		len = len < 0 ? 0 : spoil(buffer, len, 0);
		/* The client may be gone, its interface too: that is its loss, and it counts it. */
		if (len && sendto(fd, buffer, len, 0, (struct sockaddr *)&from, from_len) < 0)
			not_echoed("datagram", len);
	}
}

static void echo_stream(int fd)
{
	ssize_t len, part, at;

	while ((len = recv(fd, buffer, 65536, 0)) > 0) {
		len = spoil(buffer, len, 0);
		for (at = 0; at < len; at += part) {
			part = send(fd, buffer + at, len - at, MSG_NOSIGNAL);
			if (part <= 0)
				return;
		}
	}
}

static void accept_streams(int listener)
{
	unsigned int running = 0;
	pid_t pid;
	int fd;

	for (;;) {
		fd = accept(listener, NULL, NULL);
		while (running && waitpid(-1, NULL, WNOHANG) > 0)
			running--;
		if (fd < 0)
			continue;
		pid = running < CONNECTIONS ? fork() : -1;
		if (!pid) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			close(listener);
			socket_timeouts(fd, IDLE_WAIT_S);
			echo_stream(fd);
			exit(0);
		}
		close(fd);
		running += pid > 0;
	}
}

static void add(const char *name, int fd, void (*run)(int fd))
{
	services[service_count++] = (struct service){ .name = name, .fd = fd, .run = run };
}

static void add_datagrams(const char *name, int family)
{
	struct address any = address_any(family, PEER_UDP_PORT);
	int fd = socket_udp(family);

	if (fd < 0 && errno == EAFNOSUPPORT) {
		fprintf(stderr, "nfh-peer serve: no %s: this kernel has no such address family\n",
			name);
		return;
	}
	if (fd < 0 || socket_bind(fd, &any))
		die("cannot open %s on port %d: %s; is another `nfh-peer serve` running? (--frames-only leaves it out)",
		    name, PEER_UDP_PORT, strerror(errno));
	socket_timeouts(fd, SEND_WAIT_S);
	add(name, fd, echo_datagrams);
}

static void add_streams(const char *name, int family)
{
	int fd = socket_listen(family, PEER_TCP_PORT);

	if (fd >= 0)
		add(name, fd, accept_streams);
}

/* A child never outlives the parent, so that ending the parent ends the whole server. */
static void start(struct service *service, pid_t parent)
{
	service->pid = fork();
	if (service->pid < 0)
		die("cannot start %s: %s", service->name, strerror(errno));
	if (service->pid)
		return;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		exit(1);
	service->run(service->fd);
	exit(1);
}

static volatile sig_atomic_t told_to_end;

static void end_services(void)
{
	unsigned int i;

	for (i = 0; i < service_count; i++)
		if (services[i].pid > 0)
			kill(services[i].pid, SIGKILL);
}

static void told(int signal)
{
	(void)signal;
	told_to_end = 1;
	end_services();
}

/*
 * Half a server would turn every later failure into a riddle: when one service dies, all do. The
 * same when we are told to end; and we end only when all are buried, so that the next server
 * finds the ports free.
 */
static int watch(void)
{
	unsigned int i;
	int status = 0;
	pid_t pid;

	do {
		pid = wait(&status);
	} while (pid < 0 && errno == EINTR);
	for (i = 0; i < service_count; i++) {
		if (services[i].pid != pid)
			continue;
		services[i].pid = 0; /* the number may be somebody else's by now */
		if (!told_to_end)
			fprintf(stderr, "nfh-peer serve: %s ended with status %#x\n",
				services[i].name, status);
	}
	end_services();
	while (wait(NULL) > 0 || errno == EINTR)
		;
	return told_to_end ? 0 : 1;
}

static void add_services(const char *iface)
{
	uint8_t mac[6];
	int raw;

	if (!opt.sockets_only) {
		raw = socket_raw(iface, mac);
		socket_timeouts(raw, SEND_WAIT_S);
		add("raw echo", raw, echo_frames);
	}
	if (!opt.frames_only) {
		add_datagrams("UDP echo (v4)", AF_INET);
		add_datagrams("UDP echo (v6)", AF_INET6);
		add_streams("TCP echo (v4)", AF_INET);
		add_streams("TCP echo (v6)", AF_INET6);
	}
	if (!service_count)
		usage("serve: nothing is left to serve");
}

int cmd_serve(int argc, char **argv)
{
	pid_t parent = getpid();
	unsigned int i;

	if (argc != 1)
		usage("serve needs IFACE");
	add_services(argv[0]);
	for (i = 0; i < service_count; i++)
		start(&services[i], parent);
	signal(SIGTERM, told);
	signal(SIGINT, told);
	printf("nfh-peer serve: ready on %s\n", argv[0]);
	fflush(stdout);
	return watch();
}
