# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2154,SC2034
# summary: the guest has no event channel left: no connection, said once; it comes back by itself when there are some again
# timeout: 180
# groups: lifecycle
scenario() { exhausted ports 1; }

cleanup() {
	hoard_end
	backend_restore
}
