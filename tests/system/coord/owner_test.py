#!/usr/bin/env python3
"""From an import to an owner's answer, as an operator and an analyst do it: the registry by command and API, an attack over the
real uplink, a letter over SMTP on loopback (refused once), the link of the letter, the answer in the incident's history.

usage: owner_test.py CRESSET_COORD SEND_ALERTS
"""
import email, email.policy, http.client, json, os, pathlib, re, shutil, signal, socketserver, ssl, subprocess, sys, tempfile
import threading, time, urllib.parse

program, sender = sys.argv[1:3]
table = """kind;key;owner;name;sector;criticality;email;language;country
owner;plant;;Завод «Север»;energy;5;;ru;KZ
prefix;10.0.0.0/16;plant;;;;;;KZ
contact;;plant;Дежурный;;;noc@plant.example;ru;
"""


class relay(socketserver.ThreadingTCPServer):
    """An SMTP server that keeps what it takes, and refuses its first message."""
    allow_reuse_address = daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), session)
        self.taken, self.refusals = [], 1
        threading.Thread(target=self.serve_forever, daemon=True).start()


class session(socketserver.StreamRequestHandler):
    def handle(self):
        say = lambda text: self.wfile.write(text.encode() + b"\r\n")
        say("220 relay")
        to = []
        for line in self.rfile:
            verb = line.decode().strip().upper()
            if verb.startswith(("EHLO", "HELO")):
                say("250 relay")
            elif verb.startswith("RCPT"):
                to.append(line.decode().strip()[8:])
                say("250 ok")
            elif verb.startswith("DATA"):
                if self.server.refusals:
                    self.server.refusals -= 1
                    say("451 try again later")
                    continue
                say("354 go on")
                message = b""
                while (part := self.rfile.readline()) != b".\r\n":
                    message += part[1:] if part.startswith(b"..") else part
                self.server.taken.append((to, message))
                say("250 taken")
            elif verb.startswith("QUIT"):
                return say("221 bye")
            else:
                say("250 ok")


def run(*arguments, code=0, text=None):
    done = subprocess.run(arguments, capture_output=True, text=True, timeout=180, input=text)
    assert done.returncode == code, (arguments, done.returncode, done.stdout, done.stderr)
    return done.stdout + done.stderr


def until(what, condition, seconds=120):
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end, f"waited in vain until {what}"
        time.sleep(0.2)
    return found


class client:
    def __init__(self, told, login):
        self.port, self.headers = int(told["https"].rsplit(":", 1)[1]), {}
        words = dict(line.split(" ", 1) for line in login.read_text().splitlines())
        body, headers = self.ask("POST", "/api/v1/session", {"login": words["login"], "password": words["password"]}, (200, 201))
        self.headers = {"Cookie": headers["Set-Cookie"].split(";")[0], "X-CSRF-Token": json.loads(body)["csrf_token"]}

    def ask(self, method, path, body=None, want=(200,), form=False):
        line = http.client.HTTPSConnection("127.0.0.1", self.port, context=ssl._create_unverified_context(), timeout=60)
        text = None if body is None else urllib.parse.urlencode(body) if form else json.dumps(body)
        kind = {"Content-Type": "application/x-www-form-urlencoded" if form else "application/json"} if text else {}
        line.request(method, path, text, {**kind, **({} if path.startswith("/answer/") else self.headers)})
        answer = line.getresponse()
        body = answer.read().decode()
        assert answer.status in want, (method, path, answer.status, body)
        return body, answer.headers

    def get(self, path):
        return json.loads(self.ask("GET", path)[0])


