"""Bytes that satisfy the contents of one buffer.

Contents are put where their modifiers allow, one behind the other; regular expressions are sampled. What comes out is only a proposal:
matching.py decides, and another try, with other samples and other gaps, follows where it says no.
"""
import random
import re
import warnings

try:
    import re._parser as sre_parse
    import re._constants as sre
except ImportError:  # before Python 3.11
    import sre_parse
    import sre_constants as sre

from matching import Matcher, compares, transform
from rule_text import ByteExtract, ByteJump, ByteTest, Content, DataAt, Pcre, Size

warnings.simplefilter("ignore")
TRIES = 60
FILLER = b"abcdefghijklmnopqrstuvwxyz"


class NotBuilt(Exception):
    """Why a rule has no flow."""


# --- samples of regular expressions ---------------------------------------------------------------------------------

CATEGORIES = {
    sre.CATEGORY_DIGIT: set(range(48, 58)),
    sre.CATEGORY_SPACE: {9, 10, 11, 12, 13, 32},
    sre.CATEGORY_WORD: set(range(48, 58)) | set(range(65, 91)) | set(range(97, 123)) | {95},
}
ALL = set(range(256))
NOT = {sre.CATEGORY_NOT_DIGIT: sre.CATEGORY_DIGIT, sre.CATEGORY_NOT_SPACE: sre.CATEGORY_SPACE,
       sre.CATEGORY_NOT_WORD: sre.CATEGORY_WORD}
LIKED = [97, 98, 99, 100, 101, 49, 50, 51, 65, 66, 47, 46, 61, 45, 95, 32]


def category(code):
    return CATEGORIES[code] if code in CATEGORIES else ALL - CATEGORIES[NOT[code]]


def class_of(items):
    """The bytes of a character class."""
    members, negated = set(), False
    for what, value in items:
        if what is sre.NEGATE:
            negated = True
        elif what is sre.LITERAL:
            members.add(value)
        elif what is sre.RANGE:
            members |= set(range(value[0], min(value[1], 255) + 1))
        elif what is sre.CATEGORY:
            members |= category(value)
    return ALL - members if negated else members


class Sampler:
    def __init__(self, rnd, hints):
        self.rnd, self.hints, self.groups, self.avoid = rnd, hints, {}, set()

    def pick(self, members):
        members = members & ALL
        if not members:
            raise NotBuilt("a class of the expression is empty")
        liked = [b for b in LIKED if b in members]
        if liked and self.rnd.random() < 0.9:
            return self.rnd.choice(liked)
        printable = [b for b in members if 33 <= b < 127]
        return self.rnd.choice(printable or sorted(members))

    def members(self, node):
        """What one node of one byte may be; nothing for longer ones."""
        what, value = node
        if what is sre.LITERAL:
            return {value}
        if what is sre.NOT_LITERAL:
            return ALL - {value, 10, 13}
        if what is sre.ANY:
            return ALL - {10, 13, 0}
        if what is sre.IN:
            return class_of(value)
        return None

    def repeat(self, least, most, body):
        most = min(int(most), least + 400)
        members = self.members(body[0]) if len(body) == 1 else None
        if members and self.hints and self.rnd.random() < 0.5:
            fitting = [h for h in self.hints if len(h) <= most and set(h) <= members]
            if fitting:
                hint = self.rnd.choice(fitting)
                out = hint
                while len(out) < least:
                    out += bytes([self.pick(members)])
                return out
        count = least if self.rnd.random() < 0.6 else self.rnd.randint(least, min(most, least + 4))
        return b"".join(self.sequence(body) for _ in range(count))

    def sequence(self, nodes):
        return b"".join(self.node(n) for n in nodes)

    def node(self, node):
        what, value = node
        if what is sre.LITERAL:
            return bytes([value]) if value < 256 else chr(value).encode()
        single = self.members(node)
        if single is not None:
            return bytes([self.pick(single)])
        if what in (sre.MAX_REPEAT, sre.MIN_REPEAT, getattr(sre, "POSSESSIVE_REPEAT", None)):
            return self.repeat(*value)
        if what is sre.SUBPATTERN:
            made = self.sequence(value[3])
            if value[0] is not None:
                self.groups[value[0]] = made
            return made
        if what is getattr(sre, "ATOMIC_GROUP", None):
            return self.sequence(value)
        if what is sre.BRANCH:
            return self.sequence(self.rnd.choice(value[1]))
        if what is sre.GROUPREF:
            return self.groups.get(value, b"")
        if what is sre.ASSERT and value[0] > 0:
            # what is looked ahead for is put there; what follows often may stand behind it
            return self.sequence(value[1]) if self.rnd.random() < 0.5 else b""
        if what is sre.CATEGORY:
            return bytes([self.pick(category(value))])
        return b""  # positions and negative assertions: the check decides


