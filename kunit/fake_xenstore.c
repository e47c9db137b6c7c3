// SPDX-License-Identifier: GPL-2.0
/*
 * A xenstore for tests: a few keys, and one transaction at a time
 *
 * LOCKING: none; one test runs at a time, and nothing else comes here.
 */
#include <kunit/test.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "fake_xenstore.h"

/* An empty path: the key is not there. */
struct fake_key {
	char path[FAKE_KEY_BYTES];
	char text[FAKE_KEY_BYTES];
};

/**
 * struct fake_xenstore - the state of the fake
 * @test: is failed by misuse
 * @key: what everybody sees
 * @draft: what the open transaction sees
 * @open: id of the open transaction; 0 when there is none
 * @started: transactions so far, which is also the last id
 * @fail_write: writes until one fails; 0 for never
 * @fail_start: the next transaction does not start
 * @conflicts: ends of transactions that will meet a conflict
 */
static struct fake_xenstore {
	struct kunit *test;
	struct fake_key key[FAKE_KEYS];
	struct fake_key draft[FAKE_KEYS];
	u32 open;
	u32 started;
	u32 fail_write;
	bool fail_start;
	u32 conflicts;
} fake;

static struct fake_key *fake_find(struct fake_key *keys, const char *dir,
				  const char *name)
{
	char path[FAKE_KEY_BYTES];
	u32 i;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	for (i = 0; i < FAKE_KEYS; i++)
		if (!strcmp(keys[i].path, path))
			return &keys[i];
	return NULL;
}

static void fake_set(struct fake_key *keys, const char *dir, const char *name,
		     const char *text)
{
	struct fake_key *key = fake_find(keys, dir, name);
	u32 i;

	for (i = 0; i < FAKE_KEYS && !key; i++)
		if (!keys[i].path[0])
			key = &keys[i];
	if (!key) {
		KUNIT_FAIL(fake.test, "FAKE_KEYS is too small for this test");
		return;
	}
	snprintf(key->path, sizeof(key->path), "%s/%s", dir, name);
	strscpy(key->text, text, sizeof(key->text));
}

static bool fake_is_open(struct xenbus_transaction xbt, const char *who)
{
	if (xbt.id && xbt.id == fake.open)
		return true;
	KUNIT_FAIL(fake.test, "%s: not in the open transaction", who);
	return false;
}

void fake_xenstore_init(struct kunit *test)
{
	memset(&fake, 0, sizeof(fake));
	fake.test = test;
}

/* At the end of a test no transaction may be open. */
void fake_xenstore_exit(void)
{
	KUNIT_EXPECT_EQ_MSG(fake.test, fake.open, 0U, "transaction leaked");
}

/* As the other side, or the toolstack, does. */
void fake_xenstore_write(const char *dir, const char *name, const char *text)
{
	fake_set(fake.key, dir, name, text);
}

/* The text of a key, NULL when there is none. */
const char *fake_xenstore_look(const char *dir, const char *name)
{
	struct fake_key *key = fake_find(fake.key, dir, name);

	return key ? key->text : NULL;
}

u32 fake_xenstore_keys(void)
{
	u32 count = 0;
	u32 i;

	for (i = 0; i < FAKE_KEYS; i++)
		count += fake.key[i].path[0] != 0;
	return count;
}

/* The @nth write from now fails; 1 is the next one, 0 none. */
void fake_xenstore_fail_write(u32 nth)
{
	fake.fail_write = nth;
}

/* The next transaction does not start. */
void fake_xenstore_fail_start(void)
{
	fake.fail_start = true;
}

/* So many transactions meet a conflict when they end. */
void fake_xenstore_conflict(u32 times)
{
	fake.conflicts = times;
}

u32 fake_xenstore_transactions(void)
{
	return fake.started;
}

void *fake_xenbus_read(struct xenbus_transaction xbt, const char *dir,
		       const char *name, unsigned int *len)
{
	struct fake_key *key = fake_find(fake.key, dir, name);
	char *text;

	if (!key)
		return ERR_PTR(-ENOENT);
	text = kstrdup(key->text, GFP_KERNEL);
	return text ?: ERR_PTR(-ENOMEM);
}

int fake_xenbus_rm(struct xenbus_transaction xbt, const char *dir,
		   const char *name)
{
	struct fake_key *key;

	if (!fake_is_open(xbt, __func__))
		return -EINVAL;
	key = fake_find(fake.draft, dir, name);
	if (!key)
		return -ENOENT;
	key->path[0] = 0;
	return 0;
}

int fake_xenbus_printf(struct xenbus_transaction xbt, const char *dir,
		       const char *name, const char *format, ...)
{
	char text[FAKE_KEY_BYTES];
	va_list args;

	if (!fake_is_open(xbt, __func__))
		return -EINVAL;
	if (fake.fail_write && !--fake.fail_write)
		return -ENOSPC;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	fake_set(fake.draft, dir, name, text);
	return 0;
}

int fake_xenbus_start(struct xenbus_transaction *xbt)
{
	KUNIT_EXPECT_EQ_MSG(fake.test, fake.open, 0U, "two transactions");
	if (fake.fail_start) {
		fake.fail_start = false;
		return -EIO;
	}
	memcpy(fake.draft, fake.key, sizeof(fake.draft));
	fake.open = ++fake.started;
	xbt->id = fake.open;
	return 0;
}

int fake_xenbus_end(struct xenbus_transaction xbt, int abort)
{
	if (!fake_is_open(xbt, __func__))
		return -EINVAL;
	fake.open = 0;
	if (abort)
		return 0;
	if (fake.conflicts) {
		fake.conflicts--;
		return -EAGAIN;
	}
	memcpy(fake.key, fake.draft, sizeof(fake.key));
	return 0;
}
