#!/usr/bin/env python3
"""Hostile input to every operation of the served description, and to the HTTP beneath it: no answer is 5xx, none takes long, the
server's memory stays bounded, and it works as before afterwards. CRESSET_SEED repeats a run; CRESSET_LONG=1 takes ten minutes."""
import json, os, pathlib, random, sys, threading, time
sys.path.insert(0, str(pathlib.Path(__file__).parent / "support"))
from api_description import filled, fitting, operations
from coord_server import Caller, Server, Wire, request
from programs import LONG, check

SECONDS = 600 if LONG else 25
THREADS = 3
MEMORY_GROWTH_LIMIT_KIB = 300 * 1024
SLOW_ANSWER_S = 8
SEED = int(os.environ.get("CRESSET_SEED", str(time.time_ns()) if LONG else "1"))

HUGE = [0, -1, 1, 2**31, 2**53 + 1, 2**63 - 1, 2**63, -2**63 - 1, 10**400, 1e308, 0.5, -0.0]
TEXTS = ["", " ", "a" * 65, "b" * 300, "c" * 70_000, "\u0000", "a\u0000b", "\u202e", "\ufeff", "\ud800", "\U0010ffff", "é" * 100, "'; DROP TABLE app_user; --",
         "$1", "%s%n%x", "../../../etc/passwd", "<script>alert(1)</script>", "{\"a\":1}", "\n", "\t", "\x7f", "\x1b[31m", "NaN", "null", "-1", "0x10", "1e9",
         "2026-11-21T10:00:00Z", "9999-99-99T99:99:99Z", "::ffff:1.2.3.4", "1.2.3.4/33", "999.1.1.1", "xn--", "a" * 253 + ".example"]
OTHERS = [None, True, False, [], {}, [[]], [None], {"": ""}, {"__proto__": 1}, [1] * 3000, {"a": {"b": {"c": {"d": {"e": {"f": {"g": {"h": {"i": 1}}}}}}}}}]
RAW = [b"", b"null", b"[]", b"1", b'"text"', b"{", b"}", b'{"a":}', b'{"a":1,}', b"{}{}", b"{} x", b"\x00", b"\xff\xfe{}", b"\xef\xbb\xbf{}", b'{"a":"\xff\xfe"}', b'{"a":"\xc0\x80"}',
       b'{"a":"\xed\xa0\x80"}', b"[" * 100_000, b'{"a":' * 5000, b'{"a":' * 5000 + b"1" + b"}" * 5000, b'{"' + b"k" * 100_000 + b'":1}', b'{"a":' + b"9" * 10_000 + b"}", b'{"a":1e99999}', b'{"a":-}',
       b'{"a":"\\u0000"}', b'{"a":"\\ud800"}', b'{"a":"\\x"}', b"{" + b",".join(b'"m%d":1' % i for i in range(3000)) + b"}", b"//comment\n{}", b'{"a":NaN}', b"x" * 1_048_576, b"x" * 1_048_577]
SEGMENTS = ["0", "-1", "01", "1", "2", "9223372036854775807", "9223372036854775808", "1" * 100, "a", "%00", "%ff", "%c0%ae", "%2e%2e", "%2f", "1%20", "+1", "1.0", "1e3",
            "%F0%9F%92%A9", "a" * 3000, "%", "%zz", "'", "\"", "{id}", "*", "%0d%0aX:y"]
QUERIES = ["limit=0", "limit=-1", "limit=1&limit=2", "limit=9999999999999999999999", "limit=", "limit=%00", "unknown=1", "after=x", "cursor=%ff", "after=" + "A" * 3000, "=", "&&&", "%", "a=1&" * 40,
           "state=open&state=closed", "q=%27%3B--", "from=9999-99-99", "limit=1e3", "cursor=" + "QUJD" * 20, "after=0", "since=18446744073709551616", "limit=%EF%BC%91"]
HEADERS = [("Content-Type", "text/plain"), ("Content-Type", "application/xml"), ("Content-Type", ""), ("Origin", "null"), ("Origin", "https://elsewhere"), ("Authorization", "Bearer x"),
           ("Authorization", "Basic YWRtaW46YWRtaW4="), ("Authorization", "Bearer " + "a" * 5000), ("Cookie", "__Host-cresset=" + "A" * 43), ("X-CSRF-Token", "A" * 43), ("X-CSRF-Token", b"\xff\x00\xfe"),
           ("If-Match", "*"), ("Range", "bytes=0-1"), ("Accept", "a" * 4000), ("X-Forwarded-For", "127.0.0.1"), ("X-HTTP-Method-Override", "DELETE"), ("Upgrade", "websocket"), ("Expect", "100-continue-not")]
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW", "get", "PROPFIND"]

