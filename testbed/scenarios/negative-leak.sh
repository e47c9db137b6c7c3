# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
# summary: memory that a module allocated and forgot must be judged failed (kmemleak of the debug kernel)
# groups: negative-debug
# kernels: debug
# types: pvh
# expect: fail ^memory leak \(kmemleak\)
scenario() { must "insmod nfh_leak.ko" insmod /nfh/modules/nfh_leak.ko; }
