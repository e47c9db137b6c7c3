// SPDX-License-Identifier: GPL-2.0
/*
 * Content that can be predicted from a key and an offset, so that every byte can be compared and
 * no two packets look alike: a stale page, a swapped fragment or a shifted byte is always seen.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "nfh-peer.h"

#define GOLDEN	0x9e3779b97f4a7c15ull

/* The finalizer of splitmix64. */
uint64_t pattern_mix(uint64_t value)
{
	value += GOLDEN;
	value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9ull;
	value = (value ^ (value >> 27)) * 0x94d049bb133111ebull;
	return value ^ (value >> 31);
}

/* Byte `offset` of a stream does not depend on how the stream is cut into calls. */
void pattern_fill(uint8_t *to, size_t len, uint64_t key, uint64_t offset)
{
	size_t skip, part;
	uint64_t word;

	while (len) {
		word = pattern_mix(key + (offset / 8) * GOLDEN);
		skip = offset % 8;
		part = 8 - skip < len ? 8 - skip : len;
		memcpy(to, (uint8_t *)&word + skip, part);
		to += part;
		len -= part;
		offset += part;
	}
}

/* Say where it differs: the offset tells page and fragment boundaries apart. */
static void show_difference(const uint8_t *got, const uint8_t *want, size_t len, uint64_t offset,
			    const char *what)
{
	size_t i, first = len, wrong = 0;

	for (i = 0; i < len; i++)
		if (got[i] != want[i] && !wrong++)
			first = i;
	fprintf(stderr,
		"nfh-peer: corrupt: %s: byte %llu is 0x%02x, sent 0x%02x; %zu of the %zu bytes compared in this step differ\n",
		what, (unsigned long long)(offset + first), got[first], want[first], wrong, len);
}

bool pattern_same(const uint8_t *got, size_t len, uint64_t key, uint64_t offset, const char *what)
{
	uint8_t want[4096];
	size_t part;

	for (; len; got += part, len -= part, offset += part) {
		part = len < sizeof(want) ? len : sizeof(want);
		pattern_fill(want, part, key, offset);
		if (memcmp(got, want, part)) {
			show_difference(got, want, part, offset, what);
			return false;
		}
	}
	return true;
}

static uint64_t payload_key(struct header head, size_t len)
{
	return pattern_mix(((uint64_t)head.run << 32 | head.seq) ^ pattern_mix(len));
}

/* The check value covers the length, so a payload cut short is not mistaken for somebody else's. */
void payload_make(uint8_t *payload, size_t len, struct header head)
{
	uint64_t key = payload_key(head, len);
	uint32_t check = key >> 32;

	memcpy(payload, &head, sizeof(head));
	memcpy(payload + sizeof(head), &check, sizeof(check));
	pattern_fill(payload + HEADER_LEN, len - HEADER_LEN, key, HEADER_LEN);
}

bool payload_header(const uint8_t *payload, size_t len, struct header *head)
{
	uint32_t check;

	if (len < HEADER_LEN)
		return false;
	memcpy(head, payload, sizeof(*head));
	memcpy(&check, payload + sizeof(*head), sizeof(check));
	return check == (uint32_t)(payload_key(*head, len) >> 32);
}

bool payload_intact(const uint8_t *payload, size_t len, struct header head, const char *what)
{
	return pattern_same(payload + HEADER_LEN, len - HEADER_LEN, payload_key(head, len),
			    HEADER_LEN, what);
}

/* Another number for every run: an echo that arrives late from an earlier run is told apart. */
uint32_t run_number(void)
{
	uint32_t run = 0;
	int fd = open("/dev/urandom", O_RDONLY | O_CLOEXEC);

	if (fd < 0 || read(fd, &run, sizeof(run)) != sizeof(run))
		run = (uint32_t)pattern_mix((uint64_t)now_ms() << 20 ^ (uint64_t)getpid());
	if (fd >= 0)
		close(fd);
	return run;
}
