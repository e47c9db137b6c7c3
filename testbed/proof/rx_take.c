// SPDX-License-Identifier: GPL-2.0
/*
 * nfh_rx_ring_take_data() and _take_extra(): what is accepted lies inside the
 * page that stands at this position; one load; a refused id changes nothing
 */
#include "rx_model.h"

#include "ring.c"

static void data(struct nfh_rx_ring *ring, u32 pos)
{
	struct nfh_rx_ring before = *ring;
	u32 any = nondet_below(SLOTS);
	struct xen_netif_rx_response rsp;
	struct nfh_rx_data data;
	enum nfh_violation why;
	bool inside;

	why = nfh_rx_ring_take_data(ring, &data);

	check(slot_loads == 1 && index_loads == 0);
	check(stores == 0 && slot_stores == 0);
	rsp = *(struct xen_netif_rx_response *)&value_loaded;
	if (rsp.id != pos) {
		check(why == NFH_V_RX_ID);
		check(rx_same(ring, &before, any));
		return;
	}
	check(why < NFH_V_FIRST_FAULT);
	check(data.slot == pos && data.slot < SLOTS);
	check((u32)data.offset + data.len <= PAGE_BYTES);
	inside = rsp.status > 0 && (u32)rsp.offset + rsp.status <= PAGE_BYTES;
	check((why == NFH_V_NONE) == (inside && !(rsp.flags & ~0xf)));
	if (why == NFH_V_NONE)
		check(data.len >= 1 && data.len == rsp.status &&
		      data.offset == rsp.offset);
	else
		check(data.len == 0 && data.offset == 0);
	check(data.more == !!(rsp.flags & XEN_NETRXF_more_data));
	check(data.extra == !!(rsp.flags & XEN_NETRXF_extra_info));
	check(data.csum_blank == !!(rsp.flags & XEN_NETRXF_csum_blank));
	check(data.csum_valid == !!(rsp.flags & XEN_NETRXF_data_validated));
	check(ring->rsp_cons == before.rsp_cons + 1);
	ring->rsp_cons--;
	check(rx_same(ring, &before, any));
	ring->rsp_cons++;
}

static void extra(struct nfh_rx_ring *ring)
{
	struct nfh_rx_ring before = *ring;
	u32 any = nondet_below(SLOTS);
	struct xen_netif_extra_info info;
	struct nfh_rx_extra extra;
	enum nfh_violation why;

	why = nfh_rx_ring_take_extra(ring, &extra);

	check(slot_loads == 1 && index_loads == 0);
	check(stores == 0 && slot_stores == 0);
	info = *(struct xen_netif_extra_info *)&value_loaded;
	check(why < NFH_V_FIRST_FAULT);
	check(extra.more == (info.flags & 1));
	if (why == NFH_V_NONE) {
		check(info.type == XEN_NETIF_EXTRA_TYPE_GSO);
		check(!(info.flags & ~1) && !info.u.gso.features);
		check(extra.gso_type == info.u.gso.type);
		check(extra.gso_type == XEN_NETIF_GSO_TYPE_TCPV4 ||
		      extra.gso_type == XEN_NETIF_GSO_TYPE_TCPV6);
		check(extra.gso_size == info.u.gso.size);
		check(extra.gso_size >= 8 && extra.gso_size <= 65534);
	} else {
		check(!extra.gso_type && !extra.gso_size);
	}
	check(ring->rsp_cons == before.rsp_cons + 1);
	ring->rsp_cons--;
	check(rx_same(ring, &before, any));
	ring->rsp_cons++;
}

void harness(void)
{
	struct nfh_rx_ring ring;

	ring.sring = model_page(8, 8);
	assume(rx_ok(&ring));
	/* the contract: at least one response is pending */
	assume(ring.rsp_seen != ring.rsp_cons);
	may_load = ring.rsp_cons & MASK;
	if (nondet_bool())
		data(&ring, may_load);
	else
		extra(&ring);
	check(rx_ok(&ring));
	reach();
}
