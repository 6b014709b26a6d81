"""A coordination server of a bench's own: the real program with its private PostgreSQL, sensors registered, and ways to look inside.

Everything lies in one folder under /tmp and goes with the rig.
"""
import atexit, json, os, pathlib, re, shutil, ssl, http.client, subprocess, sys, tempfile, time

ROOT = pathlib.Path(__file__).resolve().parent.parent
BIN = ROOT / "build" / "bench" / "bin"
PSQL = "/usr/lib/postgresql/15/bin/psql"
TICK = os.sysconf("SC_CLK_TCK")
DURABLE = ("fsync", "synchronous_commit", "full_page_writes")


class Rig:
    def __init__(self, sensors, options=()):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="cresset-bench-", dir=os.environ.get("CRESSET_BENCH_FOLDER", "/tmp")))
        self.folder.chmod(0o755)
        atexit.register(self.close)
        self.state, self.keys = self.folder / "state", self.folder / "keys"
        self.keys.mkdir()
        self.log = open(self.folder / "server.log", "w")
        self.server = subprocess.Popen(
            [BIN / "cresset-coord", "--state", self.state, "--ingest", "tcp://127.0.0.1:*", "--https", "127.0.0.1:0",
             "--first-login", self.folder / "login", *options], stdout=subprocess.PIPE, stderr=self.log, text=True)
        line = ""
        while not line.startswith("ready "):
            line = self.server.stdout.readline()
            if not line:
                sys.exit("bench: the server did not start: " + (self.folder / "server.log").read_text()[-2000:])
        self.told = dict(part.split("=", 1) for part in line.split()[1:])
        for number in range(sensors):
            name = f"sensor-{number}"
            self.run(BIN / "cresset", "keys", "new", "--out", self.keys, "--name", name)
            self.run(BIN / "cresset-coord", "sensor", "add", "--name", name, "--key", self.keys / f"{name}.pub", "--state", self.state)
        time.sleep(1.5)  # the server looks for new sensors once a second

    def run(self, *words):
        subprocess.run([str(w) for w in words], check=True, stdout=subprocess.DEVNULL)

    def close(self):
        if self.server.poll() is None:
            self.server.terminate()
            self.server.wait(timeout=120)
        self.log.close()
        if not os.environ.get("CRESSET_BENCH_KEEP"):
            shutil.rmtree(self.folder, ignore_errors=True)

    def ask(self, sql):
        """Rows as lists of texts."""
        out = subprocess.run([PSQL, "-h", self.state / "postgres" / "run", "-p", "5432", "-U", "cresset", "-qAt", "-F", "\t", "-c", sql, "postgres"],
                             check=True, capture_output=True, text=True).stdout
        return [line.split("\t") for line in out.splitlines()]

    def durability(self):
        """What the database says of itself; a bench on anything less than all of it is worth nothing."""
        found = {name: self.ask(f"SHOW {name}")[0][0] for name in DURABLE}
        print(json.dumps({"postgresql": found}))
        if set(found.values()) != {"on"}:
            sys.exit("bench: the database is not durable: " + str(found))

    def metrics(self):
        port = int(self.told["https"].rsplit(":", 1)[1])
        connection = http.client.HTTPSConnection("127.0.0.1", port, context=ssl._create_unverified_context(), timeout=60)
        connection.request("GET", "/metrics")
        found = {}
        for line in connection.getresponse().read().decode().splitlines():
            if not line.startswith("#"):
                name, value = line.rsplit(" ", 1)
                found[name] = float(value)
        return found

    def durable_ms(self, part, before, after):
        """The bucket bound below which `part` of the alerts between two scrapes were durable."""
        buckets = []
        for name, value in after.items():
            if m := re.fullmatch(r'cresset_ingest_durable_seconds_bucket\{le="([^"]+)"\}', name):
                buckets.append((float(m.group(1)), value - before.get(name, 0)))
        buckets.sort()
        total = buckets[-1][1]
        return next((bound * 1000 for bound, count in buckets if count >= part * total), float("inf"))

    def cpu_seconds(self):
        """(server, PostgreSQL) so far."""
        parents, used = {}, {}
        for entry in pathlib.Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
                except OSError:
                    continue
                parents[int(entry.name)] = int(fields[1])
                # With what its children used that have ended.
                used[int(entry.name)] = sum(int(fields[i]) for i in (11, 12, 13, 14)) / TICK
        mine = {self.server.pid}
        while more := {p for p, parent in parents.items() if parent in mine} - mine:
            mine |= more
        return used[self.server.pid], sum(used[p] for p in mine - {self.server.pid})

    def load(self, **options):
        words = [str(BIN / "alert_load"), "--endpoint", self.told["ingest"], "--server-key", self.told["ingest-key"], "--keys", str(self.keys)]
        for name, value in options.items():
            words += ["--" + name.replace("_", "-"), str(value)]
        return subprocess.Popen(words, stdout=subprocess.PIPE, text=True)

    def behind(self):
        """Changes the correlator has not read, and open incidents."""
        return int(self.ask("SELECT (SELECT last FROM stream_head WHERE name = 'group_change') - coalesce((SELECT position FROM correlator), 0)")[0][0])

    def settle(self, seconds):
        """Waits until the correlator has read everything; gives how long it took, or None."""
        begun = time.monotonic()
        while self.behind() > 0:
            if time.monotonic() - begun > seconds:
                return None
            time.sleep(0.2)
        return time.monotonic() - begun

    def verify(self, numbers):
        """Holds the store against the generator's list: alert n of a sensor was captured n microseconds after its base, so the list
        is whole and nothing stands twice when count, distinct count, least and greatest agree. Gives what is wrong, in words."""
        wrong = []
        found = {row[0]: [int(x) for x in row[1:]] for row in self.ask(
            "SELECT s.name, count(*), count(DISTINCT a.captured_ns), min(a.captured_ns), max(a.captured_ns), max(a.captured_ns % 1000)"
            " FROM alert a JOIN sensor_cursor c ON c.id = a.cursor JOIN sensor s ON s.id = c.sensor GROUP BY s.name")}
        for sensor, (base_us, count) in numbers.items():
            expected = [count, count, base_us * 1000, (base_us + count - 1) * 1000, 0]
            if found.get(sensor) != expected:
                wrong.append(f"{sensor}: the store has {found.get(sensor)}, the list {expected}")
        total = sum(count for _, count in numbers.values())
        for what, sql in (("groups count", "SELECT coalesce(sum(alerts), 0) FROM alert_group"),
                          ("changes count", "SELECT coalesce(sum(added), 0) FROM group_change"),
                          ("the last position is", "SELECT last FROM stream_head WHERE name = 'alert'")):
            if (got := int(self.ask(sql)[0][0])) != total:
                wrong.append(f"{what} {got}, not {total}")
        if refused := int(self.ask("SELECT count(*) FROM alert_refused")[0][0]):
            wrong.append(f"{refused} records were refused")
        return wrong


def figure(name, value, unit):
    print(json.dumps({"name": name, "value": round(value, 1), "unit": unit}))