def check(folder, mail):
    state, login = folder / "state", folder / "login"
    server = subprocess.Popen([program, "--state", str(state), "--ingest", "tcp://127.0.0.1:*", "--https", "127.0.0.1:0",
                               "--first-login", str(login), "--mail.relay", f"smtp://127.0.0.1:{mail.server_address[1]}",
                               "--mail.from", "cirt@cirt.example", "--mail.tls", "optional",
                               "--public-url", "https://cirt.example"],
                              stdout=subprocess.PIPE, stderr=open(folder / "log", "w"), text=True)
    line = ""
    while not line.startswith("ready "):
        line = server.stdout.readline()
        assert line, (folder / "log").read_text()
    told = dict(part.split("=", 1) for part in line.split()[1:])
    us = client(told, login)

    # The registry: a dry run, an import, the same again, a refused file, an undo.
    segment = lambda *words, **how: run(program, "segment", *words, "--state", str(state), **how)
    file = ("--source", "table", "--format", "csv", "--file", "-")
    assert "3 added, 0 changed, 0 removed (not done)" in segment("diff", *file, text=table)
    assert "3 added, 0 changed, 0 removed: change 1" in segment("import", *file, text=table)
    assert "0 added, 0 changed, 0 removed" in segment("import", *file, text=table)
    assert "-:2: key: '10.0.0.1/16' is no prefix" in segment("import", *file, text="kind,key\nprefix,10.0.0.1/16\n", code=1)
    assert "change 2 took 1 back" in segment("undo", "--change", "1")
    assert "change 3" in segment("import", *file, text=table)
    assert len(segment("list").splitlines()) == 3
    assert "0 added, 0 changed, 0 removed" in segment("import", *file, text=segment("export", "--source", "table"))
    until("the table is in force", lambda: us.get("/api/v1/segment/lookup?address=10.0.0.1")["place"]["sector"] == "energy", 10)

    # An attack from outside: the group says whose the victim is.
    run(program, "identity", "make", "--identity", str(folder / "sensor"), "--name", "sensor-1")
    key = str(folder / "sensor" / "transport.key")
    run(program, "sensor", "add", "--name", "sensor-1", "--key", key, "--state", str(state))
    run(sender, told["ingest"], key, told["ingest-key"], str(folder / "spool"), "sensor-1", "20", "1")
    incident = until("there is an incident", lambda: us.get("/api/v1/incidents")["incidents"])[0]
    group = us.get(f"/api/v1/incidents/{incident['id']}/groups")["groups"][0]
    assert (group["traffic"], group["owner"], group["sector"], group["criticality"], group["victim_country"]) == \
        ("inbound", "plant", "energy", 5, "KZ"), group

    # The owner is told; the relay refuses once; an analyst does not wait for the second try.
    base = f"/api/v1/incidents/{incident['id']}"
    assert us.get(base + "/owners")["owners"][0]["owner"] == "plant"
    shown = json.loads(us.ask("POST", base + "/notifications/preview", {"owner": "plant", "note": "Позвоните нам."})[0])
    assert "Позвоните нам." in shown["notifications"][0]["text"] and not mail.taken
    made = json.loads(us.ask("POST", base + "/notifications", {"owner": "plant", "note": "Позвоните нам."}, (201,))[0])
    at = f"/api/v1/notifications/{made['notifications'][0]['id']}"
    failed = until("the refusal is seen", lambda: (n := us.get(at))["last_error"] and n)
    assert "451" in failed["last_error"] and failed["state"] == "queued" and failed["told"] is None, failed
    us.ask("POST", at + "/retry", want=(204,))
    to, raw = until("the relay took it", lambda: mail.taken)[0]
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert to == ["<noc@plant.example>"] and "вашей сети" in message["Subject"], (to, message["Subject"])
    body = message.get_body(("plain",)).get_content()
    assert "Завод «Север»" in body and "10.0.0.1 <- 198.51.100." in body, body
    assert any(part.get_filename().endswith(".csv") for part in message.iter_attachments())
    sent = until("the proof is written", lambda: (n := us.get(at))["state"] == "sent" and n)
    assert re.fullmatch("[0-9a-f]{64}", sent["sha256"]) and sent["told"] and sent["message_id"] in message["Message-ID"], sent

    # The link of the letter, without signing in and without JavaScript.
    link = re.search(r"https://cirt\.example(/answer/\S+)", body)[1]
    page, _ = us.ask("GET", link)
    assert 'name="answer" value="fixed"' in page and "<script" not in page, page
    page, _ = us.ask("POST", link, {"answer": "fixed", "text": "Обновили сервер <b>"}, form=True)
    assert "устранено" in page
    assert json.loads(us.ask("GET", link + "/report.json")[0])["observations"][0]["victim"] == "10.0.0.1"
    us.ask("GET", link[:-1] + ("A" if link[-1] != "A" else "E"), want=(404,))
    told_by = us.get(base + "/notifications")["notifications"][0]
    assert [a["answer"] for a in told_by["answers"]] == ["fixed"], told_by
    kinds = [e["kind"] for e in us.get(base + "/history")["history"]]
    assert all(kind in kinds for kind in ("owner_notice_queued", "owner_notified", "owner_answered")), kinds
    assert "cresset_owners_told_total 1" in us.ask("GET", "/metrics")[0]
    assert "0 findings" in run(program, "journal", "verify", "--state", str(state))
    server.send_signal(signal.SIGTERM)
    assert server.wait(timeout=120) == 0, (folder / "log").read_text()


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="cresset-", dir="/tmp"))
    folder.chmod(0o755)
    try:
        check(folder, relay())
    except BaseException:
        print((folder / "log").read_text()[-3000:] if (folder / "log").exists() else "", file=sys.stderr)
        raise
    finally:
        for process in pathlib.Path("/proc").iterdir():
            try:
                words = (process / "cmdline").read_text() if process.name.isdigit() else ""
                if str(folder) in words and int(process.name) != os.getpid():
                    os.kill(int(process.name), signal.SIGTERM)
            except OSError:
                pass
        shutil.rmtree(folder, ignore_errors=True)
    print("the owner was told, once, and answered")


main()
