"""Reads rules as text, apart from detect/rule: the generator shall not repeat the sensor's own mistakes."""
import re
from dataclasses import dataclass, field


@dataclass
class Content:
    bytes: bytes
    negated: bool = False
    nocase: bool = False
    offset: object = None
    depth: object = None
    distance: object = None
    within: object = None
    startswith: bool = False
    endswith: bool = False
    fast: bool = False

    @property
    def relative(self):
        return self.distance is not None or self.within is not None


@dataclass
class Pcre:
    pattern: str
    flags: str
    negated: bool = False

    @property
    def relative(self):
        return "R" in self.flags


@dataclass
class DataAt:
    size: object
    negated: bool = False
    relative: bool = False


@dataclass
class Size:
    """bsize, dsize, urilen: both ends belong to it."""
    least: int
    most: object
    negated: bool = False

    def holds(self, size):
        return (self.least <= size and (self.most is None or size <= self.most)) != self.negated


@dataclass
class ByteTest:
    size: int
    op: str
    value: object
    offset: object
    negated: bool = False
    relative: bool = False
    little: bool = False
    text_base: int = 0
    mask: int = 0


@dataclass
class ByteJump:
    size: int
    offset: object
    relative: bool = False
    little: bool = False
    text_base: int = 0
    multiplier: int = 1
    align: bool = False
    from_beginning: bool = False
    post: int = 0
    mask: int = 0


@dataclass
class ByteExtract:
    size: int
    offset: int
    name: str
    relative: bool = False
    little: bool = False
    text_base: int = 0
    multiplier: int = 1


@dataclass
class Section:
    """Contents of one selection of a buffer."""
    buffer: str
    transforms: list = field(default_factory=list)
    matches: list = field(default_factory=list)


@dataclass
class Rule:
    sid: int = 0
    action: str = ""
    protocol: str = ""
    source: str = ""
    source_port: str = ""
    arrow: str = ""
    destination: str = ""
    destination_port: str = ""
    options: list = field(default_factory=list)  # (keyword, value or None), in order
    sections: list = field(default_factory=list)
    flow: set = field(default_factory=set)
    others: list = field(default_factory=list)  # options that are neither matches nor about the rule itself
    unknown: str = ""

    def values(self, *keywords):
        return [value for keyword, value in self.others if keyword in keywords]


class Unreadable(Exception):
    pass


STICKY = {
    "http.uri", "http.uri.raw", "http.method", "http.request_body", "http.header", "http.header.raw", "http.user_agent",
    "http.stat_code", "http.stat_msg", "http.host", "http.host.raw", "http.header_names", "http.content_type", "http.cookie",
    "http.response_body", "http.request_line", "http.response_line", "http.referer", "http.accept", "http.content_len",
    "http.start", "http.location", "http.connection", "http.accept_enc", "http.accept_lang", "http.protocol", "http.server",
    "http.request_header", "http.response_header", "file.data", "dns.query", "tls.sni", "tls.certs", "tls.cert_subject",
    "tls.cert_issuer", "tls.cert_serial", "tls.cert_fingerprint", "ja3.hash", "ja3.string", "ja3s.hash", "ja3s.string", "ja4.hash",
    "base64_data", "pkt_data", "ssh.proto", "ssh.software", "file.name", "icmpv6.hdr", "ipv6.hdr", "smb.share", "smb.named_pipe",
    "dns.queries.rrname", "dns.answers.rrname", "quic.sni", "tls.alpn", "email.from", "email.subject", "smtp.mail_from", "smtp.rcpt_to"}
OLD_STICKY = {"file_data": "file.data", "dns_query": "dns.query", "dns.query.name": "dns.query", "tls_sni": "tls.sni", "tls_cert_subject": "tls.cert_subject",
              "tls_cert_issuer": "tls.cert_issuer", "tls_cert_serial": "tls.cert_serial", "ja3_hash": "ja3.hash", "ssh_proto": "ssh.proto",
              "http_request_line": "http.request_line", "http_user_agent_": "http.user_agent", "http_content_type": "http.content_type"}
OLD_MODIFIERS = {"http_uri": "http.uri", "http_raw_uri": "http.uri.raw", "http_method": "http.method", "http_client_body": "http.request_body",
                 "http_header": "http.header", "http_raw_header": "http.header.raw", "http_user_agent": "http.user_agent",
                 "http_stat_code": "http.stat_code", "http_stat_msg": "http.stat_msg", "http_host": "http.host", "http_raw_host": "http.host.raw",
                 "http_cookie": "http.cookie", "http_server_body": "http.response_body"}
TRANSFORMS = {"dotprefix", "to_lowercase", "to_uppercase", "header_lowercase", "url_decode", "strip_whitespace", "compress_whitespace",
              "strip_pseudo_headers", "to_md5", "to_sha1", "to_sha256", "pcrexform", "xor", "from_base64", "domain", "tld"}
