// SPDX-License-Identifier: GPL-2.0
/*
 * The TAP device on dom0's bridge: with it an honest backend carries whatever
 * the guest's other tests want, segmentation and blank checksums included.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <linux/virtio_net.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/uio.h>
#include <unistd.h>

#include "hostile.h"

#define TAP_NAME	"nfhtap0"
#define OFFLOADS	(TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6)

static const u8 mac[6] = { 0x00, 0x16, 0x3e, 0x00, 0x00, 0x01 };

const u8 *guest_mac(void)
{
	return mac;
}

static void die(const char *what)
{
	fprintf(stderr, "hostile: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* dom0's init has made the device persistent and put it on the bridge. */
void tap_open(struct backend *b)
{
	struct ifreq ifr = { .ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR };

	b->tap = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (b->tap < 0)
		die("/dev/net/tun");
	memcpy(ifr.ifr_name, TAP_NAME, sizeof(TAP_NAME));
	if (ioctl(b->tap, TUNSETIFF, &ifr))
		die("TUNSETIFF");
	if (ioctl(b->tap, TUNSETOFFLOAD, OFFLOADS))
		die("TUNSETOFFLOAD");
}

/* Where the transport header of an IPv4 or IPv6 frame begins, and what it is */
static unsigned int transport(const u8 *data, unsigned int len,
			      u8 *proto)
{
	if (len >= 34 && data[12] == 0x08 && data[13] == 0x00) {
		*proto = data[23];
		return 14 + (data[14] & 15) * 4;
	}
	if (len >= 54 && data[12] == 0x86 && data[13] == 0xdd) {
		*proto = data[20];
		return 54;
	}
	return 0;
}

static struct virtio_net_hdr header_of(const struct frame *frame)
{
	struct virtio_net_hdr h = { 0 };
	u8 proto = 0;
	unsigned int start = transport(frame->data, frame->len, &proto);

	if (!start || (!frame->csum_blank && !frame->gso_size))
		return h;
	h.flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
	h.csum_start = start;
	h.csum_offset = proto == IPPROTO_TCP ? 16 : 6;
	if (!frame->gso_size)
		return h;
	h.gso_type = frame->gso_type == XEN_NETIF_GSO_TYPE_TCPV6 ?
		     VIRTIO_NET_HDR_GSO_TCPV6 : VIRTIO_NET_HDR_GSO_TCPV4;
	h.gso_size = frame->gso_size;
	h.hdr_len = start + 20;
	if (start + 13 <= frame->len)
		h.hdr_len = start + (frame->data[start + 12] >> 4) * 4;
	return h;
}

void tap_write(struct backend *b, const struct frame *frame)
{
	struct virtio_net_hdr h = header_of(frame);
	struct iovec io[2] = {
		{ &h, sizeof(h) },
		{ (void *)frame->data, frame->len },
	};

	if (frame->len >= 14 && writev(b->tap, io, 2) > 0)
		b->frames_out++;
}

/* The next frame for the guest; false when there is none. */
bool tap_read(struct backend *b, struct frame *frame)
{
	struct virtio_net_hdr h;
	struct iovec io[2] = {
		{ &h, sizeof(h) },
		{ frame->data, FRAME_MAX },
	};
	ssize_t n = readv(b->tap, io, 2);

	if (n <= (ssize_t)sizeof(h))
		return false;
	frame->len = n - sizeof(h);
	frame->csum_blank = h.flags & VIRTIO_NET_HDR_F_NEEDS_CSUM;
	frame->gso_size = 0;
	frame->gso_type = 0;
	if (h.gso_type == VIRTIO_NET_HDR_GSO_TCPV4 ||
	    h.gso_type == VIRTIO_NET_HDR_GSO_TCPV6) {
		frame->gso_size = h.gso_size;
		frame->gso_type = h.gso_type == VIRTIO_NET_HDR_GSO_TCPV6 ?
			XEN_NETIF_GSO_TYPE_TCPV6 : XEN_NETIF_GSO_TYPE_TCPV4;
	}
	return true;
}
