"""An HTTP/1 exchange whose buffers satisfy a rule's sections."""
import re

from building import NotBuilt, all_hold, raw_candidates
from matching import matches
from packets import TO_CLIENT, TO_SERVER
from rule_text import Content

REQUEST_ONLY = {"http.uri", "http.uri.raw", "http.method", "http.user_agent", "http.host", "http.host.raw", "http.request_line",
                "http.referer", "http.accept", "http.accept_enc", "http.accept_lang", "http.request_body", "http.request_header"}
RESPONSE_ONLY = {"http.stat_code", "http.stat_msg", "http.response_line", "http.server", "http.location", "http.response_body",
                 "http.response_header"}
VALUES = {"http.user_agent": "User-Agent", "http.host": "Host", "http.host.raw": "Host", "http.content_type": "Content-Type",
          "http.referer": "Referer", "http.accept": "Accept", "http.accept_enc": "Accept-Encoding", "http.accept_lang": "Accept-Language",
          "http.connection": "Connection", "http.content_len": "Content-Length", "http.server": "Server", "http.location": "Location"}
DEFAULTS = {b"host": b"gen.example", b"user-agent": b"gen/1.0", b"accept": b"*/*", b"connection": b"close", b"content-type": b"text/plain",
            b"accept-encoding": b"identity", b"accept-language": b"en", b"cache-control": b"no-cache", b"referer": b"http://gen.example/",
            b"server": b"gen", b"date": b"Mon, 01 Jan 2024 00:00:00 GMT"}
PATH_SAFE = frozenset(range(33, 127)) - {ord("%"), ord("\\"), ord(" ")}


def encode_uri(uri):
    """The bytes on the wire of a normalised URI."""
    out, in_query = bytearray(), False
    for b in uri:
        if b == ord("?"):
            in_query = True
        if b in PATH_SAFE or (in_query and b == ord("\\")):
            out.append(b)
        else:
            out += b"%%%02X" % b
    return bytes(out)


def decode_uri(wire):
    decoded = lambda text: re.sub(rb"%([0-9a-fA-F]{2})", lambda m: bytes([int(m[1], 16)]), text)
    path, mark, query = wire.partition(b"?")
    path = decoded(path).replace(b"\\", b"/")
    if path.startswith(b"/"):
        path = re.sub(rb"/{2,}", b"/", path)
        kept = []
        for piece in path.split(b"/")[1:]:
            if piece == b"..":
                kept and kept.pop()
            elif piece != b".":
                kept.append(piece)
        ends_dir = path.endswith((b"/.", b"/.."))
        path = b"/" + b"/".join(kept) + (b"/" if ends_dir and kept else b"")
    return path + mark + decoded(query)


class Exchange:
    def __init__(self):
        self.method, self.uri, self.protocol = b"GET", b"/gen", b"HTTP/1.1"
        self.status, self.message, self.response_protocol = b"200", b"OK", b"HTTP/1.1"
        self.headers = [[], []]  # (name, value)
        self.body = [None, None]

    def value(self, way, name):
        found = [v for n, v in self.headers[way] if n.lower() == name.lower().encode()]
        return b", ".join(found) if found else None

    def first_line(self, way):
        if way == TO_SERVER:
            return b" ".join((self.method, self.uri, self.protocol))
        return b" ".join((self.response_protocol, self.status, self.message))

    def wire(self, way):
        head = self.first_line(way) + b"\r\n" + b"".join(n + b": " + v + b"\r\n" for n, v in self.headers[way]) + b"\r\n"
        return head + (self.body[way] or b"")

    def instances(self, buffer, way):
        """What the model says a buffer holds."""
        one = lambda value: [] if value is None else [value]
        if buffer == "http.uri":
            return [decode_uri(self.uri)]
        if buffer == "http.uri.raw":
            return [self.uri]
        if buffer == "http.method":
            return [self.method]
        if buffer == "http.protocol":
            return [self.protocol if way == TO_SERVER else self.response_protocol]
        if buffer == "http.request_line":
            return [self.first_line(TO_SERVER)]
        if buffer == "http.response_line":
            return [self.first_line(TO_CLIENT)]
        if buffer == "http.stat_code":
            return [self.status]
        if buffer == "http.stat_msg":
            return [self.message]
        if buffer == "http.start":
            return [self.first_line(way) + b"\r\n" + b"".join(n + b": " + v + b"\r\n" for n, v in self.headers[way]) + b"\r\n"]
        if buffer in ("http.header", "http.header.raw"):
            cookies = (b"cookie", b"set-cookie")
            lines = b"".join(n + b": " + v + b"\r\n" for n, v in self.headers[way] if buffer.endswith("raw") or n.lower() not in cookies)
            return [lines + (b"\r\n" if buffer.endswith("raw") else b"")] if lines else []
        if buffer == "http.header_names":
            return [b"\r\n" + b"".join(n + b"\r\n" for n, _ in self.headers[way]) + b"\r\n"] if self.headers[way] else []
        if buffer == "http.cookie":
            return one(self.value(way, "Cookie" if way == TO_SERVER else "Set-Cookie"))
        if buffer in ("http.request_header", "http.response_header"):
            return [n + b": " + v for n, v in self.headers[way]]
        if buffer == "http.host":
            host = self.value(TO_SERVER, "Host")
            return one(None if host is None else re.sub(rb":\d*$", b"", host.lower()))
        if buffer in VALUES:
            return one(self.value(way, VALUES[buffer]))
        if buffer in ("http.request_body", "http.response_body"):
            return one(self.body[TO_SERVER if buffer == "http.request_body" else TO_CLIENT])
        if buffer == "file.data":
            return one(self.body[way])
        if buffer == "payload":
            return [self.wire(way)]
        return []


