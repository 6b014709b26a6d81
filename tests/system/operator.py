#!/usr/bin/env python3
"""What an operator asks: `cresset doctor` finds a secret that others may read, a port that is taken, a silent sensor; `cresset audit verify`
finds a change of the journal made with a SQL prompt, back to the published checkpoint; the log is JSON when asked; /metrics has every family."""
import socket
from support.programs import *
from support.coordinator import *


def doctor(server, *more, expect):
    run = subprocess.run([str(BIN / "cresset"), "doctor", "--json", "--state", str(server.state), *more], stdout=subprocess.PIPE, text=True, timeout=120)
    check(run.returncode in expect, f"doctor: exit {run.returncode}: {run.stdout}")
    return {(f["check"], f["state"]): f for f in json.loads(run.stdout)["findings"]}


def audit(server, *more, expect):
    run = subprocess.run([str(BIN / "cresset"), "audit", "verify", *map(str, more)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120)
    check(run.returncode == expect, f"audit verify {more}: exit {run.returncode}, not {expect}: {run.stdout}")
    return run.stdout


def look_at_metrics(server):
    names = set(re.findall(r"^(cresset_[a-z_]+)", server.ask("/metrics")[1], re.M))
    documented = set(re.findall(r"`([a-z]+(?:_[a-z]+)+)`", (ROOT / "docs" / "operations.md").read_text()))
    unsaid = {n for n in names if n.removeprefix("cresset_") not in documented}
    check(not unsaid, f"docs/operations.md does not name {sorted(unsaid)}")
    for family in ("ingest", "database", "correlator", "sensor", "http", "journal", "state"):
        check(any(n.startswith(f"cresset_{family}") for n in names), f"no metric of {family}")


def main(home):
    server = coordinator(home).start("--log", "json")
    server.add_sensor()
    look_at_metrics(server)
    lines = [line for line in server.log.read_text().splitlines() if not line.startswith("ready ")]
    check(lines and all(set(json.loads(line)) == {"at", "level", "room", "text"} for line in lines), f"a line of the log is no object: {lines[:3]}")

    found = doctor(server, expect=(2,))
    check("has never sent an alert" in found[("sensors", "warning")]["found"], "doctor does not see the silent sensor")
    (server.state / "ingest.key").chmod(0o644)
    found = doctor(server, expect=(3,))
    check("chmod 600" in found[("secrets", "fault")]["remedy"], "doctor does not see a secret that others may read")
    (server.state / "ingest.key").chmod(0o600)

    published = server.command("journal", "publish").strip()
    copy = home / "copy-of-checkpoints"
    copy.write_text((server.state / "published" / "checkpoints").read_text())
    said = audit(server, "--state", server.state, "--checkpoints", copy, expect=0)
    check(f"is entry {published.split()[0]} of" in said, f"which checkpoint is not told: {said}")
    exported = home / "journal.jsonl"
    exported.write_text(server.command("journal", "export"))
    audit(server, "--export", exported, "--checkpoints", copy, expect=0)

    # Somebody with a SQL prompt changes an entry; then the whole chain is gone and the tables are as if nothing was.
    entry = server.sql("SELECT min(sequence) FROM journal WHERE convert_from(body, 'UTF8') LIKE '%raiser%'")
    server.sql(f"UPDATE journal SET body = convert_to(replace(convert_from(body, 'UTF8'), 'raiser', 'roamer'), 'UTF8') WHERE sequence = {entry}")
    said = audit(server, "--state", server.state, "--checkpoints", copy, expect=3)
    check(f"entry {entry}: body_changed" in said, f"a changed body is not found: {said}")
    server.sql("DELETE FROM journal; UPDATE stream_head SET last = 0 WHERE name = 'journal'")
    said = audit(server, "--state", server.state, "--checkpoints", copy, expect=3)
    check("the journal ends before it" in said, f"a journal that was cut is not found: {said}")
    check(server.stop() == 0, "the server did not end in order")

    port = server.https.rsplit(":", 1)[1]
    with socket.socket() as other:
        other.bind(("127.0.0.1", int(port)))
        other.listen()
        config = home / "coord.yaml"
        config.write_text(f"https: 127.0.0.1:{port}\n")
        found = doctor(server, "--server", str(config), expect=(3,))
        check("another program listens" in found[("ports", "fault")]["found"], "doctor does not see the port that is taken")
    config.write_text("htps: 127.0.0.1:1\n")
    found = doctor(server, "--server", str(config), expect=(3,))
    check("unknown key 'htps'" in found[("configuration", "fault")]["found"], f"doctor does not see a wrong key: {found}")
    print("doctor, audit, log and metrics say what is so")


with workplace() as home:
    main(home)
