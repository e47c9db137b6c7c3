/* SPDX-License-Identifier: GPL-2.0 */
#ifndef NFH_USER_IN6_H
#define NFH_USER_IN6_H

/* Numbers of protocols, RFC 8200 and RFC 4302 */
#define IPPROTO_HOPOPTS		0
#define IPPROTO_ROUTING		43
#define IPPROTO_FRAGMENT	44
#define IPPROTO_AH		51
#define IPPROTO_DSTOPTS		60

#endif /* NFH_USER_IN6_H */
