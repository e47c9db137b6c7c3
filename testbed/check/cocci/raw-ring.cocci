// SPDX-License-Identifier: GPL-2.0
// The shared ring page is touched through the accessors of ring.c and in no other way; in other files not at all, as
// these accessors are static there. The macros of the Xen headers read shared indexes plainly: none of them is used.
@door@
expression r;
identifier f, accessor = {load32, load64, store32, store_slot};
position p;
@@
accessor(<+... r->sring@p->f ...+>, ...)

@raw@
expression r;
identifier f;
position p != door.p;
@@
* r->sring@p->f

@deref@
expression r;
@@
* *r->sring

@macro@
identifier m =~ "^(RING|FRONT_RING|BACK_RING|SHARED_RING|XEN_RING|XEN_FRONT_RING)_";
@@
* m(...)
