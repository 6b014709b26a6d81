#!/usr/bin/env python3
"""Starts the coordination server as an operator does: first login, second start, port in use, kill -9, clean stop.

usage: server_test.py CRESSET_COORD
"""
import http.client, json, os, pathlib, shutil, signal, socket, ssl, subprocess, sys, tempfile, time

program = sys.argv[1]
started = []  # to be ended whatever happens


def start(state, *options):
    arguments = [program, "--state", str(state), "--ingest", "tcp://127.0.0.1:*", "--https", "127.0.0.1:0", *options]
    server = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    started.append(server)
    line = ""
    while not line.startswith("ready "):
        line = server.stdout.readline()
        assert line, f"no ready line: {server.stderr.read()}"
    server.told = dict(part.split("=", 1) for part in line.split()[1:])
    return server


def refused(*arguments, code):
    done = subprocess.run([program, *arguments], capture_output=True, text=True, timeout=120)
    lines = done.stderr.strip().splitlines()
    assert done.returncode == code, (done.returncode, done.stderr)
    return lines[-1]


def ask(server, method, path, body=None, headers=None):
    context = ssl._create_unverified_context()
    port = int(server.told["https"].rsplit(":", 1)[1])
    connection = http.client.HTTPSConnection("127.0.0.1", port, context=context, timeout=60)
    connection.request(method, path, json.dumps(body) if body is not None else None,
                       {"Content-Type": "application/json", **(headers or {})} if body is not None else headers or {})
    answer = connection.getresponse()
    return answer.status, answer.read(), answer.headers


def sign_in(server, login):
    words = dict(line.split(" ", 1) for line in login.read_text().splitlines())
    status, body, headers = ask(server, "POST", "/api/v1/session", {"login": words["login"], "password": words["password"]})
    assert status in (200, 201), (status, body)
    return headers["Set-Cookie"].split(";")[0]


def processes_in(folder):
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if str(folder) in os.readlink(entry / "cwd"):
                    found.append(int(entry.name))
            except OSError:
                pass
    return found


def check(folder):
    state, login = folder / "state", folder / "login"
    server = start(state, "--first-login", str(login))
    assert ask(server, "GET", "/readyz")[0] == 200
    cookie = sign_in(server, login)
    status, body, _ = ask(server, "GET", "/api/v1/groups", headers={"Cookie": cookie})
    assert status == 200 and json.loads(body)["groups"] == [], body
    status, body, _ = ask(server, "GET", "/metrics")
    assert status == 200 and b"cresset_ingest_alerts_total 0" in body and b"cresset_http_answers_total" in body, body
    assert oct(login.stat().st_mode & 0o777) == "0o600"

    line = refused("--state", str(state), "--https", "127.0.0.1:0", "--ingest", "tcp://127.0.0.1:*", code=1)
    assert "another server runs on" in line, line

    port = server.told["https"].rsplit(":", 1)[1]
    line = refused("--state", str(folder / "other"), "--https", f"127.0.0.1:{port}", "--ingest", "tcp://127.0.0.1:*", code=1)
    assert port in line, line
    line = refused("--https", "nonsense", code=2)
    assert line.startswith("cresset-coord: https: 'nonsense' is no address"), line
    line = refused("--colour", "red", code=2)
    assert "unknown key 'colour'" in line, line

    public = server.told["ingest-key"]
    done = subprocess.run([program, "sensor", "add", "--name", "border-1", "--key", public, "--state", str(state)],
                          capture_output=True, text=True, timeout=120)
    assert done.returncode == 0 and "border-1 is registered" in done.stdout, done.stderr
    status, body, _ = ask(server, "GET", "/api/v1/sensors", headers={"Cookie": cookie})
    assert [s["name"] for s in json.loads(body)["sensors"]] == ["border-1"], body

    server.send_signal(signal.SIGKILL)
    server.wait()
    server = start(state, "--first-login", str(login))
    sign_in(server, login)
    done = subprocess.run([program, "journal", "verify", "--state", str(state)], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0 and "0 findings" in done.stdout, (done.stdout, done.stderr)

    server.send_signal(signal.SIGTERM)
    assert server.wait(timeout=120) == 0, server.stderr.read()
    assert not processes_in(state), "the database is left running"


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="cresset-", dir="/tmp"))
    folder.chmod(0o755)
    try:
        check(folder)
    finally:
        for server in started:
            if server.poll() is None:
                server.kill()
                server.wait()
        for process in processes_in(folder):
            os.kill(process, signal.SIGTERM)
        shutil.rmtree(folder, ignore_errors=True)
    print("the server starts, refuses, survives a kill and stops as it should")


main()
