#!/usr/bin/env python3
"""The rules of rules/ alert where tests/rules/cases.txt says, and nowhere else; no rule stays without a capture."""
import collections, re
from support.programs import *

shown = collections.defaultdict(set)
for line in (ROOT / "tests" / "rules" / "cases.txt").read_text().splitlines():
    if not line or line.startswith("#"):
        continue
    rules, capture, *expected = line.split()
    wanted = {int(sid): int(count) for sid, count in (e.split(":") for e in expected)}
    events, _ = sensor(["-r", DATA / capture, "-S", ROOT / "rules" / rules, "--strict-rules", "-k", "none"])
    found = collections.Counter(e["alert"]["signature_id"] for e in events if e["event_type"] == "alert")
    check(dict(found) == wanted, f"{rules} on {capture}: {dict(found)}, not {wanted}")
    shown[rules] |= wanted.keys()
for path in sorted((ROOT / "rules").rglob("*.rules")):
    sids = set(map(int, re.findall(r"\bsid:(\d+);", path.read_text())))
    name = str(path.relative_to(ROOT / "rules"))
    check(sids <= shown[name], f"{name}: no case shows {sorted(sids - shown[name])}")
print(f"{sum(map(len, shown.values()))} rules, each with its capture")
