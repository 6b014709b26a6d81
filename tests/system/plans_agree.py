#!/usr/bin/env python3
"""`detect.plan=naive` tries every rule on everything; the scanning plan must raise the same alerts, on every capture of
tests/data and, when ../shared is there, on its cases."""
import json, pathlib
from support.programs import *

rules = (pathlib.Path(__file__).parent / "support" / "sample.rules").read_text()
both = [["--set", "detect.plan=scan"], ["--set", "detect.plan=naive"]]
fired = set()
for capture in captures():
    scan, naive = ([alerts(events, packets=True) for events in [sensor(["-r", capture, "-k", "none", *plan], rules)[0]]][0]
                   for plan in both)
    check(scan == naive, f"{capture.name}: by scan alone {sorted(set(map(str, scan)) - set(map(str, naive)))[:5]}, "
                         f"naive alone {sorted(set(map(str, naive)) - set(map(str, scan)))[:5]}")
    fired |= {a[0] for a in scan}
    closes(sensor(["-r", capture, "-k", "none"], rules)[0])
check(len(fired) >= 20, f"only these of the sample rules alert on any capture: {sorted(fired)}")
print(f"{len(captures())} captures, {len(fired)} rules alerted, both plans agree")

cases = sorted((SHARED / "conformance").glob("*/case.json")) if SHARED.exists() else []
if not cases:
    left_out("the cases of ../shared, which is not there")
for case in cases if LONG else cases[::6]:
    told = json.loads(case.read_text())
    capture = next(case.parent.glob("input.*"))
    arguments = ["-r", capture] + (["-k", "none"] if told["checksums"] == "none" else [])
    if (case.parent / "test.rules").exists():
        arguments += ["-S", case.parent / "test.rules"]
    for group, names in told["vars"].items():
        for name, value in (names or {}).items():
            arguments += ["--set", f"vars.{group}.{name}={value}"]
    for key, value in told["set"].items():
        arguments += ["--set", f"{key}={value}"]
    scan, naive = (alerts(sensor([*arguments, *plan])[0], packets=True) for plan in both)
    check(scan == naive, f"case {told['name']}: {len(scan)} alerts by scan, {len(naive)} naive")
print(f"{len(cases if LONG else cases[::6])} cases, both plans agree")
