/* SPDX-License-Identifier: GPL-2.0 */
/* What Coccinelle is told about words that it would take for types. */
#define __untrusted
#define __force
#define __bitwise
#define __must_check
#define ____cacheline_aligned_in_smp
#define __counted_by(x)
