# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2154
# summary: the guest is saved, and restored as a new domain with a new backend: the same interface goes on
# timeout: 240
# kernels: 6.1 6.12
# (the image of a debug guest, 1 GiB, has no room in dom0)
# groups: lifecycle lifecycle-short
scenario() { moves; }

cleanup() { moves_end; }
