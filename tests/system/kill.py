#!/usr/bin/env python3
"""Random kill -9 of the sensor's way out, the coordination server and PostgreSQL (its postmaster or one of its backends), 30 in one run
(300 with --long): nothing is lost, nothing is doubled.

The truth is the generator's numbered list. An alert counts once its spool commit returned; what was raised and not yet spooled at a kill
stands in the sensor's mapped ledger, number for number, and is bounded to 10 ms of work: at the generator's rate, beyond what the spool's
commit in flight takes on this disk.
"""
import random, threading
from support.programs import *
from support.coordinator import *

KILLS = int(os.environ.get("CRESSET_KILLS", 300 if LONG else 30))
RATE = 1000
BOUND_MS = 10
SEED = int(os.environ.get("CRESSET_SEED", "1"))


def backends(server):
    """Child processes of the postmaster, whatever they do."""
    parent, found = server.postmaster(), []
    for entry in pathlib.Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1]) == parent:
                found.append(int(entry.name))
        except OSError:
            pass
    return found


def kill_postgres(server, dice):
    victims = [server.postmaster()] if dice.random() < 0.5 else backends(server)
    if not victims or victims[0] is None:
        return False
    try:
        os.kill(dice.choice(victims), signal.SIGKILL)
        return True
    except ProcessLookupError:
        return False


class disk_watch(threading.Thread):
    """What the disk adds to the bound: the slowest of writes made durable while everything runs, each as the spool's commit does it."""

    def __init__(self, folder):
        super().__init__(daemon=True)
        self.file, self.worst_ms, self.over = open(folder / "sync", "wb", buffering=0), 0.0, threading.Event()

    def run(self):
        while not self.over.wait(0.05):
            begun = time.monotonic()
            for _ in range(2):  # pages, then LMDB's meta page
                self.file.write(b"x" * 8192)
                os.fdatasync(self.file.fileno())
            self.worst_ms = max(self.worst_ms, (time.monotonic() - begun) * 1000)


def main(home):
    dice = random.Random(SEED)
    server = coordinator(home).start()
    server.add_sensor()
    source = raiser(server, RATE).start()
    killed = {"sensor": 0, "coordinator": 0, "postgres": 0}
    disk = disk_watch(home)
    disk.start()
    lost_before, losses = 0, []
    while sum(killed.values()) < KILLS:
        time.sleep(dice.uniform(0.05, 0.8))
        victim = dice.choice(list(killed))
        if victim == "sensor":
            source.kill()
            source.start()
            _, lost, last, _ = source.ledger()
            check(lost == lost_before + last, f"the ledger jumps from {lost_before} to {lost} by {last}")
            lost_before = lost
            losses.append(last)
        elif victim == "coordinator":
            server.kill()
            server.start()
        elif not kill_postgres(server, dice):
            continue
        killed[victim] += 1
    disk.over.set()
    raised = source.finish()
    until(lambda: server.sql("SELECT 1") == "1", "the database answers")

    kills, lost, _, most = source.ledger()
    check(kills == killed["sensor"], f"the ledger counts {kills} kills of the sensor, not {killed['sensor']}")
    check(source.refused() == 0, f"{source.refused()} alerts were refused")
    stored = stored_numbers(server)
    doubled = len(stored) - len(set(stored))
    missing = sorted(set(range(1, raised + 1)) - set(stored))
    check(doubled == 0, f"{doubled} alerts are stored twice")
    check(not set(stored) - set(range(1, raised + 1)), "alerts are stored that nobody raised")
    check(len(missing) == lost, f"{len(missing)} of {raised} are missing, the ledger has {lost}: {missing[:20]}")
    runs = sum(1 for i, n in enumerate(missing) if i == 0 or missing[i - 1] != n - 1)
    check(runs <= kills, f"what is missing lies in {runs} places, but the sensor was killed {kills} times")
    bound = RATE / 1000 * (BOUND_MS + 2 * disk.worst_ms)
    check(most <= bound, f"{most} alerts were not yet spooled at a kill: more than {bound:.0f}, "
                         f"{BOUND_MS} ms of work and two commits of {disk.worst_ms:.0f} ms")

    grouped, cursor = server.sql("SELECT sum(alerts) FROM alert_group"), server.sql("SELECT sum(stored), sum(refused), sum(dropped) FROM sensor_cursor")
    check(grouped == str(len(stored)), f"groups hold {grouped} of {len(stored)} alerts")
    check(cursor == f"{len(stored)}|0|0", f"the cursor counts {cursor}, {len(stored)} are stored")
    changes = server.sql("SELECT count(*) = max(position) - min(position) + 1 FROM group_change")
    check(changes == "t", "the stream of changes has a gap")
    until(lambda: server.sql("SELECT (SELECT position FROM correlator WHERE name = 'correlator') = last FROM stream_head WHERE name = 'group_change'") == "t",
          "the correlator has read everything")
    doubles = server.sql("SELECT count(*) - count(DISTINCT correlation) FROM incident")
    check(doubles == "0", f"{doubles} incidents were opened twice")
    check("0 findings" in server.command("journal", "verify"), "the journal does not verify")
    check(server.stop() == 0, "the server did not end in order")
    print(f"{sum(killed.values())} kills ({', '.join(f'{n} {name}' for name, n in killed.items())}): of {raised} alerts raised {len(stored)} are stored, "
          f"0 lost, 0 doubled; {lost} were not yet spooled when the sensor was killed, {most} at most (median {sorted(losses)[len(losses) // 2] if losses else 0})")


with workplace() as home:
    main(home)
