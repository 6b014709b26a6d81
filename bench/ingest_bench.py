#!/usr/bin/env python3
"""How many alerts a second the coordination server takes for good: the real program with its private PostgreSQL, sensors over CURVE.

usage: bench/run ingest [--rate N] [--seconds N] [--sensors N] [--mix realistic|one-attacker|new-groups] [--record]

Alerts come at the rate (default 10,500 a second, 600 s) from sensors of their own keys in batches of 10 ms. Each goes through decoding,
groups, the correlator and a commit that is on disk; generator, server and database share the machine. Passes (exit 0) when at least
10,000 a second were stored, 99 % of alerts were durable within 250 ms, the database holds exactly the generator's numbers and the
correlator has read every change. Last lines: JSON, one figure each; `--record` adds a row to bench/results/ingest.tsv.
"""
# targets: cresset-coord cresset alert_load
import argparse, datetime, json, pathlib, subprocess, sys, time
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from coord_rig import Rig, ROOT, figure


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rate", type=float, default=10500)
    options.add_argument("--seconds", type=float, default=600)
    options.add_argument("--sensors", type=int, default=4)
    options.add_argument("--mix", default="realistic")
    options.add_argument("--packet", type=int, default=400)
    options.add_argument("--payload", type=int, default=200)
    options.add_argument("--record", action="store_true")
    how = options.parse_args()

    rig = Rig(how.sensors)
    rig.durability()
    base_us = int(time.time()) * 1_000_000
    before, cpu = rig.metrics(), rig.cpu_seconds()
    load = rig.load(sensors=how.sensors, rate=how.rate, seconds=how.seconds, mix=how.mix, packet=how.packet, payload=how.payload,
                    base_us=base_us)
    most_behind = 0
    while load.poll() is None:
        time.sleep(2)
        most_behind = max(most_behind, rig.behind())
    said = load.stdout.read().splitlines()
    if load.returncode != 0 or not said:
        sys.exit("bench ingest: the generator failed: " + (rig.folder / "server.log").read_text()[-1500:])
    sent, after, spent = json.loads(said[-1]), rig.metrics(), rig.cpu_seconds()
    settled = rig.settle(60)
    each = sent["alerts"] // how.sensors
    wrong = rig.verify({f"sensor-{n}": (base_us, each) for n in range(how.sensors)})
    if settled is None:
        wrong.append("the correlator did not catch up within a minute")

    rate = sent["alerts"] / sent["seconds"]
    p99 = rig.durable_ms(0.99, before, after)
    micros = lambda seconds: seconds * 1e6 / sent["alerts"]
    groups, changes, incidents = (int(x) for x in rig.ask(
        "SELECT (SELECT count(*) FROM alert_group), (SELECT count(*) FROM group_change), (SELECT count(*) FROM incident)")[0])
    figure("ingest_alerts", sent["alerts"], "alerts")
    figure("ingest_groups", groups, "groups")
    figure("ingest_incidents", incidents, "incidents")
    figure("ingest_changes", changes, "changes")
    figure("ingest_rate", rate, "alerts/s")
    figure("ingest_accept_to_durable_p50", rig.durable_ms(0.5, before, after), "ms at most")
    figure("ingest_accept_to_durable_p99", p99, "ms at most")
    figure("ingest_sent_to_acknowledged_p50", sent["p50_ms"], "ms")
    figure("ingest_sent_to_acknowledged_p99", sent["p99_ms"], "ms")
    figure("ingest_sent_to_acknowledged_max", sent["max_ms"], "ms")
    figure("ingest_most_unacknowledged", sent["most_behind"], "alerts")
    figure("ingest_busy_answers", sent["busy"], "answers")
    figure("ingest_correlator_most_behind", most_behind, "changes")
    figure("ingest_correlator_settled_in", -1 if settled is None else settled, "s")
    figure("ingest_cpu_server", micros(spent[0] - cpu[0]), "us/alert")
    figure("ingest_cpu_postgresql", micros(spent[1] - cpu[1]), "us/alert")
    figure("ingest_cpu_generator", micros(sent["cpu_seconds"]), "us/alert")
    for sentence in wrong:
        print("bench ingest: " + sentence, file=sys.stderr)
    if how.record:
        commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True).stdout.strip()
        with open(ROOT / "bench/results/ingest.tsv", "a") as rows:
            print(datetime.date.today(), commit, how.mix, how.sensors, f"{how.seconds:.0f}", f"{rate:.0f}", p99, sent["p99_ms"],
                  f"{micros(spent[0] - cpu[0]):.1f}", f"{micros(spent[1] - cpu[1]):.1f}", sep="\t", file=rows)
    return 0 if not wrong and rate >= 10000 and p99 <= 250 else 1


sys.exit(main())
