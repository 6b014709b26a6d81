#!/usr/bin/env python3
"""Makes a flow for each rule that must raise it and one that must not, runs the sensor over them once, compares.

usage: generate.py --sensor BIN --rules FILE [--sample N] [--seed N] [--json FILE] [--keep FOLDER] [--floor FILE]

Exits with 1 when a share falls below the floor's. The figures go to the standard output.
"""
import argparse
import collections
import ipaddress
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from building import NotBuilt, inverse
from http_flow import HttpPlan, REQUEST_ONLY, RESPONSE_ONLY, VALUES
from matching import Matcher, transform
from other_flows import Dns, Framed, Ftp, Icmp, Raw, Smtp, Tls
from packets import TO_CLIENT, TO_SERVER, Capture
from rule_text import Content, Pcre, read_rules

HOME, AWAY = "home", "away"
HOME_V4, HOME_V6 = "10.0.0.0/8", "fd00::/8"
VARIABLES = {"HOME_NET": "[10.0.0.0/8,fd00::/8]", "EXTERNAL_NET": "!$HOME_NET", "HTTP_PORTS": "80", "SHELLCODE_PORTS": "!80", "ORACLE_PORTS": "1521",
             "SSH_PORTS": "22", "DNP3_PORTS": "20000", "MODBUS_PORTS": "502", "FILE_DATA_PORTS": "[$HTTP_PORTS,110,143]", "FTP_PORTS": "21",
             "GENEVE_PORTS": "6081", "VXLAN_PORTS": "4789", "TEREDO_PORTS": "3544", "SIP_PORTS": "[5060,5061]"}
PORTS = {"dns": 53, "tls": 443, "http": 80, "http1": 80, "smtp": 25, "ftp": 21, "smb": 445, "ssh": 22, "rdp": 3389, "rfb": 5900, "mqtt": 1883}
MOST_REPEATS = 64


# --- headers ----------------------------------------------------------------------------------------------------------


def expand(text):
    """The items of a list with variables, each with its sign."""
    text, sign = text.strip(), True
    while text.startswith("!"):
        text, sign = text[1:].strip(), not sign
    if text.startswith("[") and text.endswith("]"):
        depth, start, pieces = 0, 1, []
        for i, c in enumerate(text[:-1]):
            depth += (c == "[") - (c == "]")
            if c == "," and depth == 1:
                pieces.append(text[start:i])
                start = i + 1
        pieces.append(text[start:-1])
        return [(item, own == sign) for piece in pieces for item, own in expand(piece)]
    if text.startswith("$"):
        value = VARIABLES.get(text[1:], "$HOME_NET" if "PORT" not in text else "any")
        return [(item, own == sign) for item, own in expand(value)]
    return [(text, sign)]


def address_choice(text):
    """(place, fixed): where an address may lie, and one that is named."""
    items = expand(text)
    for item, sign in items:
        if sign and item not in ("any", HOME_V4, HOME_V6):
            network = ipaddress.ip_network(item.split("-")[0].strip(), strict=False)
            if network.version == 4 and network.prefixlen < 24:
                return (HOME if network.subnet_of(ipaddress.ip_network(HOME_V4)) else AWAY), None, network
            return None, network.network_address + (1 if network.num_addresses > 2 else 0), None
    wanted = {item for item, sign in items if sign}
    if HOME_V4 in wanted:
        return HOME, None, None
    if any(item == HOME_V4 for item, sign in items if not sign):
        return AWAY, None, None
    return None, None, None


def port_choice(text, preferred):
    allowed, refused = [], []
    for item, sign in expand(text):
        low, _, high = item.partition(":")
        bounds = (0, 65535) if item == "any" else (int(low or 0), int(high) if high else (65535 if ":" in item else int(low)))
        (allowed if sign else refused).append(bounds)
    fits = lambda p: (not allowed or any(a <= p <= b for a, b in allowed)) and not any(a <= p <= b for a, b in refused)
    for port in [preferred, 80, 8080] + [a for a, _ in allowed] + [b for _, b in allowed] + list(range(1024, 1400)) + [443, 25, 53, 12345]:
        if 0 < port < 65536 and fits(port):
            return port
    raise NotBuilt("no port satisfies the header")


