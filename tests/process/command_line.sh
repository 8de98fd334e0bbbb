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
