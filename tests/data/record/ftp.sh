#!/usr/bin/env bash
# Records FTP between curl and vsftpd: anonymous, passive and active, a listing and a file, a login refused. Install: vsftpd curl
INSTALL="install vsftpd and curl"
. "$(dirname "$0")/lib.sh"
need vsftpd curl

mkdir -p "$work/ftp/pub" "$work/empty"
seq 200 >"$work/ftp/pub/numbers.txt"
chmod -R a+rX "$work/ftp"
cat >"$work/vsftpd.conf" <<CONF
listen=YES
listen_address=$server_v4
background=NO
anonymous_enable=YES
local_enable=NO
anon_root=$work/ftp
secure_chroot_dir=$work/empty
no_anon_password=NO
pasv_min_port=40000
pasv_max_port=40100
connect_from_port_20=NO
seccomp_sandbox=NO
xferlog_enable=NO
CONF
daemon vsftpd "$work/vsftpd.conf"
wait_for 21
record ftp
client curl -s -o /dev/null "ftp://$server_v4/pub/" || true
client curl -s -o /dev/null "ftp://$server_v4/pub/numbers.txt" || true
client curl -s -o /dev/null --disable-epsv -P - "ftp://$server_v4/pub/numbers.txt" || true
client curl -s -o /dev/null -u admin:letmein "ftp://$server_v4/" || true
stop_recording
