// SPDX-License-Identifier: GPL-2.0
// A shared word is fetched once in a function: what was checked is what is used. Two loads of one expression are found
// here, in a row, in a loop or in one statement; loads that only the compiler adds are found in the object code.
@row@
expression e;
identifier load = {load32, load64};
@@
* load(e)
  ... when any
* load(e)

@statement@
expression e;
identifier load = {load32, load64};
binary operator o;
@@
* load(e) o load(e)

@comma@
expression e;
identifier load = {load32, load64};
@@
* load(e), load(e)

@arguments@
expression e;
identifier load = {load32, load64}, f;
@@
* f(..., load(e), ..., load(e), ...)
