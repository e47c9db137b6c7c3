# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
# summary: an echo with one wrong byte in a thousand frames must be judged failed
# groups: negative
# expect: fail check failed: frames come back intact
# timeout: 60
scenario() {
	dom0 'pkill -x nfh-peer; (nfh-peer serve --corrupt-every 1000 xenbr0 </dev/null >/dev/null 2>&1 &); sleep 1'
	check "frames come back intact" nfh-peer frames "$IFACE" "$DOM0_MAC" 60 1514
}

cleanup() { dom0 'pkill -x nfh-peer; (nfh-peer serve xenbr0 </dev/null >/dev/null 2>&1 &)'; }
