/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a harness provides, so that the driver's pure files run in user space
 *
 * The shim headers in this directory turn everything that ring.c, frame.c,
 * grant.c and pool.c ask of the kernel into the functions below.  The fuzzer
 * and the prover each bring their own set.  Accesses to shared memory end here
 * as well: the page behind a ring pointer need not even be readable, because
 * an access that is not one of these functions is a bug.
 */
#ifndef NFH_USER_H
#define NFH_USER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct page;
struct work_struct;

/* What must never be false. */
#ifdef NFH_PROOF
# define nfh_user_check(what)	__CPROVER_assert(what, #what)
#else
# define nfh_user_check(what) \
	((what) ? (void)0 : nfh_user_fail(__FILE__, __LINE__, #what))
#endif
void nfh_user_fail(const char *file, int line, const char *what);

/* READ_ONCE() and WRITE_ONCE(), on any memory. */
uint64_t nfh_user_load(const volatile void *from, size_t len);
void nfh_user_store(volatile void *to, size_t len, uint64_t value);

/* memcpy() and memset(), on any memory. */
void *nfh_user_memcpy(void *to, const void *from, size_t len);
void *nfh_user_memset(void *to, int byte, size_t len);

/* Memory; both may fail. */
void *nfh_user_zalloc(size_t len);
void nfh_user_free(const void *memory);
struct page *nfh_user_alloc_page(bool zero);
void nfh_user_free_page(struct page *page);
void *nfh_user_page_address(const struct page *page);

/* The one delayed work and the one mutex of pool.c; time passes in sleep. */
void nfh_user_work_schedule(struct work_struct *work, unsigned long delay);
void nfh_user_work_cancel(void);
void nfh_user_lock(bool take);
bool nfh_user_lock_held(void);
void nfh_user_sleep(void);

/* The grant table. */
int nfh_user_refs_alloc(uint16_t count, uint32_t *head);
void nfh_user_refs_free(uint32_t head);
int nfh_user_ref_claim(uint32_t *head);
void nfh_user_ref_free(uint32_t ref);
void nfh_user_grant(uint32_t ref, uint16_t domid, unsigned long gfn,
		    bool readonly);
bool nfh_user_try_end(uint32_t ref);
void nfh_user_end(uint32_t ref, struct page *page);
unsigned long nfh_user_gfn(const struct page *page);

#endif /* NFH_USER_H */
