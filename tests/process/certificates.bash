# SPDX-License-Identifier: GPL-2.0-only
# Certificates for the tests of TLS, in $pem. Sourced behind common.bash.
pem=$work/pem
mkdir -p "$pem"

tool() { certtool "$@" >>"$pem/certtool.log" 2>&1 || { not_ok "certificates" "$(tail -n 1 "$pem/certtool.log")"; exit 1; }; }

# authority NAME
authority() {
	printf 'cn = %s\nca\ncert_signing_key\nexpiration_days = 2\n' "$1" >"$pem/$1.template"
	tool --generate-privkey --key-type ecdsa --outfile "$pem/$1.key"
	tool --generate-self-signed --load-privkey "$pem/$1.key" --template "$pem/$1.template" --outfile "$pem/$1.crt"
}

# certificate NAME AUTHORITY HOST [LINE of the template]...
certificate() {
	printf '%s\n' "cn = $1" "dns_name = $3" tls_www_server tls_www_client signing_key "${@:4}" >"$pem/$1.template"
	[ $# -gt 3 ] || echo 'expiration_days = 2' >>"$pem/$1.template"
	tool --generate-privkey --key-type ecdsa --outfile "$pem/$1.key"
	tool --generate-certificate --load-privkey "$pem/$1.key" --load-ca-certificate "$pem/$2.crt" --load-ca-privkey "$pem/$2.key" \
		--template "$pem/$1.template" --outfile "$pem/$1.crt"
}
