// SPDX-License-Identifier: GPL-2.0
/*
 * Event channels, and what they may cost
 *
 * An event is a hint, at most one at a time: the handler notes that an
 * end-of-interrupt (EOI) is owed and schedules NAPI; Xen's event code delivers
 * no further event on the channel until NAPI has paid the EOI.  So the backend
 * causes at most one interrupt per poll, however fast it raises events.
 *
 * An EOI is flagged spurious when nothing came of the event: no transmit
 * response taken, no frame delivered since the last EOI.  The event code then
 * delays every second event by a jiffy (XSA-391).  What was done under the other
 * channel's event counts as well: a legitimate event that finds its work done
 * already must not be punished.
 *
 * A faulted device pays no EOI: its channels stay silent until they are closed.
 */
#include <linux/interrupt.h>
#include <linux/netdevice.h>
#include <xen/events.h>
#include <xen/xenbus.h>

#include "nfh.h"

static irqreturn_t event_interrupt(int irq, void *arg)
{
	struct nfh_event *event = arg;

	WRITE_ONCE(event->pending, true);
	/* refused while NAPI is disabled; nfh_queues_start() makes up for it */
	napi_schedule(&event->queue->napi);
	return IRQ_HANDLED;
}

/**
 * nfh_event_open() - allocate an event channel for the backend and bind it
 * @event: closed event
 * @q: its queue
 * @suffix: end of the name in /proc/interrupts
 *
 * Context: process context, sleeps.
 * Return: 0; -ENOSPC when the domain has no event channel left, -ENOMEM, or
 * another error of Xen or of request_irq(); nothing is left open on failure.
 */
int nfh_event_open(struct nfh_event *event, struct nfh_queue *q,
		   const char *suffix)
{
	evtchn_port_t port;
	int err;

	event->queue = q;
	event->pending = false;
	event->progress = 0;
	snprintf(event->name, sizeof(event->name), "%s-q%u-%s",
		 dev_name(&q->dev->xbdev->dev), q->index, suffix);
	err = xenbus_alloc_evtchn(q->dev->xbdev, &port);
	if (err)
		return err;
	err = bind_evtchn_to_irqhandler_lateeoi(port, event_interrupt, 0,
						event->name, event);
	if (err < 0) {
		xenbus_free_evtchn(q->dev->xbdev, port);
		return err;
	}
	event->irq = err;
	event->port = port;
	return 0;
}

/**
 * nfh_event_close() - unbind and close an event channel
 * @event: open or closed
 *
 * No handler runs afterwards.
 *
 * Context: process context, sleeps.
 */
void nfh_event_close(struct nfh_event *event)
{
	if (!event->port)
		return;
	unbind_from_irqhandler(event->irq, event);
	event->port = 0;
	event->irq = 0;
	event->pending = false;
}

/**
 * nfh_event_notify() - tell the backend
 * @event: open
 *
 * Context: any.
 */
void nfh_event_notify(const struct nfh_event *event)
{
	notify_remote_via_irq(event->irq);
}

/**
 * nfh_event_pay() - pay the EOI if one is owed, honestly
 * @event: open or closed
 *
 * To be called before napi_complete_done(), while the poll still owns the
 * queue: an event that arrives in between finds NAPI scheduled, and
 * napi_complete_done() then polls again.
 *
 * Context: NAPI.
 */
void nfh_event_pay(struct nfh_event *event)
{
	unsigned int flags = event->progress ? 0 : XEN_EOI_FLAG_SPURIOUS;

	if (!READ_ONCE(event->pending))
		return;
	WRITE_ONCE(event->pending, false);
	event->progress = 0;
	xen_irq_lateeoi(event->irq, flags);
}
