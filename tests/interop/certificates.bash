# SPDX-License-Identifier: GPL-2.0-only
# Certificates for SIP over TLS: an authority of our own, and one for each side. Sourced by run.sh.

# certificates_make FOLDER: ca.crt in it, and the authority's key
certificates_make() {
	mkdir -p "$1"
	printf 'cn = faxspan-interop\nca\ncert_signing_key\nexpiration_days = 2\n' >"$1/ca.template"
	certificates_run "$1" ca --generate-privkey --key-type ecdsa --outfile "$1/ca.key" &&
		certificates_run "$1" ca --generate-self-signed --load-privkey "$1/ca.key" --template "$1/ca.template" --outfile "$1/ca.crt"
}

# certificates_add FOLDER NAME HOST [IP]...: NAME.crt and NAME.key, for that host and those addresses, which both sides check
certificates_add() {
	local t=$1/$2.template folder=$1 name=$2
	printf 'cn = %s\ndns_name = %s\nexpiration_days = 2\ntls_www_server\ntls_www_client\nsigning_key\n' "$2" "$3" >"$t"
	shift 3
	[ $# = 0 ] || printf 'ip_address = %s\n' "$@" >>"$t"
	certificates_run "$folder" "$name" --generate-privkey --key-type ecdsa --outfile "$folder/$name.key" &&
		certificates_run "$folder" "$name" --generate-certificate --load-privkey "$folder/$name.key" --load-ca-certificate "$folder/ca.crt" \
			--load-ca-privkey "$folder/ca.key" --template "$t" --outfile "$folder/$name.crt"
}

certificates_run() {
	local log=$1/$2.log
	shift 2
	certtool "$@" >>"$log" 2>&1 || { tail -n 2 "$log" >&2; return 1; }
}
