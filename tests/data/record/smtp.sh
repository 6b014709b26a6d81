#!/usr/bin/env bash
# Records mail from swaks to a server from Python's own library (aiosmtpd is what Debian has of it). Install: swaks python3-aiosmtpd
INSTALL="install swaks and python3-aiosmtpd"
. "$(dirname "$0")/lib.sh"
need swaks aiosmtpd

daemon aiosmtpd -n -l "$server_v4:25" -c aiosmtpd.handlers.Sink
wait_for 25
printf 'X5O!P%%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*' >"$work/eicar.com"
mail() {
  client swaks --server "$server_v4" --ehlo client.example.org --from ada@example.org --to grace@example.com \
    --header 'Message-Id: <1@example.org>' --header 'Date: Thu, 01 Jan 2026 12:00:00 +0000' --silent 3 "$@" || true
}
record smtp
mail --header 'Subject: greetings' --body 'Hello, see https://www.example.com/ for more.'
mail --header 'Subject: the file you asked for' --body 'as promised' --attach-name eicar.com --attach "@$work/eicar.com"
mail --to '<no-at-sign>' --header 'Subject: refused'
stop_recording
