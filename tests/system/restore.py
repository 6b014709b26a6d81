#!/usr/bin/env python3
"""A backup of a running server is restored onto an empty machine: nobody else may read it, any change of it is found, journal and store
verify, sensors and people come in with what they have, and nothing is signed for the partner before its stream was compared: then a new
epoch names the last common entry, and the partner raises no alarm, though it holds entries that the backup never knew.
"""
import hashlib, re, shutil, time
from support.programs import *
from support.analyst_desk import desk

sys.path.insert(0, str(ROOT / "appliance" / "provision"))
from two_cirts import two_cirts

CAPTURE = DATA / "http-attacks.pcap"
RULES = ROOT / "rules" / "core" / "exploit.rules"


class restored(two_cirts):
    def begin(self):
        self.make_identities()
        self.add_sensor("one")
        self.servers = {}
        for name in ("alpha", "beta"):
            self.servers[name], ready = self.start_server(name)
            if name == "alpha":
                self.ready = ready
        child, log = self.start("sensor", [self.bin / "cresset-sensor", "-r", CAPTURE, "-S", RULES, "-k", "none", "-l", self.home / "log",
                                           *self.sensor_settings("one", self.ready)])
        child.wait(120)
        check(child.returncode == 0, f"the sensor ended with {child.returncode}: {log.read_text()[-400:]}")
        self.wait("incidents at beta", lambda: self.entries("beta") >= 1)
        self.wait("both ends of the stream to be equal", lambda: self.entries("alpha", 0) == self.entries("beta"))

    def entries(self, name, direction=1):
        return int(self.ask(name, f"SELECT count(*) FROM federation_entry WHERE direction = {direction} AND NOT superseded") or 0)

    def stop(self, name):
        self.servers[name].terminate()
        check(self.servers[name].wait(120) == 0, f"{name} does not stop as it should")

    def places(self, folder):
        return ["--state", folder / "state", "--identity", folder / "identity", "--partners", folder / "partners", "--policy", folder / "policy.yaml"]

    def command(self, *words, code=0):
        run = subprocess.run([str(w) for w in (self.bin / "cresset-coord", *words)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=600)
        check(run.returncode == code, f"{' '.join(map(str, words))}: exit {run.returncode}, not {code}: {run.stdout}")
        return run.stdout

    def touch_an_incident(self, address, text):
        """A change of an incident, which the policy releases by itself."""
        analyst = desk(address, self.home / "alpha" / "first-login")
        _, listed, _ = analyst.ask("GET", "/api/v1/incidents")
        one = listed["incidents"][0]
        status, body, _ = analyst.ask("PATCH", f"/api/v1/incidents/{one['id']}", {"seen_version": one["version"], "title": text})
        check(status == 200, f"the edit answers {status}: {body}")


def main():
    cirts = restored(BIN)
    try:
        cirts.begin()
        alpha, backup = cirts.home / "alpha", cirts.home / "alpha.backup"
        said = cirts.command("backup", "--to", backup, *cirts.places(alpha))
        mark = re.search(r"hash ([0-9a-f]{64})", said)[1]
        check(backup.stat().st_mode & 0o077 == 0, "others may read the backup")
        check("identity/identity.key" not in subprocess.run(["tar", "tf", backup], stdout=subprocess.PIPE, text=True).stdout,
              "the offline key is in the backup")
        with tempfile.TemporaryDirectory() as folder:
            check(subprocess.run(["tar", "xf", backup, "-C", folder]).returncode == 0, "tar does not read it")
            check(subprocess.run(["sha256sum", "--quiet", "-c", "SHA256SUMS"], cwd=folder).returncode == 0, "sha256sum finds a difference")
            check(hashlib.sha256((pathlib.Path(folder) / "SHA256SUMS").read_bytes()).hexdigest() == mark, "the hash told is not that of SHA256SUMS")

        # What the backup will have forgotten: beta holds a version of an incident that it does not know.
        before = cirts.entries("beta")
        cirts.touch_an_incident(cirts.ready["https"], "Changed after the backup")
        cirts.wait("the change at beta", lambda: cirts.entries("beta") > before)
        forgotten = cirts.entries("beta") - before
        cirts.stop("alpha")
        cirts.stop("beta")

        fresh = cirts.home / "fresh"
        fresh.mkdir()
        damaged = cirts.home / "damaged.backup"
        bytes_ = bytearray(backup.read_bytes())
        bytes_[len(bytes_) // 2] ^= 1
        damaged.write_bytes(bytes_)
        said = cirts.command("restore", "--from", damaged, *cirts.places(fresh), code=1)
        check("was changed or is damaged" in said and not (fresh / "state").exists(), f"a damaged backup: {said}")
        said = cirts.command("restore", "--from", backup, "--hash", "0" * 64, *cirts.places(fresh), code=1)
        check("has the hash" in said, f"a backup with another hash: {said}")
        said = cirts.command("restore", "--from", backup, "--hash", mark, *cirts.places(fresh))
        check("0 findings" in said and "0 rules broken" in said, f"what was restored does not verify: {said}")
        said = cirts.command("restore", "--from", backup, *cirts.places(fresh), code=1)
        check("is not empty" in said, f"a second restore: {said}")
        others = [p for p in (fresh / "state").rglob("*.key") if p.stat().st_mode & 0o077] + \
                 [p for p in (fresh / "identity").rglob("*.key") if p.stat().st_mode & 0o077]
        check(not others, f"others may read {others}")
        check("0 findings" in cirts.command("journal", "verify", "--state", fresh / "state"), "the journal does not verify")
        check("0 rules broken" in cirts.command("store", "verify", "--state", fresh / "state"), "the store does not verify")

        # The machine is lost; the new one takes its place, and the partner is away at first.
        shutil.rmtree(alpha / "state")
        for name in ("state", "identity", "partners"):
            shutil.rmtree(alpha / name, ignore_errors=True)
            (fresh / name).rename(alpha / name)
        if (fresh / "policy.yaml").exists():
            (fresh / "policy.yaml").rename(alpha / "policy.yaml")
        cirts.servers["alpha"], ready = cirts.start_server("alpha", cirts.ready["ingest"])
        check(ready["ingest"] == cirts.ready["ingest"], "another door for the sensors")
        signed = cirts.entries("alpha", 0)
        cirts.touch_an_incident(ready["https"], "Changed after the restore")
        time.sleep(3)
        check(cirts.entries("alpha", 0) == signed, "something was signed before the partner was heard")
        check(cirts.ask("alpha", "SELECT bool_and(held) FROM federation_stream WHERE direction = 0") == "t", "the stream is not held")

        cirts.servers["beta"], _ = cirts.start_server("beta")
        cirts.wait("a new epoch at alpha", lambda: cirts.ask("alpha", "SELECT count(*) FROM federation_epoch WHERE direction = 0") == "2")
        cirts.wait("what was released after the restore at beta",
                   lambda: cirts.entries("alpha", 0) > signed and cirts.entries("beta") == cirts.entries("alpha", 0))
        check(cirts.ask("alpha", "SELECT after_sequence FROM federation_epoch WHERE direction = 0 ORDER BY ordinal DESC LIMIT 1") == str(before),
              "the new epoch does not name the last common entry")
        put_aside = cirts.ask("beta", "SELECT count(*) FROM federation_entry WHERE direction = 1 AND superseded")
        check(put_aside == str(forgotten), f"beta put {put_aside} entries aside, not the {forgotten} that alpha forgot")
        for name in ("alpha", "beta"):
            alarms = cirts.ask(name, "SELECT count(*) || coalesce(': ' || string_agg(sentence, '; '), '') FROM federation_alarm")
            check(alarms == "0", f"{name} has alarms: {alarms}")
        child, log = cirts.start("sensor", [cirts.bin / "cresset-sensor", "-r", CAPTURE, "-S", RULES, "-k", "none", "-l", cirts.home / "log2",
                                            *cirts.sensor_settings("one", ready)])
        child.wait(120)
        check(child.returncode == 0, "the sensor does not come in")
        cirts.wait("the sensor's alerts", lambda: cirts.ask("alpha", "SELECT sum(stored) = sum(sequence) AND sum(stored) > 7 FROM sensor_cursor") == "t")
        check("restored" in cirts.ask("alpha", "SELECT string_agg(kind, ' ') FROM journal"), "the journal does not tell of the restore")
        print(f"restored: journal and store verify; {forgotten} forgotten entries put aside by the partner, a new epoch behind entry {before}")
    except RuntimeError as error:
        fail(error)
    finally:
        cirts.close()


main()
