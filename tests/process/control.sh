#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# faxspanctl and the running daemon.
. "$(dirname "$0")/common.bash"
faxspanctl=$BUILD/faxspanctl
socket=$(mktemp -u /tmp/faxspan-XXXXXXXX.sock) # the path of a socket must be short

# ctl ARGUMENTS...: its exit status in $status, what it wrote in $work/ctl.out
ctl() {
	"$faxspanctl" -s "$socket" "$@" >"$work/ctl.out" 2>&1
	status=$?
}

# says NAME REGEX: faxspanctl did
says() { check "$1" "no line /$2/ in: $(head -c 600 "$work/ctl.out")" grep -qE -- "$2" "$work/ctl.out"; }

ctl show status
equal "without a daemon the status is 3" 3 $status
says "without a daemon that is said" 'No such file or directory \(is faxspand running\?\)'

configure
sed -i "s,^socket = none,socket = $socket," "$work/faxspan.conf"
gateway_start
equal "the socket is for user and group alone" 660 "$(stat -c %a "$socket")"
fax_start line t38 4
wait_for "$work/fax.out" '^frame CFR' || not_ok "a fax runs" "$(tail -n 1 "$work/fax.out")"

ctl show status
equal "show status: 0" 0 $status
says "show status names the version" '^faxspand +version [0-9.]+, process'
says "show status has a line for the span" '^span 1 +up, 1 in calls, 29 free, 0 blocked'
says "show status has SIP's" '^SIP +on 127\.0\.0\.1:5060, 1 sessions'
ctl --dump show calls
says "show calls: columns for a program" $'^call\tspan\ttimeslot\tfrom\tstate'
says "show calls: the fax, in T.38" $'^1-1\t1\t[0-9]+\tline\tUP\t.*\tdemo\tT38\t'
timeslot=$(awk -F '\t' '$1 == "1-1" {print $3}' "$work/ctl.out")
ctl show call 1-1
says "show call: the last frame of the peer" '^last frame of the peer +[A-Z]{3}'
says "show call: the rule by which it goes" '^route +accept'
says "show call: its modem" '^modem +V\.17'
ctl show peers
says "show peers" '^demo +127\.0\.0\.2:5060 +1 +not probed +- +0 +1 +0 +0$'

ctl block span 1 timeslots "$timeslot"
equal "block: 0" 0 $status
says "block: a call goes on" "^1 +$timeslot +busy +operator"
has "block is logged" "$log" "span 1: ch $timeslot: the operator takes it out of service"
ctl restart span 1 timeslots "$timeslot"
says "restart: a call is left alone" "^1 +$timeslot +not restarted: in a call"
fax_end
equal "the fax is whole" 0 $status
has "the fax has its END line" "$log" 'call 1-1: END .*result="fax ok"'
ctl unblock span 1
equal "unblock: 0" 0 $status

ctl show span 1
says "show span: counters" '^D-channel frames received +[1-9]'
ctl show call 1-1
equal "a call that is gone: 1" 1 $status
says "a call that is gone is not there" '^faxspanctl: there is no such call'
ctl show span 5
equal "a span that is not there: 1" 1 $status
says "a span that is not there is named" 'there is no span 5'
ctl show nothing
equal "a word that is unknown: 2" 2 $status
says "a word that is unknown is told with those that are known" 'unknown word "nothing": expected status, spans'
ctl log level debug
says "log level" '^log level +debug'
has "log level is logged" "$log" 'the operator sets the log level to debug'

# the line is dead now: a RESTART cannot be had, and is not waited for
ctl restart span 1
equal "restart on a dead line: 1" 1 $status
says "restart on a dead line says why" 'span 1: (the span is in alarm|the D channel (is|went) down)'

# the socket of a daemon that was killed is taken over; that of one that lives is not
"$faxspand" -f -c "$work/faxspan.conf" 2>"$work/second.log" &
ended $! 10
kill -KILL $gateway
ended $gateway
gateway_start
ctl show spans
equal "after kill -9 the next one has the socket" 0 $status
gateway_end
equal "it ends with 0" 0 $status
check "the socket is gone with it" "it is there" [ ! -e "$socket" ]
finish