class Ends:
    """Addresses and ports of a flow, unique by the number of the flow."""

    def __init__(self, rule, server_way, preferred):
        source_is_client = server_way == TO_SERVER
        client_text, client_ports = (rule.source, rule.source_port) if source_is_client else (rule.destination, rule.destination_port)
        server_text, server_ports = (rule.destination, rule.destination_port) if source_is_client else (rule.source, rule.source_port)
        self.client, self.server = address_choice(client_text), address_choice(server_text)
        self.server_port = port_choice(server_ports, preferred)
        self.client_ports = client_ports

    @staticmethod
    def address(choice, number, otherwise, is_v6):
        place, fixed, network = choice
        if fixed is not None:
            return fixed.packed
        if network is not None:
            base = int(network.network_address)
            return (base + 1 + number % max(1, network.num_addresses - 2)).to_bytes(4, "big")
        place = place or otherwise
        if is_v6:
            return (bytes.fromhex("fd000000" if place == HOME else "20010db8")).ljust(12, b"\0") + number.to_bytes(4, "big")
        return ((10 << 24 if place == HOME else 100 << 24) + 256 + number).to_bytes(4, "big")

    def of(self, number, repeat=0):
        is_v6 = any(c[1] is not None and c[1].version == 6 for c in (self.client, self.server))
        client = self.address(self.client, number, AWAY if self.server[0] == HOME else HOME, is_v6)
        server = self.address(self.server, number, HOME if self.client[0] == AWAY else AWAY, is_v6)
        if len(client) != len(server):
            raise NotBuilt("IPv4 and IPv6 addresses in one header")
        port = port_choice(self.client_ports, 1024 + (number * 7 + repeat * 131) % 60000)
        return client, port, server, self.server_port


# --- one rule ---------------------------------------------------------------------------------------------------------

IGNORED = {"flow", "threshold", "flowbits", "detection_filter", "stream_size", "app-layer-protocol", "itype", "icode", "icmp_id", "icmp_seq",
           "dsize", "tls.version", "xbits", "ip_proto", "flags"}
TCP_LIKE = {"tcp", "tcp-pkt", "tcp-stream", "ip"}


def plan_of(rule, rnd):
    buffers = {s.buffer for s in rule.sections}
    protocol = rule.protocol
    if rule.unknown:
        raise NotBuilt(rule.unknown)
    for keyword, _ in rule.others:
        if keyword not in IGNORED:
            raise NotBuilt("keyword without a builder: " + keyword)
    http = REQUEST_ONLY | RESPONSE_ONLY | set(VALUES) | {"http.header", "http.header.raw", "http.header_names", "http.start", "http.cookie", "http.protocol"}
    if protocol in ("http", "http1") or buffers & http:
        return HttpPlan(rule, rnd)
    if protocol == "dns" or "dns.query" in buffers:
        if "payload" in buffers:
            raise NotBuilt("raw contents of a DNS message")
        return Dns(rule, rnd)
    if protocol == "tls" or any(b.startswith(("tls.", "ja3")) for b in buffers):
        return Tls(rule, rnd)
    if protocol == "smtp":
        return Smtp(rule, rnd)
    if protocol in ("ftp",):
        return Ftp(rule, rnd)
    if protocol == "icmp":
        return Icmp(rule, rnd)
    if protocol == "udp":
        return Raw(rule, rnd, "udp")
    if protocol in TCP_LIKE:
        if "file.data" in buffers:
            return HttpPlan(rule, rnd)
        return Raw(rule, rnd, "tcp")
    if protocol in Framed.FIRST:
        return Framed(rule, rnd, Framed.FIRST[protocol])
    raise NotBuilt("protocol without a builder: " + protocol)


def add_sizes(rule):
    """dsize is a condition on the payload."""
    from rule_text import Section, read_size
    for value in rule.values("dsize"):
        section = next((s for s in rule.sections if s.buffer == "payload"), None)
        if section is None:
            section = Section("payload")
            rule.sections.append(section)
        section.matches.append(read_size(value))


def repeats_of(rule):
    """How often a rule has to match before it alerts."""
    for value in rule.values("threshold"):
        words = dict(w.strip().split(None, 1) for w in value.split(",") if " " in w.strip())
        if words.get("type") in ("threshold", "both"):
            return int(words.get("count", 1))
    for value in rule.values("detection_filter"):
        words = dict(w.strip().split(None, 1) for w in value.split(",") if " " in w.strip())
        return int(words.get("count", 1)) + 1
    return 1


class Made:
    """A rule with its positive exchange and, where there is one, its near miss."""

    def __init__(self, rule, plan, good, missed):
        self.rule, self.plan = rule, plan
        self.good = plan.messages(good)
        self.missed = plan.messages(missed) if missed is not None else None


