"""The model of matching inside one buffer (docs/inspection-model.md, section 5), in its plainest form."""
import base64
import ctypes
import ctypes.util
import functools
import re

from rule_text import ByteExtract, ByteJump, ByteTest, Content, DataAt, Pcre, Size

STEPS = 20000


class _Pcre2:
    """PCRE2 through its C interface: what the sensor itself verifies with."""
    FLAGS = {"i": 0x8, "s": 0x20, "m": 0x400, "x": 0x80, "A": 0x80000000, "G": 0x40000, "E": 0x10}

    def __init__(self):
        self.lib = ctypes.CDLL(ctypes.util.find_library("pcre2-8") or "libpcre2-8.so.0")
        size, pointer = ctypes.c_size_t, ctypes.c_void_p
        self.lib.pcre2_compile_8.restype = pointer
        self.lib.pcre2_compile_8.argtypes = [ctypes.c_char_p, size, ctypes.c_uint32, ctypes.POINTER(ctypes.c_int),
                                             ctypes.POINTER(size), pointer]
        self.lib.pcre2_match_data_create_8.restype = pointer
        self.lib.pcre2_match_data_create_8.argtypes = [ctypes.c_uint32, pointer]
        self.lib.pcre2_match_8.restype = ctypes.c_int
        self.lib.pcre2_match_8.argtypes = [pointer, ctypes.c_char_p, size, size, ctypes.c_uint32, pointer, pointer]
        self.lib.pcre2_get_ovector_pointer_8.restype = ctypes.POINTER(size)
        self.lib.pcre2_get_ovector_pointer_8.argtypes = [pointer]
        self.data = self.lib.pcre2_match_data_create_8(64, None)

    @functools.lru_cache(maxsize=4096)
    def compile(self, pattern, flags):
        bits = 0
        for letter in flags:
            bits |= self.FLAGS.get(letter, 0)
        error, where = ctypes.c_int(), ctypes.c_size_t()
        text = pattern.encode("utf-8", "surrogateescape")
        return self.lib.pcre2_compile_8(text, len(text), bits, ctypes.byref(error), ctypes.byref(where), None)

    def search(self, pattern, flags, subject):
        code = self.compile(pattern, flags)
        if not code:
            return None
        if self.lib.pcre2_match_8(code, subject, len(subject), 0, 0, self.data, None) < 0:
            return None
        vector = self.lib.pcre2_get_ovector_pointer_8(self.data)
        return vector[0], vector[1]


PCRE = _Pcre2()


