/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A network backend in user space, correct until it is told to attack
 *
 * main.c    one case: make the vif, serve it, obey the guest's words
 * serve.c   a process for each case that the guest orders
 * store.c   xenstore: the directories of the vif, the frontend's keys
 * vif.c     a connection: rings, event channels, pages kept mapped
 * tx.c      frames from the guest to the TAP device, and their answers
 * rx.c      frames from the TAP device, or crafted ones, to the guest
 * tap.c     the TAP device on dom0's bridge
 * attack-*.c the attacks by class; attacks.c finds them by name
 * leak.c    what the guest shows us that it should not
 */
#ifndef HOSTILE_H
#define HOSTILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <xenstore.h>
#include <xengnttab.h>
#include <xenevtchn.h>
#include <xen/io/netif.h>
#include <xen/io/xenbus.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;

#define PAGE_BYTES	4096U
#define SLOTS		256U
#define SLOT_MASK	(SLOTS - 1)
#define QUEUES_MAX	4U
#define FRAME_MAX	65535U
#define GRANTS_MAX	32768U

/*
 * The guest's pages of the console and of xenstore come first.  They are
 * granted to dom0, and a ring slot that we have filled with noise may name
 * them: only a backend that is in dom0 could use that, so it must not.
 */
#define FIRST_GRANT	8U

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

#define __printf(a, b)	__attribute__((format(printf, a, b)))

#define READ_ONCE(x)	(*(const volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, v) (*(volatile __typeof__(x) *)&(x) = (v))
#define barrier()	__sync_synchronize()

/**
 * struct owed - a transmit request that waits for its answer
 * @id: of the request
 * @null: it was an extra: the answer is NETIF_RSP_NULL
 */
struct owed {
	u16 id;
	bool null;
};

/**
 * struct queue - one pair of rings, as the backend sees it
 * @index: number of the queue
 * @txs: shared transmit ring, mapped; %NULL without a connection
 * @rxs: shared receive ring
 * @tx_ref: grant of @txs
 * @rx_ref: grant of @rxs
 * @tx_port: our end of the transmit event channel
 * @rx_port: of the receive event channel; may be the same
 * @tx_cons: transmit requests read
 * @tx_prod: transmit responses written
 * @rx_prod: receive responses written, and requests used
 * @owed: requests read and not answered, oldest first
 * @n_owed: entries of @owed
 */
struct queue {
	unsigned int index;
	struct netif_tx_sring *txs;
	struct netif_rx_sring *rxs;
	u32 tx_ref;
	u32 rx_ref;
	int tx_port;
	int rx_port;
	u32 tx_cons;
	u32 tx_prod;
	u32 rx_prod;
	struct owed owed[SLOTS];
	unsigned int n_owed;
};

/**
 * struct frame - a frame with what the protocol says about it
 * @len: bytes in @data
 * @csum_blank: the transport checksum is to be completed
 * @gso_size: 0, or payload of a segment
 * @gso_type: XEN_NETIF_GSO_TYPE_*
 * @data: from the Ethernet header on
 */
struct frame {
	unsigned int len;
	bool csum_blank;
	u16 gso_size;
	u8 gso_type;
	u8 data[FRAME_MAX + 1];
};

struct attack;

/**
 * struct backend - everything of one case
 * @domid: the guest
 * @home: the domain that we are in: 0, or a driver domain
 * @seed: of the random numbers
 * @seconds: of attacks that go on for a while; 0: as the attack has it
 * @xs: xenstore
 * @xgt: grant table; one handle for each connection, so that closing it lets
 *	everything go that is not in @kept
 * @xgt_kept: mappings that outlive their connection
 * @xce: event channels
 * @tap: file of the TAP device
 * @attack: what is to happen
 * @armed: the guest has said the word
 * @struck: times that the attack has been carried out
 * @hold: transmit requests are read, but not answered
 * @withhold: so many of a queue's requests are not answered, the oldest
 * @deaf: the other side's moves are ignored
 * @mute: no event is ever raised
 * @rx_busy: a crafted frame is unfinished: none from the TAP device meanwhile
 * @keep: pages stay mapped when the connection ends
 * @connected: rings are mapped
 * @connections: made so far
 * @connections_armed: of these, when the attack began
 * @fe_state: last state of the frontend
 * @multi: the frontend has a directory for each queue
 * @queues: of the connection
 * @n_queues: of these in use
 * @n_kept: mappings that are kept
 * @kept_pages: pages of these
 * @step: the attack's own count of where it is
 * @until: when the attack is over, if it takes a time
 * @frames_out: frames to the TAP device
 * @frames_in: frames to the guest
 * @failure: why the case is lost, whatever the guest says; empty if it is not
 */
