#!/usr/bin/env python3
"""Two coordination servers and a sensor's uplink: a severe attack becomes an incident here and an entry in the partner's
store, and both are killed once in the middle. Nothing is lost, nothing is doubled, both streams are the same bytes.

usage: pair_test.py CRESSET_COORD SEND_ALERTS
"""
import pathlib, re, shutil, signal, subprocess, sys, tempfile, time

program, sender = sys.argv[1:3]
policy = """name: test
default-mode: analyst
classes:
  intrusion-attempts/exploit: automatic
recipients:
  AMBER: [all]
partners:
  {partner}: {{highest-tlp: AMBER}}
"""


def run(*arguments):
    done = subprocess.run(arguments, capture_output=True, text=True, timeout=180)
    assert done.returncode == 0, (arguments, done.returncode, done.stdout, done.stderr)
    return done.stdout


class cirt:
    def __init__(self, folder, name):
        self.name, self.folder, self.state = name, folder, folder / "state"
        folder.mkdir()
        folder.chmod(0o755)
        self.server = None

    def options(self):
        return ["--state", str(self.state), "--identity", str(self.folder / "identity"),
                "--policy", str(self.folder / "policy.yaml"), "--ingest", "tcp://127.0.0.1:*", "--https", "127.0.0.1:0",
                "--first-login", str(self.folder / "login")]

    def make_identity(self, endpoint=None):
        said = run(program, "identity", "make", "--identity", str(self.folder / "identity"), "--name", self.name,
                   *(["--endpoint", endpoint] if endpoint else []))
        self.fingerprint = re.search(r"fingerprint (.*)", said)[1]

    def pin(self, other):
        self.state.mkdir(exist_ok=True)
        run(program, "partner", "pin", "--state", str(self.state), "--file", str(other.folder / "identity" / "record"),
            "--fingerprint", other.fingerprint)
        (self.folder / "policy.yaml").write_text(policy.format(partner=other.name))

    def start(self, *more):
        self.log = open(self.folder / "log", "a")
        self.server = subprocess.Popen([program, *self.options(), *more], stdout=subprocess.PIPE, stderr=self.log, text=True)
        line = ""
        while not line.startswith("ready "):
            line = self.server.stdout.readline()
            assert line, (self.folder / "log").read_text()
        self.told = dict(part.split("=", 1) for part in line.split()[1:])

    def kill(self, how=signal.SIGKILL):
        self.server.send_signal(how)
        return self.server.wait(timeout=120)

    def streams(self):
        """direction -> (entries, head, digest of all bytes)"""
        said = run(program, "streams", "list", "--state", str(self.state))
        return {d: (int(n), head, digest) for d, n, head, digest in
                re.findall(r"^(out|in) \S+ entries (\d+) epoch \S+ head (\S+) bytes (\S+)", said, re.M)}

    def sql(self, statement):
        binary = "/usr/lib/postgresql/15/bin/psql"
        return run(binary, "-h", str(self.state / "postgres" / "run"), "-U", "cresset", "-d", "postgres", "-Atc", statement).strip()


def until(condition, what, seconds=120):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"waited in vain until {what}"
        time.sleep(0.2)


def free_port():
    import socket
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def check(folder):
    north, south = cirt(folder / "north", "north-cert"), cirt(folder / "south", "south-cert")
    endpoint = f"tcp://127.0.0.1:{free_port()}"
    north.make_identity()
    south.make_identity(endpoint)
    north.pin(south)
    south.pin(north)
    south.start("--federation", endpoint)
    north.start()

    run(program, "identity", "make", "--identity", str(folder / "sensor"), "--name", "sensor-1")
    run(program, "sensor", "add", "--name", "sensor-1", "--key", str(folder / "sensor" / "transport.key"), "--state", str(north.state))
    send = lambda count: run(sender, north.told["ingest"], str(folder / "sensor" / "transport.key"), north.told["ingest-key"],
                             str(folder / "spool"), "sensor-1", str(count), "1")
    begun = time.monotonic()
    send(200)
    until(lambda: south.streams().get("in", (0,))[0] >= 1, "the partner has the incident")
    print(f"from the spool to the partner's store in {time.monotonic() - begun:.1f} s, commands included")
    assert north.sql("SELECT count(*) FROM incident") == "1"

    south.kill()
    north.kill()
    north.start()
    send(300)
    south.start("--federation", endpoint)
    until(lambda: north.streams()["out"][:1] == south.streams()["in"][:1] and north.streams()["out"] == south.streams()["in"],
          "both ends of the stream are equal")
    assert north.sql("SELECT count(*), count(DISTINCT (cursor, sequence)), sum(alerts) FROM alert, "
                     "(SELECT 0) AS z(alerts)") == "500|500|0"
    assert north.sql("SELECT sum(alerts) FROM alert_group") == "500"
    assert north.sql("SELECT count(*) FROM incident") == "1", "the correlator opened the incident twice"
    assert south.sql("SELECT count(*) FROM federation_alarm") == "0"
    for one in (north, south):
        assert "0 findings" in run(program, "journal", "verify", "--state", str(one.state))
        assert one.kill(signal.SIGTERM) == 0, (one.folder / "log").read_text()


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="cresset-", dir="/tmp"))
    folder.chmod(0o755)
    try:
        check(folder)
    except BaseException:
        for log in folder.glob("*/log"):
            print(f"--- {log}\n{log.read_text()[-3000:]}", file=sys.stderr)
        raise
    finally:
        for process in pathlib.Path("/proc").iterdir():
            try:
                words = (process / "cmdline").read_text() if process.name.isdigit() else ""
                if str(folder) in words and int(process.name) != __import__("os").getpid():
                    __import__("os").kill(int(process.name), signal.SIGTERM)
            except OSError:
                pass
        shutil.rmtree(folder, ignore_errors=True)
    print("two servers agree after both were killed")


main()
