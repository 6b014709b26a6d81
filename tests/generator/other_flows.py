"""Conversations of DNS, TLS, SMTP, FTP and of no protocol at all whose buffers satisfy a rule's sections."""
import os
import re
import struct

from building import NotBuilt, all_hold, raw_candidates
from matching import matches
from packets import TO_CLIENT, TO_SERVER


class Plan:
    """What all have in common: candidates of each buffer, an assembly of them, the model's verdict."""
    transport = "tcp"

    def __init__(self, rule, rnd):
        self.rule, self.rnd = rule, rnd
        self.way = TO_CLIENT if rule.flow & {"to_client", "from_server"} else TO_SERVER
        self.groups = {}
        for s in rule.sections:
            self.groups.setdefault(s.buffer, []).append(s)

    def keyed_sections(self):
        return [(s.buffer, s) for s in self.rule.sections]

    def usable(self, buffer):
        return lambda b: True

    def holds(self, made):
        return all(any(matches(b, s) for b in self.instances(s.buffer, made)) for s in self.rule.sections)

    def pool(self, buffer):
        yield from raw_candidates(self.groups[buffer], self.rnd, self.usable(buffer))

    def candidates(self):
        chosen, pools = {}, {b: self.pool(b) for b in self.groups}
        for _ in range(12):
            for buffer in self.groups:
                try:
                    chosen[buffer] = next(pools[buffer])
                except StopIteration:
                    if buffer not in chosen:
                        raise NotBuilt("no bytes found for " + buffer)
            made = self.assemble(chosen)
            if made is not None and self.holds(made):
                yield made, dict(chosen)
            if not self.groups:
                break
        raise NotBuilt("buffers contradict each other: " + " ".join(sorted(self.groups)))


class Raw(Plan):
    """The payload itself."""

    def __init__(self, rule, rnd, transport):
        super().__init__(rule, rnd)
        self.transport = transport
        unknown = set(self.groups) - {"payload"}
        if unknown:
            raise NotBuilt("buffer without a builder: " + " ".join(sorted(unknown)))

    def instances(self, buffer, made):
        return [made]

    def assemble(self, chosen):
        return chosen.get("payload", b"gen")

    def messages(self, made):
        if self.transport == "udp" and (self.way == TO_CLIENT or "established" in self.rule.flow):
            # a UDP flow is established, and its server known, once both sides have spoken
            before = [(TO_SERVER, b"gen")] + ([(TO_CLIENT, b"gen")] if self.way == TO_SERVER else [])
            return before + [(self.way, made)]
        return [(self.way, made)] if made else []


class Icmp(Raw):
    def __init__(self, rule, rnd):
        super().__init__(rule, rnd, "icmp")
        number = lambda keyword, default: next((int(re.sub(r"\D", "", v.split("<>")[0]) or 0) + (v.strip().startswith(">")) for v in rule.values(keyword)), default)
        self.type, self.code = number("itype", 8), number("icode", 0)
        self.id, self.sequence = number("icmp_id", 77), number("icmp_seq", 1)

    def messages(self, made):
        return [(self.way, struct.pack(">BBHHH", self.type, self.code, 0, self.id, self.sequence) + made)]


class Dns(Plan):
    transport = "udp"

    def usable(self, buffer):
        def fine(name):
            labels = name.split(b".")
            return 0 < len(name) <= 250 and all(0 < len(x) <= 63 for x in labels)
        return fine

    def pool(self, buffer):
        if buffer not in ("dns.query", "dns.queries.rrname"):
            raise NotBuilt("buffer without a builder: " + buffer)
        fine = self.usable(buffer)
        for raw in raw_candidates(self.groups[buffer], self.rnd):
            halved = re.sub(rb"[^.]{41,}", lambda m: b".".join(m[0][i:i + 40] for i in range(0, len(m[0]), 41)), raw)
            for one in (raw, b"gen" + raw, raw + b"gen", b"gen" + raw + b"gen", halved, b"x" + halved):
                if fine(one) and all_hold(one, self.groups[buffer]):
                    yield one
                    break

    def instances(self, buffer, made):
        return [made]

    def assemble(self, chosen):
        return chosen.get("dns.query", chosen.get("dns.queries.rrname", b"gen.example"))

    def messages(self, made):
        name = b"".join(bytes([len(x)]) + x for x in made.split(b".")) + b"\0"
        question = name + struct.pack(">HH", 1, 1)
        asked = struct.pack(">HHHHHH", 0x1234, 0x0100, 1, 0, 0, 0) + question
        answer = struct.pack(">HHHHHH", 0x1234, 0x8180, 1, 1, 0, 0) + question + b"\xc0\x0c" + struct.pack(">HHIH4s", 1, 1, 60, 4, bytes([192, 0, 2, 1]))
        talk = [(TO_SERVER, asked), (TO_CLIENT, answer)]
        if "established" in self.rule.flow and made != b"gen.example":
            return self.messages(b"gen.example") + talk  # only an answer makes a UDP flow established
        return talk


