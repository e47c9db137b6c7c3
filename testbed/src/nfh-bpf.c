// SPDX-License-Identifier: GPL-2.0
/*
 * nfh-bpf pass|drop PATH: pins an XDP program there that passes, or drops, every frame;
 * PATH is on a bpf file system. ip(8) attaches what is pinned. Two instructions: no compiler
 * for BPF is needed.
 */
#include <errno.h>
#include <linux/bpf.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static int bpf(enum bpf_cmd cmd, union bpf_attr *attr)
{
	return syscall(__NR_bpf, cmd, attr, sizeof(*attr));
}

static int die(const char *what)
{
	fprintf(stderr, "nfh-bpf: %s: %s\n", what, strerror(errno));
	return 1;
}

int main(int argc, char **argv)
{
	struct bpf_insn code[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0 },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	union bpf_attr load = {
		.prog_type = BPF_PROG_TYPE_XDP,
		.insns = (uintptr_t)code,
		.insn_cnt = 2,
		.license = (uintptr_t)"GPL",
	};
	union bpf_attr pin = { 0 };
	int fd;

	if (argc != 3 || (strcmp(argv[1], "pass") && strcmp(argv[1], "drop"))) {
		fputs("usage: nfh-bpf pass|drop PATH\n", stderr);
		return 2;
	}
	code[0].imm = strcmp(argv[1], "drop") ? XDP_PASS : XDP_DROP;
	fd = bpf(BPF_PROG_LOAD, &load);
	if (fd < 0)
		return die("load");
	pin.pathname = (uintptr_t)argv[2];
	pin.bpf_fd = fd;
	return bpf(BPF_OBJ_PIN, &pin) ? die(argv[2]) : 0;
}
