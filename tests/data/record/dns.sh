#!/usr/bin/env bash
# Records DNS between dig and BIND: over UDP, over TCP, over IPv6, and answers that say no. Install: bind9 bind9-dnsutils
INSTALL="install bind9 and bind9-dnsutils"
. "$(dirname "$0")/lib.sh"
need named dig

mkdir "$work/zones"
cat >"$work/zones/example.com" <<'ZONE'
$TTL 3600
@       SOA   ns1 hostmaster 2026010101 3600 900 604800 300
        NS    ns1
        MX    10 mail
        TXT   "v=spf1 mx -all"
        TXT   "a text record of the example zone"
        A     198.51.100.20
        AAAA  2001:db8:2::20
ns1     A     198.51.100.20
mail    A     198.51.100.25
www     CNAME @
_sip._tcp SRV 0 5 5060 sip
sip     A     198.51.100.60
ZONE
for i in $(seq 40); do echo "many TXT \"record $i of a set that does not fit into one datagram of 512 bytes\"" >>"$work/zones/example.com"; done
cat >"$work/named.conf" <<CONF
options { directory "$work/zones"; pid-file "$work/named.pid"; listen-on { $server_v4; }; listen-on-v6 { $server_v6; };
  recursion no; dnssec-validation no; allow-transfer { $client_v4; }; session-keyfile "$work/session.key"; };
controls { };
zone "example.com" { type primary; file "example.com"; };
CONF
chmod -R a+rX "$work"
daemon named -g -c "$work/named.conf"
wait_for 53
ask() { client dig +tries=1 +time=3 "@$server_v4" "$@" >/dev/null || true; }

record dns
ask www.example.com A
ask example.com AAAA
ask example.com MX
ask example.com TXT
ask _sip._tcp.example.com SRV
ask no-such-name.example.com A
ask outside.example.net A
ask +noedns example.com ANY
ask aGVsbG8gd29ybGQgdGhpcyBpcyBhIHR1bm5lbA.deadbeefdeadbeefdeadbeefdeadbeef.example.com TXT
client dig +tries=1 "@$server_v6" www.example.com AAAA >/dev/null
stop_recording

record dns-tcp
ask +tcp www.example.com A
ask +noedns many.example.com TXT # truncated, then again over TCP
ask example.com AXFR
stop_recording
