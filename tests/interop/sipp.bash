# SPDX-License-Identifier: GPL-2.0-only
# sipp against the gateway, a call at a time. Sourced by run.sh. The scenarios are put together from pieces, because they differ in a line or two
# (t38_cases.bash, dialog_cases.bash); what does not fit them may be a file, sipp/*.xml. SIPP_CASES=dialog_cases runs some of them alone.
. $here/sipp_messages.bash
. $here/t38_cases.bash
. $here/dialog_cases.bash

sipp_gateway=127.0.1.60
sipp_peer=127.0.0.3

# sipp_call NAME [ARGUMENTS...]: the scenario $work/sipp/NAME.xml once; true when it went by it
sipp_call() {
	local name=$1
	shift
	timeout 60 sipp -sf "$work/sipp/$name.xml" -i $sipp_peer -p 5070 -m 1 -nostdin -timeout 40 -timeout_error -cid_str "$name-%u-%p@%s" \
		-trace_err -error_file "$work/sipp/$name.err" "$@" $sipp_gateway:5060 >"$work/sipp/$name.out" 2>&1
}

# sipp_check NAME [MEDIA]: runs it; MEDIA: t38 or g711, what the gateway's own record of the call must say
sipp_check() {
	local name=$1 media=$2 got limit=$((SECONDS + 10))
	if ! sipp_call "$name"; then
		not_ok "sipp $name" "$(tr '\r\n' '  ' 2>/dev/null <"$work/sipp/$name.err" | cut -c 1-400)"
		sipp_failed=$((sipp_failed + 1))
		return
	fi
	sipp_run=$((sipp_run + 1))
	if [ -n "$media" ]; then
		sipp_calls=$((sipp_calls + 1))
		until [ "$(grep -c ' END ' "$work/sipp/gateway.log")" -ge $sipp_calls ] || [ $SECONDS -gt $limit ]; do sleep 0.05; done
		got=$(sed -n "s/.*: END .* media=\([a-z0-9-]*\) .*/\1/p" "$work/sipp/gateway.log" | sed -n "${sipp_calls}p")
		[ "$got" = "$media" ] || { not_ok "sipp $name" "the call's record says media=${got:-nothing}, not $media"; return; }
	fi
	ok
}

sipp_configure() {
	local span
	rm -rf "$work/sipp"
	mkdir -p "$work/sipp/spans.d"
	cat >"$work/sipp/faxspan.conf" <<-E
		[control]
		socket = none
		[sip]
		listen = $sipp_gateway:5060
		[peer sipp]
		address = $sipp_peer:5070
	E
	for span in 1 2; do
		cat >"$work/sipp/spans.d/$span.conf" <<-E
			[span $span]
			local = $sipp_gateway:900$span
			remote = $sipp_gateway:910$span
			dial = $span.
			peer = sipp
			[fax]
			t38_start = $([ $span = 1 ] && echo wait || echo at-answer)
			$([ $span = 1 ] || echo error_correction = fec)
		E
	done
}

sipp_start() {
	$faxspand -f -c "$work/sipp/faxspan.conf" 2>"$work/sipp/gateway.log" &
	gateway=$!
	wait_for "$work/sipp/gateway.log" 'faxspand [0-9.]+ started' 20 || return 1
	$faxline answer 2 $sipp_gateway:9101 $sipp_gateway:9001 >"$work/sipp/line.out" 2>&1 &
	line=$!
	started+=($gateway $line)
	capture_start sipp "host $sipp_gateway and host $sipp_peer and not icmp" && wait_for "$work/sipp/line.out" '^up$' 60
}

# The gateway has to have no call left, and so has the exchange.
sipp_end() {
	local status
	kill -TERM $line
	wait $line
	status=$?
	[ $status = 0 ] && ok || not_ok "sipp: stuck calls" "the exchange has $(tail -n 1 "$work/sipp/line.out")"
	kill -TERM $gateway
	wait $gateway
	status=$?
	[ $status = 0 ] && ok || not_ok "sipp: the gateway ends" "status $status"
	capture_stop $capture
}

all_cases() {
	t38_cases
	dialog_cases
}

sipp_all() {
	local file begin=$SECONDS
	sipp_run=0 sipp_failed=0 sipp_calls=0
	sipp_configure
	sipp_start || { not_ok sipp "the gateway does not start: $(tail -n 1 "$work/sipp/gateway.log")"; return; }
	${SIPP_CASES:-all_cases}
	for file in $here/sipp/*.xml; do
		[ -e "$file" ] || continue
		cp "$file" "$work/sipp/"
		sipp_check "$(basename "$file" .xml)"
	done
	sipp_end
	echo "sipp: $sipp_run scenarios went as written, $sipp_failed did not ($((SECONDS - begin)) s)"
}
