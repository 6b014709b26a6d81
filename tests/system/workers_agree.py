#!/usr/bin/env python3
"""1, 2 and 4 workers (`threading.workers`) give the same events in the same order, on every capture of tests/data."""
import json
from support.programs import *

rules = (pathlib.Path(__file__).parent / "support" / "sample.rules").read_text()


def told(events):
    """Everything but the statistics, in the log's order."""
    return [json.dumps(e, sort_keys=True) for e in events if e.get("event_type") != "stats"]


for capture in captures():
    one, *others = (sensor(["-r", capture, "-k", "none", "--set", f"threading.workers={n}"], rules)[0] for n in (1, 2, 4))
    for n, several in zip((2, 4), others):
        check(sorted(told(one)) == sorted(told(several)), f"{capture.name}: {n} workers tell other events than one")
        check(alerts(one, packets=True) == alerts(several, packets=True), f"{capture.name}: {n} workers alert otherwise")
    closes(sensor(["-r", capture, "-k", "none", "--set", "threading.workers=4"], rules)[0])
print(f"{len(captures())} captures, 1, 2 and 4 workers agree")
