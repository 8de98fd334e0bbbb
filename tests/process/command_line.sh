#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The daemon's command line, its exit statuses, and what --check says.
. "$(dirname "$0")/common.bash"

# run ARGUMENTS...: status in $status, output in out and err
run() {
	timeout $limit "$faxspand" "$@" >"$work/out" 2>"$work/err"
	status=$?
}

run --version
equal "--version ends with 0" 0 $status
has "--version says it" "$work/out" '^faxspand [0-9]+\.[0-9]+'
run --help
equal "--help ends with 0" 0 $status
has "--help shows the usage" "$work/out" '^usage: faxspand'
run --no-such-option
equal "an unknown option ends with 2" 2 $status
has "an unknown option is named" "$work/err" 'no-such-option'
run -f one-too-many
equal "an argument too many ends with 2" 2 $status
has "an argument too many is named" "$work/err" 'unexpected argument: one-too-many'

run --check conf/samples/faxspan.conf
equal "--check of the samples ends with 0" 0 $status
check "--check of the samples has nothing to say of errors" "$(head -n 1 "$work/err")" [ ! -s "$work/err" ]
run --check tests/demo/faxspan.conf
equal "--check of the demo's configuration ends with 0" 0 $status
run --check "$work/none.conf"
equal "--check of a file that is not there ends with 1" 1 $status
has "--check names the file that is not there" "$work/err" 'none\.conf: .*No such file'

cat >"$work/secret.conf" <<'END'
[sip]
listen = 127.0.0.1:5060
[peer a]
address = 127.0.0.2
inbound_user = pbx
inbound_secret = s3cret
END
cat >"$work/spans.d/one.conf" <<'END'
[span 1]
local = 127.0.0.1:9000
remote = 127.0.0.1:9100
peer = a
END
chmod 644 "$work/secret.conf"
run --check "$work/secret.conf"
equal "--check of a public file with passwords ends with 0" 0 $status
has "--check warns of passwords that all can read" "$work/err" 'secret\.conf: has passwords in it'
chmod 640 "$work/secret.conf"
run --check "$work/secret.conf"
check "--check says nothing of passwords that are kept" "$(head -n 1 "$work/err")" [ ! -s "$work/err" ]

cat >"$work/faxspan.conf" <<'END'
[sip]
listen = 127.0.0.1:5060
[peer a]
address = 127.0.0.2
[peer b]
address = 127.0.0.3
END
cat >"$work/spans.d/one.conf" <<'END'
[span 1]
local = 127.0.0.1:9000
remote = 127.0.0.1:9100
peer = b, a
accept = 110
accept = 62XXXXX
dial = 49.
END
run --route 6212345 --from span 1 "$work/faxspan.conf"
equal "--route of a number that is taken ends with 0" 0 $status
has "--route names the accept pattern's line" "$work/out" 'one\.conf:6: accept pattern 62XXXXX takes it'
has "--route names the line of the peers" "$work/out" 'one\.conf:4: peer: b, a, in this order'
has "--route names the first peer's line" "$work/out" 'faxspan\.conf:5: \[peer b\]: INVITE to 127\.0\.0\.3:5060; without'
has "--route names the second peer's line" "$work/out" 'faxspan\.conf:3: \[peer a\]: INVITE to 127\.0\.0\.2:5060$'
run --route 4930 --from peer a "$work/faxspan.conf"
equal "--route of a number that goes out ends with 0" 0 $status
has "--route names the dial pattern's line" "$work/out" 'one\.conf:7: span 1: dial pattern 49\. takes it'
run --route 4930 --from span 1 "$work/faxspan.conf"
equal "--route of a number that is not accepted ends with 1" 1 $status
has "--route says that it is refused" "$work/out" 'refused: span 1: no accept pattern takes 4930: cause 1, SIP status 404'
run --route 999 "$work/faxspan.conf"
equal "--route of a number that nobody takes ends with 1" 1 $status
run --route 4930 "$work/faxspan.conf"
equal "--route from everywhere ends with 0 if somebody takes it" 0 $status
run --route 4930 --from span 2 "$work/faxspan.conf"
equal "--route from a span that is not there ends with 2" 2 $status
run -c "$work/faxspan.conf" --route 4930 --from peer
equal "--route from half a name ends with 2" 2 $status
sed -i /accept/d "$work/spans.d/one.conf"
run --route 4930 --from span 1 "$work/faxspan.conf"
has "--route says where a default takes it" "$work/out" 'one\.conf: accept is not set, its default \. takes it'

