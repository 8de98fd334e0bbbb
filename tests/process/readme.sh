#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The configurations of the README, as they stand there, and what it says that comes of them.
. "$(dirname "$0")/common.bash"
. tests/process/certificates.bash

# The lines of a chapter that are set in, one file, without what is no configuration.
samples() { # CHAPTER
	awk -v chapter="## $1" '
		/^## / {wanted = $0 == chapter}
		wanted && /^    \[/ {inside = 1}
		!/^(    |$)/ {inside = 0}
		wanted && inside {sub(/^    /, ""); print}' README.md
}

# What the README shows of a command's output, up to "...", with our paths in place of /etc/faxspan
shown() { # COMMAND
	awk -v command="    \$ $1" '
		$0 == command {inside = 1; next}
		inside && (/^    *\.\.\.$/ || !/^    /) {exit}
		inside {sub(/^    /, ""); print}' README.md | sed "s,/etc/faxspan,$PWD/$work,"
}

# split FILE: the sections [span N] into the files of their own
split() {
	awk -v dir="$work" '
		/^\[span / {span = $2; sub(/\]/, "", span)}
		/^\[/ && !/^\[span / {span = ""}
		{print >(span == "" ? dir "/faxspan.conf" : dir "/spans.d/span" span ".conf")}' "$1"
}

# accepted WHAT: --check finds nothing in $work/faxspan.conf
accepted() {
	"$faxspand" --check "$PWD/$work/faxspan.conf" >"$work/check.out" 2>&1
	status=$?
	check "$1" "$(head -n 1 "$work/check.out")" [ $status = 0 ]
	has "$1: no error" "$work/check.out" 'no errors$'
}

patience=1
samples 'A first configuration' >"$work/first"
split "$work/first"
accepted "the first configuration"

authority ours
certificate gateway ours gateway.test
{
	samples 'TLS, providers and adapters'
} | sed "s,/etc/faxspan/gateway,$PWD/$pem/gateway," >"$work/trunks"
split "$work/trunks"
sed -i 's/^peer = .*/peer = carrier, provider/' "$work/spans.d/span1.conf"
accepted "TLS, a provider and an adapter"
"$faxspand" --route 30123450 --from span 1 "$PWD/$work/faxspan.conf" >"$work/route.out" 2>&1
has "the adapter's number goes to it" "$work/route.out" 'endpoint fax1'

{
	cat "$work/first"
	printf '[peer spare]\naddress = 192.0.2.21:5060\n\n'
	samples Routing
} >"$work/routing"
split "$work/routing"
sed 's/span 1/span 2/; s/:7001/:7002/' "$work/spans.d/span1.conf" >"$work/spans.d/span2.conf"
accepted "the routes"
command='faxspand --route 30123407 --ton national --calling 089555 --from span 1'
shown "$command" >"$work/shown"
"$faxspand" ${command#faxspand } "$PWD/$work/faxspan.conf" 2>&1 | head -n "$(wc -l <"$work/shown")" >"$work/route.out"
check "the README shows what --route says" "no such command in it" [ -s "$work/shown" ]
check "... line by line" "$(diff "$work/shown" "$work/route.out" | head -n 2 | tr '\n' ' ')" cmp -s "$work/shown" "$work/route.out"

# Every faxspanctl that is shown is a command; whether there is such a call or channel is another matter.
socket=$(mktemp -u /tmp/faxspan-XXXXXXXX.sock)
rm "$work"/spans.d/*
configure
sed -i "s,^socket = none,socket = $socket," "$work/faxspan.conf"
gateway_start
sed -n 's/^    faxspanctl \([^#]*\).*/\1/p' README.md | sed 's, *$,,' | sort -u >"$work/commands"
while read -r command; do
	"$BUILD/faxspanctl" -s "$socket" $command >"$work/command.out" 2>&1 </dev/null
	status=$?
	check "faxspanctl $command" "$(head -n 1 "$work/command.out")" [ $status -le 1 ]
done <"$work/commands"
check "the README shows commands of faxspanctl" "none found" [ "$(grep -c . "$work/commands")" -ge 10 ]
gateway_end
equal "the gateway ends with 0" 0 $status
finish
