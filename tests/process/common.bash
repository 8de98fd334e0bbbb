# SPDX-License-Identifier: GPL-2.0-only
# What the process tests share: sourced by each of them, at its top. It puts the test into a network of its own where the system allows it,
# so that nothing else on the machine is in the way.
#
# Each check prints "ok NAME" or "not ok NAME: why", which tests/run.sh counts. Nothing here sleeps where an event can be waited for; every
# wait has a limit.

cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
BUILD=$(realpath --relative-to=. "${BUILD:-build}") # a path for behind $PWD
faxspand=$BUILD/faxspand
faxlab=$BUILD/tests/demo/faxlab
sipp_dir=tests/process/sipp

if [ -z "$FAXSPAN_OWN_NETWORK" ]; then
	for net in "unshare -n" "unshare -rn"; do
		$net true 2>/dev/null && FAXSPAN_OWN_NETWORK=yes exec $net "$0" "$@"
	done
	FAXSPAN_OWN_NETWORK=no
elif [ "$FAXSPAN_OWN_NETWORK" = yes ]; then
	"$faxlab" loopback || exit 1
fi

name=$(basename "$0" .sh)
work=$BUILD/process/$name
rm -rf "$work"
mkdir -p "$work/spans.d"
log=$work/gateway.log
started=() # processes to be ended with the test, by pid
finished=no

# Sanitized builds are slow: every limit below is in seconds, and generous. It is reached only by a test that fails.
limit=60

ok() { printf 'ok %s: %s\n' "$name" "$1"; }
not_ok() { printf 'not ok %s: %s: %s\n' "$name" "$1" "$2"; }

# check WHAT WHY COMMAND...: ok if the command succeeds
check() {
	local what=$1 why=$2
	shift 2
	if "$@"; then ok "$what"; else not_ok "$what" "$why"; fi
}

# equal WHAT EXPECTED GOT
equal() { check "$1" "expected $2, got $3" [ "$2" = "$3" ]; }

# wait_for FILE PATTERN [SECONDS]: until a line of FILE matches (grep -E), at most $limit
wait_for() {
	local end=$((SECONDS + ${3:-limit}))
	until grep -qE -- "$2" "$1" 2>/dev/null; do
		[ $SECONDS -le $end ] || return 1
		sleep 0.01
	done
}

# has WHAT FILE PATTERN: waits for it; only $patience seconds, where that is set
has() { check "$1" "no line /$3/ in $2" wait_for "$2" "$3" "${patience:-$limit}"; }

# has_not WHAT FILE PATTERN: looks now
has_not() {
	if grep -qE -- "$3" "$2"; then not_ok "$1" "$(grep -m 1 -E -- "$3" "$2")"; else ok "$1"; fi
}

count() { grep -cE -- "$2" "$1"; }

# ended PID [SECONDS]: waits for a child of ours; its exit status is in $status, "running" if it did not end
ended() {
	local end=$((SECONDS + ${2:-$limit}))
	while kill -0 "$1" 2>/dev/null; do
		[ $SECONDS -lt $end ] || { status=running; return; }
		sleep 0.01
	done
	wait "$1"
	status=$?
}

# configure [KEY = VALUE of section gateway]...: the demo's configuration with these, in $work
configure() {
	{
		echo '[gateway]'
		[ $# = 0 ] || printf '%s\n' "$@"
		cat tests/demo/faxspan.conf
	} >"$work/faxspan.conf"
	cp tests/demo/spans.d/*.conf "$work/spans.d/"
}

# Starts the gateway on $work/faxspan.conf, its pid in $gateway, and waits until it serves.
gateway_start() {
	: >"$log" # not only in the child, which may come too late: nobody shall read the last one's
	"$faxspand" -f -c "$work/faxspan.conf" "$@" 2>"$log" &
	gateway=$!
	started+=($gateway)
	wait_for "$log" 'faxspand [0-9.]+ started' && return
	not_ok "the gateway starts" "$(tail -n 1 "$log")"
	exit 1
}

# Ends it; leaves its exit status in $status.
gateway_end() {
	kill -TERM $gateway
	ended $gateway
}

# fax DIRECTION MEDIA SPEED [PAGES]: a fax held to SPEED; its events in $work/fax.out, its pid in $fax
fax_start() {
	[ -e "$work/page.tif" ] || "$faxlab" make "$work/page.tif" "${4:-1}" 1145 || exit 1
	: >"$work/fax.out"
	"$faxlab" hold "$work/page.tif" "$work/received.tif" "$1" "$2" "$3" >"$work/fax.out" 2>&1 &
	fax=$!
	started+=($fax)
}

# Lets it go at full speed to its end; its exit status in $status.
fax_end() {
	kill -USR1 $fax 2>/dev/null
	ended $fax
}

# sip SCENARIO [HOST] [ARGUMENTS...]: one call of sipp from HOST; true when it went by the scenario
sip() {
	local scenario=$1 host=${2:-127.0.0.2}
	shift
	[ $# = 0 ] || shift
	timeout $limit sipp -sf "$sipp_dir/$scenario.xml" -i "$host" -p 5070 -m 1 -nostdin -timeout 20 -timeout_error -cid_str "$scenario-%u-%p@%s" \
		-trace_err -error_file "$work/sipp-$scenario.err" "$@" "${gateway_at:-127.0.0.1:5060}" >"$work/sipp-$scenario.out" 2>&1
}

# What sipp says was wrong, in one line.
sip_error() { tail -n 3 "$work/sipp-$1.err" 2>/dev/null | tr '\r\n' '  ' | cut -c 1-300; }

# sip_check WHAT SCENARIO [HOST] [ARGUMENTS...]
sip_check() {
	local what=$1
	shift
	if sip "$@"; then ok "$what"; else not_ok "$what" "sipp $1: $(sip_error "$1")"; fi
}

# datagram PORT TEXT [TIMES]: TEXT as printf has it, to the gateway's host
datagram() {
	local i
	for ((i = 0; i < ${3:-1}; i++)); do
		printf "$2" 2>/dev/null >"/dev/udp/127.0.0.1/$1"
	done
}

finish() { finished=yes; }

at_end() {
	local pid
	for pid in "${started[@]}"; do
		kill -KILL "$pid" 2>/dev/null
		wait "$pid" 2>/dev/null
	done
	[ $finished = yes ] || not_ok "the whole test" "it ended early"
}
trap at_end EXIT
