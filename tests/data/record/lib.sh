# Sourced by the recording scripts: two network namespaces joined by a cable, a recorder, and the way out. Everything made
# here carries this process's number in its name and goes when the script ends, however it ends.
#
#   client  192.0.2.10    2001:db8:1::10  ─── cable ───  server  198.51.100.20  2001:db8:2::20
#
#   client COMMAND…        runs a command at the client's end
#   server COMMAND…        runs a command at the server's end
#   daemon COMMAND…        starts one at the server's end and remembers its number
#   wait_for PORT          until something at the server's end listens on that TCP port
#   record NAME [FILTER]   starts recording to tests/data/NAME.pcap at the server's end
#   stop_recording         ends it and checks that there is something in the file
set -euo pipefail

[ "$(id -u)" -eq 0 ] || { echo "$0: needs root, for the network namespaces" >&2; exit 1; }
need() {
  local command
  for command in "$@"; do
    PATH=$PATH:/usr/sbin command -v "$command" >/dev/null || { echo "$0: '$command' is missing; $INSTALL" >&2; exit 1; }
  done
}
INSTALL=${INSTALL:-}
need ip ethtool tcpdump

data=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
work=$(mktemp -d)
chmod 755 "$work"
client_net=cresset-c$$ server_net=cresset-s$$
client_if=cc$$ server_if=cs$$
client_v4=192.0.2.10 server_v4=198.51.100.20
client_v6=2001:db8:1::10 server_v6=2001:db8:2::20
processes=() recorder="" recorded=""

client() { ip netns exec "$client_net" "$@"; }
server() { ip netns exec "$server_net" "$@"; }
daemon() {
  # exec, so that the number is the daemon's own and not that of ip(8)
  ip netns exec "$server_net" "$@" >>"$work/daemon.log" 2>&1 &
  processes+=($!)
}

tidy() {
  local status=$? process
  trap "" TERM INT
  set +e
  [ $status -eq 0 ] || { echo "$0: failed; what the daemons said:" >&2; tail -20 "$work/daemon.log" >&2 2>/dev/null; }
  # Only what lives in the two namespaces made here: daemons fork, and their children are ours as well.
  for process in $(ip netns pids "$client_net" 2>/dev/null) $(ip netns pids "$server_net" 2>/dev/null) "${processes[@]}"; do
    kill "$process" 2>/dev/null
  done
  wait 2>/dev/null
  ip netns del "$client_net" 2>/dev/null
  ip netns del "$server_net" 2>/dev/null
  rm -rf "$work"
  exit $status
}
trap tidy EXIT

ip netns add "$client_net"
ip netns add "$server_net"
ip link add "$client_if" address 02:00:00:00:00:0a netns "$client_net" type veth \
  peer name "$server_if" address 02:00:00:00:00:14 netns "$server_net"
for end in client server; do
  own_if=${end}_if own_v4=${end}_v4 own_v6=${end}_v6
  # Neighbour discovery would wait a second for duplicate addresses, and its chatter is no part of a recording.
  $end sysctl -qw net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.default.accept_dad=0 \
    "net.ipv6.conf.${!own_if}.accept_dad=0" "net.ipv6.conf.${!own_if}.router_solicitations=0"
  # Checksums and segments as a wire carries them, not as a host leaves them to its card.
  $end ethtool -K "${!own_if}" tx off rx off tso off gso off gro off >/dev/null 2>&1
  $end ip link set lo up
  $end ip link set "${!own_if}" up
  $end ip addr add "${!own_v4}/32" dev "${!own_if}"
  $end ip addr add "${!own_v6}/128" dev "${!own_if}"
done
client ip route add 198.51.100.0/24 dev "$client_if" src $client_v4
client ip -6 route add 2001:db8:2::/48 dev "$client_if" src $client_v6
server ip route add 192.0.2.0/24 dev "$server_if" src $server_v4
server ip -6 route add 2001:db8:1::/48 dev "$server_if" src $server_v6

wait_for() {
  local tries
  for tries in $(seq 100); do
    [ -n "$(server ss -Htln "sport = :$1")" ] && return
    sleep 0.1
  done
  echo "$0: nothing listens on port $1" >&2
  return 1
}

record() {
  recorded=$data/$1.pcap
  rm -f "$work/tcpdump.log" # what is waited for below may not be found in an old one
  touch "$work/tcpdump.log"
  # not through server(): the number wanted is tcpdump's own
  ip netns exec "$server_net" tcpdump -i "$server_if" --immediate-mode -U -s 0 -w "$work/recording.pcap" "${2:-not icmp6 and not (ip6 and ip6[6] = 0)}" 2>"$work/tcpdump.log" &
  recorder=$!
  until grep -q 'listening on' "$work/tcpdump.log"; do
    kill -0 "$recorder" 2>/dev/null || { cat "$work/tcpdump.log" >&2; return 1; }
    sleep 0.05
  done
}

stop_recording() {
  sleep 0.5 # what is still on its way
  kill "$recorder"
  wait "$recorder" || true
  local packets
  packets=$(tcpdump -nr "$work/recording.pcap" 2>/dev/null | wc -l)
  [ "$packets" -gt 0 ] || { echo "$0: nothing was recorded for $recorded" >&2; return 1; }
  cp "$work/recording.pcap" "$recorded"
  chmod 644 "$recorded"
  echo "$(basename "$recorded"): $packets packets, $(stat -c %s "$recorded") bytes"
}
