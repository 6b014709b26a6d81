#!/usr/bin/env bash
# Records SMB 3 between smbclient and smbd: a guest lists a share, fetches a file and leaves one. Install: samba smbclient
INSTALL="install samba and smbclient"
. "$(dirname "$0")/lib.sh"
need smbd smbclient

mkdir -p "$work/share" "$work/samba"
chmod 777 "$work/share"
seq 300 >"$work/share/report.txt"
echo 'left by a guest' >"$work/upload.txt"
cat >"$work/smb.conf" <<CONF
[global]
  workgroup = EXAMPLE
  server string = example file server
  netbios name = FILES
  map to guest = Bad User
  bind interfaces only = yes
  interfaces = $server_if
  smb ports = 445
  disable netbios = yes
  server min protocol = NT1
  load printers = no
  printing = bsd
  printcap name = /dev/null
  server services = s3fs
  private dir = $work/samba
  lock directory = $work/samba
  state directory = $work/samba
  cache directory = $work/samba
  pid directory = $work/samba
  ncalrpc dir = $work/samba/ncalrpc
  log file = $work/samba/log
[public]
  path = $work/share
  guest ok = yes
  read only = no
  force user = root
CONF
daemon smbd --foreground --configfile="$work/smb.conf"
wait_for 445
record smb
client smbclient -N -n CLIENT -s "$work/smb.conf" -m SMB3 "//$server_v4/public" \
  -c "ls; get report.txt $work/fetched.txt; put $work/upload.txt upload.txt; del upload.txt" >/dev/null 2>&1
stop_recording
record smb1
client smbclient -N -n CLIENT -s "$work/smb.conf" --option='client min protocol=NT1' -m NT1 "//$server_v4/public" -c 'ls' >/dev/null 2>&1 || true
stop_recording
