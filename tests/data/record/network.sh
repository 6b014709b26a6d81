#!/usr/bin/env bash
# Records what happens below and beside the protocols: fragments, VXLAN, ICMP errors, IPv6; and one exchange that rewrap.py
# then puts into VLAN, QinQ, MPLS, PPPoE, GRE, IP in IP, 6in4 and GENEVE, because few kernels have all those devices.
# Install: iputils-ping curl
INSTALL="install iputils-ping and curl"
. "$(dirname "$0")/lib.sh"
need ping curl

mkdir "$work/www"
echo 'hello through the tunnel' >"$work/www/hello.txt"

# serve ADDRESS: a web server on it, until `served`
serve() {
  ip netns exec "$server_net" python3 -m http.server --bind "$1" 80 --directory "$work/www" >>"$work/daemon.log" 2>&1 &
  serving=$!
  wait_for 80
}
served() {
  kill "$serving"
  wait "$serving" 2>/dev/null || true
}
# The request looks like an attack, so that a rule can tell whether it was seen inside.
fetch() {
  client curl -s -g --max-time 5 -H 'Host: www.example.com' "http://$1/hello.txt?file=../../etc/passwd" >/dev/null
}

# What lies inside every tunnel: 203.0.113.1 asks 203.0.113.2, and the same over IPv6.
client ip addr add 203.0.113.1/32 dev "$client_if"
server ip addr add 203.0.113.2/32 dev "$server_if"
client ip route add 203.0.113.2 dev "$client_if" src 203.0.113.1
server ip route add 203.0.113.1 dev "$server_if" src 203.0.113.2
serve 203.0.113.2
data=$work record inner-v4 'host 203.0.113.1 and not arp'
client ping -nq -c 1 -W 2 203.0.113.2 >/dev/null
fetch 203.0.113.2
data=$work stop_recording
served
serve $server_v6
data=$work record inner-v6 'ip6 and not (icmp6 and ip6[40] >= 130)'
client ping -6 -nq -c 1 -W 2 $server_v6 >/dev/null
fetch "[$server_v6]"
data=$work stop_recording
served
client ip addr del 203.0.113.1/32 dev "$client_if"
server ip addr del 203.0.113.2/32 dev "$server_if"
for kind in vlan qinq mpls pppoe gre ip-in-ip geneve; do
  python3 "$(dirname "$0")/rewrap.py" $kind "$work/inner-v4.pcap" "$data/$kind.pcap"
done
python3 "$(dirname "$0")/rewrap.py" 6in4 "$work/inner-v6.pcap" "$data/6in4.pcap"

# VXLAN by the kernel itself.
client ip link add inner type vxlan id 42 local $client_v4 remote $server_v4 dstport 4789
server ip link add inner type vxlan id 42 local $server_v4 remote $client_v4 dstport 4789
for end in client server; do
  $end ethtool -K inner tx off tso off gso off gro off >/dev/null 2>&1 || true
  $end ip link set inner addrgenmode none up
done
client ip addr add 203.0.113.1/24 dev inner
server ip addr add 203.0.113.2/24 dev inner
serve 203.0.113.2
record vxlan 'udp port 4789'
client ping -nq -c 1 -W 2 203.0.113.2 >/dev/null
fetch 203.0.113.2
stop_recording
served

record fragments 'not arp and not (icmp6 and ip6[40] >= 130)'
client ping -nq -c 1 -W 2 -s 4000 $server_v4 >/dev/null
client ping -6 -nq -c 1 -W 2 -s 4000 $server_v6 >/dev/null
# Datagrams whose contents are whole only once their fragments are.
client python3 - $server_v4 $server_v6 <<'PY'
import socket, sys
for family, to in ((socket.AF_INET, sys.argv[1]), (socket.AF_INET6, sys.argv[2])):
    with socket.socket(family, socket.SOCK_DGRAM) as s:
        s.sendto(b"A" * 1460 + b"marker across the first edge" + b"B" * 1470 + b"the end", (to, 9))
PY
stop_recording

record icmp-errors 'udp or icmp'
client python3 -c 'import socket
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"nobody listens", ("198.51.100.20", 33434))'
stop_recording
