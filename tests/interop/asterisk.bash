# SPDX-License-Identifier: GPL-2.0-only
# Asterisk as the SIP peer: its configuration, start, calls and end. Sourced by run.sh, within its own network and mounts.
#
# One Asterisk serves all groups of the matrix: each group's gateway has an address of its own, by which Asterisk knows it. All that an
# Asterisk of the name NAME writes lies in $work/asterisk/NAME, which it sees as /mnt/NAME.

peer_ip=127.0.0.2

# asterisk_mount ROOT: what every Asterisk in it needs; the mounts are gone with this shell's mount namespace
asterisk_mount() {
	ast_root=$1
	rm -rf "$work/asterisk"
	mkdir -p "$work/asterisk"
	mount --bind "$work/asterisk" "$ast_root/mnt" && mount -t proc proc "$ast_root/proc" && mount --bind /dev "$ast_root/dev"
}

# asterisk_use NAME IP: the one that the other functions mean
asterisk_use() {
	ast_name=$1
	ast_ip=$2
	ast=$work/asterisk/$1
	in=/mnt/$1
}

# Writes what does not depend on the groups.
asterisk_prepare() {
	mkdir -p "$ast"/{tls,etc,lib,db,key,run,log/cdr-csv,spool/outgoing,spool/tmp,rx}
	: >"$ast/results.csv"
	asterisk_main_files
	asterisk_modules
	{
		printf '[global]\ntype=global\nuser_agent=Asterisk\n'
		printf '[udp]\ntype=transport\nprotocol=udp\nbind=%s:5060\n' $ast_ip
		printf '[tcp]\ntype=transport\nprotocol=tcp\nbind=%s:5060\n' $ast_ip
	} >"$ast/etc/pjsip.conf"
	printf '[general]\nstatic=yes\n[globals]\nRESULTS=%s\n' $in/results.csv >"$ast/etc/extensions.conf"
	asterisk_dialplan >>"$ast/etc/extensions.conf"
}

# A transport of TLS, with the certificate of $in/tls and who shows one of its authority.
asterisk_tls() {
	cat >>"$ast/etc/pjsip.conf" <<-E
		[tls]
		type=transport
		protocol=tls
		method=tlsv1_2
		bind=$ast_ip:5061
		cert_file=$in/tls/peer.crt
		priv_key_file=$in/tls/peer.key
		ca_list_file=$in/tls/ca.crt
		verify_server=yes
		verify_client=yes
		require_client_cert=yes
	E
}

