#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# SIP against sipp, a user agent of somebody else's. There is no exchange at the line, so no call gets far.
. "$(dirname "$0")/common.bash"

configure
gateway_start
sip_check "OPTIONS: 200" options
sip_check "a number that no span takes: 404" unrouted
has "404: the log says why" "$log" 'call s-1: .*no span.s dial patterns take 777'
has "404: the call has its END line" "$log" 'call s-1: END .*called=777 .*cause=1\(.* sip=404'
sip_check "the D channel is down: 503 with its Q.850 cause" no_line
has "503: the log says why" "$log" 'call s-2: END .*(D channel is down|in alarm).*cause=38\('
sip_check "an INVITE that is sent again is answered again" repeated 127.0.0.2 -nr
has "an INVITE that is sent again is in the log" "$log" 'call s-3: END '
equal "an INVITE that is sent again is one call" 3 "$(count "$log" ' END ')"
sip_check "a known method without use here: 405 with Allow" subscribe
sip_check "an unknown method: 501" unknown_method
sip_check "BYE of no call: 481" stray_bye
sip_check "a stranger's INVITE: 403" stranger 127.0.0.3
sip_check "a stranger's OPTIONS: 403" options_stranger 127.0.0.3
has "the stranger is named in the log" "$log" 'INVITE from 127\.0\.0\.3:5070 refused: not a peer'
equal "the stranger is named in one line, though it tried twice" 1 "$(count "$log" 'not a peer')"
equal "the stranger's call is no call" 3 "$(count "$log" ' END ')"
gateway_end
equal "the gateway ends with 0" 0 $status
finish
