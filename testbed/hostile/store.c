// SPDX-License-Identifier: GPL-2.0
/*
 * Xenstore: what the toolstack writes for a vif, and what a backend does
 *
 * We play both parts here, in a driver domain with dom0's permission.  The
 * frontend's directory is the toolstack's, so no attack touches it.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "hostile.h"

#define REPLUG_MS	20
#define REPLUG_TRIES	300
#define REPLUG_KEPT	50
#define GUEST_MAC_TEXT	"00:16:3e:00:00:01"

/* A number of 4000 digits: with its path it fills a message of xenstore's. */
char store_long[4001];

static const struct key honest_keys[] = {
	{ "feature-rx-copy", "1" },
	{ "feature-sg", "1" },
	{ "feature-gso-tcpv4", "1" },
	{ "feature-gso-tcpv6", "1" },
	{ "feature-ipv6-csum-offload", "1" },
	{ "feature-split-event-channels", "1" },
	{ "multi-queue-max-queues", "4" },
	{ }
};

const struct key *store_honest_keys(void)
{
	return honest_keys;
}

/* Where guest and backend talk. */
const char *store_word_path(struct backend *b, const char *name)
{
	static char path[96];

	snprintf(path, sizeof(path), "/local/domain/%d/data/nfh-%s/%s",
		 b->domid, b->home ? "far" : "hostile", name);
	return path;
}

const char *store_be_path(struct backend *b, const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "/local/domain/%d/backend/vif/%d/0%s%s",
		 b->home, b->domid, *name ? "/" : "", name);
	return path;
}

const char *store_fe_path(struct backend *b, const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "/local/domain/%d/device/vif/0%s%s",
		 b->domid, *name ? "/" : "", name);
	return path;
}

static void set(struct backend *b, const char *path, const char *value)
{
	if (!xs_write(b->xs, XBT_NULL, path, value, strlen(value)))
		fprintf(stderr, "hostile: cannot write %s: %s\n", path,
			strerror(errno));
}

static void set_number(struct backend *b, const char *path, int value)
{
	char text[16];

	snprintf(text, sizeof(text), "%d", value);
	set(b, path, text);
}

/* Owned by one domain, readable by the other. */
static void allow(struct backend *b, const char *path, int owner, int reader)
{
	struct xs_permissions perms[2] = {
		{ .id = owner, .perms = XS_PERM_NONE },
		{ .id = reader, .perms = XS_PERM_READ },
	};

	xs_set_permissions(b->xs, XBT_NULL, path, perms, 2);
}

/*
 * Only dom0 can make the guest an owner.  What the guest creates here is its
 * own in place of ours, and has the rest of these from its parent.
 */
static void share(struct backend *b, const char *path)
{
	struct xs_permissions perms[3] = {
		{ .id = b->home, .perms = XS_PERM_NONE },
		{ .id = b->domid, .perms = XS_PERM_READ | XS_PERM_WRITE },
		{ .id = b->home, .perms = XS_PERM_READ },
	};

	xs_set_permissions(b->xs, XBT_NULL, path, perms, 3);
}

void store_key(struct backend *b, const char *name, const char *value)
{
	if (value)
		set(b, store_be_path(b, name), value);
	else
		xs_rm(b->xs, XBT_NULL, store_be_path(b, name));
}

void store_state(struct backend *b, const char *state)
{
	store_key(b, "state", state);
}

/* All features but the one without which there is no connection. */
static void set_features(struct backend *b, const char *value)
{
	const struct key *key;

	for (key = honest_keys + 1; key->name; key++)
		store_key(b, key->name, value);
}

/* All of the backend's directory but its state. */
void store_renew(struct backend *b)
{
	const struct key *key;
	char fe[128];

	snprintf(fe, sizeof(fe), "%s", store_fe_path(b, ""));
	xs_mkdir(b->xs, XBT_NULL, store_be_path(b, ""));
	allow(b, store_be_path(b, ""), b->home, b->domid);
	store_key(b, "frontend", fe);
	set_number(b, store_be_path(b, "frontend-id"), b->domid);
	store_key(b, "online", "1");
	store_key(b, "handle", "0");
	store_key(b, "mac", GUEST_MAC_TEXT);
	for (key = honest_keys; key->name; key++)
		store_key(b, key->name, key->value);
	for (key = b->attack->keys; key && key->name; key++) {
		if (!strcmp(key->name, "*"))
			set_features(b, key->value);
		else
			store_key(b, key->name, key->value);
	}
}

static void make_frontend(struct backend *b)
{
	char be[128];

	snprintf(be, sizeof(be), "%s", store_be_path(b, ""));
	xs_mkdir(b->xs, XBT_NULL, store_fe_path(b, ""));
	if (b->home)
		share(b, store_fe_path(b, ""));
	else
		allow(b, store_fe_path(b, ""), b->domid, 0);
	set(b, store_fe_path(b, "backend"), be);
	set_number(b, store_fe_path(b, "backend-id"), b->home);
	set(b, store_fe_path(b, "handle"), "0");
	set(b, store_fe_path(b, "mac"), GUEST_MAC_TEXT);
	set(b, store_fe_path(b, "state"), "1");
}

/* Plug the vif in. */
void store_make(struct backend *b)
{
	memset(store_long, '7', sizeof(store_long) - 1);
	store_remove(b);
	store_renew(b);
	store_state(b, "2");
	make_frontend(b);
}

void store_remove_backend(struct backend *b)
{
	xs_rm(b->xs, XBT_NULL, store_be_path(b, ""));
}

/* Pull it out. */
void store_remove(struct backend *b)
{
	xs_rm(b->xs, XBT_NULL, store_fe_path(b, ""));
	store_remove_backend(b);
}

/*
 * Pull it out, and plug it in again when the guest has noticed: it shares no
 * page any more.  Where that cannot be seen (pages are kept mapped, or we are
 * in a driver domain) it gets twice the time that it took when it could be.
 */
void store_replug(struct backend *b)
{
	static u32 refs[GRANTS_MAX];
	static bool readonly[GRANTS_MAX];
	static unsigned int kept_tries = REPLUG_KEPT;
	bool seen = !b->keep && !b->home;
	unsigned int tries = seen ? REPLUG_TRIES : kept_tries;
	unsigned int n;

	store_remove(b);
	for (n = 0; n < tries; n++) {
		usleep(REPLUG_MS * 1000);
		if (!seen || vif_grants(b, refs, readonly))
			continue;
		kept_tries = 2 * (n + 1);
		break;
	}
	b->fe_state = XenbusStateUnknown;
	store_make(b);
}

/* A key in the frontend's directory; false if it is not there. */
bool store_fe_key(struct backend *b, const char *name, char *value,
		  unsigned int size)
{
	unsigned int len;
	char *text = xs_read(b->xs, XBT_NULL, store_fe_path(b, name), &len);

	if (!text)
		return false;
	snprintf(value, size, "%s", text);
	free(text);
	return true;
}

bool store_fe_number(struct backend *b, const char *name, u32 *value)
{
	char text[24], *end;

	if (!store_fe_key(b, name, text, sizeof(text)))
		return false;
	*value = strtoul(text, &end, 10);
	return end != text;
}