# Beneath the operations: bytes that are no request at all, or two at once.
BROKEN = [b"\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n", b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", b"GET http://x/ HTTP/1.1\r\nHost: x\r\n\r\n",
          b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X: y\r\n" * 100 + b"\r\n", b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"y" * 20_000 + b"\r\n\r\n",
          b"POST /api/v1/session HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", b"POST /api/v1/session HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n",
          b"POST /api/v1/session HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}", b"POST /api/v1/session HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
          b"POST /api/v1/session HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n", b"POST /api/v1/session HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
          b"POST /api/v1/session HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", b"GET / HTTP/1.1\r\nHost: a\r\n folded: x\r\n\r\n", b"GET / HTTP/1.1\r\nHost : a\r\n\r\n",
          b"GET /\x00 HTTP/1.1\r\nHost: a\r\n\r\n", b"G\x00T / HTTP/1.1\r\nHost: a\r\n\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 30, bytes(range(256)) * 20]


def strange(rng):
    return rng.choice((lambda: rng.choice(HUGE), lambda: rng.choice(TEXTS), lambda: rng.choice(OTHERS)))()


def spoilt(value, rng):
    """A fitting body with one to three things wrong."""
    if not isinstance(value, dict):
        return strange(rng)
    value = dict(value)
    for _ in range(rng.randint(1, 3)):
        names = list(value)
        what = rng.randrange(4)
        if what == 0 or not names:
            value[rng.choice(["unknown", "id", "", "a" * 200, "\u0000", "__proto__"])] = strange(rng)
        elif what == 1:
            del value[rng.choice(names)]
        else:
            name = rng.choice(names)
            inner = value[name]
            value[name] = spoilt(inner, rng) if isinstance(inner, dict) and rng.random() < 0.6 else (
                [strange(rng)] if isinstance(inner, list) and rng.random() < 0.6 else strange(rng))
    return value


def body_bytes(document, operation, rng):
    if operation.body is None or rng.random() < 0.12:
        return rng.choice(RAW)
    good = fitting(document, operation.body, rng)
    if rng.random() < 0.1:
        return json.dumps(good).encode()
    wrong = spoilt(good, rng)
    try:
        text = json.dumps(wrong, ensure_ascii=rng.random() < 0.7)
    except ValueError:
        text = "{}"
    raw = text.encode("utf-8", "surrogatepass")
    if rng.random() < 0.1 and raw:  # a member there twice, or one byte flipped
        at = rng.randrange(len(raw))
        raw = raw[:-1] + b',"a":1,"a":2}' if rng.random() < 0.5 else raw[:at] + bytes([rng.randrange(256)]) + raw[at + 1:]
    return raw


def target_of(document, operation, rng):
    path = filled(operation, rng.choice(SEGMENTS) if rng.random() < 0.4 else str(rng.randint(1, 12)))
    if rng.random() < 0.4:
        return path + "?" + rng.choice(QUERIES)
    pairs = []
    for p in operation.parameters:
        if p.get("in") == "query" and rng.random() < 0.6:
            value = fitting(document, p.get("schema", {}), rng) if rng.random() < 0.3 else rng.choice(TEXTS + HUGE[:8])
            pairs += [f"{p['name']}={escaped(value)}"] * rng.choice((1, 1, 1, 2))
    return path + ("?" + "&".join(pairs) if pairs else "")


def escaped(value):
    return "".join(f"%{b:02x}" for b in str(value)[:500].encode("utf-8", "surrogatepass"))


def hostile(document, operation, caller, rng):
    method = operation.method if rng.random() < 0.93 else rng.choice(METHODS)
    headers = caller.headers()
    if rng.random() < 0.15:
        headers = rng.sample(headers, rng.randrange(len(headers) + 1)) + [rng.choice(HEADERS)]
    body = body_bytes(document, operation, rng) if operation.changes_something or rng.random() < 0.1 else None
    return request(method, target_of(document, operation, rng), body, headers), method == "HEAD"


# What would take the account away that attacks: tried with fewer rights, by coord_rights.py.
LEFT_OUT = {"DELETE /api/v1/session"}


class Attack(threading.Thread):
    def __init__(self, server, document, all_operations, number, until):
        super().__init__()
        self.server, self.document, self.until = server, document, until
        self.operations = [o for o in all_operations if o.name not in LEFT_OUT]
        self.rng, self.number = random.Random(SEED * 100 + number), number
        self.sent, self.by_status, self.failure = 0, {}, None

    def run(self):
        try:
            self.attack()
        except (SystemExit, Exception) as e:  # told by the main thread
            self.failure = self.failure or f"{type(e).__name__} {e}"

    def attack(self):
        signed_in = 0
        caller = Caller(self.server.port, f"attacker{self.number}", PASSWORD, f"127.0.1.{self.number + 1}")
        while time.monotonic() < self.until:
            for operation in self.rng.sample(self.operations, len(self.operations)):
                if time.monotonic() >= self.until:
                    return
                raw, is_head = hostile(self.document, operation, caller, self.rng)
                began = time.monotonic()
                answer = caller.wire.exchange(raw, is_head)
                self.judge(operation, raw, answer, time.monotonic() - began)
            if caller.ask("GET", "/api/v1/session").status == 401:
                signed_in += 1
                # Wrong old passwords count against name and address: come from another one.
                caller = Caller(self.server.port, f"attacker{self.number}", PASSWORD, f"127.0.{2 + self.number}.{signed_in % 250 + 1}")

    @staticmethod
    def refusal_type(operation):
        """Pages for owners answer people; everything else answers programs."""
        return ("text/html", "text/plain", "application/problem+json") if operation.path.startswith("/answer/") else "application/problem+json"

    def judge(self, operation, raw, answer, took):
        self.sent += 1
        status = answer.status if answer else 0
        self.by_status[status] = self.by_status.get(status, 0) + 1
        told = f"{operation.name}: {raw[:600]!r}{'…' if len(raw) > 600 else ''}"
        if status >= 500 and operation.path != "/readyz" and not (status == 503 and "retry-after" in answer.headers):
            self.failure = f"{status} {answer.body[:300]!r} to {told}"
        elif took > SLOW_ANSWER_S:
            self.failure = f"{took:.1f} s for {told}"
        elif status >= 400 and not answer.headers.get("content-type", "").startswith(self.refusal_type(operation)) and b"HEAD " != raw[:5]:
            self.failure = f"{status} is no problem+json to {told}"
        if self.failure:
            raise SystemExit


PASSWORD = "a long enough password"
VICTIMS = 14


def broken_http(port, rng):
    """Each damaged message on a connection of its own, whole and cut; the server answers 4xx or closes."""
    for raw in BROKEN:
        for part in (raw, raw[: rng.randrange(1, len(raw) + 1)]):
            wire = Wire(port, "127.0.9.1")
            wire._open()
            wire.socket.settimeout(0.05)
            try:
                wire.socket.sendall(part)
                answer = wire._answer(False)
                check(answer.status < 500, f"{answer.status} to {part[:200]!r}")
            except OSError:
                pass  # it waits for more, or closed
            wire.close()


def metric(caller, name):
    text = caller.ask("GET", "/metrics").body.decode()
    return sum(float(line.rsplit(" ", 1)[1]) for line in text.splitlines() if line.startswith(name))


def run(server):
    admin = Caller(server.port, server.admin, server.admin_password)
    document = admin.ask("GET", "/api/v1/openapi.json").json()
    all_operations = operations(document)
    # Those who attack are administrators, or few handlers would be reached; the accounts in front of theirs are what they hit.
    for login in [f"victim{n}" for n in range(VICTIMS)] + [f"attacker{n}" for n in range(THREADS)] + ["keeper"]:
        made = admin.ask("POST", "/api/v1/users", {"login": login, "full_name": "", "role": "admin", "password": PASSWORD, "must_change": False})
        check(made.status == 201, made.body)
    before = server.memory_kib()
    until = time.monotonic() + SECONDS
    attacks = [Attack(server, document, all_operations, n, until) for n in range(THREADS)]
    for one in attacks:
        one.start()
    broken_http(server.port, random.Random(SEED))
    for one in attacks:
        one.join()
    for one in attacks:
        check(not one.failure, f"seed {SEED}: {one.failure}\n{server.told()}")
    grown = server.memory_kib() - before
    check(server.process.poll() is None, f"the server ended: {server.told()}")
    check(grown < MEMORY_GROWTH_LIMIT_KIB, f"memory grew by {grown} KiB")
    check("runtime error" not in server.told() and "Sanitizer" not in server.told(), server.told())
    again = Caller(server.port, "keeper", PASSWORD, "127.0.8.1")
    check(again.ask("GET", "/readyz").status == 200 and again.ask("GET", "/api/v1/groups").status == 200, "not as before")
    check(metric(again, 'cresset_http_answers_total{status="5xx"}') <= len(Wire.server_errors), "5xx answers that nobody saw")
    total = {}
    for one in attacks:
        for status, count in one.by_status.items():
            total[status] = total.get(status, 0) + count
    print(f"seed {SEED}: {sum(one.sent for one in attacks)} hostile requests to {len(all_operations)} operations in {SECONDS} s: "
          f"{dict(sorted(total.items()))}; memory {grown:+} KiB")


if __name__ == "__main__":
    server = Server()
    try:
        run(server)
        check(server.end() == 0, f"does not end well: {server.told()}")
    finally:
        server.stop()
