#!/usr/bin/env python3
"""The conformance cases of ../shared: the figures must not fall below the last recorded in conformance.floor."""
import pathlib, re
from support.programs import *

tool = SHARED / "tools" / "conformance.py"
if not tool.exists():
    left_out("the conformance cases: ../shared is not there")
    sys.exit(0)
floor = pathlib.Path(__file__).with_name("conformance.floor")
run = subprocess.run([sys.executable, tool, "--sensor", BIN / "cresset-sensor", "--cases", SHARED / "conformance",
                      "--jobs", "2", "--timeout", "120"], stdout=subprocess.PIPE, text=True)
print(run.stdout[-200:])
found = re.search(r"TOTAL detect (\d+)/(\d+) .*strict (\d+)/(\d+)", run.stdout)
check(found, "conformance.py did not run to its end")
detect, strict = int(found[1]), int(found[3])
least = dict(line.split() for line in floor.read_text().splitlines() if line and not line.startswith("#"))
check(detect >= int(least["detect"]) and strict >= int(least["strict"]),
      f"detect {detect}, strict {strict}: below the recorded {least}")
