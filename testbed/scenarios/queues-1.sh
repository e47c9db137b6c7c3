# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2154
# summary: one queue: many flows, every queue carries packets both ways, content is intact
# queues: 1
# vcpus: 1
# groups: functional
scenario() { all_queues_carry; }
