# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2154
# summary: the vif goes to stock xen-netfront and comes back, under traffic, without a reboot
# timeout: 240
# kernels: 6.12
# groups: lifecycle lifecycle-short
# Not on the debug kernel: when stock takes a vif and when it lets go it waits for the backend with calls that sleep as the condition
# of the wait, and the kernel warns ("do not call blocking ops when !TASK_RUNNING"). Ours lets go and takes back there in rebind.
OURS=/sys/bus/xen/drivers/netfront_hardened STOCK=/sys/bus/xen/drivers/vif

scenario() {
	has_module xen-netfront || skip "no xen-netfront module for this guest kernel"
	must "load to dom0" load_begin
	must "stock loads beside ours" modprobe xen-netfront
	check "no violation counted so far" no_violations
	must "ours lets go" write vif-0 "$OURS/unbind"
	must "the backend has left" backend_left
	must "stock takes the vif" write vif-0 "$STOCK/bind"
	must "the interface comes up" up
	check "stock carries it" ping -q -c 3 -i 0.2 -W 2 "$DOM0_4"
	must "stock lets go" write vif-0 "$STOCK/unbind"
	must "ours takes it back" write vif-0 "$OURS/bind"
	must "the interface comes up" up
	check "works" works
	must "stock goes" rmmod xen_netfront
	check "the load was intact and went through" load_end
	check "no violation counted" no_violations
}

cleanup() {
	traffic_ends
	[ ! -e "$STOCK/vif-0" ] || write vif-0 "$STOCK/unbind"
	[ ! -e /sys/module/xen_netfront ] || rmmod xen_netfront
	[ -e "$OURS/vif-0" ] || write vif-0 "$OURS/bind"
}

# We do not wait for the backend, and stock gives a vif up whose backend is still closing.
backend_left() {
	dom0 'for n in $(seq 100); do
			case $(xenstore-read /local/domain/0/backend/vif/$DOMID/0/state) in 2 | 6) exit 0 ;; esac
			sleep 0.1
		done; exit 1'
}

write() { echo "$1" >"$2"; }
up() { wait_for 20 present && net_up; }
