// SPDX-License-Identifier: GPL-2.0
/*
 * nfh-canary: fills the guest's memory with words that must never leave it
 *
 *	nfh-canary fill MEGABYTES	pages of memory, then freed
 *	nfh-canary slab COUNT		skbs on the loopback device, then freed
 *	nfh-canary stack ADDR COUNT	datagrams of else, each after system calls
 *					that leave it on this kernel stack
 *	nfh-canary file PATH		a file of canary, with kilobytes of else
 *	nfh-canary send PATH ADDR PORT	these kilobytes, with sendfile
 *	nfh-canary shout ADDR COUNT	datagrams of canary: of a secret that is
 *					meant for one backend, and no other
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#define CANARY	"NFH-CANARY-4a7d"
#define STRIDE	16384
#define PIECE	1024
#define PIECES	64

static void paint(char *to, size_t len)
{
	size_t i;

	for (i = 0; i + sizeof(CANARY) <= len; i += sizeof(CANARY))
		memcpy(to + i, CANARY, sizeof(CANARY));
}

static struct sockaddr_in address_of(const char *address, int port)
{
	struct sockaddr_in to = {
		.sin_family = AF_INET,
		.sin_port = htons(port),
	};

	inet_pton(AF_INET, address, &to.sin_addr);
	return to;
}

static int fill(size_t megabytes)
{
	size_t len = megabytes << 20;
	char *at = mmap(NULL, len, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (at == MAP_FAILED)
		return 1;
	paint(at, len);
	return 0;
}

/* Datagrams that nobody reads: their skbs are freed with the socket. */
static int slab(int count)
{
	struct sockaddr_in to = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t len = sizeof(to);
	int rx = socket(AF_INET, SOCK_DGRAM, 0);
	int tx = socket(AF_INET, SOCK_DGRAM, 0);
	char text[8192];
	int i;

	paint(text, sizeof(text));
	if (bind(rx, (struct sockaddr *)&to, len) ||
	    getsockname(rx, (struct sockaddr *)&to, &len))
		return 1;
	for (i = 0; i < count; i++)
		sendto(tx, text, 16 + (i * 97) % 8000, MSG_DONTWAIT,
		       (struct sockaddr *)&to, len);
	return 0;
}

/*
 * Each of these copies what it is given to its stack and finds then that it is
 * no address, no set of open files, no list of buffers.
 */
static bool dirty_stack(int s)
{
	static char text[512];
	struct timeval now = { };

	paint(text, sizeof(text));
	return bind(s, (struct sockaddr *)text, 128) < 0 &&
	       select(320, (fd_set *)text, (fd_set *)(text + 128),
		      (fd_set *)(text + 256), &now) < 0 &&
	       writev(s, (struct iovec *)text, 8) < 0;
}

static int stack(const char *address, int count)
{
	struct sockaddr_in to = address_of(address, 7777);
	int s = socket(AF_INET, SOCK_DGRAM, 0);
	char text[1400];
	int i;

	memset(text, 's', sizeof(text));
	for (i = 0; i < count; i++) {
		if (!dirty_stack(s))
			return 1;
		sendto(s, text, 1 + (i * 97) % sizeof(text), 0,
		       (struct sockaddr *)&to, sizeof(to));
	}
	return 0;
}

static int file(const char *path)
{
	int fd = open(path, O_CREAT | O_TRUNC | O_WRONLY, 0600);
	char block[STRIDE];
	int i;

	for (i = 0; i < PIECES; i++) {
		paint(block, sizeof(block));
		memset(block + 2048, 'f', PIECE);
		if (write(fd, block, sizeof(block)) != sizeof(block))
			return 1;
	}
	return close(fd);
}

static int send_pieces(const char *path, const char *address, int port)
{
	struct sockaddr_in to = address_of(address, port);
	const struct timeval limit = { .tv_sec = 3 };
	int fd = open(path, O_RDONLY);
	int s = socket(AF_INET, SOCK_STREAM, 0);
	int i;

	setsockopt(s, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
	if (connect(s, (struct sockaddr *)&to, sizeof(to)))
		return 1;
	for (i = 0; i < PIECES; i++) {
		off_t at = i * STRIDE + 2048;

		if (sendfile(s, fd, &at, PIECE) < 0)
			return 1;
	}
	return 0;
}

static int shout(const char *address, int count)
{
	struct sockaddr_in to = address_of(address, 7777);
	int s = socket(AF_INET, SOCK_DGRAM, 0);
	char text[1400];
	int i;

	paint(text, sizeof(text));
	for (i = 0; i < count; i++) {
		if (sendto(s, text, sizeof(text), 0, (struct sockaddr *)&to,
			   sizeof(to)) < 0)
			return 1;
		usleep(1000);
	}
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "fill"))
		return fill(atoi(argv[2]));
	if (argc == 3 && !strcmp(argv[1], "slab"))
		return slab(atoi(argv[2]));
	if (argc == 4 && !strcmp(argv[1], "stack"))
		return stack(argv[2], atoi(argv[3]));
	if (argc == 4 && !strcmp(argv[1], "shout"))
		return shout(argv[2], atoi(argv[3]));
	if (argc == 3 && !strcmp(argv[1], "file"))
		return file(argv[2]);
	if (argc == 5 && !strcmp(argv[1], "send"))
		return send_pieces(argv[2], argv[3], atoi(argv[4]));
	return 2;
}
