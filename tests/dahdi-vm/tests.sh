#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The tests that run in the guest, by name; "all" or none: all of them. Ends with 1 when one failed. Logs go to the
# second serial port. The tests over Ethernet come last: their span goes on sending.
dahdi=/etc/faxspan/dahdi.conf
log=/tmp/log
failed=0

# NAME TEST CONFIG FIRST-CHANNEL: a test of vmlab; the gateway's log of it is kept. One that failed while the host held
# the guest up is run again, twice at most: the third time it has failed.
vmlab_test() {
	tries=0
	status=3
	while [ $status = 3 ] && [ $tries -lt 3 ]; do
		tries=$((tries + 1))
		echo "guest: $1, at $(cut -d' ' -f1 /proc/uptime) s"
		: >$log
		vmlab "$2" "$1" "$3" "$4" $log
		status=$?
		{
			echo "==== $1"
			cat $log
		} >/dev/ttyS1
	done
	[ $status = 3 ] && echo "not ok $1: the host is too slow for it: failed three times while it held the guest up"
	[ $status = 0 ] || failed=1
}

# A span over Ethernet: DAHDI at one end of a cable within the guest, the gateway at the other. The kernel calls the
# other end of a new cable veth0. A third interface, tdm2, stays down: see dahdi/ethernet.conf.
ethernet_open() {
	[ -e /sys/class/net/tdm0 ] && return
	for name in tdm2 tdm0; do
		ip link add name $name type veth
		ip link set veth0 name "$name-peer"
	done
	ip link set tdm0-peer name tdm1
	ip link set tdm0 address 02:00:00:00:00:01
	ip link set tdm1 address 02:00:00:00:00:02
	for name in tdm0 tdm1; do
		# a cable within one machine is no cable: frames of two processors would overtake each other
		echo 1 >/sys/class/net/$name/queues/rx-0/rps_cpus
		ip link set $name up
	done
	dahdi_cfg -c /etc/dahdi/ethernet.conf || failed=1
}

# The samples for cards: there is no card here, but dahdi_cfg reads them.
samples_test() {
	wrong=
	for sample in /etc/dahdi/samples/*.conf; do
		dahdi_cfg -t -c "$sample" >/tmp/samples.out 2>&1 || {
			wrong="$wrong ${sample##*/}"
			cat /tmp/samples.out >/dev/ttyS1
		}
	done
	if [ -z "$wrong" ]; then
		echo "ok samples (dahdi_cfg reads them)"
	else
		echo "not ok samples: dahdi_cfg refuses$wrong"
		failed=1
	fi
}

run_test() {
	case $1 in
	samples) samples_test ;;
	bare) vmlab_test bare bare - 0 ;;	# without a gateway
	ethernet-*)
		ethernet_open
		vmlab_test "$1" "${1#ethernet-}" /etc/faxspan/ethernet.conf 64
		;;
	*) vmlab_test "$1" "$1" $dahdi 32 ;;
	esac
}

[ $# = 0 ] || [ "$1" = all ] &&
	set -- samples bare up calls pass faxes-from-line faxes-from-sip alarm removal missing kill ethernet-faxes ethernet-pass
for name in "$@"; do
	run_test "$name"
done
{
	echo "==== kernel"
	dmesg | tail -n 200
} >/dev/ttyS1
exit $failed
