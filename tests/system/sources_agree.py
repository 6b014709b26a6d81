#!/usr/bin/env python3
"""The same packets from a capture file, from a live interface (veth) and from a DPDK port (net_pcap; net_af_packet on the veth)
raise the same alerts."""
import os, pathlib, signal, socket, struct, time
from support.programs import *

rules = (pathlib.Path(__file__).parent / "support" / "sample.rules").read_text()
settings = ["-k", "none", "--set", "stream.midstream=false"]
eal = "--no-huge -m 256 --no-shconf --no-pci --no-telemetry --log-level=4 -l 0"
CAPTURES = [p for p in captures() if p.name in ("http-plain.pcap", "dns.pcap", "tls12.pcap", "http-attacks.pcap", "icmp-errors.pcap")]
check(CAPTURES, "no captures in tests/data")


def frames(path):
    """The frames of a little-endian pcap file."""
    data = path.read_bytes()
    check(data[:4] in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1"), f"{path.name} is no little-endian pcap file")
    at = 24
    while at + 16 <= len(data):
        size = struct.unpack_from("<I", data, at + 8)[0]
        yield data[at + 16:at + 16 + size]
        at += 16 + size


def compare(name, expected, events):
    found = alerts(events)
    check(found == expected, f"{name}: {len(found)} alerts, from the file {len(expected)}; "
                             f"missing {[a for a in expected if a not in found][:3]}, extra {[a for a in found if a not in expected][:3]}")


class veth:
    """A pair of interfaces in this network namespace's own child, so that nothing outside sees it."""
    def __enter__(self):
        self.a, self.b = f"cra{os.getpid() % 10000}", f"crb{os.getpid() % 10000}"
        subprocess.run(["ip", "link", "add", self.a, "type", "veth", "peer", "name", self.b], check=True)
        for name in (self.a, self.b):
            pathlib.Path(f"/proc/sys/net/ipv6/conf/{name}/disable_ipv6").write_text("1")
            subprocess.run(["ip", "link", "set", name, "mtu", "1500", "arp", "off", "up"], check=True)
        return self

    def __exit__(self, *_):
        subprocess.run(["ip", "link", "del", self.a], check=False)

    def send(self, capture):
        out = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
        out.bind((self.a, 0))
        for frame in frames(capture):
            out.send(frame)
            time.sleep(0.0005)


def live(capture, pair, source):
    """Starts a sensor on the pair's far end, plays the capture into the near one, stops the sensor."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "test.rules"
        path.write_text(rules)
        types = pathlib.Path(folder) / "config.yaml"
        types.write_text("outputs: [{eve-log: {types: [alert, stats]}}]\nstats: {interval: 1}\n")
        eve = pathlib.Path(folder) / "eve.json"
        run = subprocess.Popen([BIN / "cresset-sensor", "-c", types, *source, "-S", path, "-l", folder, *settings],
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        deadline = time.time() + 60
        while not (eve.exists() and '"event_type":"stats"' in eve.read_text()):
            check(run.poll() is None and time.time() < deadline, f"the sensor did not begin: {run.stdout.read1(4000) if run.poll() is not None else ''}")
            time.sleep(0.1)
        pair.send(capture)
        count = sum(1 for _ in frames(capture))
        while True:  # until the ledger has all of them
            last = [json.loads(l) for l in eve.read_text().splitlines() if '"event_type":"stats"' in l][-1]
            if last["stats"]["ledger"]["received"] >= count:
                break
            check(time.time() < deadline, f"{capture.name}: {last['stats']['ledger']['received']} of {count} packets arrived")
            time.sleep(0.2)
        run.send_signal(signal.SIGTERM)
        run.wait(60)
        return [json.loads(l) for l in eve.read_text().splitlines()]


root = os.geteuid() == 0
if not root:
    left_out("live and DPDK on a veth: they need root")
for capture in CAPTURES:
    expected = alerts(sensor(["-r", capture, *settings], rules)[0])
    check(expected, f"{capture.name}: the sample rules raise nothing")
    arguments = f"{eal} --vdev=net_pcap0,rx_pcap={capture}"
    compare(f"{capture.name} from net_pcap", expected,
            sensor(["--dpdk", arguments, "--set", "dpdk.end-after-idle-ms=500", *settings], rules)[0])
    if root:
        with veth() as pair:
            compare(f"{capture.name} from a live interface", expected, live(capture, pair, ["-i", pair.b]))
            compare(f"{capture.name} from net_af_packet", expected, live(capture, pair, [
                "--dpdk", f"{eal} --vdev=net_af_packet0,iface={pair.b},framesz=2048,blocksz=65536,framecnt=1024",
                "--set", "dpdk.mbuf-bytes=4096"]))
print(f"{len(CAPTURES)} captures, the same alerts from every source")
