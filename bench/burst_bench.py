#!/usr/bin/env python3
"""A burst that no server could take at once: sensors spool it, nothing is lost, the server drains it at its own rate.

usage: bench/run burst [--rate N] [--seconds N] [--sensors N] [--mix ...] [--record]

Sensors (outbox, spool and uplink as in cresset-sensor, without packets) raise the rate together (default 100,000 a second for 30 s) while the
server takes what it can. Passes (exit 0) when every alert raised was spooled, none dropped, the database holds exactly the
generator's numbers, and what was left at the end of the burst went in at 10,000 a second or more. Last lines: JSON, one figure each.
"""
# targets: cresset-coord cresset alert_load
import argparse, datetime, json, pathlib, subprocess, sys, time
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from coord_rig import Rig, ROOT, figure


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rate", type=float, default=100_000)
    options.add_argument("--seconds", type=float, default=30)
    options.add_argument("--sensors", type=int, default=4)
    options.add_argument("--mix", default="realistic")
    options.add_argument("--packet", type=int, default=400)
    options.add_argument("--payload", type=int, default=200)
    options.add_argument("--record", action="store_true")
    how = options.parse_args()

    rig = Rig(how.sensors)
    rig.durability()
    base_us = int(time.time()) * 1_000_000
    spools = rig.folder / "spools"
    spools.mkdir()
    load = rig.load(through="spool", spools=spools, sensors=how.sensors, rate=how.rate, seconds=how.seconds, mix=how.mix, packet=how.packet,
                    payload=how.payload, base_us=base_us, patience=how.rate * how.seconds / 2000 + 60)
    said = load.communicate()[0].splitlines()
    if not said:
        sys.exit("bench burst: the generator failed: " + (rig.folder / "server.log").read_text()[-1500:])
    told = json.loads(said[-1])
    settled = rig.settle(120)
    wrong = []
    if told["refused"] or told["dropped"] or told["left"]:
        wrong.append(f"refused {told['refused']}, dropped {told['dropped']}, left {told['left']}")
    each = told["raised"] // how.sensors
    wrong += rig.verify({f"sensor-{n}": (base_us, each) for n in range(how.sensors)})
    if settled is None:
        wrong.append("the correlator did not catch up within two minutes")
    raise_rate = told["raised"] / told["raised_in_s"]
    drain_rate = told["held_at_end_of_burst"] / told["drained_in_s"] if told["drained_in_s"] else 0
    figure("burst_alerts", told["raised"], "alerts")
    figure("burst_raised", raise_rate, "alerts/s")
    figure("burst_refused", told["refused"], "alerts")
    figure("burst_dropped", told["dropped"], "alerts")
    figure("burst_held_at_its_end", told["held_at_end_of_burst"], "alerts")
    figure("burst_drained", drain_rate, "alerts/s")
    figure("burst_drained_in", told["drained_in_s"], "s")
    figure("burst_busy_answers", told["busy"], "answers")
    figure("burst_cpu_sensors", told["cpu_seconds"] * 1e6 / told["raised"], "us/alert")
    for sentence in wrong:
        print("bench burst: " + sentence, file=sys.stderr)
    if how.record:
        commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True).stdout.strip()
        with open(ROOT / "bench/results/burst.tsv", "a") as rows:
            print(datetime.date.today(), commit, how.mix, how.sensors, f"{how.seconds:.0f}", f"{raise_rate:.0f}", told["held_at_end_of_burst"],
                  f"{drain_rate:.0f}", told["refused"] + told["dropped"], sep="\t", file=rows)
    return 0 if not wrong and raise_rate >= 0.99 * how.rate and drain_rate >= 10000 else 1


sys.exit(main())
