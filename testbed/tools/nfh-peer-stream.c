// SPDX-License-Identifier: GPL-2.0
/*
 * The TCP command: a stream of predictable bytes out, the same stream back, compared as it arrives.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "nfh-peer.h"

#define STALL_MS	15000	/* no byte moves in either direction: the connection is dead */
#define CHUNK		(64 * 1024)

struct stream {
	int fd;
	uint64_t key, bytes, sent, received;
	uint8_t out[CHUNK], in[CHUNK];
	size_t out_len, out_at;
	bool ended;
};

static void stream_send(struct stream *s)
{
	ssize_t len;

	if (s->out_at == s->out_len) {
		s->out_len = s->bytes - s->sent < CHUNK ? s->bytes - s->sent : CHUNK;
		s->out_at = 0;
		pattern_fill(s->out, s->out_len, s->key, s->sent);
	}
	len = send(s->fd, s->out + s->out_at, s->out_len - s->out_at, MSG_NOSIGNAL);
	if (len < 0 && errno != EAGAIN)
		die("stream broken after %llu of %llu bytes sent: %s", (unsigned long long)s->sent,
		    (unsigned long long)s->bytes, strerror(errno));
	if (len < 0)
		return;
	s->out_at += len;
	s->sent += len;
	if (s->sent == s->bytes)
		shutdown(s->fd, SHUT_WR);
}

static void stream_receive(struct stream *s)
{
	ssize_t len = recv(s->fd, s->in, CHUNK, 0);

	if (len < 0 && errno == EAGAIN)
		return;
	if (len < 0)
		die("stream broken after %llu of %llu bytes received: %s",
		    (unsigned long long)s->received, (unsigned long long)s->bytes, strerror(errno));
	if (!len) {
		s->ended = true;
		return;
	}
	if (s->received + len > s->sent)
		die("corrupt: the stream came back longer than it was sent");
	if (!pattern_same(s->in, len, s->key, s->received, "TCP stream"))
		_Exit(1);
	s->received += len;
}

static void stream_run(struct stream *s)
{
	struct pollfd poller = { .fd = s->fd };
	int64_t now, end = now_ms() + opt.deadline_ms, stall = now_ms() + STALL_MS;
	uint64_t moved;

	while (!s->ended) {
		poller.events = POLLIN | (s->sent < s->bytes ? POLLOUT : 0);
		moved = s->sent + s->received;
		if (poll(&poller, 1, 1000) < 0 && errno != EINTR)
			die("poll: %s", strerror(errno));
		if (poller.revents & POLLOUT && s->sent < s->bytes)
			stream_send(s);
		if (poller.revents & (POLLIN | POLLHUP | POLLERR))
			stream_receive(s);
		now = now_ms();
		if (moved != s->sent + s->received)
			stall = now + STALL_MS;
		if (now >= end || now >= stall)
			die("stream %s: %llu of %llu bytes sent, %llu back",
			    now >= end ? "past its deadline" : "stalled",
			    (unsigned long long)s->sent, (unsigned long long)s->bytes,
			    (unsigned long long)s->received);
	}
}

int cmd_tcp(int argc, char **argv)
{
	static struct stream s;
	struct address to;

	if (argc != 2)
		usage("tcp needs HOST BYTES");
	to = address_of(argv[0], PEER_TCP_PORT);
	s.bytes = number(argv[1], "BYTES", 1, 1ull << 40);
	s.key = pattern_mix(run_number());
	s.fd = socket_connect(&to, opt.timeout_ms * 4);
	stream_run(&s);
	if (s.received != s.bytes)
		die("stream ended early: %llu of %llu bytes came back",
		    (unsigned long long)s.received, (unsigned long long)s.bytes);
	printf("stream: %llu bytes sent and back intact, %.1f s\n", (unsigned long long)s.bytes,
	       elapsed_s());
	return 0;
}
