"""Two coordination servers that know each other, each in a folder of its own under /tmp: for the quickstart and for system
tests. Everything they start is theirs and is stopped by `close`."""
import os, pathlib, re, shutil, signal, socket, subprocess, tempfile, time

PATIENCE_S = 60
POLICY = """name: demo
default-mode: analyst
classes:
  intrusion-attempts: automatic
recipients:
  CLEAR: [all]
  GREEN: [all]
  AMBER: [PARTNER]
partners:
  PARTNER: {highest-tlp: AMBER}
"""


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class two_cirts:
    def __init__(self, binaries):
        self.bin = pathlib.Path(binaries).resolve()
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="cresset-"))
        self.home.chmod(0o755)  # the private databases run as nobody and must reach their folders
        self.children, self.ports = [], {}

    def run(self, program, *arguments):
        run = subprocess.run([self.bin / program, *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if run.returncode != 0:
            raise RuntimeError(f"{program} {' '.join(map(str, arguments))}: {run.stdout.strip()}")
        return run.stdout

    def start(self, name, argv):
        log = open(self.home / f"{name}.log", "ab")
        child = subprocess.Popen([str(a) for a in argv], stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
                                 start_new_session=True)
        self.children.append(child)
        return child, self.home / f"{name}.log"

    def wait(self, what, test, child=None, log=None):
        deadline = time.time() + PATIENCE_S
        while time.time() < deadline:
            found = test()
            if found:
                return found
            if child is not None and child.poll() is not None:
                raise RuntimeError(f"{what}: ended with {child.returncode}: {log.read_text(errors='replace').strip()[-600:]}")
            time.sleep(0.1)
        tail = log.read_text(errors="replace").strip()[-600:] if log else ""
        raise RuntimeError(f"{what}: not within {PATIENCE_S} s. {tail}")

    def make_identities(self):
        """Keys and records of alpha and beta, each pinned by the other."""
        marks = {name: self.make_identity(name) for name in ("alpha", "beta")}
        for to, partner in (("alpha", "beta"), ("beta", "alpha")):
            self.run("cresset-coord", "partner", "pin", "--file", self.record_of(partner), "--fingerprint", marks[partner],
                     "--state", self.home / to / "state", "--partners", self.home / to / "partners")
            (self.home / to / "policy.yaml").write_text(POLICY.replace("PARTNER", partner))

    def make_identity(self, name):
        folder = self.home / name
        folder.mkdir()
        self.ports[name] = free_port()
        shown = self.run("cresset-coord", "identity", "make", "--name", name, "--identity", folder / "identity",
                         "--endpoint", f"tcp://127.0.0.1:{self.ports[name]}")
        return re.search(r"fingerprint (.+)", shown)[1].strip()

    def record_of(self, name):
        return next(p for p in (self.home / name / "identity").iterdir() if p.suffix not in (".key", ".pub") and "record" in p.name)

    def start_server(self, name, ingest="tcp://127.0.0.1:0"):
        """Answers what its ready line says; the log goes on over restarts."""
        folder = self.home / name
        log = self.home / f"{name}.log"
        before = len(log.read_bytes()) if log.exists() else 0
        child, log = self.start(name, [self.bin / "cresset-coord", "run", "--state", folder / "state", "--ingest", ingest,
                                       "--https", "127.0.0.1:0", "--federation", f"tcp://127.0.0.1:{self.ports[name]}",
                                       "--identity", folder / "identity", "--partners", folder / "partners",
                                       "--policy", folder / "policy.yaml", "--first-login", folder / "first-login"])
        line = self.wait(f"server {name}", lambda: re.search(rb"^ready .*$", log.read_bytes()[before:], re.M), child, log)[0].decode()
        return child, dict(part.split("=", 1) for part in line.split()[1:])

    def add_sensor(self, name, to="alpha"):
        folder = self.home / "sensor"
        self.run("cresset", "keys", "new", "--out", folder, "--name", name)
        self.run("cresset-coord", "sensor", "add", "--name", name, "--key", folder / f"{name}.pub", "--state", self.home / to / "state")

    def sensor_settings(self, name, server):
        """Options that bring a sensor's alerts to a server."""
        folder = self.home / "sensor"
        values = {"coordinator.key": folder / f"{name}.key", "coordinator.server-key": server["ingest-key"],
                  "coordinator.spool": folder / "spool", "sensor-name": name}
        return ["--coordinator", server["ingest"]] + [word for key, value in values.items() for word in ("--set", f"{key}={value}")]

    def ask(self, name, sql):
        """What a server's private database answers, as psql prints it; empty when there is nothing."""
        folder = next((p.parent for p in (self.home / name / "state").rglob(".s.PGSQL.*") if p.suffix != ".lock"), None)
        if folder is None:
            return ""
        argv = ["psql", "-X", "-q", "-A", "-t", "-h", folder, "-U", "cresset", "-d", "postgres", "-c", sql]
        if os.geteuid() == 0:
            argv = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", *argv]
        run = subprocess.run(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        return run.stdout.strip()

    def close(self):
        for child in reversed(self.children):
            if child.poll() is None:
                child.send_signal(signal.SIGTERM)
        for child in reversed(self.children):
            try:
                child.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()
        shutil.rmtree(self.home, ignore_errors=True)
