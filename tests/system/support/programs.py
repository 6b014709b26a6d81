"""What the system tests share: where the programs are, how to run a sensor and read its events."""
import json, os, pathlib, re, shutil, subprocess, sys, tempfile

ROOT = pathlib.Path(__file__).resolve().parents[3]
BIN = pathlib.Path(os.environ.get("CRESSET_BIN", ROOT / "build" / "dev" / "bin"))
SHARED = ROOT / ".." / "shared"
DATA = ROOT / "tests" / "data"
LONG = os.environ.get("CRESSET_LONG") == "1"


def fail(text):
    print(f"FAILED: {text}")
    sys.exit(1)


def check(condition, text):
    if not condition:
        fail(text)


def left_out(text):
    print(f"left out: {text}")


def sensor(arguments, rules=None, folder=None, expect=0, timeout=300):
    """Runs the sensor to its end; answers its events and what it printed."""
    with tempfile.TemporaryDirectory() as made:
        log = pathlib.Path(folder or made)
        argv = [str(BIN / "cresset-sensor"), *map(str, arguments), "-l", str(log)]
        if rules is not None:
            path = pathlib.Path(made) / "test.rules"
            path.write_text(rules)
            argv += ["-S", str(path)]
        run = subprocess.run(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=timeout)
        text = run.stdout.decode(errors="replace")
        if expect is not None:
            check(run.returncode == expect, f"exit {run.returncode}, not {expect}, of {' '.join(argv)}\n{text}")
        eve = log / "eve.json"
        events = [json.loads(line) for line in open(eve, errors="replace")] if eve.exists() else []
        return events, text


def alerts(events, packets=False):
    """What identifies each alert, in a form to compare: rule, ends, transaction, and the packet if asked for."""
    found = []
    for e in events:
        if e["event_type"] != "alert":
            continue
        ends = sorted([(e.get("src_ip"), e.get("src_port")), (e.get("dest_ip"), e.get("dest_port"))], key=str)
        found.append((e["alert"]["signature_id"], e.get("proto"), str(ends), e.get("tx_id"), e.get("direction"),
                      e.get("pcap_cnt") if packets else None))
    return sorted(found, key=str)


def closes(events):
    """The ledger of the last stats event: received = inspected + shunted + dropped."""
    stats = [e for e in events if e["event_type"] == "stats"]
    check(stats, "no stats event")
    ledger = stats[-1]["stats"]["ledger"]
    total = ledger["inspected"] + ledger["shunted"] + sum(ledger["dropped"].values())
    check(ledger["received"] == total, f"the ledger does not close: {ledger}")
    return ledger


def captures():
    """The captures of tests/data, smallest first."""
    return sorted(DATA.glob("*.pcap*"), key=lambda p: (p.stat().st_size, p.name))
