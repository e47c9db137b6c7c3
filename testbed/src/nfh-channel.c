// SPDX-License-Identifier: GPL-2.0
/*
 * nfh-channel: the way between a guest and dom0 that does not use the network: nodes in the
 * guest's own part of xenstore.
 *
 *   nfh-channel call COMMAND...   in the guest: runs a shell command in dom0, prints its output,
 *                                 exits with its status
 *   nfh-channel event WORDS...    in the guest: tells dom0 what happened
 *   nfh-channel serve PATH        in dom0: runs the commands; prints a line for each event,
 *                                 "released" whenever a domain ended, and "tick" when there
 *                                 was nothing for 2 s
 *   nfh-channel in PATH COMMAND...   in dom0, and
 *   nfh-channel serve data/nfh       in a driver domain: the same the other way round
 *
 * A request is a node PATH/req/ID with "run COMMAND" or "event WORDS"; the answer is
 * PATH/rsp/ID/0, 1, ... and, last, .../status.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PAYLOAD_MAX 4096
#define VALUE_MAX 1900	/* xenstored limits a guest's nodes to 2048 bytes */
#define OUTPUT_MAX 100000
#define COMMAND_SECONDS "60"
#define ANSWER_SECONDS 75
#define NO_ANSWER 125
#define TICK_MS 2000

/* xen/include/public/io/xs_wire.h */
enum { XS_READ = 2, XS_WATCH = 4, XS_WRITE = 11, XS_RM = 13, XS_WATCH_EVENT = 15, XS_ERROR = 16 };
struct xs_header {
	uint32_t type, req_id, tx_id, len;
};

static int xs = -1;
static const char *base = "data/nfh"; /* relative: in the caller's own part of xenstore */
static const char *shell = "bash";
static char payload[PAYLOAD_MAX + 1];

static void __attribute__((format(printf, 1, 2), noreturn)) die(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fputs("nfh-channel: ", stderr);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
	exit(NO_ANSWER);
}

static void xs_open(void)
{
	xs = open("/dev/xen/xenbus", O_RDWR | O_CLOEXEC);
	if (xs < 0)
		die("/dev/xen/xenbus: %s", strerror(errno));
}

static void read_all(void *to, size_t len)
{
	for (ssize_t n; len; to = (char *)to + n, len -= n) {
		n = read(xs, to, len);
		if (n < 0 && errno == EINTR)
			n = 0;
		else if (n <= 0)
			die("read from xenstore: %s", n ? strerror(errno) : "end of file");
	}
}

/* One message into payload[], terminated. */
static struct xs_header receive(void)
{
	struct xs_header h;

	read_all(&h, sizeof(h));
	if (h.len > PAYLOAD_MAX)
		die("xenstore sent %u bytes", h.len);
	read_all(payload, h.len);
	payload[h.len] = 0;
	return h;
}

/* Watch events that arrive while a reply is awaited: their paths, in order. */
static char *queue[256];
static unsigned int queued, taken;

static void enqueue(void)
{
	if (queued - taken == 256)
		die("too many watch events");
	queue[queued++ % 256] = strdup(payload);
}

/* Sends one request and waits for its reply; its length, or -1 on an error from xenstore. */
static int request(uint32_t type, const char *path, const char *data, size_t len)
{
	struct xs_header h = { .type = type, .len = strlen(path) + 1 + len };
	char msg[sizeof(h) + PAYLOAD_MAX];

	if (h.len > PAYLOAD_MAX)
		die("%zu bytes are too many for xenstore", len);
	memcpy(msg, &h, sizeof(h));
	memcpy(msg + sizeof(h), path, strlen(path) + 1);
	if (len)
		memcpy(msg + sizeof(h) + strlen(path) + 1, data, len);
	if (write(xs, msg, sizeof(h) + h.len) != (ssize_t)(sizeof(h) + h.len))
		die("write to xenstore: %s", strerror(errno));
	for (;;) {
		struct xs_header r = receive();

		if (r.type == XS_WATCH_EVENT) {
			enqueue();
			continue;
		}
		if (r.type == XS_ERROR)
			return -1; /* payload has the name of the error */
		return r.len;
	}
}

static void watch(const char *path)
{
	if (request(XS_WATCH, path, "t", 2) < 0)
		die("watch %s: %s", path, payload);
}

/* The next watch event's path, to be freed; NULL when the time is over. */
static char *next_event(int milliseconds)
{
	struct pollfd p = { .fd = xs, .events = POLLIN };

	if (taken == queued) {
		if (poll(&p, 1, milliseconds) <= 0)
			return NULL;
		if (receive().type != XS_WATCH_EVENT)
			die("a reply that nobody asked for");
		enqueue();
	}
	return queue[taken++ % 256];
}

static char *join(char **words)
{
	static char line[VALUE_MAX + 1];
	size_t used = 0;

	for (; *words; words++) {
		int n = snprintf(line + used, sizeof(line) - used, "%s%s", used ? " " : "", *words);

		used += n;
		if (used >= sizeof(line))
			die("the command is longer than %d bytes", VALUE_MAX);
	}
	return line;
}

