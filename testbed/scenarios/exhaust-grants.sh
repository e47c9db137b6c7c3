# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2154,SC2034
# summary: the guest has no grant left: no connection, said once; it comes back by itself when there are some again
# timeout: 180
# groups: lifecycle
scenario() { exhausted grants 1 100 200; }

cleanup() {
	hoard_end
	backend_restore
}