struct backend {
	int domid;
	int home;
	u64 seed;
	unsigned int seconds;
	struct xs_handle *xs;
	xengnttab_handle *xgt;
	xengnttab_handle *xgt_kept;
	xenevtchn_handle *xce;
	int tap;
	const struct attack *attack;
	bool armed;
	unsigned int struck;
	bool hold;
	unsigned int withhold;
	bool deaf;
	bool mute;
	bool rx_busy;
	bool keep;
	bool connected;
	unsigned int connections;
	unsigned int connections_armed;
	unsigned int fe_state;
	bool multi;
	struct queue queues[QUEUES_MAX];
	unsigned int n_queues;
	unsigned int n_kept;
	unsigned int kept_pages;
	u64 step;
	u64 until;
	u64 frames_out;
	u64 frames_in;
	char failure[160];
};

/* Flags of an attack, for the guest that judges it. */
#define LIVES	1U	/* traffic goes on afterwards, nothing to be reloaded */
#define EARLY	2U	/* strikes while the connection is made */
#define TCP	4U	/* needs TCP from the guest, for segmentation */
#define MANY	8U	/* needs a deep transmit queue */
#define DOWN	16U	/* the guest takes the interface down meanwhile */
#define DEAD	32U	/* the backend process ends itself */
#define LEAK	64U	/* the guest sends everything it has */
#define KEEP	128U	/* the attack goes on while the driver is unloaded */
#define SUSPEND	256U	/* the guest is suspended meanwhile */
#define QUEUES4	512U	/* the guest has four queues */
#define MOVED	1024U	/* the vif was in a driver domain before */
#define VIFS	2048U	/* each strike is a new vif, perhaps a log line */
#define ANOTHER	4096U	/* the vif is detached: the next one is another one */
#define FAST	8192U	/* needs many frames from the guest */

/**
 * struct key - a key of the backend's directory
 * @name: of the key; "*": all but feature-rx-copy
 * @value: text, or %NULL: the key is missing
 */
struct key {
	const char *name;
	const char *value;
};

/**
 * struct attack - one case
 * @name: as in ATTACK=name
 * @class: heading in the report
 * @summary: one line
 * @expect: counters of which at least one must move; "none": none may;
 *	"any": whatever the driver makes of it
 * @also: counters that may move besides
 * @flags: LIVES and so on
 * @strike: does it; called again and again until it returns true
 * @on_connect: called when the frontend has published a connection, in place
 *	of the honest answer; returns whether the honest answer is to follow
 * @keys: replacements of the backend's keys, ended by an empty name
 * @queue: whose ring is attacked, if there are so many
 * @arg: of @strike
 * @arg2: of @strike
 * @data: of @strike
 */
struct attack {
	const char *name;
	const char *class;
	const char *summary;
	const char *expect;
	const char *also;
	unsigned int flags;
	bool (*strike)(struct backend *b);
	bool (*on_connect)(struct backend *b);
	const struct key *keys;
	unsigned int queue;
	long arg;
	long arg2;
	const void *data;
};

/* main.c */
int case_run(struct backend *b, bool adopt);
u64 now_ms(void);
bool for_a_while(struct backend *b, unsigned int milliseconds);
u64 rnd(struct backend *b);
void complain(struct backend *b, const char *fmt, ...) __printf(2, 3);

/* serve.c */
int serve(struct backend *b, int domid, int home);

