// SPDX-License-Identifier: GPL-2.0
/*
 * Where libFuzzer comes in
 */
#include <stdio.h>
#include <stdlib.h>

#include "input.h"

struct fuzz_input fuzz_input;

void nfh_user_fail(const char *file, int line, const char *what)
{
	fprintf(stderr, "%s:%d: violated: %s\n", file, line, what);
	abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_input.at = data;
	fuzz_input.end = data + size;
	fuzz_run();
	return 0;
}
