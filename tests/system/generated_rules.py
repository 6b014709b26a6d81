#!/usr/bin/env python3
"""Flows made of the public rules themselves (tests/generator): those that satisfy a rule raise it, those one byte off do not.

A sample, or with CRESSET_LONG=1 all rules; the shares must not fall below those in generated_rules.floor."""

from support.programs import *

packed = SHARED / "data" / "rules" / "et-open-2024-12.rules.zst"
if not packed.exists():
    left_out("the generated rules: ../shared is not there")
    sys.exit(0)
here = pathlib.Path(__file__)
generator = here.parents[1] / "generator" / "generate.py"
with tempfile.TemporaryDirectory() as folder:
    rules = pathlib.Path(folder) / "et-open.rules"
    rules.write_bytes(subprocess.run(["zstd", "-dc", packed], stdout=subprocess.PIPE, check=True).stdout)
    amount = [] if LONG else ["--sample", "1000"]
    run = subprocess.run([sys.executable, generator, "--sensor", BIN / "cresset-sensor", "--rules", rules,
                          "--floor", here.with_suffix(".floor")] + amount, stdout=subprocess.PIPE, text=True)
print(run.stdout)
check(run.returncode == 0, "the generated rules fell below their floor")
