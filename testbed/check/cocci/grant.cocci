// SPDX-License-Identifier: GPL-2.0
// Only grant.c calls the grant table; run on the other files.
@@
identifier f =~ "^_*(gnttab_|HYPERVISOR_grant_table_op|xenbus_grant_ring|xenbus_setup_ring|xenbus_teardown_ring)";
@@
* f(...)
