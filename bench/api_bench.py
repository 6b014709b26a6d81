#!/usr/bin/env python3
"""How fast the API answers over a full database: alerts in groups are written straight into the server's own PostgreSQL, then the first page
of the queue, filters of it, a deep page, and one incident with its groups and alerts are asked through HTTPS.

usage: bench/run api [--alerts N] [--groups N] [--requests N] [--state DIR] [--keep] [--record]

Prints PostgreSQL's fsync, synchronous_commit and full_page_writes and fails unless all are on. Last lines: JSON, one figure each;
exit 1 when a p95 is over 100 ms. `--record` adds a row to bench/results/api.tsv.
"""
import argparse, datetime, http.client, json, os, pathlib, shutil, signal, ssl, subprocess, sys, tempfile, time

ROOT = pathlib.Path(__file__).resolve().parent.parent
BIN = pathlib.Path(os.environ.get("CRESSET_BIN", ROOT / "build" / "bench" / "bin"))
LIMIT_MS = 100
INCIDENT_GROUPS = 100


class server:
    def __init__(self, home, state):
        self.home, self.state = home, state
        self.log = open(home / "log", "ab")
        self.child = subprocess.Popen([str(BIN / "cresset-coord"), "--state", str(state), "--ingest", "tcp://127.0.0.1:*", "--https", "127.0.0.1:0",
                                       "--first-login", str(home / "first-login")], stdout=subprocess.PIPE, stderr=self.log, text=True)
        line = ""
        while not line.startswith("ready "):
            line = self.child.stdout.readline()
            if not line:
                sys.exit(f"bench api: the server did not start: {(home / 'log').read_text()[-800:]}")
        self.told = dict(part.split("=", 1) for part in line.split()[1:])

    def sql(self, statement):
        argv = ["/usr/lib/postgresql/15/bin/psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", str(self.state / "postgres" / "run"), "-U", "cresset",
                "-d", "postgres"]
        if os.geteuid() == 0:
            argv = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", *argv]
        run = subprocess.run(argv, input=statement, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if run.returncode != 0:
            sys.exit(f"bench api: {run.stderr.strip()[-800:]}")
        return run.stdout.strip()

    def connect(self):
        host, port = self.told["https"].removeprefix("https://").rstrip("/").rsplit(":", 1)
        return http.client.HTTPSConnection(host, int(port), context=ssl._create_unverified_context(), timeout=120)

    def sign_in(self, line):
        words = dict(row.split(" ", 1) for row in (self.home / "first-login").read_text().splitlines())
        line.request("POST", "/api/v1/session", json.dumps({"login": words["login"], "password": words["password"]}), {"Content-Type": "application/json"})
        answer = line.getresponse()
        answer.read()
        return answer.headers["Set-Cookie"].split(";")[0]


def one_real_alert(main):
    """A record of the sensor's own making, through the real door; the bench copies its bytes."""
    sensor = main.home / "sensor"
    subprocess.run([str(BIN / "cresset"), "keys", "new", "--out", str(sensor), "--name", "bench"], check=True, stdout=subprocess.DEVNULL)
    subprocess.run([str(BIN / "cresset-coord"), "sensor", "add", "--name", "bench", "--key", str(sensor / "bench.pub"), "--state", str(main.state)],
                   check=True, stdout=subprocess.DEVNULL)
    time.sleep(1.5)  # the server looks for new sensors every second
    values = {"coordinator.key": sensor / "bench.key", "coordinator.server-key": main.told["ingest-key"], "coordinator.spool": main.home / "spool"}
    subprocess.run([str(BIN / "cresset-sensor"), "-r", str(ROOT / "tests/data/http-attacks.pcap"), "-S", str(ROOT / "rules/core/exploit.rules"), "-k", "none",
                    "-l", str(main.home / "sensor-log"), "--coordinator", main.told["ingest"], *(w for k, v in values.items() for w in ("--set", f"{k}={v}"))],
                   check=True, stdout=subprocess.DEVNULL, stderr=main.log)
    if main.sql("SELECT count(*) > 0 FROM alert") != "t":
        sys.exit("bench api: the sensor's alert did not arrive")


def fill(main, alerts, groups):
    """Groups of all severities and states over a year of addresses, their alerts, and one incident of some of them."""
    each = max(1, alerts // groups)
    main.sql(f"""
SET synchronous_commit = on;
INSERT INTO alert_group (id, gid, sid, victim, attacker, attacker_level, direction, exercise, generation, live, severity, revision, message, category,
    alerts, first_alert, last_alert, first_seen_ns, last_seen_ns, first_received, last_received, samples, sensors, state)
  SELECT 1000 + n, 1, 2000000 + n % 5000, '10.0.0.0'::inet + n % 16000000, '198.18.0.0'::inet + (n * 7) % 130000, 0, 1, false, 1, true, 1 + n % 4, 3,
    'BENCH a rule message of ordinary length for this purpose', 'Web Application Attack', {each}, 10 + n * {each}, 9 + (n + 1) * {each},
    1700000000000000000, 1700000000000000000, now() - interval '1 day' * random(), now() - interval '1 second' * (n % 86000),
    ARRAY[10 + n * {each}], ARRAY[1], CASE WHEN n % 10 < 6 THEN 0 WHEN n % 10 < 8 THEN 1 WHEN n % 10 = 8 THEN 2 ELSE 0 END
  FROM generate_series(0, {groups - 1}::bigint) n;
INSERT INTO alert SELECT 10 + n, 1000 + n / {each}, cursor, 10 + n, now() + interval '1 hour' * (n % 100), captured_ns, gid, 2000000 + (n / {each}) % 5000, revision, severity,
    source, destination, source_port, destination_port, protocol, application, record
  FROM (SELECT * FROM alert LIMIT 1) one, generate_series(0, {groups * each - 1}::bigint) n;
UPDATE stream_head SET last = {groups * each + 20} WHERE name = 'alert';
SELECT setval('alert_group_id', {groups + 2000});
INSERT INTO incident (name, title, why, severity, rsit_class, rsit_type, tlp, pap, exercise, opened, changed)
  SELECT 'BENCH-' || n, 'One of many', 'bench', n % 100, 'intrusion-attempts', 'exploit', 2, 2, false, now(), now() - interval '1 minute' * n FROM generate_series(1, 2000) n;
INSERT INTO incident_group SELECT i.id, 1000 + g * 97, now() FROM (SELECT min(id) AS id FROM incident WHERE name LIKE 'BENCH-%') i, generate_series(0, {min(INCIDENT_GROUPS, groups // 97) - 1}) g;
ANALYZE;
""")


def percentile(sorted_ms, share):
    return sorted_ms[min(len(sorted_ms) - 1, int(len(sorted_ms) * share))]


def measure(line, cookie, name, path, requests):
    took = []
    for _ in range(requests):
        begun = time.perf_counter()
        line.request("GET", path, headers={"Cookie": cookie})
        answer = line.getresponse()
        body = answer.read()
        took.append((time.perf_counter() - begun) * 1000)
        if answer.status != 200:
            sys.exit(f"bench api: {path}: {answer.status} {body[:300]}")
    took.sort()
    return {"name": f"api_{name}", "p50": round(percentile(took, 0.5), 2), "p95": round(percentile(took, 0.95), 2), "max": round(took[-1], 2), "unit": "ms",
            "bytes": len(body)}


def deep_cursor(line, cookie, pages):
    path = "/api/v1/groups?limit=200"
    at = path
    for _ in range(pages):
        line.request("GET", at, headers={"Cookie": cookie})
        page = json.loads(line.getresponse().read())
        at = f"{path}&after={page['next']}"
    return at


def main():
    parser = argparse.ArgumentParser(prog="bench/run api")
    parser.add_argument("--alerts", type=int, default=10_000_000)
    parser.add_argument("--groups", type=int, default=1_000_000)
    parser.add_argument("--requests", type=int, default=200)
    parser.add_argument("--state", help="a folder of an earlier run with --keep")
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--record", action="store_true")
    given = parser.parse_args()
    home = pathlib.Path(given.state).parent if given.state else pathlib.Path(tempfile.mkdtemp(prefix="cresset-bench-", dir="/tmp"))
    home.chmod(0o755)
    running = None
    try:
        running = server(home, home / "state")
        settings = running.sql("SELECT string_agg(name || '=' || setting, ' ' ORDER BY name) FROM pg_settings WHERE name IN ('fsync', 'synchronous_commit', 'full_page_writes')")
        print(settings)
        if settings.count("=on") != 3:
            sys.exit("bench api: a database that is not durable measures nothing")
        if not given.state:
            begun = time.time()
            one_real_alert(running)
            fill(running, given.alerts, given.groups)
            print(f"filled in {time.time() - begun:.0f} s, {running.sql('SELECT pg_size_pretty(pg_database_size(current_database()))')}")
        line = running.connect()
        cookie = running.sign_in(line)
        incident = running.sql("SELECT min(id) FROM incident WHERE name LIKE 'BENCH-%'")
        asked = [("queue", "/api/v1/groups"), ("queue_200", "/api/v1/groups?limit=200"), ("acknowledged", "/api/v1/groups?state=acknowledged"),
                 ("any_state", "/api/v1/groups?state=any"), ("deep_page", deep_cursor(line, cookie, 30)),
                 ("any_state_deep", deep_cursor(line, cookie, 5) + "&state=any"),
                 ("group", "/api/v1/groups/1500"), ("group_alerts", "/api/v1/groups/1500/alerts"), ("incidents", "/api/v1/incidents"),
                 ("incident", f"/api/v1/incidents/{incident}"), ("incident_groups", f"/api/v1/incidents/{incident}/groups"),
                 ("incident_alerts", f"/api/v1/incidents/{incident}/alerts"), ("incident_history", f"/api/v1/incidents/{incident}/history")]
        figures = [measure(line, cookie, name, path, given.requests) for name, path in asked]
        for figure in figures:
            print(json.dumps(figure))
        slow = [f["name"] for f in figures if f["p95"] > LIMIT_MS]
        if given.record:
            record(given, figures)
        print(f"over {LIMIT_MS} ms at p95: {', '.join(slow)}" if slow else f"every p95 is within {LIMIT_MS} ms")
        return 1 if slow else 0
    finally:
        if running:
            running.child.send_signal(signal.SIGTERM)
            running.child.wait(120)
        if given.keep:
            print(f"kept: --state {home / 'state'}")
        elif not given.state:
            shutil.rmtree(home, ignore_errors=True)


def record(given, figures):
    path = ROOT / "bench" / "results" / "api.tsv"
    new = not path.exists()
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, stdout=subprocess.PIPE, text=True).stdout.strip()
    cpu = next((row.split(":", 1)[1].strip() for row in open("/proc/cpuinfo") if row.startswith("model name")), "?")
    with open(path, "a") as out:
        if new:
            out.write("date\tcommit\tcpu\talerts\tgroups\tname\tp50_ms\tp95_ms\tmax_ms\n")
        for f in figures:
            out.write(f"{datetime.date.today()}\t{commit}\t{cpu}\t{given.alerts}\t{given.groups}\t{f['name']}\t{f['p50']}\t{f['p95']}\t{f['max']}\n")


sys.exit(main())
