# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2154
# summary: xl migrate to the same host, under traffic: the same interface goes on
# timeout: 240
# kernels: 6.1 6.12
# types: pvh
# groups: migrate
# In a group of its own, which nothing runs: a PVH guest was suspended and was heard again as another domain, but then hung
# (not understood yet), and its console went to a file of another name. Xen has to follow the guest's writes; for PV
# guests that takes shadow paging, which Debian's Xen 4.17 is built without:
# "Failed to enable logdirty: 95" (EOPNOTSUPP).
scenario() { moves migrate; }

cleanup() { moves_end; }