cat >>"$work/faxspan.conf" <<'END'
[numbering]
country_code = 49
area_code = 30
[route blocked]
called = 0900., +49900.
reject = 21
[route did]
from = span 1
called = 30123400-30123449, 49301234XX
calling = 089., +49.
ton = national, international
to = peer b:70, a:30
called_form = e164
calling_form = e164
[group west]
spans = 1
hunt = round-robin
[route out]
called = +.
to = group west
called_form = national
[route hidden]
called = +1.
to = span 1
END
run --check "$work/faxspan.conf"
equal "--check of a rule that no call comes to ends with 0" 0 $status
has "--check warns of it" "$work/err" 'faxspan\.conf:28: warning: \[route hidden\]: no call comes to it, \[route out\] in line 24'
run --route 30123407 --ton national --calling 089555 --from span 1 "$work/faxspan.conf"
equal "--route by a rule ends with 0" 0 $status
has "--route names the rule's line" "$work/out" 'faxspan\.conf:13: \[route did\] takes it'
has "--route names the called pattern's line" "$work/out" 'faxspan\.conf:15: called pattern 30123400-30123449 takes 30123407'
has "--route names the calling pattern's line" "$work/out" 'faxspan\.conf:16: calling pattern 089\. takes 089555'
has "--route says what becomes of the called number" "$work/out" 'the called number 30123407 becomes \+4930123407$'
has "--route says what becomes of the calling number" "$work/out" 'the calling number 089555 becomes \+4989555$'
has "--route names the line of the rule's peers" "$work/out" 'faxspan\.conf:18: to: peer b:70, a:30, by weight'
has "--route names the rule's first peer" "$work/out" 'faxspan\.conf:5: \[peer b\]: INVITE to 127\.0\.0\.3:5060; without'
run --route 30123407 --calling 089555 --from span 1 "$work/faxspan.conf"
has "--route without the type goes by accept" "$work/out" 'one\.conf: accept is not set, its default \. takes it'
run --route +49900123 "$work/faxspan.conf"
equal "--route of a number that is rejected ends with 1" 1 $status
equal "--route says so of every source" 3 "$(grep -c 'refused: route blocked: rejected: cause 21, SIP status 403' "$work/out")"
run --route +4930123 --from peer a "$work/faxspan.conf"
equal "--route to a group ends with 0" 0 $status
has "--route names the group's line" "$work/out" 'faxspan\.conf:22: \[group west\]: a span, round-robin'
has "--route says what the line gets" "$work/out" 'called number \+4930123 becomes 30123, type national, plan 1'
run --route 1 --ton foreign "$work/faxspan.conf"
equal "--route of a type that is not there ends with 2" 2 $status
rm "$work/spans.d/one.conf"

cat >"$work/faxspan.conf" <<'END'
[gateway]
stop = perhaps
[sip]
listen = 127.0.0.1:99999
lissen = 127.0.0.1
[peer a]
address = 127.0.0.2
[peer a]
address = 127.0.0.3
END
cat >"$work/spans.d/one.conf" <<'END'
[span 1]
local = 127.0.0.1:9000
remote = 127.0.0.1:9100
peer = b
[fax]
max_rate = 14401
END
run --check "$work/faxspan.conf"
equal "--check of a broken configuration ends with 1" 1 $status
for place in 'faxspan\.conf:2: stop: ' 'faxspan\.conf:4: listen: ' 'faxspan\.conf:5: lissen: .*listen' 'faxspan\.conf:8: ' 'one\.conf:4: peer: ' \
	'one\.conf:6: max_rate: '; do
	has "--check finds ${place//\\/}" "$work/err" "$place"
done
equal "--check says nothing but file:line: message" 0 "$(grep -cvE '^[^ ]+:[0-9]+: .' "$work/err")"
run -f -c "$work/faxspan.conf"
equal "a broken configuration is not started, status 1" 1 $status
has "and every error of it is shown" "$work/err" 'one\.conf:6: max_rate: '
finish
