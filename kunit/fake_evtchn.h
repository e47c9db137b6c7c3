/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Event channels for tests
 *
 * Included before ../event.c, whose calls then end up in fake_evtchn.c.  The
 * fake knows which channels are open; a call that real event channels would
 * suffer from (a handler bound twice, a channel closed twice, an
 * end-of-interrupt that nobody owes) fails the running test.
 */
#ifndef NFH_KUNIT_FAKE_EVTCHN_H
#define NFH_KUNIT_FAKE_EVTCHN_H

#include <linux/interrupt.h>
#include <linux/types.h>
#include <xen/events.h>
#include <xen/xenbus.h>

struct kunit;

/* Channels that one test may open; ports and irqs are numbered from these. */
#define FAKE_CHANNELS	8U
#define FAKE_PORT_FIRST	30U
#define FAKE_IRQ_FIRST	300U

/**
 * enum fake_evtchn_state - what a channel is doing
 * @FAKE_EVTCHN_CLOSED: nothing
 * @FAKE_EVTCHN_ALLOCATED: the backend may bind it, nobody here listens
 * @FAKE_EVTCHN_BOUND: it has a handler
 */
enum fake_evtchn_state {
	FAKE_EVTCHN_CLOSED,
	FAKE_EVTCHN_ALLOCATED,
	FAKE_EVTCHN_BOUND,
};

/**
 * struct fake_evtchn - one channel
 * @state: see enum fake_evtchn_state
 * @handler: called by fake_evtchn_raise()
 * @arg: for it
 * @name: in /proc/interrupts
 * @notified: times that the backend was told
 * @owed: an event was delivered and its end-of-interrupt is missing
 * @paid: ends of interrupts
 * @spurious: of these, how many were flagged spurious
 */
struct fake_evtchn {
	enum fake_evtchn_state state;
	irq_handler_t handler;
	void *arg;
	const char *name;
	u32 notified;
	bool owed;
	u32 paid;
	u32 spurious;
};

/* The test's side. */
void fake_evtchn_init(struct kunit *test);
void fake_evtchn_exit(void);
void fake_evtchn_fail_alloc(int err);
void fake_evtchn_fail_bind(int err);
struct fake_evtchn fake_evtchn_look(unsigned int irq);
u32 fake_evtchn_in_use(void);
bool fake_evtchn_raise(unsigned int irq);

/* The driver's side. */
int fake_alloc_evtchn(struct xenbus_device *xbdev, evtchn_port_t *port);
int fake_free_evtchn(struct xenbus_device *xbdev, evtchn_port_t port);
int fake_bind_evtchn(evtchn_port_t port, irq_handler_t handler,
		     unsigned long flags, const char *name, void *arg);
void fake_unbind_irq(unsigned int irq, void *arg);
void fake_notify_irq(int irq);
void fake_lateeoi(unsigned int irq, unsigned int flags);

#define xenbus_alloc_evtchn			fake_alloc_evtchn
#define xenbus_free_evtchn			fake_free_evtchn
#define bind_evtchn_to_irqhandler_lateeoi	fake_bind_evtchn
#define unbind_from_irqhandler			fake_unbind_irq
#define notify_remote_via_irq			fake_notify_irq
#define xen_irq_lateeoi				fake_lateeoi

#endif /* NFH_KUNIT_FAKE_EVTCHN_H */