def way_of(rule):
    if rule.flow & {"to_client", "from_server"}:
        return TO_CLIENT
    if rule.flow & {"to_server", "from_client"}:
        return TO_SERVER
    names = {s.buffer for s in rule.sections}
    return TO_CLIENT if names & RESPONSE_ONLY or ("file.data" in names and not names & REQUEST_ONLY) else TO_SERVER


def as_lines(block):
    """Header lines of built bytes: what has no name gets one."""
    lines = []
    for i, line in enumerate(block.split(b"\r\n")):
        if not line:
            continue
        name, colon, value = line.partition(b":")
        if not colon or not re.fullmatch(rb"[!-9;-~]+", name):
            name, value = b"X-Gen%d" % i, line
        value = value[1:] if value[:1] == b" " else value
        lines.append((name, value + b"gen" if value[-1:] in (b" ", b"\t") or not value else value))
    if block.startswith(b"\r\n"):
        lines.insert(0, (b"X-Begin", b"1"))
    return lines


class HttpPlan:
    """The buffers a rule wants, and how they become one exchange."""
    transport = "tcp"

    def __init__(self, rule, rnd):
        self.rule, self.rnd = rule, rnd
        self.way = way_of(rule)
        self.groups = {}
        for key, section in self.keyed_sections():
            self.groups.setdefault(key, []).append(section)

    def keyed_sections(self):
        """Each section with the name its bytes have: those of one buffer share them, unless it has instances."""
        instances = ("http.request_header", "http.response_header")
        return [(f"{s.buffer}#{i}" if s.buffer in instances else s.buffer, s) for i, s in enumerate(self.rule.sections)]

    def side(self, buffer):
        if buffer in REQUEST_ONLY:
            return TO_SERVER
        if buffer in RESPONSE_ONLY:
            return TO_CLIENT
        return self.way

    def holds(self, made):
        for s in self.rule.sections:
            if not any(matches(b, s) for b in made.instances(s.buffer, self.side(s.buffer))):
                if not self.absent_holds(s, made):
                    return False
        return True

    def absent_holds(self, section, made):
        return False

    def usable(self, buffer):
        line = lambda b: not re.search(rb"[\r\n\0]", b) and b == b.strip(b" \t")
        if buffer in ("http.uri",):
            # Bytes over 127 in a path are taken for UTF-8 and become what looks like them; behind the ? they stay.
            return lambda b: b and decode_uri(encode_uri(b)) == b and b"#" not in b[:1] and b.partition(b"?")[0].isascii() \
                and b"\0" not in b.partition(b"?")[0] and not re.match(rb"[a-zA-Z]+:", b)
        if buffer == "http.method":
            return lambda b: bool(re.fullmatch(rb"[!-~]+", b))
        if buffer == "http.uri.raw":
            return lambda b: b and not re.search(rb"[\0-\x20]", b)
        if buffer == "http.stat_code":
            return lambda b: bool(re.fullmatch(rb"\d{3}", b))
        if buffer in VALUES or buffer in ("http.cookie", "http.stat_msg"):
            return line
        return lambda b: True

    def candidates(self):
        """Exchanges that satisfy the rule, with the buffers they were made of."""
        chosen = {}
        order = [b for b in self.groups]
        pools = {b: self.pool(b, self.groups[b]) for b in order}
        for attempt in range(12):
            for buffer in order:
                try:
                    chosen[buffer] = next(pools[buffer])
                except StopIteration:
                    if buffer not in chosen:
                        raise NotBuilt("no bytes found for " + buffer)
            made = self.assemble(chosen)
            if made is not None and self.holds(made):
                yield made, dict(chosen)
        raise NotBuilt("buffers contradict each other: " + " ".join(sorted(self.groups)))

    def pool(self, buffer, sections):
        buffer = buffer.partition("#")[0]
        prefix = {"http.uri": b"/", "http.uri.raw": b"/", "http.start": b"", "http.header_names": b""}.get(buffer, b"")
        usable = self.usable(buffer)
        free = buffer in ("http.header", "http.header.raw", "http.header_names", "http.start", "http.request_line", "http.response_line",
                          "http.request_header", "http.response_header", "payload")
        for raw in raw_candidates(sections, self.rnd):
            if not raw and buffer not in ("http.request_body", "http.response_body", "file.data") and all_hold(b"/gen" if prefix else b"gen", sections):
                raw = b"/gen" if prefix else b"GET" if buffer == "http.method" else b"200" if buffer == "http.stat_code" else b"gen"
            if buffer == "http.stat_code" and raw.isdigit():
                raw = raw.ljust(3, b"0")
            if prefix and not raw.startswith(prefix) and not raw.startswith(b"*"):
                connect = self.rule_method() == b"CONNECT"
                for one in (prefix + raw, b"/gen?" + raw) if not connect else (b"gen.example" + raw, raw):
                    if usable(one) and all_hold(one, sections):
                        yield one
            if usable(raw) or free:
                yield raw
            elif buffer in VALUES or buffer == "http.cookie":
                for one in (raw + b"gen", b"gen" + raw, b"gen" + raw + b"gen"):
                    if usable(one) and all_hold(one, sections):
                        yield one
                        break
            elif buffer == "http.uri":
                one = b"/gen?" + raw.lstrip(b"/")
                if usable(one) and all_hold(one, sections):
                    yield one

    def rule_method(self):
        return next((m.bytes for s in self.groups.get("http.method", []) for m in s.matches if isinstance(m, Content) and not m.negated), b"")

    def assemble(self, chosen):
        made = Exchange()
        names = chosen.get("http.header_names")
        headers = made.headers[self.way]
        if "http.start" in chosen and not self.take_start(made, chosen["http.start"]):
            return None
        if "http.request_line" in chosen and not self.take_request_line(made, chosen["http.request_line"]):
            return None
        if "http.response_line" in chosen:
            found = re.match(rb"(HTTP/[\d.]+) (\S+) ?(.*)$", chosen["http.response_line"])
            if not found:
                return None
            made.response_protocol, made.status, made.message = found.groups()
        if names is not None:
            for name in names.split(b"\r\n"):
                if name and not re.fullmatch(rb"[!-9;-~]+", name):
                    return None
                if name:
                    if any(n.lower() == name.lower() for n, _ in headers):
                        return None  # one name twice becomes one header with two values
                    headers.append([name, None])
        for key, block in chosen.items():
            if key.partition("#")[0] in ("http.header", "http.header.raw", "http.request_header", "http.response_header"):
                for name, value in as_lines(block):
                    self.set(headers, name, value)
        for buffer, name in VALUES.items():
            if buffer in chosen:
                self.set(made.headers[self.side(buffer)], name.encode(), chosen[buffer])
        if "http.cookie" in chosen:
            self.set(headers, b"Cookie" if self.way == TO_SERVER else b"Set-Cookie", chosen["http.cookie"])
        self.take_lines(made, chosen)
        for way, own in ((TO_SERVER, "http.request_body"), (TO_CLIENT, "http.response_body")):
            body = chosen.get(own, chosen.get("file.data") if way == self.way else None)
            if "payload" in chosen and way == self.way and body is None:
                body = chosen["payload"]
            if body is not None:
                made.body[way] = body
                if way == TO_SERVER and "http.method" not in chosen and made.method == b"GET":
                    made.method = b"POST"
        self.complete(made, names is not None)
        return made

    def take_lines(self, made, chosen):
        if "http.method" in chosen:
            made.method = chosen["http.method"]
        if "http.uri" in chosen:
            made.uri = encode_uri(chosen["http.uri"])
        if "http.uri.raw" in chosen and ("http.uri" not in chosen or not all_hold(made.uri, self.groups["http.uri.raw"])):
            joined = made.uri + (b"&" if b"?" in made.uri else b"?") + b"x=" + chosen["http.uri.raw"].replace(b"?", b"%3F").replace(b" ", b"%20")
            made.uri = joined if "http.uri" in chosen else chosen["http.uri.raw"]
        if "http.stat_code" in chosen:
            made.status = chosen["http.stat_code"]
        if "http.stat_msg" in chosen:
            made.message = chosen["http.stat_msg"]
        if "http.protocol" in chosen:
            if self.way == TO_SERVER:
                made.protocol = chosen["http.protocol"]
            else:
                made.response_protocol = chosen["http.protocol"]

    def take_request_line(self, made, line):
        for one in (line, line + b" HTTP/1.1", line + b"HTTP/1.1", line + b"gen HTTP/1.1", line + b"/gen HTTP/1.1", b"GET " + line, b"GET /" + line, b"GET " + line + b" HTTP/1.1", b"GET /" + line + b" HTTP/1.1", b"GET /gen" + line):
            found = re.fullmatch(rb"([!-~]+) ([!-~]+) (HTTP/\d\.\d)", one)
            if found and all_hold(one, self.groups.get("http.request_line", [])):
                made.method, made.uri, made.protocol = found.groups()
                return True
        return False

    def take_start(self, made, start):
        first, _, rest = start.partition(b"\r\n")
        if self.way == TO_SERVER:
            for one in (first, first + b" HTTP/1.1", b"GET /gen" + first):
                found = re.fullmatch(rb"([!-~]+) ([!-~]+) (HTTP/\d\.\d)", one)
                if found:
                    made.method, made.uri, made.protocol = found.groups()
                    break
            else:
                rest = start
        else:
            found = re.fullmatch(rb"(HTTP/\d\.\d) (\d{3}) ?(.*)", first)
            if found:
                made.response_protocol, made.status, made.message = found.groups()
            else:
                rest = start
        made.headers[self.way].extend([n, v] for n, v in as_lines(rest))
        return True

    @staticmethod
    def set(headers, name, value):
        for entry in headers:
            if entry[0].lower() == name.lower():
                if entry[1] is None or name.lower() not in (b"set-cookie",):
                    entry[1] = value if entry[1] is None or entry[1] == value else value
                    return
        headers.append([name, value])

    def complete(self, made, has_names):
        for way in (TO_SERVER, TO_CLIENT):
            headers, body = made.headers[way], made.body[way]
            present = {n.lower() for n, _ in headers}
            if way == TO_SERVER and b"host" not in present and not (has_names and self.way == TO_SERVER) and "http.start" not in self.groups:
                headers.append([b"Host", b"gen.example"])
            if way == TO_CLIENT and body is None:
                body = made.body[way] = b""
            if body is not None:
                entry = next((e for e in headers if e[0].lower() == b"content-length"), None)
                if entry is None:
                    headers.append([b"Content-Length", b"%d" % len(body)])
                elif entry[1] is None:
                    entry[1] = b"%d" % len(body)
                elif entry[1].strip().isdigit() and way == TO_SERVER and int(entry[1]) != len(body):
                    if int(entry[1]) > len(body) and int(entry[1]) < 60000 and "bsize" not in str(self.rule.options):
                        made.body[way] = body + b"x" * (int(entry[1]) - len(body))
            for entry in headers:
                if entry[1] is None:
                    entry[1] = b"0" if entry[0].lower() == b"content-length" else DEFAULTS.get(entry[0].lower(), b"gen")
        entry = next((e for e in made.headers[TO_SERVER] if e[0].lower() == b"content-length"), None)
        if entry and made.body[TO_SERVER] is None and entry[1].strip().isdigit() and 0 < int(entry[1]) < 60000:
            made.body[TO_SERVER] = b"x" * int(entry[1])

    def messages(self, made):
        return [(TO_SERVER, made.wire(TO_SERVER)), (TO_CLIENT, made.wire(TO_CLIENT))]