def other_bytes(b, rnd):
    if chr(b).isalpha():
        return [x for x in b"qzxjkvwQ" if chr(x).lower() != chr(b).lower()]
    if chr(b).isdigit():
        return [x for x in b"0123456789" if x != b]
    return [x for x in b"q7_~" if x != b]


def near_miss(plan, chosen, rnd):
    """The exchange with one byte of a required content changed, that the model refuses."""
    options = []
    for key, section in plan.keyed_sections():
        raw = chosen.get(key)
        if raw is None:
            continue
        shown = transform(raw, section.transforms)
        matcher = Matcher(shown, section.matches)
        if not matcher.holds():
            continue
        shift = len(shown) - len(raw)
        for i, at in matcher.places.items():
            content = section.matches[i]
            middle = list(range(len(content.bytes)))
            middle.sort(key=lambda n: (not chr(content.bytes[n]).isalnum(), abs(n - len(content.bytes) // 2)))
            options += [(not content.fast, -len(content.bytes), key, at + n - shift) for n in middle[:3]]
    options.sort()
    if not options:  # no content at all: any byte of what was built
        options = [(0, 0, key, at) for key, raw in chosen.items() for at in range(0, len(raw), max(1, len(raw) // 6))]
    for _, _, buffer, at in options[:24]:
        raw = chosen[buffer]
        if not 0 <= at < len(raw):
            continue
        for b in other_bytes(raw[at], rnd)[:4]:
            changed = dict(chosen)
            changed[buffer] = raw[:at] + bytes([b]) + raw[at + 1:]
            try:
                made = plan.assemble(changed)
            except (NotBuilt, ValueError, KeyError):
                continue
            if made is not None and not plan.holds(made):
                return made
    return None


def build(rule, seed):
    rnd = random.Random(seed * 1000003 + rule.sid)
    plan = plan_of(rule, rnd)
    good, chosen = next(plan.candidates())
    return Made(rule, plan, good, near_miss(plan, chosen, rnd))


# --- flow state -------------------------------------------------------------------------------------------------------


def bits_of(rule, *actions):
    for value in rule.values("flowbits"):
        words = [w.strip() for w in value.split(",")]
        if words[0] in actions:
            yield words[1]


class Maker:
    def __init__(self, rules, seed):
        self.rules, self.seed = rules, seed
        self.setters = collections.defaultdict(list)
        for rule in rules:
            for name in bits_of(rule, "set", "toggle"):
                self.setters[name].append(rule)
        self.known = {}

    def made(self, rule):
        if rule.sid not in self.known:
            try:
                self.known[rule.sid] = build(rule, self.seed)
            except NotBuilt as why:
                self.known[rule.sid] = str(why)
            except (ValueError, KeyError, IndexError, OverflowError, RecursionError) as why:
                self.known[rule.sid] = f"the builder failed ({type(why).__name__})"
        found = self.known[rule.sid]
        if isinstance(found, str):
            raise NotBuilt(found)
        return found

    def chain(self, rule, depth=0):
        """The exchanges that come first because they set the bits, then the rule's own."""
        if depth > 4:
            raise NotBuilt("flowbits lead in circles")
        before = []
        own = self.made(rule)
        for names in bits_of(rule, "isset"):
            before += self.setter(names.split("|"), own, depth)
        return before + [own]

    def setter(self, names, own, depth):
        for name in names:
            for candidate in self.setters[name.strip()][:40]:
                try:
                    chain = self.chain(candidate, depth + 1)
                except NotBuilt:
                    continue
                if all(c.plan.transport == own.plan.transport and compatible(c, own) for c in chain):
                    return chain
        raise NotBuilt("no rule that sets its flowbit fits into its flow")


def family(made):
    return type(made.plan).__name__


def compatible(first, second):
    return family(first) == family(second) or {family(first), family(second)} <= {"Raw"}


def side_of(made):
    """The direction whose sender is the header's source."""
    rule = made.rule
    if rule.flow & {"to_client", "from_server"}:
        return TO_CLIENT
    if rule.flow & {"to_server", "from_client"}:
        return TO_SERVER
    return made.plan.way


def ends_of(chain):
    made = chain[-1]
    protocol = {"HttpPlan": "http", "Dns": "dns", "Tls": "tls", "Smtp": "smtp", "Ftp": "ftp"}.get(family(made), made.rule.protocol)
    ends = Ends(made.rule, side_of(made), PORTS.get(protocol, 80 if made.rule.protocol != "udp" else 12345))
    for one in chain[:-1]:
        other = Ends(one.rule, side_of(one), ends.server_port)
        if other.server_port != ends.server_port:
            ends.server_port = Ends(made.rule, side_of(made), other.server_port).server_port
        if other.server_port != ends.server_port:
            raise NotBuilt("the rule that sets its flowbit wants another port")
        for role in ("client", "server"):
            mine, its = getattr(ends, role), getattr(other, role)
            if mine == (None, None, None):
                setattr(ends, role, its)
            elif its != (None, None, None) and its != mine:
                raise NotBuilt("the rule that sets its flowbit wants other addresses")
    return ends


def join_messages(chain, own):
    messages = []
    for made in chain[:-1]:
        messages += made.good
    if len(chain) > 1 and family(chain[-1]) in ("Smtp", "Ftp", "Tls"):
        raise NotBuilt("two conversations of this protocol in one flow")
    return messages + own


# --- all rules --------------------------------------------------------------------------------------------------------


class Run:
    def __init__(self, capture):
        self.capture, self.number = capture, 0
        self.expected = {}  # flow -> (sid, must fire)

    def write(self, rule, transport, ends, messages, repeats, must_fire):
        self.number += 1
        self.capture.rest()
        number = self.number
        for i in range(repeats):
            four = ends.of(number, i)
            getattr(self.capture, transport)(four, messages)
            self.expected[flow_key(transport, four)] = (rule.sid, must_fire, number)


def flow_key(transport, four):
    ports = frozenset((four[1], four[3])) if transport != "icmp" else None
    return transport, frozenset((four[0], four[2])), ports


def generate(rules, wanted, seed, run):
    maker, reasons, without_miss, built = Maker(rules, seed), collections.defaultdict(list), collections.Counter(), set()
    for rule in wanted:
        try:
            if any(True for _ in bits_of(rule, "isnotset")) and any(n in set(bits_of(rule, "set")) for n in bits_of(rule, "isset")):
                raise NotBuilt("flowbits contradict each other")
            repeats = repeats_of(rule)
            if repeats > MOST_REPEATS:
                raise NotBuilt(f"a threshold over {MOST_REPEATS}")
            chain = maker.chain(rule)
            ends, own = ends_of(chain), chain[-1]
            fires = join_messages(chain, own.good)
            misses = join_messages(chain, own.missed) if own.missed is not None else None
            ends.of(1)
        except NotBuilt as why:
            reasons[str(why)].append(rule.sid)
            continue
        built.add(rule.sid)
        run.write(rule, own.plan.transport, ends, fires, repeats, True)
        if misses is not None:
            run.write(rule, own.plan.transport, ends, misses, repeats, False)
        else:
            without_miss["no content whose change the model refuses"] += 1
    return built, reasons, without_miss


def run_sensor(sensor, rules, capture, folder, settings):
    names = ["HTTP_SERVERS", "SMTP_SERVERS", "SQL_SERVERS", "DNS_SERVERS", "TELNET_SERVERS", "AIM_SERVERS", "DC_SERVERS", "DNP3_SERVER",
             "DNP3_CLIENT", "MODBUS_CLIENT", "MODBUS_SERVER", "ENIP_CLIENT", "ENIP_SERVER"]
    addresses = {"HOME_NET": VARIABLES["HOME_NET"], "EXTERNAL_NET": VARIABLES["EXTERNAL_NET"], **{name: "$HOME_NET" for name in names}}
    ports = {name: value for name, value in VARIABLES.items() if name.endswith("_PORTS")}
    config = os.path.join(folder, "sensor.yaml")
    json.dump({"vars": {"address-groups": addresses, "port-groups": ports}, "outputs": [{"eve-log": {"types": ["alert"]}}]}, open(config, "w"))
    done = subprocess.run([sensor, "-c", config, "-r", capture, "-S", rules, "-l", folder] + settings, capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit("the sensor failed:\n" + done.stderr[-2000:])
    refused = set(int(s) for s in re.findall(r"\(sid (\d+)\)", done.stderr))
    return refused, done.stderr.strip().splitlines()[-1]


def alerts_of(folder, expected):
    fired = collections.Counter()
    for line in open(os.path.join(folder, "eve.json"), encoding="utf-8", errors="replace"):
        if '"event_type":"alert"' not in line[:400]:
            continue
        event = json.loads(line)
        transport = event["proto"].lower().replace("ipv6-icmp", "icmp")
        ends = frozenset(ipaddress.ip_address(event[k]).packed for k in ("src_ip", "dest_ip"))
        ports = None if transport == "icmp" else frozenset((event.get("src_port"), event.get("dest_port")))
        found = expected.get((transport, ends, ports))
        if found and found[0] == event["alert"]["signature_id"]:
            fired[found[2]] += 1
    return fired


def main():
    ask = argparse.ArgumentParser()
    ask.add_argument("--sensor", required=True)
    ask.add_argument("--rules", required=True)
    ask.add_argument("--sample", type=int, default=0, help="so many rules, spread evenly; 0: all")
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--only", type=int, action="append", help="a sid; may be given several times")
    ask.add_argument("--json", help="all results as JSON into this file")
    ask.add_argument("--keep", help="folder for capture and events")
    ask.add_argument("--floor", help="file with the shares that must be reached: generated, fired, silent")
    ask.add_argument("--set", action="append", default=[])
    arguments = ask.parse_args()
    started = time.time()
    rules = list(read_rules(arguments.rules))
    for rule in rules:
        add_sizes(rule)
    wanted = rules
    if arguments.only:
        wanted = [r for r in rules if r.sid in arguments.only]
    elif arguments.sample:
        wanted = rules[::max(1, len(rules) // arguments.sample)]
    with tempfile.TemporaryDirectory() as temporary:
        folder = arguments.keep or temporary
        os.makedirs(folder, exist_ok=True)
        path = os.path.join(folder, "generated.pcap")
        if os.path.exists(os.path.join(folder, "eve.json")):
            os.remove(os.path.join(folder, "eve.json"))
        capture = Capture(path)
        run = Run(capture)
        built, reasons, without_miss = generate(rules, wanted, arguments.seed, run)
        capture.close()
        made_in = time.time() - started
        settings = [w for s in arguments.set for w in ("--set", s)]
        refused, last_line = run_sensor(arguments.sensor, arguments.rules, path, folder, settings)
        fired = alerts_of(folder, run.expected)
    loaded = [r for r in wanted if r.sid not in refused]
    silent_rules = {r.sid for r in rules if any(k == "noalert" for k, _ in r.options) or any(v.strip() == "noalert" for v in r.values("flowbits"))
                    or r.action == "pass"}
    outcomes = {number: (sid, must, fired[number]) for sid, must, number in run.expected.values()}
    judged = [(sid, must, count) for sid, must, count in outcomes.values() if sid not in refused and sid not in silent_rules]
    positives = [(sid, count) for sid, must, count in judged if must]
    misses = [(sid, count) for sid, must, count in judged if not must]
    not_fired = sorted(sid for sid, count in positives if count == 0)
    not_silent = sorted(sid for sid, count in misses if count > 0)
    generated = sum(1 for r in loaded if r.sid in built)
    share = lambda part, whole: 100.0 * part / whole if whole else 100.0
    figures = {"rules": len(wanted), "loaded": len(loaded), "generated": share(generated, len(loaded)),
               "fired": share(len(positives) - len(not_fired), len(positives)), "silent": share(len(misses) - len(not_silent), len(misses))}
    print(f"{len(wanted)} rules, {len(loaded)} loaded; generated {generated} ({figures['generated']:.2f} %), {len(misses)} of them with a near miss")
    print(f"fired {len(positives) - len(not_fired)} of {len(positives)} ({figures['fired']:.2f} %), more than once {sum(1 for _, c in positives if c > 1)}")
    print(f"silent {len(misses) - len(not_silent)} of {len(misses)} ({figures['silent']:.2f} %)")
    print(f"{capture.packets} packets; built in {made_in:.0f} s; {last_line}")
    print("not generated, by reason:")
    for why, sids in sorted(reasons.items(), key=lambda x: -len(x[1])):
        print(f"  {len(sids):6} {why} (sid {sids[0]} …)")
    for what, sids in (("did not fire", not_fired), ("fired on the near miss", not_silent)):
        if sids:
            print(f"{what}: {len(sids)}: " + " ".join(map(str, sids[:40])))
    if arguments.json:
        json.dump({"figures": figures, "not_fired": not_fired, "not_silent": not_silent, "reasons": reasons}, open(arguments.json, "w"), indent=1)
    if arguments.floor and not above_floor(arguments.floor, figures):
        return 1
    return 0


def above_floor(path, figures):
    fine = True
    for line in open(path):
        name, _, value = line.partition(" ")
        if name in figures and figures[name] < float(value):
            print(f"{name} is {figures[name]:.2f}, below the floor of {value.strip()}")
            fine = False
    return fine


if __name__ == "__main__":
    sys.exit(main())