_parsed = {}


def parse_regex(pcre):
    key = (pcre.pattern, pcre.flags)
    if key not in _parsed:
        text = pcre.pattern
        text = re.sub(r"\\x\{([0-9a-fA-F]{1,2})\}", r"\\x\1", text).replace("\\h", "[ \\t]").replace("\\z", "\\Z").replace("\\R", "\\r\\n")
        text = re.sub(r"\\x([0-9a-fA-F])(?![0-9a-fA-F])", r"\\x0\1", text)
        text = text.replace("\\/", "/").replace("(?<", "(?P<").replace("(?P<=", "(?<=").replace("(?P<!", "(?<!")
        text = re.sub(r"\\([^a-zA-Z0-9\s])", lambda m: "\\x%02x" % ord(m[1]) if ord(m[1]) < 256 else m[1], text)
        for name, body in (("digit", "0-9"), ("alnum", "a-zA-Z0-9"), ("alpha", "a-zA-Z"), ("space", r"\s"), ("upper", "A-Z"),
                           ("lower", "a-z"), ("xdigit", "0-9a-fA-F"), ("punct", r"!-/:-@\[-`{-~")):
            text = text.replace("[:" + name + ":]", body)
        flags = re.S if "s" in pcre.flags else 0
        flags |= re.X if "x" in pcre.flags else 0
        try:
            _parsed[key] = list(sre_parse.parse(text, flags))
        except (re.error, OverflowError, RecursionError, IndexError):
            _parsed[key] = None
    return _parsed[key]


def sample(pcre, rnd, hints=()):
    nodes = parse_regex(pcre)
    if nodes is None:
        raise NotBuilt("a regular expression that the sampler cannot read")
    return Sampler(rnd, [h for h in hints if h]).sequence(nodes)


def anchors(pcre):
    """Whether the expression begins at the begin and ends at the end."""
    text = pcre.pattern
    return text.startswith(("^", "\\A")) or "A" in pcre.flags, text.endswith(("$", "\\Z", "\\z")) and not text.endswith("\\$")


# --- placing -------------------------------------------------------------------------------------------------------


class Board:
    """Bytes of which some are fixed."""

    def __init__(self):
        self.bytes, self.fixed = bytearray(), bytearray()

    def grow(self, size):
        if size > 70000:
            raise NotBuilt("the buffer would be too large")
        missing = size - len(self.bytes)
        if missing > 0:
            self.bytes += bytes(missing)
            self.fixed += bytes(missing)

    def fits(self, at, data):
        if at < 0:
            return False
        for i, b in enumerate(data):
            if at + i < len(self.fixed) and self.fixed[at + i] and self.bytes[at + i] != b:
                return False
        return True

    def put(self, at, data):
        self.grow(at + len(data))
        self.bytes[at:at + len(data)] = data
        self.fixed[at:at + len(data)] = b"\1" * len(data)

    def fill(self, filler):
        return bytes(b if f else filler(i) for i, (b, f) in enumerate(zip(self.bytes, self.fixed)))


