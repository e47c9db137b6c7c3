// SPDX-License-Identifier: GPL-2.0
/*
 * One way, blocking: what a sender meets that waits for room in its socket, whether or not
 * anybody answers.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "nfh-peer.h"

#define ROOM		100000	/* bytes of the socket: less than a queue of packets */

int cmd_send(int argc, char **argv)
{
	struct header head = { .run = run_number() };
	uint8_t data[UDP_MAX];
	unsigned int count, size = 1400;
	const int room = ROOM;
	int fd;

	if (argc < 2 || argc > 3)
		usage("send needs HOST COUNT [SIZE]");
	fd = socket_series(argc, argv, &count, &size);
	if (setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &room, sizeof(room)))
		die("cannot make the socket small: %s", strerror(errno));
	for (; head.seq < count; head.seq++) {
		payload_make(data, size, head);
		if (send(fd, data, size, 0) < 0)
			die("datagram %u: %s", head.seq, strerror(errno));
	}
	printf("send: %u datagrams of %u bytes handed over, %.1f s\n", count, size, elapsed_s());
	close(fd);
	return 0;
}
