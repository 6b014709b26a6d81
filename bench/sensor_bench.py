#!/usr/bin/env python3
"""The whole sensor over one capture, beside a bare literal scan of the same payloads in the same run.

usage: bench/run sensor --trace FILE[.zst] --rules FILE[.zst] [--rounds N] [--set key=value]... [--record]

Both are timed as CPU seconds of the thread that works on packets, the median of the rounds; the sensor's includes
reading, decoding, reassembly, parsing, matching and writing the events that the shipped configuration writes. `ratio` is the
sensor's Gbit/s on the wire over the bare scan's. `--record` adds the row to bench/results/sensor.tsv.
"""
import argparse, json, os, pathlib, statistics, subprocess, sys, tempfile, datetime

ROOT = pathlib.Path(__file__).resolve().parent.parent
SHARED = ROOT / ".." / "shared"


def plain(path, folder):
    """The file itself, or its decompressed copy."""
    path = pathlib.Path(path).resolve()
    if not path.exists():
        sys.exit(f"bench sensor: {path}: no such file")
    if path.suffix != ".zst":
        return path
    out = pathlib.Path(folder) / path.stem
    subprocess.run(["zstd", "-dqf", str(path), "-o", str(out)], check=True)
    return out


def bare_scan(trace, rules, folder, rounds):
    """Gbit/s of one Hyperscan database of one literal a rule over every payload."""
    source = SHARED / "tools" / "bare_scan.cpp"
    if not source.exists():
        print("bench sensor: ../shared is not there: no ratio to the bare scan", file=sys.stderr)
        return None
    binary = ROOT / "build" / "bench" / "bare_scan"
    if not binary.exists() or binary.stat().st_mtime < source.stat().st_mtime:
        subprocess.run(["g++", "-O3", "-march=native", "-std=c++20", str(source), "-I/usr/include", "-lhs", "-lpcap",
                        "-o", str(binary)], check=True)
    literals = pathlib.Path(folder) / "literals.txt"
    with open(literals, "w") as out:
        subprocess.run([sys.executable, str(SHARED / "tools" / "literals.py"), str(rules)], stdout=out, check=True)
    run = subprocess.run([str(binary), str(literals), str(trace), str(rounds)], stdout=subprocess.PIPE, check=True)
    return json.loads(run.stdout)


def one_round(trace, rules, settings):
    """What the sensor says of its own run: the last `stats` event."""
    with tempfile.TemporaryDirectory() as log:
        argv = [str(ROOT / "build/bench/bin/cresset-sensor"), "-c", str(ROOT / "appliance/config/sensor.yaml"), "-r",
                str(trace), "-S", str(rules), "-l", log, "-k", "none"]
        for setting in settings:
            argv += ["--set", setting]
        run = subprocess.run(argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if run.returncode != 0:
            sys.exit(f"bench sensor: exit {run.returncode}: {run.stdout.decode(errors='replace')[-500:]}")
        last = None
        for line in open(os.path.join(log, "eve.json")):
            if '"event_type":"stats"' in line:
                last = json.loads(line)
        return last["stats"]


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--trace", required=True)
    p.add_argument("--rules", required=True)
    p.add_argument("--rounds", type=int, default=3)
    p.add_argument("--set", action="append", default=[])
    p.add_argument("--record", action="store_true")
    a = p.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        trace, rules = plain(a.trace, folder), plain(a.rules, folder)
        settings = list(a.set)
        variables = SHARED / "data" / "traces" / "variables.yaml"
        if variables.exists():  # with which the reference's alerts were recorded
            settings = ["include-variables=" + str(variables.resolve())] + settings
        runs, bares = [], []
        for _ in range(a.rounds):  # interleaved, so that a noisy minute hits both
            bare = bare_scan(trace, rules, folder, 3)
            if bare:
                bares.append(bare["cpu_s"])
            runs.append(one_round(trace, rules, settings))
        cpu = statistics.median(r["run"]["packet_cpu_s"] for r in runs)
        stats = runs[-1]["run"]
        gbit = stats["bytes"] * 8e-9 / cpu
        figures = [("sensor_gbit_s", gbit, "Gbit/s"), ("sensor_mpps", stats["packets"] / cpu / 1e6, "Mpps"),
                   ("rule_load_cpu_s", statistics.median(r["run"]["load_cpu_s"] for r in runs), "s"),
                   ("rss_mb", max(r["run"]["rss_bytes"] for r in runs) / 1e6, "MB"),
                   ("alerts", runs[-1]["detect"]["alert"], "alerts")]
        if bares:
            bare_gbit = stats["bytes"] * 8e-9 / statistics.median(bares)
            figures += [("bare_scan_gbit_s", bare_gbit, "Gbit/s"), ("ratio", gbit / bare_gbit, "1")]
    if a.record:
        record(pathlib.Path(a.trace).name, pathlib.Path(a.rules).name, figures)
    for name, value, unit in figures:
        print(json.dumps({"name": name, "value": round(value, 4), "unit": unit}))


def record(trace, rules, figures):
    path = ROOT / "bench" / "results" / "sensor.tsv"
    commit = subprocess.run(["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"], stdout=subprocess.PIPE,
                            text=True).stdout.strip()
    cpu = next((line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "?")
    if not path.exists():
        path.write_text("date\tcommit\tcpu\ttrace\trules\t" + "\t".join(f[0] for f in figures) + "\n")
    with open(path, "a") as out:
        out.write("\t".join([datetime.date.today().isoformat(), commit, cpu, trace, rules] +
                            [f"{value:.4g}" for _, value, _ in figures]) + "\n")


main()
