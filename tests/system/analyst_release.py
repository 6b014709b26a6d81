#!/usr/bin/env python3
"""An analyst releases an incident to a partner, over two real servers: what the partner may not see is refused with the reason, what
it may see arrives byte for byte, a decision on an old version changes nothing, and nothing leaves without the analyst.
"""
from support.programs import *
from support.analyst_desk import desk

sys.path.insert(0, str(ROOT / "appliance" / "provision"))
from two_cirts import two_cirts

CAPTURE = DATA / "http-attacks.pcap"
RULES = ROOT / "rules" / "core" / "exploit.rules"
POLICY = """name: by-hand
default-mode: analyst
recipients:
  CLEAR: [all]
  GREEN: [all]
  AMBER: [beta]
partners:
  beta: {highest-tlp: %s}
"""


class by_hand(two_cirts):
    def restart_alpha(self, ceiling):
        (self.home / "alpha" / "policy.yaml").write_text(POLICY % ceiling)
        if self.alpha:
            self.alpha.terminate()
            check(self.alpha.wait(60) == 0, "alpha does not stop as it should")
        self.alpha, self.ready = self.start_server("alpha")
        return desk(self.ready["https"], self.home / "alpha" / "first-login")

    alpha = None

    def alerts_to_alpha(self):
        self.add_sensor("one")
        child, log = self.start("sensor", [self.bin / "cresset-sensor", "-r", CAPTURE, "-S", RULES, "-k", "none", "-l",
                                           self.home / "sensor" / "log", *self.sensor_settings("one", self.ready)])
        child.wait(120)
        check(child.returncode == 0, f"the sensor ended with {child.returncode}: {log.read_text()[-400:]}")

    def at_beta(self):
        return self.ask("beta", "SELECT encode(sha256(body), 'hex') FROM federation_entry WHERE object_id LIKE 'incident--%'").splitlines()


def first_incident(analyst):
    found = analyst.ask("GET", "/api/v1/incidents")[1]["incidents"]
    return found[0] if found else None


def verdict_of(analyst, incident):
    verdicts = analyst.ask("GET", f"/api/v1/incidents/{incident['id']}/releases")[1]["verdicts"]
    check([v["partner"] for v in verdicts] == ["beta"], f"verdicts of {verdicts}")
    return verdicts[0]


def release(analyst, incident, version):
    return analyst.ask("POST", f"/api/v1/incidents/{incident['id']}/releases", {"seen_version": version, "partner": "beta"})[:2]


def main():
    cirts = by_hand(BIN)
    try:
        cirts.make_identities()
        analyst = cirts.restart_alpha("CLEAR")
        cirts.start_server("beta")
        cirts.alerts_to_alpha()
        incident = cirts.wait("an incident", lambda: first_incident(analyst))
        check(incident["tlp"] == "amber", f"the incident is {incident['tlp']}")

        verdict = verdict_of(analyst, incident)
        check(not verdict["allowed"] and any("CLEAR" in line.upper() for line in verdict["explanation"]), f"the gate says {verdict}")
        status, answer = release(analyst, incident, incident["version"])
        check(status == 422 and answer["detail"], f"a release over the partner's ceiling answers {status}: {answer}")
        check(cirts.at_beta() == [], "an incident is at beta")
        print(f"refused: {answer['detail']}")

        analyst = cirts.restart_alpha("AMBER")
        incident = first_incident(analyst)
        check(verdict_of(analyst, incident)["allowed"], f"the gate says {verdict_of(analyst, incident)}")
        status, answer = release(analyst, incident, incident["version"] - 1)
        check(status == 409, f"a release on an old version answers {status}: {answer}")
        check(cirts.at_beta() == [], "an incident is at beta without a release")
        status, answer = release(analyst, incident, incident["version"])
        check(status == 201 and answer["allowed"], f"a release answers {status}: {answer}")
        theirs = cirts.wait("the incident at beta", cirts.at_beta)
        ours = cirts.ask("alpha", "SELECT encode(sha256(body), 'hex') FROM federation_entry WHERE object_id LIKE 'incident--%'").splitlines()
        check(theirs == ours and len(theirs) == 1, f"beta holds {theirs}, alpha sent {ours}")
        history = json.dumps(analyst.ask("GET", f"/api/v1/incidents/{incident['id']}/history")[1])
        check("releas" in history and "beta" in history, f"the history does not say who released it to whom: {history[-400:]}")
        print("released by an analyst: the same bytes at beta")
    except RuntimeError as error:
        fail(error)
    finally:
        cirts.close()


main()
