# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2154
# summary: xl migrate to the same host, under traffic: the same interface goes on
# timeout: 240
# kernels: 6.1 6.12
# types: pvh
# groups: lifecycle
# Xen has to follow the guest's writes. For PV guests that takes shadow paging, which Debian's Xen 4.17 is built without: "Failed to
# enable logdirty: 95" (EOPNOTSUPP). For the debug kernel there is no memory: two guests of 1 GiB for a while.
scenario() { moves migrate; }

cleanup() { moves_end; }
