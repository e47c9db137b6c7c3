# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
# summary: the interface answers ping over v4 and v6 and carries a second of TCP
# timeout: 60
# groups: functional smoke
scenario() {
	check "driver of $IFACE is the one under test" driver_name
	check "ping v4" ping -c 3 -i 0.2 -W 2 "$DOM0_4"
	check "ping v6" ping -c 3 -i 0.2 -W 2 "$DOM0_6"
	check "ping v4 with 1400 bytes" ping -c 3 -i 0.2 -W 2 -s 1400 "$DOM0_4"
	check "iperf3 to dom0" iperf -t 1
	check "iperf3 from dom0" iperf -t 1 -R
}

driver_name() {
	case $DRIVER in
	ours) ethtool -i "$IFACE" | grep -qx 'driver: netfront_hardened' ;;
	stock) ethtool -i "$IFACE" | grep -qx 'driver: vif' ;;
	esac
}