static void post(char *id, size_t size, const char *kind, char **words)
{
	char path[128], value[VALUE_MAX + 16];
	struct timespec t;
	int n;

	clock_gettime(CLOCK_MONOTONIC, &t);
	snprintf(id, size, "%lld%09ld-%d", (long long)t.tv_sec, t.tv_nsec, getpid());
	snprintf(path, sizeof(path), "%s/req/%s", base, id);
	n = snprintf(value, sizeof(value), "%s %s", kind, join(words));
	if (request(XS_WRITE, path, value, n) < 0)
		die("write %s: %s", path, payload);
}

static int call(char **words)
{
	int status, pieces, len;
	char id[40], path[160];
	time_t end;

	post(id, sizeof(id), "run", words);
	snprintf(path, sizeof(path), "%s/rsp/%s/status", base, id);
	watch(path);
	end = time(NULL) + ANSWER_SECONDS;
	while (request(XS_READ, path, NULL, 0) < 0) {
		if (time(NULL) > end)
			die("no answer in %d s", ANSWER_SECONDS);
		free(next_event(1000));
	}
	if (sscanf(payload, "%d %d", &status, &pieces) != 2)
		die("bad answer '%s'", payload);
	for (int i = 0; i < pieces; i++) {
		snprintf(path, sizeof(path), "%s/rsp/%s/%d", base, id, i);
		len = request(XS_READ, path, NULL, 0);
		if (len < 0)
			die("piece %d of the answer is missing", i);
		fwrite(payload, 1, len, stdout);
	}
	snprintf(path, sizeof(path), "%s/rsp/%s", base, id);
	request(XS_RM, path, NULL, 0);
	return status;
}

/* In a process of its own: the command, bounded in time, its output, its status. */
static void run(const char *id, char *command)
{
	int out = memfd_create("out", 0), status, pieces = 0;
	char path[160], piece[VALUE_MAX], tail[32];
	pid_t pid = fork();
	ssize_t n;

	if (!pid) {
		dup2(open("/dev/null", O_RDONLY), 0);
		dup2(out, 1);
		dup2(out, 2);
		execlp("timeout", "timeout", "-k", "5", COMMAND_SECONDS, shell, "-c", command,
		       NULL);
		_exit(127);
	}
	waitpid(pid, &status, 0);
	xs_open();
	while (pieces < OUTPUT_MAX / VALUE_MAX &&
	       (n = pread(out, piece, VALUE_MAX, (off_t)pieces * VALUE_MAX)) > 0) {
		snprintf(path, sizeof(path), "%s/rsp/%s/%d", base, id, pieces++);
		request(XS_WRITE, path, piece, n);
	}
	snprintf(path, sizeof(path), "%s/rsp/%s/status", base, id);
	n = snprintf(tail, sizeof(tail), "%d %d",
		     WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), pieces);
	request(XS_WRITE, path, tail, n);
	_exit(0);
}

static void handle(const char *path)
{
	char copy[PAYLOAD_MAX + 1];
	const char *id = strrchr(path, '/') + 1;

	if (request(XS_READ, path, NULL, 0) <= 0)
		return; /* the watch also fires when the node goes */
	strcpy(copy, payload);
	request(XS_RM, path, NULL, 0);
	if (!strncmp(copy, "event ", 6)) {
		for (char *c = copy; *c; c++)
			if (*c == '\n')
				*c = ' ';
		puts(copy + 6);
	} else if (!strncmp(copy, "run ", 4) && !fork()) {
		signal(SIGCHLD, SIG_DFL);
		run(id, copy + 4);
	}
}

static void __attribute__((noreturn)) serve(void)
{
	char req[128], *path;
	size_t len = snprintf(req, sizeof(req), "%s/req", base);

	signal(SIGCHLD, SIG_IGN);
	setvbuf(stdout, NULL, _IOLBF, 0);
	watch(req);
	if (*base == '/')
		watch("@releaseDomain");
	else
		shell = "sh"; /* of a driver domain, which may not watch other domains */
	for (;; free(path)) {
		path = next_event(TICK_MS);
		if (!path) {
			if (*base == '/')
				puts("tick");
			continue;
		}
		if (!strcmp(path, "@releaseDomain"))
			puts("released");
		else if (!strncmp(path, req, len) && path[len] == '/')
			handle(path);
	}
}

int main(int argc, char **argv)
{
	char id[40];

	if (argc < 3) {
		fputs("usage: nfh-channel call COMMAND... | event WORDS... | in PATH COMMAND... | serve PATH\n",
		      stderr);
		return NO_ANSWER;
	}
	xs_open();
	if (!strcmp(argv[1], "call"))
		return call(argv + 2);
	if (!strcmp(argv[1], "event"))
		return post(id, sizeof(id), "event", argv + 2), 0;
	base = argv[2];
	if (!strcmp(argv[1], "in") && argc > 3)
		return call(argv + 3);
	serve();
}
