/* SPDX-License-Identifier: GPL-2.0 */
#ifndef NFH_USER_LIST_H
#define NFH_USER_LIST_H

#include "types.h"

#define LIST_HEAD(name)		struct list_head name = { &(name), &(name) }

#define container_of(pointer, type, member) \
	((type *)((char *)(pointer) - offsetof(type, member)))

static inline void INIT_LIST_HEAD(struct list_head *head)
{
	head->next = head;
	head->prev = head;
}

static inline bool list_empty(const struct list_head *head)
{
	return head->next == head;
}

static inline void list_add_tail(struct list_head *entry,
				 struct list_head *head)
{
	entry->prev = head->prev;
	entry->next = head;
	head->prev->next = entry;
	head->prev = entry;
}

/* An entry that was taken out must not be found through its links again. */
static inline void list_del(struct list_head *entry)
{
	entry->prev->next = entry->next;
	entry->next->prev = entry->prev;
	entry->next = NULL;
	entry->prev = NULL;
}

#define list_entry(pointer, type, member) container_of(pointer, type, member)

#define list_for_each_entry(at, head, member)				\
	for (at = list_entry((head)->next, typeof(*at), member);	\
	     &at->member != (head);					\
	     at = list_entry(at->member.next, typeof(*at), member))

#define list_for_each_entry_safe(at, after, head, member)		\
	for (at = list_entry((head)->next, typeof(*at), member),	\
	     after = list_entry(at->member.next, typeof(*at), member);	\
	     &at->member != (head);					\
	     at = after,						\
	     after = list_entry(after->member.next, typeof(*at), member))

#endif /* NFH_USER_LIST_H */