ABOUT = {"msg", "sid", "rev", "gid", "classtype", "reference", "metadata", "priority", "target", "fast_pattern", "noalert", "tag", "rawbytes", "prefilter"}


def split_options(body):
    """The options of a rule's body: (keyword, value or None)."""
    options, start, quoted, i = [], 0, False, 0
    while i < len(body):
        c = body[i]
        if c == "\\":
            i += 2
            continue
        if c == '"':
            quoted = not quoted
        elif c == ";" and not quoted:
            word = body[start:i].strip()
            start = i + 1
            if word:
                keyword, colon, value = word.partition(":")
                options.append((keyword.strip().lower(), value.strip() if colon else None))
        i += 1
    return options


def decode_content(text):
    """abc|20 41|\\; to bytes."""
    out, i = bytearray(), 0
    while i < len(text):
        c = text[i]
        if c == "|":
            end = text.index("|", i + 1)
            out += bytes.fromhex(text[i + 1:end].replace(" ", ""))
            i = end + 1
            continue
        if c == "\\" and i + 1 < len(text):
            i += 1
            c = text[i]
        out += c.encode("utf-8", "surrogateescape")
        i += 1
    return bytes(out)


def unquote(value):
    value = value.strip()
    negated = value.startswith("!")
    if negated:
        value = value[1:].strip()
    if len(value) >= 2 and value[0] == '"' and value[-1] == '"':
        value = value[1:-1]
    return value, negated


def number_or_name(text):
    text = text.strip()
    try:
        return int(text, 0)
    except ValueError:
        return text


def read_size(text, inclusive=False):
    text = text.strip().lower().split(",")[0].strip()
    negated = text.startswith("!")
    text = text.lstrip("!=")
    if "<>" in text:
        low, high = (int(x) for x in text.split("<>"))
        return Size(low + (0 if inclusive else 1), high - (0 if inclusive else 1), negated)
    if text.startswith("<="):
        return Size(0, int(text[2:]), negated)
    if text.startswith(">="):
        return Size(int(text[2:]), None, negated)
    if text.startswith("<"):
        return Size(0, int(text[1:]) - 1, negated)
    if text.startswith(">"):
        return Size(int(text[1:]) + 1, None, negated)
    return Size(int(text), int(text), negated)


BASES = {"hex": 16, "dec": 10, "oct": 8}


def read_byte_test(value):
    parts = [p.strip() for p in value.split(",")]
    made = ByteTest(int(parts[0]), parts[1], number_or_name(parts[2]), number_or_name(parts[3]))
    if made.op.startswith("!"):
        made.negated, made.op = True, made.op[1:] or "="
    for part in parts[4:]:
        word = part.split()
        if word[0] == "relative":
            made.relative = True
        elif word[0] == "little":
            made.little = True
        elif word[0] in BASES:
            made.text_base = BASES[word[0]]
        elif word[0] == "bitmask":
            made.mask = int(word[1], 0)
        elif word[0] not in ("string", "big"):
            raise Unreadable("byte_test " + word[0])
    if "string" in parts and not made.text_base:
        made.text_base = 10
    return made


def read_byte_jump(value):
    parts = [p.strip() for p in value.split(",")]
    made = ByteJump(int(parts[0]), number_or_name(parts[1]))
    for part in parts[2:]:
        word = part.split()
        if word[0] == "relative":
            made.relative = True
        elif word[0] == "little":
            made.little = True
        elif word[0] in BASES:
            made.text_base = BASES[word[0]]
        elif word[0] == "multiplier":
            made.multiplier = int(word[1])
        elif word[0] == "align":
            made.align = True
        elif word[0] == "from_beginning":
            made.from_beginning = True
        elif word[0] == "post_offset":
            made.post = int(word[1])
        elif word[0] == "bitmask":
            made.mask = int(word[1], 0)
        elif word[0] not in ("string", "big"):
            raise Unreadable("byte_jump " + word[0])
    if "string" in parts and not made.text_base:
        made.text_base = 10
    return made


def read_byte_extract(value):
    parts = [p.strip() for p in value.split(",")]
    made = ByteExtract(int(parts[0]), int(parts[1]), parts[2])
    for part in parts[3:]:
        word = part.split()
        if word[0] == "relative":
            made.relative = True
        elif word[0] == "little":
            made.little = True
        elif word[0] in BASES:
            made.text_base = BASES[word[0]]
        elif word[0] == "multiplier":
            made.multiplier = int(word[1])
        elif word[0] not in ("string", "big"):
            raise Unreadable("byte_extract " + word[0])
    return made


def read_pcre(value):
    text, negated = unquote(value)
    end = text.rindex("/")
    # Rules escape what ends an option; the pattern itself has it plain.
    return Pcre(text[1:end].replace('\\"', '"').replace("\\;", ";"), text[end + 1:], negated)


