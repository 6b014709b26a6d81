#!/usr/bin/env bash
# Records TLS 1.2 and 1.3 between openssl s_client and s_server, with server name and a page in it. Install: openssl
INSTALL="install openssl"
. "$(dirname "$0")/lib.sh"
need openssl

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 -subj '/C=XX/O=Example/CN=www.example.com' \
  -addext 'subjectAltName=DNS:www.example.com,DNS:example.com' -keyout "$work/key.pem" -out "$work/cert.pem" 2>/dev/null
daemon openssl s_server -accept 443 -cert "$work/cert.pem" -key "$work/key.pem" -www -quiet -alpn http/1.1
wait_for 443

visit() {
  printf 'GET / HTTP/1.0\r\nHost: www.example.com\r\n\r\n' |
    client timeout 5 openssl s_client -connect "$server_v4:443" -quiet "$@" >/dev/null 2>&1 || true
}
record tls12
visit -tls1_2 -servername www.example.com -alpn http/1.1
stop_recording
record tls13
visit -tls1_3 -servername www.example.com -alpn http/1.1
stop_recording
record tls-no-sni
visit -tls1_2 -noservername
stop_recording
