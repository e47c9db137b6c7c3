# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2034,SC2154
# driver-domain: backends in other domains than dom0. Each has a bridge with dom0's addresses and servers, so that traffic is
# checked as always. A scenario that starts one says "# driver-domain: yes".

MAC=$(cat "/sys/class/net/$IFACE/address" 2>/dev/null)

domain_start() { dom0 "nfh-driver-domain start $1"; }
domain_ready() { dom0 "nfh-driver-domain ready $1"; }
domain_run() { dom0 "nfh-driver-domain run $*"; } # NAME COMMAND
domain_gone() { dom0 "xl domid $1 >/dev/null 2>&1 || echo gone" | grep -qx gone; }

# The words of a vif: of a driver domain, or of dom0's bridge
vif_words() { if [ "$1" = dom0 ]; then echo "bridge=xenbr0"; else echo "backend=$1"; fi; }

# xl says of a backend that is not there any more that it is not, and goes on.
vif_detach() { dom0 'timeout 55 xl network-detach $DOMNAME 0; true' && wait_for 20 gone; }
vif_attach() { dom0 "timeout 55 xl network-attach \$DOMNAME mac=$MAC $(vif_words "$1")" && wait_for 20 present && net_up; }

# What Qubes calls a change of the netvm.
vif_to() { # NAME|dom0
	! present || vif_detach || return 1
	vif_attach "$1"
}

# Driver domains boot, and the first of them gets the vif.
domains_serve() { # NAME...
	local name
	for name in "$@"; do must "$name boots" domain_start "$name"; done
	for name in "$@"; do must "$name is up" domain_ready "$name"; done
	must "the vif moves to $1" vif_to "$1"
}

# For cleanup(): dom0 serves the vif again, nobody is paused.
driver_domains_end() {
	traffic_ends
	dom0 'for d in driver1 driver2; do xl unpause $d 2>/dev/null; done; xenstore-exists /local/domain/0/backend/vif/$DOMID/0' ||
		vif_to dom0
}
