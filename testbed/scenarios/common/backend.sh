# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2034
# (ash has `local`; $ in single quotes is for the shell in dom0; scenarios use the variables)
# backend: what dom0 can do to the backend, and what the driver's health reporter says of it.

BACKEND='/local/domain/0/backend/vif/$DOMID/0'

backend_write() { dom0 "xenstore-write -- $BACKEND/$1 '$2'"; } # KEY VALUE
backend_state() { dom0 "xenstore-read $BACKEND/state"; }

# netback lets go of the vif and says nothing; xenstore stays as it is.
backend_unbind() { dom0 'echo vif-$DOMID-0 >/sys/bus/xen-backend/drivers/vif/unbind'; }

# netback takes it again; what a hotplug script does at that moment has to be done by hand.
backend_bind() {
	dom0 "echo vif-\$DOMID-0 >/sys/bus/xen-backend/drivers/vif/bind && ip link set \$VIF master xenbr0 up &&
		xenstore-write $BACKEND/hotplug-status connected"
}

# In cleanup(): whatever happened, netback serves the vif again.
backend_restore() {
	dom0 'test -e /sys/bus/xen-backend/drivers/vif/vif-$DOMID-0' || backend_bind
	wait_for 90 has_carrier
}

# devlink health VERB of eth0's reporter
reporter() { # VERB [WORD...]
	local verb=$1
	shift
	devlink health "$verb" xen/vif-0 reporter backend "$@"
}
dump() { devlink health dump "$1" xen/vif-0 reporter backend; } # show|clear
health_is() { reporter show | grep -q "state $1 "; }
says() { reporter diagnose | grep -q "$1" || { reporter diagnose && return 1; }; }
fault() { reporter test; }

connections_are() { [ "$(stat connections)" = "$1" ]; }
connections_above() { [ "$(stat connections)" -gt "$1" ]; }

# It is up, and carries bytes unchanged in both directions. Short: scenarios ask often, and the debug kernel is slow.
works() {
	wait_for "${1:-30}" has_carrier && wait_for 10 ping -q -c 1 -W 1 "$DOM0_4" &&
		peer udp "$DOM0_4" 64-1472/352 2000 && peer tcp "$DOM0_4" 200000
}

# Grants of this guest that are in use, whichever device made them: a new device knows nothing of the pages of an old one.
in_use() { dom0 'nfh-grants $DOMID' | cut -d' ' -f1; }
in_use_is() { [ "$(in_use)" = "$1" ]; }

no_pages() { [ "$(stat pool_pages)" = 0 ]; }
no_quarantine() { [ "$(stat quarantined_pages)" = 0 ]; }
