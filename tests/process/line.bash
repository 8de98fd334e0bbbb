# SPDX-License-Identifier: GPL-2.0-only
# The exchange on the demo's span, by faxline. Sourced behind common.bash.
faxline=$BUILD/tests/interop/faxline

# The exchange answers every call, until line_end.
line_answers() {
	: >"$work/line.out"
	"$faxline" answer 1 127.0.0.1:9100 127.0.0.1:9000 >"$work/line.out" 2>&1 &
	line=$!
	started+=($line)
	wait_for "$work/line.out" '^up$' || not_ok "the line is up" "$(tail -n 1 "$work/line.out")"
}

line_end() {
	kill -TERM $line
	ended $line
	equal "$1: the exchange has no call left" 0 $status
}
