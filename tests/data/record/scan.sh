#!/usr/bin/env bash
# Records scans with nmap: SYN, Xmas, NULL, UDP and version detection, against one open port. Install: nmap
INSTALL="install nmap"
. "$(dirname "$0")/lib.sh"
need nmap

mkdir "$work/www"
echo hello >"$work/www/index.html"
daemon python3 -m http.server --bind "$server_v4" 80 --directory "$work/www"
wait_for 80
scan() { client nmap -n -Pn --max-retries 0 -T4 "$@" "$server_v4" >/dev/null; }
record scan
scan -sS -p 1-100
scan -sX -p 20-25,80
scan -sN -p 20-25,80
scan -sF -p 20-25,80
scan -sU -p 53,123,161
client nmap -n -sn -PE "$server_v4" >/dev/null
stop_recording
record scan-versions
scan -sV --version-light -p 80
stop_recording