def der(tag, *parts):
    body = b"".join(parts)
    size = len(body)
    head = bytes([size]) if size < 128 else bytes([0x81, size]) if size < 256 else bytes([0x82, size >> 8, size & 255])
    return bytes([tag]) + head + body


ATTRIBUTES = {"C": "2.5.4.6", "ST": "2.5.4.8", "L": "2.5.4.7", "O": "2.5.4.10", "OU": "2.5.4.11", "CN": "2.5.4.3", "street": "2.5.4.9",
              "emailAddress": "1.2.840.113549.1.9.1", "serialNumber": "2.5.4.5", "title": "2.5.4.12", "description": "2.5.4.13",
              "postalCode": "2.5.4.17", "DC": "0.9.2342.19200300.100.1.25", "unstructuredName": "1.2.840.113549.1.9.2"}


def oid(text):
    numbers = [int(x) for x in text.split(".")]
    out = bytearray([numbers[0] * 40 + numbers[1]])
    for n in numbers[2:]:
        piece = [n & 127]
        while n > 127:
            n >>= 7
            piece.insert(0, n & 127 | 128)
        out += bytes(piece)
    return der(6, bytes(out))


def split_name(text):
    """"C=US, O=x" to attributes; nothing when it is none."""
    pieces = re.split(rb", ?(?=[A-Za-z]+=)", text)
    made = []
    for piece in pieces:
        key, mark, value = piece.partition(b"=")
        if not mark or key.decode("latin1") not in ATTRIBUTES:
            return None
        made.append((key.decode(), value))
    return made


def name_text(attributes):
    return b", ".join(k.encode() + b"=" + v for k, v in attributes)


def name_der(attributes):
    return der(0x30, *[der(0x31, der(0x30, oid(ATTRIBUTES[k]), der(0x0C, v))) for k, v in attributes])