/* store.c */
const char *store_word_path(struct backend *b, const char *name);
extern char store_long[4001];

void store_make(struct backend *b);
void store_remove(struct backend *b);
void store_replug(struct backend *b);
void store_renew(struct backend *b);
void store_remove_backend(struct backend *b);
void store_state(struct backend *b, const char *state);
void store_key(struct backend *b, const char *name, const char *value);
bool store_fe_key(struct backend *b, const char *name, char *value,
		  unsigned int size);
bool store_fe_number(struct backend *b, const char *name, u32 *value);
const char *store_fe_path(struct backend *b, const char *name);
const char *store_be_path(struct backend *b, const char *name);
const struct key *store_honest_keys(void);

/* vif.c */
bool vif_connect(struct backend *b);
void vif_disconnect(struct backend *b);
void vif_restart(struct backend *b);
void vif_frontend_moved(struct backend *b);
void vif_keep_all(struct backend *b);
void vif_let_go(struct backend *b);
void *vif_map(struct backend *b, u32 ref, bool writable);
unsigned int vif_grants_used(struct backend *b);
unsigned int vif_grants(struct backend *b, u32 *refs, bool *readonly);
void vif_notify(struct backend *b, int port);

/* tx.c */
void tx_serve(struct backend *b, struct queue *q);
void tx_answer_all(struct backend *b, struct queue *q);
void tx_respond(struct queue *q, u16 id, int16_t status);
void tx_push(struct backend *b, struct queue *q);
void tx_forget(struct queue *q, unsigned int i);

/* rx.c */
struct rx_slot {
	bool extra;
	int id_add;
	u16 offset;
	u16 flags;
	int16_t status;
	struct netif_extra_info info;
};

bool rx_room(struct queue *q, unsigned int slots);
void rx_put(struct queue *q, const struct rx_slot *slot);
void rx_push(struct backend *b, struct queue *q);
void rx_fill(struct backend *b, struct queue *q, unsigned int offset,
	     const void *data, unsigned int len);
bool rx_send(struct backend *b, struct queue *q, const struct frame *frame);

/* tap.c */
void tap_open(struct backend *b);
void tap_write(struct backend *b, const struct frame *frame);
bool tap_read(struct backend *b, struct frame *frame);
const u8 *guest_mac(void);

/* attacks.c */
const struct attack *attack_find(const char *name);
void attack_list(void);

/* attack-*.c: tables that end with an empty name */
extern const struct attack attacks_honest[];
extern const struct attack attacks_tx[];
extern const struct attack attacks_rx[];
extern const struct attack attacks_store[];
extern const struct attack attacks_life[];
extern const struct attack attacks_race[];
extern const struct attack attacks_leak[];
extern const struct attack attacks_queues[];

/* strikes that other tables use as well */
bool strike_tx_id(struct backend *b);
bool strike_tx_ahead(struct backend *b);
bool strike_rx_train(struct backend *b);
bool strike_rx_ahead(struct backend *b);
bool strike_keep(struct backend *b);
bool strike_storm(struct backend *b);
bool strike_listen(struct backend *b);

/**
 * struct train - receive slots that are sent as they stand
 * @slots: first to last
 * @n: how many
 * @bytes: content of the first page, from its start
 * @len: of @bytes; 0: a frame that nobody wants
 */
struct train {
	const struct rx_slot *slots;
	unsigned int n;
	const u8 *bytes;
	unsigned int len;
};

/* attack-race.c */
bool strike_race(struct backend *b);
void race_stop(void);

/* leak.c */
void leak_tx_seen(struct backend *b, struct queue *q, u32 gref,
		  unsigned int offset, const u8 *data, unsigned int len);
void leak_rx_written(struct backend *b, u32 gref, unsigned int offset,
		     const u8 *data, unsigned int len);
void leak_answered(struct backend *b);
void leak_scan(struct backend *b, unsigned int pages);
void leak_connected(struct backend *b);
void leak_final(struct backend *b);

#endif /* HOSTILE_H */