class Matcher:
    def __init__(self, buffer, matches, names=None):
        self.buffer, self.matches = buffer, matches
        self.folded = buffer.lower()
        self.names = dict(names or {})
        self.steps = 0
        self.places = {}  # index of a content -> where it was found, for those who want to change it

    def number(self, value):
        return self.names.get(value, 0) if isinstance(value, str) else value

    def find(self, match, start, end):
        """Places of a content whose bytes lie in [start, end)."""
        needle = match.bytes.lower() if match.nocase else match.bytes
        hay = self.folded if match.nocase else self.buffer
        start, end = max(0, start), min(len(hay), end)
        at = hay.find(needle, start, end)
        while at >= 0:
            yield at
            at = hay.find(needle, at + 1, end)

    def limits(self, match, cursor):
        size = len(self.buffer)
        start, end = 0, size
        if match.relative:
            distance = self.number(match.distance) if match.distance is not None else 0
            start = cursor + distance
            if match.within is not None:
                end = min(end, start + self.number(match.within))
        if match.offset is not None:
            start = max(start, self.number(match.offset))
        if match.depth is not None:
            end = min(end, (self.number(match.offset) if match.offset is not None else 0) + self.number(match.depth))
        if match.startswith:
            end = min(end, len(match.bytes))
        if match.endswith:
            start = max(start, size - len(match.bytes))
        return start, end

    def holds(self, i=0, cursor=0):
        self.steps += 1
        if self.steps > STEPS:
            return False
        if i == len(self.matches):
            return True
        match = self.matches[i]
        if isinstance(match, Content):
            start, end = self.limits(match, cursor)
            if match.negated:
                return next(self.find(match, start, end), None) is None and self.holds(i + 1, cursor)
            for at in self.find(match, start, end):
                self.places[i] = at
                if self.holds(i + 1, at + len(match.bytes)):
                    return True
            return False
        if isinstance(match, Pcre):
            base = cursor if match.relative else 0
            found = PCRE.search(match.pattern, match.flags, self.buffer[base:])
            if match.negated:
                return found is None and self.holds(i + 1, cursor)
            return found is not None and self.holds(i + 1, base + found[1])
        if isinstance(match, DataAt):
            size = self.number(match.size)
            there = cursor + size <= len(self.buffer) if match.relative else size < len(self.buffer)
            return there != match.negated and self.holds(i + 1, cursor)
        if isinstance(match, Size):
            return match.holds(len(self.buffer)) and self.holds(i + 1, cursor)
        return self.number_match(match, i, cursor)

    def read(self, match, cursor):
        at = (cursor if match.relative else 0) + self.number(match.offset)
        raw = self.buffer[at:at + (match.size or 20)] if at >= 0 else b""
        if match.text_base:
            text = re.match(rb"\s*(?:0x)?([0-9a-fA-F]+)", raw)
            digits = text[1] if text else b""
            try:
                return int(digits, match.text_base), at + match.size
            except ValueError:
                return None, at
        if len(raw) < match.size:
            return None, at
        return int.from_bytes(raw, "little" if match.little else "big"), at + match.size

    def number_match(self, match, i, cursor):
        value, behind = self.read(match, cursor)
        if value is None:
            return False
        if isinstance(match, ByteTest):
            if match.mask:
                value = (value & match.mask) >> ((match.mask & -match.mask).bit_length() - 1)
            return compares(value, match, self.number(match.value)) and self.holds(i + 1, cursor)
        if isinstance(match, ByteExtract):
            self.names[match.name] = value * match.multiplier
            return self.holds(i + 1, behind)
        if match.mask:
            value = (value & match.mask) >> ((match.mask & -match.mask).bit_length() - 1)
        jump = value * match.multiplier
        if match.align:
            jump = (jump + 3) & ~3
        to = (0 if match.from_beginning else behind) + jump + match.post
        return 0 <= to <= len(self.buffer) and self.holds(i + 1, to)


def compares(value, match, other):
    made = {"=": value == other, "<": value < other, ">": value > other, "<=": value <= other, ">=": value >= other,
            "&": (value & other) != 0, "^": (value ^ other) != 0}[match.op]
    return made != match.negated


def transform(buffer, transforms):
    for name, argument in transforms:
        if name == "dotprefix":
            buffer = b"." + buffer
        elif name == "to_lowercase":
            buffer = buffer.lower()
        elif name == "to_uppercase":
            buffer = buffer.upper()
        elif name == "header_lowercase":
            buffer = re.sub(rb"(?m)^([^:\r\n]*)", lambda m: m[1].lower(), buffer)
        elif name == "url_decode":
            buffer = re.sub(rb"%([0-9a-fA-F]{2})", lambda m: bytes([int(m[1], 16)]), buffer.replace(b"+", b" "))
        elif name == "strip_whitespace":
            buffer = re.sub(rb"[ \t\r\n\v\f]", b"", buffer)
        elif name == "compress_whitespace":
            buffer = re.sub(rb"[ \t\r\n\v\f]+", b" ", buffer)
        elif name == "strip_pseudo_headers":
            buffer = re.sub(rb"(?m)^:[^\r\n]*\r?\n", b"", buffer)
        elif name == "from_base64":
            try:
                buffer = base64.b64decode(buffer)
            except ValueError:
                buffer = b""
        else:
            raise ValueError(name)
    return buffer


def matches(buffer, section):
    """Whether one instance of a buffer satisfies all contents of a section."""
    return Matcher(transform(buffer, section.transforms), section.matches).holds()
