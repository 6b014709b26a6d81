#!/usr/bin/env python3
"""Sensor → server → partner on loopback with recorded captures, and each process killed with SIGKILL once in the middle (more
often with --long): nothing is lost, nothing is doubled, and the partner's copy of our stream equals ours byte for byte.

The truth is the sensor's spool: an alert counts once its spool commit returned, and the spool numbers them. A sensor that ran to
its end has spooled every alert of its event log.
"""
import random, time
from support.programs import *

sys.path.insert(0, str(ROOT / "appliance" / "provision"))
from two_cirts import two_cirts

CAPTURE = DATA / "http-attacks.pcap"
RULES = ROOT / "rules" / "core" / "exploit.rules"
KILLS = 30 if LONG else 3


def entries(cirts, name, direction):
    """A partner's stream as one side holds it, oldest first: sequence, what it is, and a hash of all that was sent."""
    return cirts.ask(name, "SELECT epoch || ' ' || sequence || ' ' || kind || ' ' || encode(sha256(envelope || seal || body), 'hex') "
                           f"FROM federation_entry WHERE direction = {direction} ORDER BY position").splitlines()


class whole_way(two_cirts):
    def begin(self):
        self.make_identities()
        self.add_sensor("one")
        self.servers = {}
        for name in ("alpha", "beta"):
            self.servers[name], ready = self.start_server(name)
            if name == "alpha":
                self.ready = ready
        self.runs = 0

    def sensor(self):
        """Starts the sensor on the capture once more, with the same spool."""
        self.runs += 1
        folder = self.home / "sensor" / f"log{self.runs}"
        child, log = self.start(f"sensor{self.runs}", [self.bin / "cresset-sensor", "-r", CAPTURE, "-S", RULES, "-k", "none", "-l", folder,
                                                       *self.sensor_settings("one", self.ready)])
        return child, log, folder

    def run_sensor(self):
        child, log, folder = self.sensor()
        child.wait(120)
        check(child.returncode == 0, f"the sensor ended with {child.returncode}: {log.read_text()[-400:]}")
        return sum('"event_type":"alert"' in line for line in open(folder / "eve.json"))

    def kill(self, name):
        child = self.servers[name]
        child.kill()
        child.wait()
        self.servers[name], ready = self.start_server(name, self.ready["ingest"] if name == "alpha" else "tcp://127.0.0.1:0")

    def kill_sensor(self):
        child, _, _ = self.sensor()
        time.sleep(random.uniform(0.05, 0.6))
        child.kill()
        child.wait()


def cursor_sums(cirts):
    """stored + refused + dropped, and the last sequence, over the sensor's cursors."""
    row = cirts.ask("alpha", "SELECT sum(stored), sum(refused), sum(dropped), sum(sequence) FROM sensor_cursor")
    return [int(n or 0) for n in row.split("|")] if row else [0, 0, 0, 0]


def main():
    cirts = whole_way(BIN)
    raised_at_least = 0
    try:
        cirts.begin()
        raised_at_least += cirts.run_sensor()
        check(raised_at_least == 7, f"{raised_at_least} alerts on {CAPTURE.name}, not 7")
        for _ in range(max(1, KILLS // 3)):
            cirts.kill_sensor()
            raised_at_least += cirts.run_sensor()
            child, _, _ = cirts.sensor()
            cirts.kill("alpha")  # in the middle of a sensor's run
            child.wait(120)
            raised_at_least += 7 if child.returncode == 0 else 0
            cirts.kill("beta")
            raised_at_least += cirts.run_sensor()
        raised_at_least += cirts.run_sensor()

        stored, refused, dropped, sequence = cirts.wait("all alerts at alpha", lambda: (
            lambda s: s if s[3] >= raised_at_least and s[0] == s[3] else None)(cursor_sums(cirts)))
        check(refused == 0 and dropped == 0, f"{refused} refused, {dropped} dropped")
        rows = cirts.ask("alpha", "SELECT count(*), count(DISTINCT (cursor, sequence)) FROM alert").split("|")
        check(rows == [str(stored), str(stored)], f"{rows[0]} rows, {rows[1]} different, {stored} counted by the cursor")
        grouped = int(cirts.ask("alpha", "SELECT sum(alerts) FROM alert_group") or 0)
        check(grouped == stored, f"groups hold {grouped} of {stored} alerts")
        print(f"{stored} alerts, each stored once ({raised_at_least} raised by runs that ended, the rest by those killed)")

        incidents = int(cirts.ask("alpha", "SELECT count(*) FROM incident") or 0)
        check(incidents >= 1, "no incident")
        cirts.wait("an incident at the partner", lambda: cirts.ask(
            "beta", "SELECT 1 FROM federation_entry WHERE object_id LIKE 'incident--%' LIMIT 1"))

        def equal():
            ours = entries(cirts, "alpha", 0), entries(cirts, "alpha", 1)
            theirs = entries(cirts, "beta", 0), entries(cirts, "beta", 1)
            return ours[0] and ours[0] == theirs[1] and ours[1] == theirs[0] and ours
        ours = cirts.wait("both copies of both streams to be equal", equal)
        print(f"{len(ours[0])} entries to beta and {len(ours[1])} back, byte for byte the same on both sides")
    except RuntimeError as error:
        fail(error)
    finally:
        cirts.close()


main()
