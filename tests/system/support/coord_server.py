"""A coordination server of one's own for a system test, and a client that can say anything to it."""
import json, os, pathlib, shutil, signal, socket, ssl, subprocess, tempfile, time

from programs import BIN, check

ANSWER_LIMIT_S = 20
QUIET_ASAN = "quarantine_size_mb=16:malloc_context_size=8:detect_leaks=0"


class Server:
    """cresset-coord on free ports of loopback with a private database, both gone after `stop`."""

    def __init__(self, *options):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="cresset-", dir="/tmp"))
        self.folder.chmod(0o755)
        self.state, self.first_login = self.folder / "state", self.folder / "first-login"
        self.options = options
        self.start()
        words = dict(line.split(" ", 1) for line in self.first_login.read_text().splitlines())
        self.admin, self.admin_password = words["login"], words["password"]

    def start(self):
        self.log = open(self.folder / "log", "ab")
        arguments = [str(BIN / "cresset-coord"), "--state", str(self.state), "--ingest", "tcp://127.0.0.1:*",
                     "--https", "127.0.0.1:0", "--first-login", str(self.first_login), *map(str, self.options)]
        self.process = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=self.log, text=True,
                                        env=os.environ | {"ASAN_OPTIONS": QUIET_ASAN})
        line = ""
        while not line.startswith("ready "):
            line = self.process.stdout.readline()
            check(line, f"no ready line: {self.told()}")
        self.port = int(dict(part.split("=", 1) for part in line.split()[1:])["https"].rsplit(":", 1)[1])

    def told(self):
        return (self.folder / "log").read_text(errors="replace")[-4000:]

    def memory_kib(self):
        for line in open(f"/proc/{self.process.pid}/status"):
            if line.startswith("VmRSS"):
                return int(line.split()[1])
        return 0

    def end(self):
        """SIGTERM; the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=120)

    def stop(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        for entry in pathlib.Path("/proc").iterdir():
            try:
                if entry.name.isdigit() and str(self.folder) in os.readlink(entry / "cwd"):
                    os.kill(int(entry.name), signal.SIGTERM)
            except OSError:
                pass
        shutil.rmtree(self.folder, ignore_errors=True)


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def json(self):
        return json.loads(self.body)

    def detail(self):
        try:
            return self.json().get("detail", "")
        except (ValueError, AttributeError):
            return ""


class Wire:
    """One TLS connection that is opened again when it was closed. `address`: where we come from, which the limits of
    sign-in count by."""
    server_errors = []  # statuses from 500 that anybody was answered, to hold against the server's own count

    def __init__(self, port, address="127.0.0.1", certificate=None):
        self.port, self.address, self.socket = port, address, None
        self.context = ssl._create_unverified_context()
        if certificate:
            self.context.load_cert_chain(*certificate)

    def close(self):
        if self.socket:
            self.socket.close()
        self.socket = None

    def _open(self):
        plain = socket.create_connection(("127.0.0.1", self.port), ANSWER_LIMIT_S, (self.address, 0))
        self.socket = self.context.wrap_socket(plain)
        self.buffer = b""

    def _more(self):
        part = self.socket.recv(65536)
        if not part:
            raise ConnectionError("closed")
        self.buffer += part

    def _answer(self, is_head):
        while b"\r\n\r\n" not in self.buffer:
            self._more()
        head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        first, *rest = head.decode("latin-1").split("\r\n")
        headers = {}
        for line in rest:
            name, value = line.split(":", 1)
            headers[name.strip().lower()] = value.strip()
        length = 0 if is_head else int(headers.get("content-length", 0))
        while len(self.buffer) < length:
            self._more()
        body, self.buffer = self.buffer[:length], self.buffer[length:]
        answer = Answer(int(first.split()[1]), headers, body)
        if answer.status >= 500:
            Wire.server_errors.append(answer.status)
        if headers.get("connection") == "close":
            self.close()
        return answer

    def exchange(self, raw, is_head=False):
        """Sends the bytes as they are; the answer, or None when the server closed without one. A hang is an error."""
        for attempt in (1, 2):
            fresh = self.socket is None
            try:
                if fresh:
                    self._open()
                self.socket.settimeout(ANSWER_LIMIT_S)
                self.socket.sendall(raw)
                return self._answer(is_head)
            except socket.timeout:
                check(False, f"no answer in {ANSWER_LIMIT_S} s to {raw[:300]!r}")
            except (ConnectionError, ssl.SSLError, OSError):
                self.close()
                if fresh:
                    return None  # a connection kept from before may have ended meanwhile; a fresh one may not
        return None


def request(method, target, body=None, headers=()):
    """The bytes of a request. `body` may be bytes (sent as they are) or anything JSON can say; text may be bytes too."""
    def raw(text):
        return text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape")
    lines = [raw(method) + b" " + raw(target) + b" HTTP/1.1", b"Host: here"]
    if body is not None:
        body = body if isinstance(body, bytes) else json.dumps(body).encode()
        if not any(raw(name).lower() == b"content-type" for name, _ in headers):
            lines.append(b"Content-Type: application/json")
        lines.append(b"Content-Length: %d" % len(body))
    lines += [raw(name) + b": " + raw(value) for name, value in headers]
    return b"\r\n".join(lines) + b"\r\n\r\n" + (body or b"")


class Caller:
    """Somebody signed in: a connection, a cookie and the CSRF token."""

    def __init__(self, port, login=None, password=None, address="127.0.0.1", code=None):
        self.wire, self.login, self.password, self.code = Wire(port, address), login, password, code
        self.cookie = self.csrf = None
        if login:
            self.sign_in()

    def sign_in(self):
        said = {"login": self.login, "password": self.password} | ({"code": self.code} if self.code else {})
        for _ in range(30):
            answer = self.wire.exchange(request("POST", "/api/v1/session", said))
            if answer is None or answer.status != 503:  # a few are computed at a time
                break
            time.sleep(0.2)
        check(answer and answer.status == 201, f"{self.login} cannot sign in: {answer and answer.body}")
        self.cookie = answer.headers["set-cookie"].split(";")[0]
        self.csrf = answer.json()["csrf_token"]
        return answer.json()

    def headers(self):
        return [("Cookie", self.cookie), ("X-CSRF-Token", self.csrf)] if self.cookie else []

    def ask(self, method, target, body=None, headers=None):
        return self.wire.exchange(request(method, target, body, self.headers() if headers is None else headers),
                                  is_head=method == "HEAD")