PCRE_BUFFERS = {"U": "http.uri", "I": "http.uri.raw", "P": "http.request_body", "Q": "http.response_body", "H": "http.header",
                "D": "http.header.raw", "M": "http.method", "C": "http.cookie", "S": "http.stat_code", "Y": "http.stat_msg",
                "V": "http.user_agent", "W": "http.host", "Z": "http.host.raw"}


class Reader:
    def __init__(self, rule):
        self.rule = rule
        self.current = Section("payload")
        self.last = None  # the last content

    def section(self, buffer):
        self.current = Section(buffer)
        self.rule.sections.append(self.current)

    def add(self, match):
        if self.current.buffer == "payload" and self.current not in self.rule.sections:
            self.rule.sections.append(self.current)
        self.current.matches.append(match)

    def move_last(self, buffer):
        """An old modifier: the last content belongs to `buffer`."""
        for s in self.rule.sections:
            s.matches = [m for m in s.matches if m is not self.last]
        for s in self.rule.sections:
            if s.buffer == buffer and not s.transforms:
                s.matches.append(self.last)
                return
        self.rule.sections.append(Section(buffer, [], [self.last]))

    def option(self, keyword, value):
        rule = self.rule
        if keyword in ("content", "uricontent"):
            text, negated = unquote(value)
            self.last = Content(decode_content(text), negated)
            self.add(self.last)
            if keyword == "uricontent":
                self.move_last("http.uri")
        elif keyword in ("nocase", "startswith", "endswith"):
            setattr(self.last, keyword, True)
        elif keyword in ("offset", "depth", "distance", "within"):
            setattr(self.last, keyword, number_or_name(value))
        elif keyword == "pcre":
            made = read_pcre(value)
            for letter, buffer in PCRE_BUFFERS.items():
                if letter in made.flags and self.current.buffer == "payload":
                    self.last = made
                    self.add(made)
                    self.move_last(buffer)
                    return
            self.add(made)
        elif keyword == "isdataat":
            parts = [p.strip() for p in value.split(",")]
            made = DataAt(number_or_name(parts[0].lstrip("!")), parts[0].startswith("!"), "relative" in parts)
            before = self.current.matches[-1] if self.current.matches else None
            if made.negated and made.relative and made.size == 1 and isinstance(before, Content) and before.negated:
                before.endswith = True  # manual, endswith: the two mean the same
            else:
                self.add(made)
        elif keyword == "bsize":
            self.add(read_size(value))
        elif keyword == "urilen":
            buffer = "http.uri.raw" if value.endswith("raw") else "http.uri"
            rule.sections.append(Section(buffer, [], [read_size(value)]))
        elif keyword == "byte_test":
            self.add(read_byte_test(value))
        elif keyword == "byte_jump":
            self.add(read_byte_jump(value))
        elif keyword == "byte_extract":
            self.add(read_byte_extract(value))
        elif keyword in TRANSFORMS:
            self.current.transforms.append((keyword, value))
        elif keyword in STICKY or keyword in OLD_STICKY:
            name = OLD_STICKY.get(keyword, keyword)
            if name == "pkt_data":
                self.current = next((s for s in rule.sections if s.buffer == "payload"), Section("payload"))
            else:
                self.section(name)
        elif keyword in OLD_MODIFIERS:
            self.move_last(OLD_MODIFIERS[keyword])
        elif keyword == "flow":
            rule.flow |= {w.strip().lower() for w in value.split(",")}
        elif keyword == "fast_pattern" and self.last is not None:
            self.last.fast = True
        elif keyword not in ABOUT:
            rule.others.append((keyword, value))


HEADER = re.compile(r"^(alert|drop|pass|reject)\s+(\S+)\s+(\[.*?\]|\S+)\s+(\[.*?\]|\S+)\s+(->|<>|=>|<-)\s+(\[.*?\]|\S+)\s+(\[.*?\]|\S+)\s*\((.*)\)\s*$", re.S)


def read_rule(line):
    """One rule; nothing for a line that holds none."""
    found = HEADER.match(line.strip())
    if not found:
        return None
    rule = Rule(action=found[1], protocol=found[2].lower(), source=found[3], source_port=found[4], arrow=found[5],
                destination=found[6], destination_port=found[7])
    rule.options = split_options(found[8])
    rule.sid = next((int(v) for k, v in rule.options if k == "sid"), 0)
    reader = Reader(rule)
    try:
        for keyword, value in rule.options:
            reader.option(keyword, value)
    except (Unreadable, ValueError, IndexError, AttributeError, TypeError) as why:
        rule.unknown = f"option not understood ({keyword}: {why})"[:100]
    rule.sections = [s for s in rule.sections if s.matches]
    return rule


def read_rules(path):
    for line in open(path, encoding="utf-8", errors="surrogateescape"):
        rule = read_rule(line)
        if rule is not None:
            yield rule
