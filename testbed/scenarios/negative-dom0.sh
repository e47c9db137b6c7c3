# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2016
# summary: a complaint of dom0's kernel about the vif must be judged failed
# groups: negative
# expect: fail dom0 or Xen complains: .*fatal error
scenario() {
	check "something that passes" true
	dom0 'echo "<3>vif vif-$DOMID-0 $VIF: fatal error; disabling device" >/dev/kmsg'
}
