# SPDX-License-Identifier: GPL-2.0-only
# sipp against the gateway, a call at a time. Sourced by run.sh. The scenarios are put together from pieces, because they differ in a line or two
# (t38_cases.bash, dialog_cases.bash); what does not fit them may be a file, sipp/*.xml. SIPP_CASES=dialog_cases runs some of them alone.
. $here/sipp_messages.bash
. $here/t38_cases.bash
. $here/dialog_cases.bash
. $here/setup_cases.bash
. $here/called_cases.bash
. $here/media_cases.bash
. $here/slow_cases.bash
. $here/terms_cases.bash
. $here/packets.bash
. $here/packet_cases.bash
. $here/odd_cases.bash
. $here/points.bash

sipp_gateway=127.0.1.60
# Peers of the gateway, each by its address; the others have terms of their own in the configuration.
sipp_peer=127.0.0.3
sipp_terms=127.0.0.5
sipp_strict=127.0.0.6
sipp_nat=127.0.0.7
sipp_symmetric=127.0.0.8

# The number that a call comes from tells it from all others.
sipp_next_caller() {
	sipp_callers=$((sipp_callers + 1))
	caller=$((5550000 + sipp_callers))
}

# sipp_call NAME [ARGUMENTS...]: the scenario $work/sipp/NAME.xml once; true when it went by it
sipp_call() {
	local name=$1
	shift
	timeout 100 sipp -sf "$work/sipp/$name.xml" -i $sipp_peer -p ${sipp_port:-5070} -m 1 -nostdin -timeout 90 -timeout_error \
		-cid_str "$name-%u-%p@%s" -key caller $caller "${sipp_arguments[@]}" -trace_err -error_file "$work/sipp/$name.err" "$@" $sipp_gateway:5060 >"$work/sipp/$name.out" 2>&1
}

# sipp_check NAME [MEDIA]: runs it; MEDIA: t38 or g711, what the gateway's own record of the call must say
sipp_check() {
	local name=$1 media=$2
	sipp_next_caller
	sipp_result "$name" sipp_call "$name" && sipp_record "$name" "${media:+media=$media }"
}

sipp_not_ok() { # NAME WHY
	not_ok "sipp $1" "$2"
	sipp_wrong+=("$1")
}

# sipp_result NAME COMMAND...: counts what became of it
sipp_result() {
	local name=$1
	shift
	sipp_done+=("$name")
	if "$@"; then
		sipp_run=$((sipp_run + 1))
		return
	fi
	sipp_not_ok "$name" "$(tr '\r\n' '  ' 2>/dev/null <"$work/sipp/$name.err" | cut -c 1-400)"
	sipp_failed=$((sipp_failed + 1))
	return 1
}

# sipp_record NAME WORDS: the gateway's own record of $caller's call has WORDS in it; "": there need not be one
sipp_record() {
	if [ -z "$2" ] || wait_for "$work/sipp/gateway.log" " END .*calling=$caller .*$2" 10; then
		ok
	else
		sipp_not_ok "$1" "the call's record does not say $2: $(grep " END .*calling=$caller " "$work/sipp/gateway.log" | cut -c 1-400)"
	fi
}

# sipp_called NAME "NUMBER AFTER_MS CAUSE [...]" GONE [WORDS]: the line calls NUMBER on its first span (or $line_span) and hangs up with CAUSE after so long
# (0: never); sipp is the peer that is called, and what the line hears of it in the end is GONE, a regular expression (see answer.h).
sipp_called() {
	local name=$1 pid
	local -a line_call=($2)
	sipp_next_caller
	sipp_call "$name" &
	pid=$!
	until grep -q " 0${sipp_peer##*.}00007F:13CE " /proc/net/udp || ! kill -0 $pid 2>/dev/null; do sleep 0.01; done
	echo "$name ${line_span:-1} ${line_call[0]} $caller ${line_call[*]:1}" >"$work/sipp/line.fifo"
	sipp_result "$name" wait $pid || return
	wait_for "$work/sipp/line.out" "^gone $name $3" 20 ||
		{ sipp_not_ok "$name" "the line has $(grep "^gone $name " "$work/sipp/line.out"), not $3"; return; }
	sipp_record "$name" "$4"
}

# Calls from the line to 8... go to "terms", to 9... to "strict", to 6... to "nat".
sipp_other_peers() {
	local route
	cat <<-E
		[peer terms]
		address = $sipp_terms:5070
		trust = yes
		x_headers = yes
		100rel = off
		fax_tag = no
		vbd = reinvite
		t38_version = 3
		t38_start = at-answer
		t38_max_rate = 9600
		t38_max_buffer = 1000
		t38_max_datagram = 300
		t38_ec = none
		t38_local_tcf = no
		[peer strict]
		address = $sipp_strict:5070
		100rel = required
		from_user = account
		from_domain = provider.example
		min_se = 200 s
		t38 = no
		[peer symmetric]
		address = $sipp_symmetric:5070
		nat = symmetric
		[peer nat]
		address = $sipp_nat:5070
		nat = latch
		rtp_in_t38 = keep
		dtmf = events
	E
	for route in terms:8 strict:9 nat:6; do
		printf '[route %s]\nfrom = span 1-3\ncalled = %s.\nto = peer %s\n' ${route%:*} ${route#*:} ${route%:*}
	done
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
		auth_user = fax
		auth_secret = secret
		$(sipp_other_peers)
	E
	mkfifo "$work/sipp/line.fifo"
	for span in 1 2 3; do
		cat >"$work/sipp/spans.d/$span.conf" <<-E
			[span $span]
			local = $sipp_gateway:900$span
			remote = $sipp_gateway:910$span
			dial = $span.
			peer = sipp
			[fax]
			t38_start = $([ $span = 2 ] && echo at-answer || echo wait)
			$([ $span != 2 ] || echo error_correction = fec)
		E
	done
}

sipp_start() {
	$faxspand -f -c "$work/sipp/faxspan.conf" 2>"$work/sipp/gateway.log" &
	gateway=$!
	wait_for "$work/sipp/gateway.log" 'faxspand [0-9.]+ started' 20 || return 1
	$faxline answer 3 $sipp_gateway:9101 $sipp_gateway:9001 "$work/sipp/line.fifo" >"$work/sipp/line.out" 2>&1 &
	line=$!
	started+=($gateway $line)
	capture_start sipp "host $sipp_gateway and net 127.0.0.0/24 and not icmp" && wait_for "$work/sipp/line.out" '^up$' 60
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
	packet_cases_check
}

all_cases() {
	t38_cases
	dialog_cases
	setup_cases
	called_cases
	media_cases
	terms_cases
	packet_cases
	odd_cases
}

sipp_all() {
	local file begin=$SECONDS
	sipp_run=0 sipp_failed=0 sipp_callers=0 sipp_done=() sipp_wrong=()
	sipp_configure
	sipp_start || { not_ok sipp "the gateway does not start: $(tail -n 1 "$work/sipp/gateway.log")"; return; }
	[ -n "$SIPP_CASES" ] || slow_begin
	${SIPP_CASES:-all_cases}
	slow_end
	for file in $here/sipp/*.xml; do
		[ -e "$file" ] || continue
		cp "$file" "$work/sipp/"
		sipp_check "$(basename "$file" .xml)"
	done
	sipp_end
	points_table
	echo "sipp: $sipp_run scenarios went as written, $sipp_failed did not ($((SECONDS - begin)) s)"
}