asterisk_main_files() {
	local f e=$ast/etc
	cat >"$e/asterisk.conf" <<-E
		[directories]
		astetcdir => $in/etc
		astmoddir => $(cd "$ast_root" && ls -d usr/lib/*/asterisk/modules usr/lib/asterisk/modules 2>/dev/null | sed 's|^|/|;q')
		astvarlibdir => $in/lib
		astdbdir => $in/db
		astkeydir => $in/key
		astdatadir => /usr/share/asterisk
		astagidir => $in/lib
		astspooldir => $in/spool
		astrundir => $in/run
		astlogdir => $in/log
		[options]
		verbose = 3
		documentation_language = en_US
		systemname = $ast_name
	E
	for f in ccss cdr cel features indications acl; do echo '[general]' >"$e/$f.conf"; done
	printf '[general]\ndateformat=%%F %%T.%%3q\n[logfiles]\nfull => notice,warning,error,verbose,fax\n' >"$e/logger.conf"
	printf '[general]\nmaxrate=14400\nminrate=2400\nmodems=v17,v27,v29\necm=yes\nt38timeout=5000\n' >"$e/res_fax.conf"
	printf '[general]\nudptlstart=4000\nudptlend=4999\nudptlfecentries=3\nudptlfecspan=3\nuse_even_ports=no\n' >"$e/udptl.conf"
	printf '[general]\nrtpstart=10000\nrtpend=19999\nstrictrtp=no\n' >"$e/rtp.conf"
	printf '[startup]\nlog_mappings=asterisk_warning=0-1\n' >"$e/pjproject.conf"
}

asterisk_modules() {
	local m
	printf '[modules]\nautoload=no\n'  >"$ast/etc/modules.conf"
	for m in res_timing_timerfd res_sorcery_config res_sorcery_memory res_sorcery_astdb res_pjproject res_pjsip res_pjsip_session \
		res_pjsip_sdp_rtp res_pjsip_t38 res_pjsip_endpoint_identifier_ip res_pjsip_endpoint_identifier_user \
		res_pjsip_authenticator_digest res_pjsip_outbound_authenticator_digest res_pjsip_registrar \
		res_pjsip_outbound_registration res_pjsip_caller_id res_pjsip_nat res_pjsip_rfc3326 res_pjsip_pubsub chan_pjsip \
		res_rtp_asterisk codec_ulaw codec_alaw format_pcm bridge_simple pbx_config pbx_spool app_verbose app_stack func_strings \
		func_logic func_channel func_callerid func_env res_fax res_fax_spandsp; do
		echo "load=$m.so" >>"$ast/etc/modules.conf"
	done
}

# Sending, and the line of results.csv that each fax leaves: NAME,STATUS,MODE,PAGES,RATE,ECM,ERROR,SECONDS from the answer
asterisk_dialplan() {
	cat <<-'E'
		[send]
		exten => s,1,Set(FAXOPT(localstationid)=Asterisk)
		 same => n,Set(BEGUN=${EPOCH})
		 same => n,Set(FAXOPT(ecm)=${ECM})
		 same => n,SendFAX(${DOC},${OPT})
		 same => n,Hangup()
		exten => h,1,Gosub(result,s,1)
		[result]
		exten => s,1,Set(FILE(${RESULTS},,,al,u)=${NAME},${FAXSTATUS},${FAXMODE},${FAXPAGES},${FAXBITRATE},${FAXOPT(ecm)},${FAXERROR},$[${EPOCH} - 0${BEGUN}])
		 same => n,Return()
		[fax]
		exten => h,1,Gosub(result,s,1)
	E
}

# asterisk_endpoint NAME IP TRANSPORT EC(redundancy|fec|none) T38(yes|no): the one named registered is where its REGISTER says
asterisk_endpoint() {
	local name=$1 ip=$2 transport=$3 ec=$4 t38=$5 contact
	contact=sip:$ip:5060
	[ $transport != tcp ] || contact="sip:$ip:5060\\;transport=tcp"
	[ $transport != tls ] || contact="sip:$ip:5061\\;transport=tls"
	cat >>"$ast/etc/pjsip.conf" <<-E
		[$name]
		type=endpoint
		context=fax
		transport=$transport
		disallow=all
		allow=alaw
		aors=$name
		direct_media=no
		rtp_symmetric=no
		media_address=$ast_ip
		bind_rtp_to_media_address=yes
		t38_bind_udptl_to_media_address=yes
		t38_udptl=$t38
		t38_udptl_ec=$ec
		t38_udptl_maxdatagram=400
		fax_detect=no
		$([[ $name != authenticated && $name != registered ]] || echo auth=faxspan)
		$([ $name != endpoint ] || printf 'outbound_auth=faxspan\nfrom_user=faxspan\n')
		[$name]
		type=aor
		$([ $name = registered ] && echo max_contacts=1 || echo "contact=$contact")
		[$name]
		type=identify
		endpoint=$name
		match=$ip
	E
}

# asterisk_registers NUMBER IP: with the gateway there; calls from it then come to this number
asterisk_registers() {
	cat >>"$ast/etc/pjsip.conf" <<-E
		[registration]
		type=registration
		transport=udp
		outbound_auth=faxspan
		server_uri=sip:$2:5060
		client_uri=sip:faxspan@$2:5060
		contact_user=$1
		retry_interval=2
		forbidden_retry_interval=5
	E
}

# The user whose digest Asterisk asks for.
asterisk_user() { printf '[%s]\ntype=auth\nauth_type=userpass\nusername=%s\npassword=%s\n' "$1" "$1" "$2" >>"$ast/etc/pjsip.conf"; }

# asterisk_receives NAME NUMBER ECM OPTIONS: what is behind a number
asterisk_receives() {
	cat >>"$ast/etc/extensions.conf" <<-E
		exten => $2,1,Answer()
		 same => n,Set(NAME=$1)
		 same => n,Set(BEGUN=\${EPOCH})
		 same => n,Set(FAXOPT(localstationid)=Asterisk)
		 same => n,Set(FAXOPT(ecm)=$3)
		 same => n,ReceiveFAX($in/rx/$1.tif,$4)
	E
}

# asterisk_sends NAME ENDPOINT NUMBER DOCUMENT ECM OPTIONS: a call, now
asterisk_sends() {
	cat >"$ast/spool/tmp/$1.call" <<-E
		Channel: PJSIP/$3@$2
		CallerID: "fax" <2000>
		MaxRetries: 0
		WaitTime: 30
		Context: send
		Extension: s
		Priority: 1
		Setvar: NAME=$1
		Setvar: DOC=$in/$4
		Setvar: ECM=$5
		Setvar: OPT=$6
	E
	mv "$ast/spool/tmp/$1.call" "$ast/spool/outgoing/"
}

asterisk_cli() { timeout 20 chroot "$ast_root" asterisk -C $in/etc/asterisk.conf -rx "$1" 2>/dev/null; }

# asterisk_start [COMMAND...]: run by that command, if any. Returns when it has read everything; its pid is in $ast_pid.
asterisk_start() {
	local tries
	"$@" chroot "$ast_root" sh -c "ulimit -n 8192; exec asterisk -C $in/etc/asterisk.conf -f" >"$ast/out" 2>&1 &
	ast_pid=$!
	for ((tries = 0; tries < 150; tries++)); do
		asterisk_cli 'core waitfullybooted' | grep -q 'fully booted' && return
		kill -0 $ast_pid 2>/dev/null || break
		sleep 0.2
	done
	echo "Asterisk does not start:" >&2
	tail -n 5 "$ast/out" >&2
	return 1
}

asterisk_version() { chroot "$ast_root" asterisk -V | sed 's/~.*//'; }

# asterisk_result NAME: "STATUS MODE PAGES RATE ECM ERROR SECONDS", nothing when there is none yet
asterisk_result() { sed -n "s/^$1,//p" "$ast/results.csv" | tail -n 1 | tr ',' ' '; }

asterisk_stop() {
	asterisk_cli 'core stop now' >/dev/null
	wait $ast_pid 2>/dev/null
}