class Builder:
    """One try to satisfy a list of matches."""

    def __init__(self, matches, rnd, style):
        self.matches, self.rnd, self.style = matches, rnd, style
        self.board, self.cursor, self.end = Board(), 0, 0
        self.names, self.most, self.tail = {}, None, None
        self.exact = self.least = None
        for m in matches:
            if isinstance(m, Size) and not m.negated:
                if m.most is not None and m.least == m.most:
                    self.exact = m.least
                self.least = max(self.least or 0, m.least)
                if m.most is not None:
                    self.most = m.most if self.most is None else min(self.most, m.most)

    def hints(self):
        return [m.bytes for m in self.matches if isinstance(m, Content) and not m.negated]

    def number(self, value):
        return self.names.get(value, 0) if isinstance(value, str) else value

    def gap(self):
        return 0 if self.style["gap"] == 0 else self.rnd.randint(0, self.style["gap"])

    def place(self, data, low, high, want=None):
        """Puts the bytes somewhere in [low, high]; the first fitting place from `want` on."""
        low = max(0, low)
        want = low if want is None else max(low, want)
        high = min(high if high is not None else 1 << 30, max(want, low) + 3000)
        for at in list(range(want, high + 1)) + list(range(low, min(want, high + 1))):
            if self.board.fits(at, data):
                self.board.put(at, data)
                self.end = max(self.end, at + len(data))
                return at
        raise NotBuilt("contents leave no room for each other")

    def content(self, m):
        size = len(m.bytes)
        data = m.bytes
        if m.negated:
            return
        low, high = 0, None
        if m.relative:
            low = self.cursor + (self.number(m.distance) if m.distance is not None else 0)
            if m.within is not None:
                high = low + self.number(m.within) - size
        if m.offset is not None:
            low = max(low, self.number(m.offset))
        if m.depth is not None:
            bound = self.number(m.offset or 0) + self.number(m.depth) - size
            high = bound if high is None else min(high, bound)
        if m.startswith:
            low, high = 0, 0
        if m.endswith:
            if self.exact is not None:
                low = high = self.exact - size
            elif self.tail is None:
                self.tail = data
            drafted = self.draft()
            if self.style["reuse"] and self.exact is None and drafted.endswith(data) and len(drafted) - size >= low and (high is None or len(drafted) - size <= high):
                at = len(drafted) - size
            else:
                at = self.place(data, low, high, max(low, self.end) + self.gap())
            self.most = at + size
        else:
            existing = self.board.fill(lambda i: 0).find(data, max(0, low)) if self.style["reuse"] and not m.relative else -1
            if existing >= 0 and (high is None or existing <= high) and all(self.board.fixed[existing:existing + size]):
                at = existing
            else:
                want = max(low, self.end) if not m.relative else max(low, 0)
                if m.relative:
                    want = max(low, min(self.end, high) if high is not None else low)
                    if self.style["behind"]:
                        want = max(want, self.end)
                at = self.place(data, low, high, want + (self.gap() if high is None else 0))
        self.cursor = at + size

    def pcre(self, m):
        if m.negated:
            return
        from matching import PCRE
        begins, ends = anchors(m)
        if not m.relative:
            found = PCRE.search(m.pattern, m.flags, self.draft())
            if found:
                self.cursor = found[1]
                return
        data = sample(m, self.rnd, self.hints())
        if m.relative:
            at = self.place(data, self.cursor, self.cursor if begins else None)
        elif begins:
            at = self.place(data, 0, 0)
        else:
            at = self.place(data, 0, None, self.end + self.gap())
        self.cursor = at + len(data)
        if ends:
            self.most = self.cursor

    def data_at(self, m):
        need = (self.cursor if m.relative else 0) + self.number(m.size)
        if not m.negated:
            self.least = max(self.least or 0, need + (0 if m.relative else 1))
        else:
            bound = need - 1 if m.relative else need
            self.most = bound if self.most is None else min(self.most, bound)

    def wanted_value(self, m):
        limit = (1 << (8 * m.size)) - 1 if not m.text_base else m.text_base ** min(m.size or 9, 9) - 1
        value = self.number(m.value)
        near = [value, value + 1, value - 1, 0, 1, 2, limit, limit - 1, ~value & limit]
        self.rnd.shuffle(near) if self.style["gap"] else None
        shift = (m.mask & -m.mask).bit_length() - 1 if m.mask else 0
        for one in near + [self.rnd.randint(0, limit) for _ in range(20)]:
            if 0 <= one <= limit:
                shown = (one << shift & m.mask) if m.mask else one
                if shown <= limit and compares((shown & m.mask) >> shift if m.mask else one, m, value):
                    yield shown

    def encode(self, value, m):
        if m.text_base and m.size == 0:
            return {16: "%x", 10: "%d", 8: "%o"}[m.text_base].__mod__(value).encode()
        if m.text_base:
            text = {16: "%x", 10: "%d", 8: "%o"}[m.text_base] % value
            return text.encode().rjust(m.size, b"0")[-m.size:]
        return value.to_bytes(m.size, "little" if m.little else "big")

    def put_number(self, m, values):
        at = (self.cursor if m.relative else 0) + self.number(m.offset)
        for value in values:
            data = self.encode(value, m)
            if self.board.fits(at, data):
                self.board.put(at, data)
                self.end = max(self.end, at + len(data))
                return value, at + m.size
        raise NotBuilt("a number's place is taken")

    def number_match(self, m):
        if isinstance(m, ByteTest):
            self.put_number(m, self.wanted_value(m))
        elif isinstance(m, ByteExtract):
            start = self.rnd.choice((1, 4, 8, 12, 20)) if self.style["gap"] else 8
            value, behind = self.put_number(m, [start, 1, 2, 4, 16, 0] + list(range(256)))
            self.names[m.name] = value * m.multiplier
            self.cursor = behind
        else:
            steps = [0, 4, 8, 1, 2, 16, 3] + list(range(40))
            if self.style["gap"]:
                self.rnd.shuffle(steps)
            value, behind = self.put_number(m, steps)
            jump = value * m.multiplier
            if m.align:
                jump = (jump + 3) & ~3
            self.cursor = (0 if m.from_beginning else behind) + jump + m.post
            if self.cursor < 0:
                raise NotBuilt("a jump before the begin")
            self.least = max(self.least or 0, self.cursor)

    def draft(self):
        return self.board.fill(lambda i: FILLER[i % 26])

    def run(self):
        ordered = self.matches
        if self.style["pcre_first"]:
            first = [m for m in ordered if isinstance(m, Pcre) and not m.relative and not m.negated]
            for m in first:
                self.pcre(m)
            ordered = [m for m in ordered if m not in first]
        for m in ordered:
            if isinstance(m, Content):
                self.content(m)
            elif isinstance(m, Pcre):
                self.pcre(m)
            elif isinstance(m, DataAt):
                self.data_at(m)
            elif not isinstance(m, Size):
                self.number_match(m)
        size = max(len(self.board.bytes), self.least or 0, self.exact or 0)
        if self.most is not None and size > self.most:
            raise NotBuilt("the buffer would be longer than it may be")
        if len(self.board.bytes) < size and self.tail and self.exact is None and not any(isinstance(m, Content) and m.endswith and m.relative for m in self.matches):
            at = size - len(self.tail)
            if self.board.fits(at, self.tail):
                self.board.put(at, self.tail)
        self.board.grow(size)
        return self.draft()


