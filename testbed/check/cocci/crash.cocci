// SPDX-License-Identifier: GPL-2.0
// Guests run with panic_on_warn: each of these that a backend can reach is a remote crash button. WARN*() for bugs of
// our own may be allowed one day by a list of functions here; at present there is none.
@@
identifier m =~ "^(BUG|BUG_ON|WARN|WARN_ON|WARN_ONCE|WARN_ON_ONCE|WARN_RATELIMIT|WARN_TAINT|VM_BUG_ON.*|VM_WARN.*|DEBUG_NET_WARN.*|NET_WARN.*|netdev_WARN|netdev_WARN_ONCE|dev_WARN|dev_WARN_ONCE|panic|dump_stack|CHECK_DATA_CORRUPTION)$";
@@
* m(...)
