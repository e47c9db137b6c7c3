// SPDX-License-Identifier: GPL-2.0
/*
 * Event channels for tests
 *
 * LOCKING: none; one test runs at a time, and nothing else comes here.
 */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/string.h>

#include "fake_evtchn.h"

/**
 * struct fake_evtchns - the state of the fake
 * @test: is failed by misuse
 * @fail_alloc: what the next allocation returns; 0 when it succeeds
 * @fail_bind: what the next bind returns; 0 when it succeeds
 * @channel: the channels
 */
static struct fake_evtchns {
	struct kunit *test;
	int fail_alloc;
	int fail_bind;
	struct fake_evtchn channel[FAKE_CHANNELS];
} fake;

/* The channel, if it is in the state that the caller may find it in. */
static struct fake_evtchn *fake_channel(u32 index, enum fake_evtchn_state state,
					const char *who)
{
	if (index < FAKE_CHANNELS && fake.channel[index].state == state)
		return &fake.channel[index];
	KUNIT_FAIL(fake.test, "%s: channel %u is not in state %d", who, index,
		   state);
	return NULL;
}

void fake_evtchn_init(struct kunit *test)
{
	memset(&fake, 0, sizeof(fake));
	fake.test = test;
}

/* At the end of a test every channel must be closed. */
void fake_evtchn_exit(void)
{
	KUNIT_EXPECT_EQ_MSG(fake.test, fake_evtchn_in_use(), 0U,
			    "event channels leaked");
}

/* The next allocation returns @err. */
void fake_evtchn_fail_alloc(int err)
{
	fake.fail_alloc = err;
}

/* The next bind returns @err. */
void fake_evtchn_fail_bind(int err)
{
	fake.fail_bind = err;
}

struct fake_evtchn fake_evtchn_look(unsigned int irq)
{
	const struct fake_evtchn none = { };

	if (irq - FAKE_IRQ_FIRST >= FAKE_CHANNELS)
		return none;
	return fake.channel[irq - FAKE_IRQ_FIRST];
}

u32 fake_evtchn_in_use(void)
{
	u32 count = 0;
	u32 i;

	for (i = 0; i < FAKE_CHANNELS; i++)
		count += fake.channel[i].state != FAKE_EVTCHN_CLOSED;
	return count;
}

/* The backend raises an event; false when it is held back. */
bool fake_evtchn_raise(unsigned int irq)
{
	struct fake_evtchn *channel = fake_channel(irq - FAKE_IRQ_FIRST,
						   FAKE_EVTCHN_BOUND, __func__);

	if (!channel || channel->owed)
		return false;
	channel->owed = true;
	channel->handler(irq, channel->arg);
	return true;
}

int fake_alloc_evtchn(struct xenbus_device *xbdev, evtchn_port_t *port)
{
	int err = fake.fail_alloc;
	u32 i;

	fake.fail_alloc = 0;
	if (err)
		return err;
	for (i = 0; i < FAKE_CHANNELS; i++) {
		if (fake.channel[i].state != FAKE_EVTCHN_CLOSED)
			continue;
		memset(&fake.channel[i], 0, sizeof(fake.channel[i]));
		fake.channel[i].state = FAKE_EVTCHN_ALLOCATED;
		*port = FAKE_PORT_FIRST + i;
		return 0;
	}
	KUNIT_FAIL(fake.test, "FAKE_CHANNELS is too small for this test");
	return -ENOSPC;
}

int fake_free_evtchn(struct xenbus_device *xbdev, evtchn_port_t port)
{
	struct fake_evtchn *channel = fake_channel(port - FAKE_PORT_FIRST,
						   FAKE_EVTCHN_ALLOCATED,
						   __func__);

	if (channel)
		channel->state = FAKE_EVTCHN_CLOSED;
	return 0;
}

int fake_bind_evtchn(evtchn_port_t port, irq_handler_t handler,
		     unsigned long flags, const char *name, void *arg)
{
	struct fake_evtchn *channel = fake_channel(port - FAKE_PORT_FIRST,
						   FAKE_EVTCHN_ALLOCATED,
						   __func__);
	int err = fake.fail_bind;

	fake.fail_bind = 0;
	if (err || !channel)
		return err ?: -EINVAL;
	channel->state = FAKE_EVTCHN_BOUND;
	channel->handler = handler;
	channel->name = name;
	channel->arg = arg;
	return FAKE_IRQ_FIRST + (port - FAKE_PORT_FIRST);
}

void fake_unbind_irq(unsigned int irq, void *arg)
{
	struct fake_evtchn *channel = fake_channel(irq - FAKE_IRQ_FIRST,
						   FAKE_EVTCHN_BOUND, __func__);

	if (!channel)
		return;
	KUNIT_EXPECT_PTR_EQ(fake.test, channel->arg, arg);
	channel->state = FAKE_EVTCHN_CLOSED;
}

void fake_notify_irq(int irq)
{
	struct fake_evtchn *channel = fake_channel(irq - FAKE_IRQ_FIRST,
						   FAKE_EVTCHN_BOUND, __func__);

	if (channel)
		channel->notified++;
}

void fake_lateeoi(unsigned int irq, unsigned int flags)
{
	struct fake_evtchn *channel = fake_channel(irq - FAKE_IRQ_FIRST,
						   FAKE_EVTCHN_BOUND, __func__);

	if (!channel)
		return;
	KUNIT_EXPECT_TRUE_MSG(fake.test, channel->owed, "nobody owes an EOI");
	channel->owed = false;
	channel->paid++;
	channel->spurious += !!(flags & XEN_EOI_FLAG_SPURIOUS);
}
