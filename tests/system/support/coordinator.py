"""One coordination server of a test's own: started, asked, killed and started again on the same ports."""
import http.client, json, os, pathlib, re, shutil, signal, ssl, struct, subprocess, sys, tempfile, time
from support.programs import BIN, ROOT

PATIENCE_S = 120
PSQL = "/usr/lib/postgresql/15/bin/psql"
RAISED_EPOCH_MS = 1_700_000_000_000  # raise_alerts.cpp


def until(test, what, seconds=PATIENCE_S, every=0.1):
    end = time.monotonic() + seconds
    while True:
        found = test()
        if found:
            return found
        if time.monotonic() > end:
            raise RuntimeError(f"{what}: not within {seconds} s")
        time.sleep(every)


class coordinator:
    def __init__(self, home, name="server", environment=None, state=None):
        self.home = pathlib.Path(home)
        self.environment = environment or {**os.environ, "LSAN_OPTIONS": f"suppressions={ROOT / 'tests' / 'support' / 'lsan.supp'}:print_suppressions=0"}
        self.state = pathlib.Path(state) if state else self.home / name / "state"
        self.state.parent.mkdir(parents=True, exist_ok=True)
        self.state.parent.chmod(0o755)
        self.log, self.child, self.cookie = self.home / f"{name}.log", None, None
        self.ingest, self.https, self.told = "tcp://127.0.0.1:*", "127.0.0.1:0", {}

    def start(self, *more):
        before = self.log.stat().st_size if self.log.exists() else 0
        with open(self.log, "ab") as log:
            self.child = subprocess.Popen([str(a) for a in (BIN / "cresset-coord", "run", "--state", self.state, "--ingest", self.ingest,
                                           "--https", self.https, "--first-login", self.home / "first-login", *more)],
                                          stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=self.environment)

        def ready():
            if self.child.poll() is not None:
                raise RuntimeError(f"the server ended with {self.child.returncode}: {self.tail(300)}")
            return re.search(rb"^ready .*$", self.log.read_bytes()[before:], re.M)
        line = until(ready, "the server is ready", every=0.05)[0].decode()
        self.told = dict(part.split("=", 1) for part in line.split()[1:])
        self.ingest, self.https = self.told["ingest"], self.told["https"].removeprefix("https://").rstrip("/")
        self.cookie = None
        return self

    def kill(self, how=signal.SIGKILL):
        self.child.send_signal(how)
        return self.child.wait(PATIENCE_S)

    def stop(self):
        return self.kill(signal.SIGTERM)

    def pause(self):
        """The program stands still, and takes nothing, until `go_on`."""
        self.child.send_signal(signal.SIGSTOP)

    def go_on(self):
        self.child.send_signal(signal.SIGCONT)

    def tail(self, size=3000):
        return self.log.read_text(errors="replace")[-size:]

    def command(self, *words, expect=0, program="cresset-coord"):
        run = subprocess.run([str(BIN / program), *map(str, words), "--state", str(self.state)], stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT, text=True, timeout=600, env=self.environment)
        if run.returncode != expect:
            raise RuntimeError(f"{' '.join(map(str, words))}: exit {run.returncode}: {run.stdout}")
        return run.stdout

    def add_sensor(self, name="raiser"):
        folder = self.home / "sensor"
        subprocess.run([str(BIN / "cresset"), "keys", "new", "--out", str(folder), "--name", name], check=True, stdout=subprocess.DEVNULL)
        self.command("sensor", "add", "--name", name, "--key", folder / f"{name}.pub")
        time.sleep(1.2)  # the server looks for new sensors every second

    def sql(self, statement):
        """What the private database answers, as psql prints it; None when it does not answer."""
        argv = [PSQL, "-X", "-q", "-A", "-t", "-h", str(self.state / "postgres" / "run"), "-U", "cresset", "-d", "postgres", "-c", statement]
        if os.geteuid() == 0:
            argv = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", *argv]
        run = subprocess.run(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        return run.stdout.strip() if run.returncode == 0 else None

    def postmaster(self):
        try:
            return int((self.state / "postgres/data/postmaster.pid").read_text().split()[0])
        except (OSError, ValueError, IndexError):
            return None

    def ask(self, path, method="GET", body=None, timeout=20):
        """Status, body, headers over HTTPS; status 0 when nobody answers."""
        host, port = self.https.rsplit(":", 1)
        try:
            line = http.client.HTTPSConnection(host, int(port), context=ssl._create_unverified_context(), timeout=timeout)
            headers = {"Cookie": self.cookie} if self.cookie else {}
            if body is not None:
                headers["Content-Type"] = "application/json"
            line.request(method, path, json.dumps(body) if body is not None else None, headers)
            answer = line.getresponse()
            return answer.status, answer.read().decode(), answer.headers
        except OSError as error:
            return 0, str(error), {}

    def sign_in(self):
        words = dict(line.split(" ", 1) for line in (self.home / "first-login").read_text().splitlines())
        status, body, headers = self.ask("/api/v1/session", "POST", {"login": words["login"], "password": words["password"]})
        if status not in (200, 201):
            raise RuntimeError(f"sign in: {status} {body}")
        self.cookie = headers["Set-Cookie"].split(";")[0]

    def metric(self, name):
        """A number of /metrics; None when it is not there."""
        found = re.search(rf"^{re.escape(name)} (\S+)$", self.ask("/metrics")[1], re.M)
        return float(found[1]) if found else None


class raiser:
    """raise_alerts on a server: the generator with its numbered list, and the sensor's way out."""

    def __init__(self, server, rate, spool=None, spool_limit=None):
        self.server, self.rate, self.limit = server, rate, spool_limit
        self.spool, self.list = pathlib.Path(spool or server.home / "spool"), server.home / "list"
        self.log, self.child = server.home / "raiser.log", None

    def start(self):
        before = self.log.stat().st_size if self.log.exists() else 0
        key = self.server.home / "sensor" / "raiser.key"
        with open(self.log, "ab") as log:
            self.child = subprocess.Popen([str(a) for a in (BIN / "raise_alerts", self.server.ingest, key, self.server.told["ingest-key"], self.spool,
                                           self.list, self.rate, *([self.limit] if self.limit else []))],
                                          stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        until(lambda: b"raising behind" in self.log.read_bytes()[before:] or self.child.poll() is not None, "the raiser starts", every=0.02)
        if self.child.poll() is not None:
            raise RuntimeError(f"the raiser ended with {self.child.returncode}: {self.log.read_text(errors='replace')[-500:]}")
        return self

    def kill(self):
        self.child.kill()
        self.child.wait()

    def finish(self):
        """Ends it in order; answers how many numbers were raised in all runs."""
        self.child.send_signal(signal.SIGTERM)
        self.child.wait(200)
        if self.child.returncode != 0:
            raise RuntimeError(f"the raiser ended with {self.child.returncode}: {self.log.read_text(errors='replace')[-500:]}")
        return self.raised()

    def raised(self):
        return struct.unpack("<Q", self.list.read_bytes()[:8])[0]

    def ledger(self):
        """What kills have cost, as the ledger says: kills, lost, of the last kill, of the worst."""
        return struct.unpack("<4Q", (self.spool / "outbox.ledger").read_bytes()[64:96])

    def refused(self):
        return sum(int(n) for n in re.findall(r"refused (\d+)", self.log.read_text(errors="replace")))


def stored_numbers(server):
    """The generator's numbers that the server holds, each as often as it does."""
    answer = server.sql(f"SELECT captured_ns / 1000000 - {RAISED_EPOCH_MS} FROM alert ORDER BY 1")
    if answer is None:
        raise RuntimeError("the database does not answer")
    return [int(line) for line in answer.splitlines()]


class workplace:
    """A folder under /tmp that is gone at the end, with everything that still runs in it."""

    def __init__(self):
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="cresset-", dir="/tmp"))
        self.home.chmod(0o755)

    def __enter__(self):
        return self.home

    def __exit__(self, kind, *_):
        if kind is not None:
            for log in sorted([*self.home.glob("*.log"), *self.home.glob("*/state/postgres/postgres.log")]):
                print(f"--- {log.relative_to(self.home)}\n{log.read_text(errors='replace')[-3000:]}", file=sys.stderr)
        for entry in pathlib.Path("/proc").iterdir():  # ours alone: the folder's name is in its words
            try:
                if entry.name.isdigit() and int(entry.name) != os.getpid() and str(self.home).encode() in (entry / "cmdline").read_bytes():
                    os.kill(int(entry.name), signal.SIGKILL)
            except OSError:
                pass
        time.sleep(0.2)
        shutil.rmtree(self.home, ignore_errors=True)