class Tls(Plan):
    BUFFERS = {"tls.sni", "tls.cert_subject", "tls.cert_issuer", "tls.cert_serial", "tls.certs", "payload"}

    def __init__(self, rule, rnd):
        super().__init__(rule, rnd)
        if not rule.flow & {"to_server", "from_client"} and any(b.startswith("tls.cert") for b in self.groups):
            self.way = TO_CLIENT
        for buffer in self.groups:
            if buffer not in self.BUFFERS:
                raise NotBuilt("a hash without its preimage" if buffer.startswith(("ja3", "ja4", "tls.cert_fingerprint")) else "buffer without a builder: " + buffer)

    def pool(self, buffer):
        sections = self.groups[buffer]
        for raw in raw_candidates(sections, self.rnd):
            if buffer in ("tls.cert_subject", "tls.cert_issuer"):
                for one in (raw, b"CN=" + raw, b"C=US, O=" + raw, b"C=US" + raw, b"C=US, ST=" + raw, b"O=gen" + raw):
                    name = split_name(one)
                    if name and all_hold(name_text(name), sections):
                        yield name_text(name)
                        break
            elif buffer == "tls.cert_serial":
                digits = re.fullmatch(rb"[0-9A-F]{2}(:[0-9A-F]{2})*", raw)
                if digits:
                    yield raw
            elif buffer == "tls.sni":
                if raw or all_hold(b"gen", sections):
                    yield raw or b"gen"
            else:
                yield raw

    def certificate(self, chosen):
        subject = split_name(chosen.get("tls.cert_subject", b"CN=gen.example"))
        issuer = split_name(chosen.get("tls.cert_issuer", b"CN=gen.issuer"))
        serial = bytes.fromhex(chosen.get("tls.cert_serial", b"01:02:03").decode().replace(":", ""))
        free = chosen.get("tls.certs", chosen.get("payload") if self.way == TO_CLIENT else None)
        algorithm = der(0x30, oid("1.2.840.113549.1.1.11"), der(5))
        key = der(0x30, der(0x30, oid("1.2.840.113549.1.1.1"), der(5)), der(3, b"\0", der(0x30, der(2, b"\x00" + b"\xb1" * 64), der(2, b"\1\0\1"))))
        extensions = der(0xA3, der(0x30, der(0x30, oid("1.3.6.1.4.1.99999.1"), der(4, free)))) if free is not None else b""
        body = der(0x30, der(0xA0, der(2, b"\2")), der(2, serial), algorithm, name_der(issuer),
                   der(0x30, der(0x17, b"240101000000Z"), der(0x17, b"340101000000Z")), name_der(subject), key, extensions)
        return der(0x30, body, algorithm, der(3, b"\0" + b"\x5a" * 64))

    def assemble(self, chosen):
        if any(split_name(chosen[b]) is None for b in ("tls.cert_subject", "tls.cert_issuer") if b in chosen):
            return None
        record = lambda kind, body: struct.pack(">BHH", kind, 0x0303, len(body)) + body
        handshake = lambda kind, body: bytes([kind]) + len(body).to_bytes(3, "big") + body
        extensions = b""
        sni = chosen.get("tls.sni")
        if sni is None and not {"tls.cert_subject", "tls.cert_issuer", "tls.certs", "tls.cert_serial"} & set(chosen):
            sni = b"gen.example"
        if sni is not None:
            names = struct.pack(">BH", 0, len(sni)) + sni
            names = struct.pack(">H", len(names)) + names
            extensions += struct.pack(">HH", 0, len(names)) + names
        if "payload" in chosen and self.way == TO_SERVER:
            extensions += struct.pack(">HH", 0xFE77, len(chosen["payload"])) + chosen["payload"]
        extensions += struct.pack(">HHHHH", 10, 6, 4, 29, 23)
        hello = b"\3\3" + b"\x11" * 32 + b"\0" + struct.pack(">HHHH", 6, 0xC02F, 0xC030, 0x9C) + b"\1\0" + struct.pack(">H", len(extensions)) + extensions
        cert = self.certificate(chosen)
        answer = b"\3\3" + b"\x22" * 32 + b"\0" + b"\xc0\x2f" + b"\0" + struct.pack(">H", 0)
        chain = len(cert).to_bytes(3, "big") + cert
        server = record(22, handshake(2, answer)) + record(22, handshake(11, len(chain).to_bytes(3, "big") + chain)) + record(22, handshake(14, b""))
        return dict(client=record(22, handshake(1, hello)), server=server, cert=cert, chosen=chosen, sni=sni)

    def instances(self, buffer, made):
        chosen = made["chosen"]
        if buffer == "tls.sni":
            return [made["sni"]] if made["sni"] is not None else []
        if buffer == "tls.certs":
            return [made["cert"]]
        if buffer == "payload":
            return [made["client"] if self.way == TO_SERVER else made["server"]]
        return [chosen[buffer]]

    def messages(self, made):
        finish = b"\x14\3\3\0\1\1" + b"\x16\3\3\0\x28" + b"\x77" * 40
        return [(TO_SERVER, made["client"]), (TO_CLIENT, made["server"]), (TO_SERVER, finish), (TO_CLIENT, finish)]


