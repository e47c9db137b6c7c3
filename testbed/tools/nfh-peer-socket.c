// SPDX-License-Identifier: GPL-2.0
/*
 * Sockets, opened the same way everywhere, with errors that say what to do.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/time.h>
#include <unistd.h>

#include "nfh-peer.h"

struct address address_any(int family, uint16_t port)
{
	struct address any = { .where.ss_family = family };

	if (family == AF_INET6) {
		((struct sockaddr_in6 *)&any.where)->sin6_port = htons(port);
		any.len = sizeof(struct sockaddr_in6);
	} else {
		((struct sockaddr_in *)&any.where)->sin_port = htons(port);
		any.len = sizeof(struct sockaddr_in);
	}
	return any;
}

/* Numeric only: a static program has no resolver, and a testbed has no names. */
struct address address_of(const char *host, uint16_t port)
{
	struct address to = address_any(strchr(host, ':') ? AF_INET6 : AF_INET, port);
	void *where = to.where.ss_family == AF_INET6 ?
			      (void *)&((struct sockaddr_in6 *)&to.where)->sin6_addr :
			      (void *)&((struct sockaddr_in *)&to.where)->sin_addr;

	if (inet_pton(to.where.ss_family, host, where) != 1)
		usage("HOST must be a numeric IPv4 or IPv6 address");
	return to;
}

void socket_nonblocking(int fd)
{
	if (fcntl(fd, F_SETFL, O_NONBLOCK))
		die("cannot make a socket non-blocking: %s", strerror(errno));
}

void socket_timeouts(int fd, int seconds)
{
	struct timeval wait = { .tv_sec = seconds };

	if (setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof(wait)) ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait)))
		die("cannot set socket timeouts: %s", strerror(errno));
}

/*
 * Big enough for a whole window of the largest frames: losing one here would look like the
 * driver's loss.
 */
void socket_buffers(int fd, int bytes)
{
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof(bytes)))
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes));
	if (setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &bytes, sizeof(bytes)))
		setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof(bytes));
}

int socket_udp(int family)
{
	int dont = IP_PMTUDISC_DONT, one = 1;
	int fd = socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return fd;
	/*
	 * Fragment what is larger than the MTU instead of learning a path MTU: fragments are what
	 * is tested.
	 */
	if (family == AF_INET6) {
		setsockopt(fd, IPPROTO_IPV6, IPV6_MTU_DISCOVER, &dont, sizeof(dont));
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof(one));
	} else {
		setsockopt(fd, IPPROTO_IP, IP_MTU_DISCOVER, &dont, sizeof(dont));
	}
	socket_buffers(fd, 8 << 20);
	return fd;
}

/* HOST COUNT [SIZE]: a socket for so many datagrams to that host; *size is the default before. */
int socket_series(int argc, char **argv, unsigned int *count, unsigned int *size)
{
	struct address to = address_of(argv[0], PEER_UDP_PORT);
	int fd;

	*count = number(argv[1], "COUNT", 1, SERIES_MAX);
	if (argc == 3)
		*size = number(argv[2], "SIZE", HEADER_LEN, UDP_MAX);
	fd = socket_udp(to.where.ss_family);
	if (fd < 0 || connect(fd, (struct sockaddr *)&to.where, to.len))
		die("cannot reach %s: %s", argv[0], strerror(errno));
	return fd;
}

int socket_raw(const char *iface, uint8_t mac[6])
{
	struct sockaddr_ll here = { .sll_family = AF_PACKET,
				    .sll_protocol = htons(PEER_ETHERTYPE) };
	struct ifreq request = { 0 };
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);

	if (fd < 0)
		die("cannot open a raw socket: %s; run it as root, with CONFIG_PACKET",
		    strerror(errno));
	here.sll_ifindex = if_nametoindex(iface);
	if (!here.sll_ifindex)
		die("no network interface '%s'; see `ip link`", iface);
	strncpy(request.ifr_name, iface, sizeof(request.ifr_name) - 1);
	if (ioctl(fd, SIOCGIFHWADDR, &request))
		die("cannot read the MAC address of %s: %s", iface, strerror(errno));
	memcpy(mac, request.ifr_hwaddr.sa_data, 6);
	/* Buffers first, then the protocol: nothing is received before the room for it is there. */
	socket_buffers(fd, 32 << 20);
	if (bind(fd, (struct sockaddr *)&here, sizeof(here)))
		die("cannot bind to %s: %s", iface, strerror(errno));
	return fd;
}

/*
 * A server that was just killed holds its ports until the kernel has buried it: wait for that, 3
 * s at most.
 */
int socket_bind(int fd, const struct address *here)
{
	int tries = 30;

	while (bind(fd, (const struct sockaddr *)&here->where, here->len)) {
		if (errno != EADDRINUSE || !--tries)
			return -1;
		poll(NULL, 0, 100);
	}
	return 0;
}

int socket_listen(int family, uint16_t port)
{
	struct address any = address_any(family, port);
	int one = 1, fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return fd;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof(one));
	if (socket_bind(fd, &any) || listen(fd, 64))
		die("cannot listen on TCP port %u: %s; is another `nfh-peer serve` running?", port,
		    strerror(errno));
	return fd;
}

int socket_connect(const struct address *to, int64_t wait_ms)
{
	int problem = 0,
	    fd = socket(to->where.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	socklen_t len = sizeof(problem);
	struct pollfd poller = { .fd = fd, .events = POLLOUT };

	if (fd < 0)
		die("cannot open a TCP socket: %s", strerror(errno));
	if (!connect(fd, (const struct sockaddr *)&to->where, to->len))
		return fd;
	if (errno != EINPROGRESS)
		die("cannot connect: %s", strerror(errno));
	if (poll(&poller, 1, wait_ms) != 1)
		die("cannot connect: no answer in %lld ms; does `nfh-peer serve` run there, is the link up?",
		    (long long)wait_ms);
	getsockopt(fd, SOL_SOCKET, SO_ERROR, &problem, &len);
	if (problem)
		die("cannot connect: %s; does `nfh-peer serve` run there?", strerror(problem));
	return fd;
}
