#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The direction of the house: which folder may include which, and which library is let in by which door. Exits 1 when something is wrong.
cd "$(dirname "$0")/.." || exit 1
bad=0
sip='sip/transport sip/sdp sip/dns sip/message sip/auth sip/txn'
t38='t38/t30 t38/tone t38/udptl t38/rtp t38/relay'
halves='gateway/call gateway/route gateway/bearer gateway/cdr gateway/control'
gateway="$halves gateway/span gateway/sipside"

# $1: files, $2: folders whose headers they may include
may_include() {
	for f in $1; do
		grep -nE '^#include "' "$f" | while IFS= read -r line; do
			inc=${line#*\"}
			inc=${inc%%\"*}
			case $inc in */*) dir=${inc%/*} ;; *) dir=$(dirname "$f") ;; esac
			case " $2 " in
			*" $dir "*) ;;
			*) echo "$f:${line%%:*}: $(dirname "$f")/ may not include $dir/ ($inc)" ;;
			esac
		done
	done
}

# $1: header (pattern), $2: files that may include it
door() {
	grep -lE "^#include <$1" -r gateway dahdi sip t38 conf --include='*.[ch]' | while IFS= read -r f; do
		case $f in $2) ;; *) echo "$f: <$1> comes in only by ${2}" ;; esac
	done
}

{
	for dir in */; do
		case $dir in build*/ | conf/ | dahdi/ | gateway/ | sip/ | t38/ | tests/) ;; *) echo "$dir is no room of this house" ;; esac
	done
	may_include "$(ls gateway/base/*.[ch])" "gateway/base"
	for room in dahdi conf t38 t38/t30; do
		may_include "$(ls $room/*.[ch])" "$room gateway/base"
	done
	may_include "$(ls t38/udptl/*.[ch])" "t38/udptl t38/t30 gateway/base"
	may_include "$(ls t38/rtp/*.[ch])" "t38/rtp t38 gateway/base"
	may_include "$(ls t38/tone/*.[ch])" "t38/tone t38 gateway/base"
	may_include "$(ls t38/relay/*.[ch])" "t38/relay t38/udptl t38/t30 t38 gateway/base"
	may_include "$(ls sip/transport/*.[ch])" "sip/transport gateway/base"
	may_include "$(ls sip/sdp/*.[ch])" "sip/sdp gateway/base"
	may_include "$(ls sip/dns/*.[ch])" "sip/dns sip/transport gateway/base"
	may_include "$(ls sip/message/*.[ch])" "sip/message sip/sdp sip/transport gateway/base"
	may_include "$(ls sip/auth/*.[ch])" "sip/auth sip/message gateway/base"
	may_include "$(ls sip/txn/*.[ch])" "sip/txn sip/message sip/transport gateway/base"
	may_include "$(ls sip/*.[ch])" "sip $sip gateway/base"
	may_include "$(ls gateway/call/*.[ch])" "gateway/call gateway/base dahdi conf"
	may_include "$(ls gateway/route/*.[ch])" "gateway/route gateway/call gateway/base sip $sip conf"
	may_include "$(ls gateway/bearer/*.[ch])" "gateway/bearer gateway/call gateway/base dahdi $t38 conf"
	may_include "$(ls gateway/cdr/*.[ch])" "gateway/cdr gateway/bearer gateway/call gateway/base $t38 conf"
	may_include "$(ls gateway/control/*.[ch])" "gateway/control gateway/call gateway/base conf"
	may_include "$(ls gateway/span/*.[ch])" "gateway/span $halves gateway/base dahdi $t38 conf"
	may_include "$(ls gateway/sipside/*.[ch])" "gateway/sipside $halves gateway/base sip $sip conf"
	may_include "$(ls gateway/*.[ch])" "gateway $gateway gateway/base dahdi sip $sip $t38 conf"
	door 'libpri\.h' 'dahdi/pri_*'
	door 'dahdi/user\.h' 'dahdi/line_dahdi*'
	door 'spandsp' 't38/spandsp_version.h'
	grep -lE '^#include <spandsp' -r tests --include='*.[ch]' | sed 's,$,: <spandsp comes in only by t38/spandsp_version.h,'
	door 'ares\.h' 'sip/dns/resolver*'
	door 'osip' 'sip/*'
	door 'ini\.h' 'conf/*'
} >"${TMPDIR:-/tmp}/layers.$$"
cat "${TMPDIR:-/tmp}/layers.$$"
[ -s "${TMPDIR:-/tmp}/layers.$$" ] && bad=1
rm -f "${TMPDIR:-/tmp}/layers.$$"

if [ $bad = 0 ]; then
	for room in gateway/base gateway $gateway dahdi sip $sip t38 $t38 conf; do
		printf '%-15s %3d files %6d lines  includes: %s\n' "$room" "$(ls $room/*.[ch] | wc -l)" "$(cat $room/*.[ch] | wc -l)" \
			"$(grep -hoE '^#include "[a-z0-9/]+/' $room/*.[ch] | sed 's/#include "//; s,/$,,' | sort -u | grep -vx "$room" | tr '\n' ' ')"
	done
	echo "layers: the direction of the house is kept"
fi
exit $bad