class Smtp(Plan):
    """A mail whose text is the payload or, as an attachment, the file."""

    def __init__(self, rule, rnd):
        super().__init__(rule, rnd)
        unknown = set(self.groups) - {"payload", "file.data"}
        if unknown:
            raise NotBuilt("buffer without a builder: " + " ".join(sorted(unknown)))

    def usable(self, buffer):
        return lambda b: b"\r\n.\r\n" not in b

    def assemble(self, chosen):
        import base64
        text = b"From: <a@gen.example>\r\nTo: <b@gen.example>\r\nSubject: gen\r\n"
        raw = chosen.get("payload", b"") if self.way == TO_SERVER else b""
        if "file.data" in chosen:
            text += (b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=gen\r\n\r\n--gen\r\nContent-Type: text/plain\r\n\r\nhello\r\n"
                     b"--gen\r\nContent-Type: application/octet-stream; name=gen.bin\r\nContent-Disposition: attachment; filename=gen.bin\r\n"
                     b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(chosen["file.data"]).replace(b"\n", b"\r\n") + b"--gen--\r\n")
        else:
            header = re.match(rb"[\r\n]*[A-Za-z-]+:", raw)
            text += raw.lstrip(b"\r\n") if header and not raw.startswith(b"\r\n\r\n") else b"\r\n" + raw
        mail = text + b"\r\n.\r\n"
        talk = [(TO_CLIENT, b"220 gen ESMTP\r\n"), (TO_SERVER, b"EHLO gen.example\r\n"), (TO_CLIENT, b"250 gen\r\n"),
                (TO_SERVER, b"MAIL FROM:<a@gen.example>\r\n"), (TO_CLIENT, b"250 ok\r\n"), (TO_SERVER, b"RCPT TO:<b@gen.example>\r\n"),
                (TO_CLIENT, b"250 ok\r\n"), (TO_SERVER, b"DATA\r\n"), (TO_CLIENT, b"354 go\r\n"), (TO_SERVER, mail), (TO_CLIENT, b"250 ok\r\n"),
                (TO_SERVER, b"QUIT\r\n"), (TO_CLIENT, b"221 bye\r\n")]
        if "payload" in chosen and self.way == TO_CLIENT:
            talk[2] = (TO_CLIENT, b"250-gen " + chosen["payload"].replace(b"\r\n", b"\r\n") + b"\r\n250 gen\r\n")
        return dict(talk=talk, file=chosen.get("file.data"))

    def instances(self, buffer, made):
        if buffer == "file.data":
            return [made["file"]] if made["file"] is not None else []
        return [b"".join(data for way, data in made["talk"] if way == self.way)]

    def messages(self, made):
        return made["talk"]


class Ftp(Smtp):
    def __init__(self, rule, rnd):
        super().__init__(rule, rnd)
        if set(self.groups) - {"payload"}:
            raise NotBuilt("buffer without a builder: file.data in FTP")

    def assemble(self, chosen):
        raw = chosen.get("payload", b"")
        line = raw if raw.endswith(b"\r\n") else raw + b"\r\n"
        talk = [(TO_CLIENT, b"220 gen FTP server\r\n"), (TO_SERVER, b"USER gen\r\n"), (TO_CLIENT, b"331 password\r\n")]
        if self.way == TO_SERVER:
            talk += [(TO_SERVER, line), (TO_CLIENT, b"500 what\r\n")]
        elif re.match(rb"220[ -]", raw):
            talk[0] = (TO_CLIENT, line)
        else:
            talk += [(TO_SERVER, b"NOOP\r\n"), (TO_CLIENT, line if re.match(rb"\d{3}[ -]", raw) else b"200 " + line)]
        return dict(talk=talk, file=None)


class Framed(Raw):
    """A protocol that the sensor recognises by its first message, behind which any bytes may follow."""
    FIRST = {
        "smb": bytes.fromhex("00000054ff534d4272000000001843c80000000000000000000000000000fffe0000000000003100024c414e4d414e312e3000024c4d312e325830303200024e54204c414e4d414e20312e3000024e54204c4d20302e313200"),
        "ssh": b"SSH-2.0-gen\r\n",
        "rdp": bytes.fromhex("0300002a25e00000000000436f6f6b69653a206d737473686173683d67656e0d0a0100080003000000"),
        "rfb": b"RFB 003.008\n",
        "mqtt": bytes.fromhex("100f00044d5154540402003c000367656e"),
    }

    def __init__(self, rule, rnd, first):
        super().__init__(rule, rnd, "tcp")
        self.first = first

    def instances(self, buffer, made):
        mine = [d for w, d in self.messages(made) if w == self.way]
        return [b"".join(mine)] + mine

    def messages(self, made):
        if made[:4] == self.first[:4] or made[4:8] == self.first[4:8]:
            return [(self.way, made)]
        return [(TO_SERVER, self.first), (TO_CLIENT, self.first), (self.way, made)]
