// SPDX-License-Identifier: GPL-2.0
/*
 * nfh-peer: the two ends of the traffic checks. Here are only the stairs: options and subcommands.
 */
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nfh-peer.h"

/* Seconds, not milliseconds: an emulated guest may stand still for that long and be healthy. */
struct options opt = {
	.window = 16,
	.max_retries = 8,
	.deadline_ms = 100 * 1000,
	.timeout_ms = 3000,
	.pause_ms = 10,
	.min_echoes = 1,
};

static const char help[] =
"nfh-peer serve IFACE [--frames-only|--sockets-only] [--corrupt-every N] [--drop-every N] [--cut-every N]\n"
"	echo raw frames (EtherType 0x88B5) on IFACE, UDP on port 7777, TCP on port 7778\n"
"nfh-peer frames IFACE PEERMAC FROM TO [STEP] | FROM-TO[/STEP]...\n"
"	send a frame of every size FROM..TO (Ethernet header counted), compare every echo\n"
"nfh-peer udp HOST SIZE|FROM-TO[/STEP]...\n"
"	send a datagram of every size (payload counted), compare every echo\n"
"nfh-peer tcp HOST BYTES\n"
"	send a stream of BYTES bytes, compare what comes back\n"
"nfh-peer load HOST SECONDS [SIZE|FROM-TO[/STEP]...]\n"
"	keep UDP traffic going whatever happens to the interface; only a wrong byte is a failure\n"
"nfh-peer rr HOST COUNT [SIZE]\n"
"	exchange COUNT datagrams one by one, say how long they took\n"
"nfh-peer send HOST COUNT [SIZE]\n"
"	send COUNT datagrams, waiting for room in the socket, for no echo\n"
"options: --window N  --timeout MS  --deadline SECONDS  --max-retries N  --pause MS  --min-echoes N\n"
"exit status: 0 all intact, 1 lost or corrupt data or no peer, 2 wrong use\n";

static const struct option long_options[] = {
	{ "window", required_argument, NULL, 'w' },
	{ "timeout", required_argument, NULL, 't' },
	{ "deadline", required_argument, NULL, 'd' },
	{ "max-retries", required_argument, NULL, 'r' },
	{ "pause", required_argument, NULL, 'p' },
	{ "min-echoes", required_argument, NULL, 'm' },
	{ "frames-only", no_argument, NULL, 'f' },
	{ "sockets-only", no_argument, NULL, 's' },
	{ "corrupt-every", required_argument, NULL, 'c' },
	{ "drop-every", required_argument, NULL, 'D' },
	{ "cut-every", required_argument, NULL, 'C' },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
} commands[] = {
	{ "serve", cmd_serve },
	{ "frames", cmd_frames },
	{ "udp", cmd_udp },
	{ "tcp", cmd_tcp },
	{ "load", cmd_load },
	{ "rr", cmd_rr },
	{ "send", cmd_send },
};

void die(const char *format, ...)
{
	va_list args;

	fflush(stdout);
	fputs("nfh-peer: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(1);
}

void usage(const char *problem)
{
	fprintf(stderr, "nfh-peer: %s\n%s", problem, help);
	exit(2);
}

static void option(int which)
{
	switch (which) {
	case 'w':
		opt.window = number(optarg, "--window", 1, 256);
		break;
	case 't':
		opt.timeout_ms = number(optarg, "--timeout", 1, 60000);
		break;
	case 'd':
		opt.deadline_ms = 1000 * number(optarg, "--deadline", 1, 3600);
		break;
	case 'r':
		opt.max_retries = number(optarg, "--max-retries", 0, 1000000);
		break;
	case 'p':
		opt.pause_ms = number(optarg, "--pause", 0, 10000);
		break;
	case 'm':
		opt.min_echoes = number(optarg, "--min-echoes", 0, UINT32_MAX);
		break;
	case 'f':
		opt.frames_only = true;
		break;
	case 's':
		opt.sockets_only = true;
		break;
	case 'c':
		opt.corrupt_every = number(optarg, "--corrupt-every", 1, UINT32_MAX);
		break;
	case 'D':
		opt.drop_every = number(optarg, "--drop-every", 1, UINT32_MAX);
		break;
	case 'C':
		opt.cut_every = number(optarg, "--cut-every", 1, UINT32_MAX);
		break;
	case 'h':
		fputs(help, stdout);
		exit(0);
	default:
		usage("unknown option or missing value");
	}
}

int main(int argc, char **argv)
{
	size_t i;
	int which;

	while ((which = getopt_long(argc, argv, "", long_options, NULL)) != -1)
		option(which);
	if (optind == argc)
		usage("no command given");
	clock_start();
	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (!strcmp(argv[optind], commands[i].name))
			return commands[i].run(argc - optind - 1, argv + optind + 1);
	usage("unknown command");
}
