# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2154,SC2034
# summary: states that make no sense, and walks through all of them, under traffic: it works again without help
# timeout: 300
# groups: lifecycle
scenario() {
	local s
	must "load to dom0" load_begin
	for s in 1 2 3 7 8 9 42 -1 4294967295 99999999999999999999 x ''; do
		must "state '$s', and Connected again" flicker "$s"
		must "works after '$s'" works 60
	done
	must "a walk through all states" dom0 "for s in 0 1 2 3 4 5 6 7 8 6 5 4 3 2 1 0 6 2 5 4; do xenstore-write $BACKEND/state \$s; done"
	must "works after the walk" comes_back
	must "state removed" dom0 "xenstore-rm $BACKEND/state; sleep 1; xenstore-write $BACKEND/state 6"
	must "works after it was removed" comes_back
	check "the load was intact and went through" load_end
	check "no page is kept" wait_for 15 no_quarantine
}

cleanup() {
	traffic_ends
	backend_restore
}

flicker() { dom0 "xenstore-write -- $BACKEND/state '$1' && sleep 0.2 && xenstore-write $BACKEND/state 4"; }

# xenstore and netback may disagree after all this: it lets go and takes the vif again, the guest is left alone.
comes_back() {
	works 15 && return
	backend_unbind && dom0 "xenstore-write $BACKEND/state 6" && backend_bind && works 90
}