STYLES = [dict(gap=g, pcre_first=p, reuse=r, behind=b)
          for g, p, r, b in ((0, False, False, False), (0, True, True, False), (0, False, True, True), (6, True, True, True), (6, False, False, True),
                             (30, False, False, False))]


def proposals(sections, rnd, tries=TRIES):
    """Buffers, after transforms, that the first of these sections (all of one buffer) may accept; endless variety, ended by the caller."""
    joined = [m for s in sections for m in s.matches]
    lists = [joined] + ([s.matches for s in sections] if len(sections) > 1 else [])
    has_samples = any(isinstance(m, Pcre) and not m.negated for m in joined)
    for i in range(tries if has_samples else 16):
        style = STYLES[i % len(STYLES)]
        for matches in lists:
            try:
                yield Builder(matches, rnd, style).run()
            except (NotBuilt, ValueError, IndexError, OverflowError, RecursionError):
                continue


def inverse(buffer, transforms):
    """A buffer that the transforms turn into this one."""
    for name, _ in reversed(transforms):
        if name == "dotprefix":
            buffer = buffer[1:] if buffer.startswith(b".") else buffer
        elif name == "url_decode":
            buffer = buffer.replace(b"%", b"%25").replace(b"+", b"%2B")
        elif name in ("to_lowercase", "to_uppercase", "header_lowercase", "strip_whitespace", "compress_whitespace", "strip_pseudo_headers"):
            pass
        else:
            raise NotBuilt("transform " + name + " cannot be turned back")
    return buffer


def all_hold(buffer, sections):
    return all(Matcher(transform(buffer, s.transforms), s.matches).holds() for s in sections)


def raw_candidates(sections, rnd, usable=lambda b: True):
    """Buffers before transforms that satisfy all sections (each of one buffer)."""
    transforms = sections[0].transforms
    seen = set()
    for made in proposals(sections, rnd):
        variants = [made]
        if any(name == "dotprefix" for name, _ in transforms) and not made.startswith(b"."):
            variants.append(b"x." + made)
        for one in variants:
            raw = inverse(one, transforms)
            if raw in seen:
                continue
            seen.add(raw)
            if usable(raw) and all_hold(raw, sections):
                yield raw
