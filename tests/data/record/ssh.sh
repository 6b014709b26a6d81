#!/usr/bin/env bash
# Records an SSH session with a key, and one that no key opens. Install: openssh-server openssh-client
INSTALL="install openssh-server and openssh-client"
. "$(dirname "$0")/lib.sh"
need sshd ssh ssh-keygen

ssh-keygen -q -t ed25519 -N '' -f "$work/host"
ssh-keygen -q -t ed25519 -N '' -f "$work/user"
ssh-keygen -q -t ed25519 -N '' -f "$work/stranger"
cp "$work/user.pub" "$work/authorized_keys"
# Its own /run, where sshd wants an empty folder; ip netns exec gives it mounts of its own.
daemon sh -c "mount -t tmpfs none /run && mkdir /run/sshd && exec /usr/sbin/sshd -D -e -h '$work/host' -f /dev/null \
  -o ListenAddress=$server_v4:22 -o AuthorizedKeysFile='$work/authorized_keys' -o StrictModes=no -o UsePAM=no \
  -o PermitRootLogin=prohibit-password -o PasswordAuthentication=no -o PidFile=none"
wait_for 22
login() {
  client ssh -F none -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o BatchMode=yes -o IdentitiesOnly=yes \
    -i "$1" "root@$server_v4" 'echo hello from the other end' >/dev/null 2>&1 || true
}
record ssh
login "$work/user"
login "$work/stranger"
stop_recording
