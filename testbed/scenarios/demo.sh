# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
# summary: what one does by hand: insmod, ip, ping, iperf3, a file there and back, ethtool (make demo)
# load: no
# groups: demo
# timeout: 120
scenario() {
	show insmod "$MODULE"
	must "the interface is there" wait_for 20 test -e "/sys/class/net/$IFACE"
	show ip link set "$IFACE" up
	must "the backend connects" wait_for 20 has_carrier
	show ip addr add "$GUEST4/24" dev "$IFACE"
	show ip addr add "$GUEST6/64" dev "$IFACE" nodad
	show ping -c 3 -i 0.3 "$DOM0_4"
	show ping -c 3 -i 0.3 "$DOM0_6"
	stream "$DOM0_4" -t 3
	stream "$DOM0_4" -t 3 -R
	stream "$DOM0_6" -t 3
	stream "$DOM0_4" -t 2 -u -b 100M
	send_file
	show ethtool -i "$IFACE"
	show ethtool -k "$IFACE"
	show ethtool -S "$IFACE"
}

# The command, its output, and whether it did its work.
show() {
	say "# $*"
	"$@" >/tmp/show 2>&1 && status=0 || status=$?
	grep -v -e '^$' -e '\[fixed\]' /tmp/show | note_lines '  '
	must "${1##*/}" test "$status" = 0
}

# Its server listens anew behind each test: see iperf() in common/traffic.sh.
stream() { # ADDRESS OPTIONS...
	show iperf3 -c "$@"
	usleep 300000
}

# 8 MiB of noise to dom0 over TCP and back again; the sums of both ends are compared.
send_file() {
	dd if=/dev/urandom of=/tmp/file bs=64k count=128 2>/dev/null
	here=$(sha256sum </tmp/file)
	dom0 'busybox nc -l -p 9101 -e sh -c "cat >/run/there" </dev/null >/dev/null 2>&1 & busybox nc -l -p 9102 -e cat /run/there </dev/null >/dev/null 2>&1 & sleep 0.5'
	say "# a file of 8 MiB to dom0 and back"
	timeout 60 nc "$DOM0_4" 9101 </tmp/file
	must "all of it is there" wait_for 10 same_size
	timeout 60 nc "$DOM0_4" 9102 </dev/null >/tmp/back
	say "sent     $here"
	say "in dom0  $(dom0 'sha256sum </run/there')"
	say "and back $(sha256sum </tmp/back)"
	must "the checksum in dom0 is the same" test "$here" = "$(dom0 'sha256sum </run/there')"
	must "the checksum of what came back is the same" test "$here" = "$(sha256sum </tmp/back)"
}

same_size() { [ "$(dom0 'stat -c %s /run/there')" = 8388608 ]; }
