#!/usr/bin/env python3
"""The disk of the spool full, the disk of the database full, the database gone for a minute (a few seconds without --long), and the clock
set back an hour while everything runs: nothing that was spooled is lost, the alarm is clear (log, readiness, metric), and everything goes
on by itself when the cause is gone.

The disks are small tmpfs in a mount namespace of the test's own; the clock is libfaketime's, for the server and its database.
"""
import glob, shutil
from support.programs import *
from support.coordinator import *

RATE = 300
GONE_S = 60 if LONG else 6


def small_disk(path, megabytes):
    path.mkdir(parents=True, exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=755", "tmpfs", str(path)], check=True)


def fill(folder):
    """Takes all space that is left; answers the file to remove."""
    ballast = folder / "ballast"
    with open(ballast, "wb", buffering=0) as file:
        try:
            while True:
                file.write(b"x" * 65536)
        except OSError:
            pass
        try:
            while True:
                file.write(b"x" * 512)
        except OSError:
            pass
    return ballast


def log_of(server):
    return server.log.read_text(errors="replace")


def settle(server, source, what):
    """Ends the generator and holds what is stored against its list."""
    raised = source.finish()
    until(lambda: server.sql("SELECT 1") == "1", "the database answers")
    stored = stored_numbers(server)
    check(len(stored) == len(set(stored)), f"{what}: {len(stored) - len(set(stored))} alerts are stored twice")
    missing = sorted(set(range(1, raised + 1)) - set(stored))
    lost = source.ledger()[1] + source.refused()
    check(len(missing) == lost, f"{what}: {len(missing)} of {raised} are missing, {lost} are accounted for: {missing[:10]}")
    until(lambda: server.sql("SELECT (SELECT position FROM correlator WHERE name = 'correlator') = last FROM stream_head WHERE name = 'group_change'") == "t",
          f"{what}: the correlator goes on")
    check("0 findings" in server.command("journal", "verify"), f"{what}: the journal does not verify")
    check("0 rules broken" in server.command("store", "verify"), f"{what}: the store breaks a rule")
    return raised, len(missing)


def unready(server, words, what):
    """The alarm: /readyz says 503 with a reason, and the log says it."""
    found = until(lambda: (lambda a: a if a[0] == 503 else None)(server.ask("/readyz")), f"{what}: readiness says so", 60)
    check(server.ask("/healthz")[0] == 200, f"{what}: the process itself does not answer")
    until(lambda: any(w in log_of(server) for w in words), f"{what}: the log says so", 30)
    return json.loads(found[1])["detail"]


def ready_again(server, what):
    until(lambda: server.ask("/readyz")[0] == 200, f"{what}: ready again by itself", 120)


def full_spool(home):
    server = coordinator(home).start()
    server.add_sensor()
    small_disk(home / "spool", 8)
    source = raiser(server, RATE, home / "spool").start()
    until(lambda: int(server.sql("SELECT count(*) FROM alert") or 0) > 50, "alerts flow")
    ballast = fill(home / "spool")
    # A spool that is drained as fast as it fills reuses its pages: it grows when nobody takes from it.
    server.pause()
    until(lambda: "the disk is full or failing" in source.log.read_text(errors="replace"), "the sensor says that its disk is full", 60)
    time.sleep(1.5)
    server.go_on()
    ballast.unlink()
    until(lambda: "writing again" in source.log.read_text(errors="replace"), "the sensor writes again by itself", 60)
    time.sleep(1)
    raised, missing = settle(server, source, "full spool")
    check(server.stop() == 0, "the server did not end in order")
    print(f"disk of the spool full: {raised} raised, {missing} missing, alarm in the sensor's log, went on by itself")


def full_database(home):
    small_disk(home / "disk", 400)
    server = coordinator(home, state=home / "disk" / "state").start()
    server.add_sensor()
    source = raiser(server, RATE).start()
    until(lambda: int(server.sql("SELECT count(*) FROM alert") or 0) > 50, "alerts flow")
    ballast = fill(home / "disk")
    reason = unready(server, ("the store is not available", "the private database ended"), "full disk")
    failed = until(lambda: server.metric("cresset_ingest_failed_commits_total"), "the metric counts failed commits", 60)
    time.sleep(2)
    ballast.unlink()
    ready_again(server, "full disk")
    raised, missing = settle(server, source, "full disk")
    check(missing == 0, f"{missing} alerts are lost")
    ends = server.metric("cresset_database_ends_total")
    check(server.stop() == 0, "the server did not end in order")
    print(f"disk of the database full: {raised} raised, all stored; readiness said '{reason}', {failed:.0f} commits failed, "
          f"the database ended {ends:.0f} times")


def database_gone(home):
    server = coordinator(home).start()
    server.add_sensor()
    source = raiser(server, RATE).start()
    until(lambda: int(server.sql("SELECT count(*) FROM alert") or 0) > 50, "alerts flow")
    # Gone and kept from coming back: its program's folder is hidden from it, and it is killed.
    data = server.state / "postgres" / "data"
    os.kill(server.postmaster(), signal.SIGKILL)
    (data / "PG_VERSION").rename(data / "PG_VERSION.away")
    begun = time.monotonic()
    reason = unready(server, ("the private database ended", "the store is not available"), "database gone")
    check(server.metric("cresset_database_up") == 0, "the metric does not say that the database is away")
    time.sleep(max(0, GONE_S - (time.monotonic() - begun)))
    (data / "PG_VERSION.away").rename(data / "PG_VERSION")
    ready_again(server, "database gone")
    check(server.metric("cresset_database_up") == 1, "the metric does not say that the database is back")
    raised, missing = settle(server, source, "database gone")
    check(missing == 0, f"{missing} alerts are lost")
    check(server.stop() == 0, "the server did not end in order")
    print(f"database gone for {GONE_S} s: {raised} raised, all stored; readiness said '{reason}'")


def clock_back(home):
    found = glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")
    if not found:
        return left_out("clock set back: libfaketime is not installed")
    offset = home / "clock"
    offset.write_text("+0\n")
    offset.chmod(0o644)
    environment = {**os.environ, "LSAN_OPTIONS": "detect_leaks=0", "LD_PRELOAD": found[0], "FAKETIME_TIMESTAMP_FILE": str(offset), "FAKETIME_NO_CACHE": "1",
                   "FAKETIME_DONT_FAKE_MONOTONIC": "1", "DONT_FAKE_MONOTONIC": "1",
                   "ASAN_OPTIONS": "detect_leaks=0:verify_asan_link_order=0"}
    server = coordinator(home)
    plain, server.environment = server.environment, environment
    server.start()
    server.environment = plain  # commands keep the real clock
    server.add_sensor()
    source = raiser(server, RATE).start()
    until(lambda: int(server.sql("SELECT count(*) FROM alert") or 0) > 50, "alerts flow")
    before = server.sql("SELECT clock_timestamp()")
    offset.write_text("-1h\n")
    until(lambda: server.sql(f"SELECT clock_timestamp() < '{before}'::timestamptz - interval '50 minutes'") == "t", "the clock is set back", 60)
    alerts = int(server.sql("SELECT count(*) FROM alert"))
    until(lambda: int(server.sql("SELECT count(*) FROM alert") or 0) > alerts + 200, "alerts flow with the clock set back", 60)
    # The lease that the killed server holds lies an hour ahead of the clock: it must not stop the next one.
    server.kill()
    server.environment = environment
    server.start()
    server.environment = plain
    until(lambda: "leads with term" in log_of(server)[log_of(server).rfind("ready "):] or
          server.sql("SELECT (SELECT position FROM correlator WHERE name = 'correlator') = last FROM stream_head WHERE name = 'group_change'") == "t",
          "the correlator is led again", 60)
    status, _, _ = server.ask("/readyz")
    check(status == 200, f"readiness answers {status} with the clock set back")
    server.sign_in()
    check(server.ask("/api/v1/groups")[0] == 200, "nobody can sign in with the clock set back")
    raised, missing = settle(server, source, "clock set back")
    check(missing == 0, f"{missing} alerts are lost")
    check(server.stop() == 0, "the server did not end in order")
    print(f"clock set back an hour: {raised} raised, all stored, correlator and sign-in go on")


def main():
    if os.geteuid() != 0:
        return left_out("outage: small disks need root")
    own_mounts = subprocess.run(["unshare", "--mount", "--propagation", "private", "mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", "/mnt"],
                                stderr=subprocess.DEVNULL).returncode == 0
    if not own_mounts:
        return left_out("outage: this machine lets nobody mount a small disk, not even in a namespace of his own")
    if os.environ.get("CRESSET_OWN_MOUNTS") != "1":
        return sys.exit(subprocess.run(["unshare", "--mount", "--propagation", "private", sys.executable, *sys.argv],
                                       env={**os.environ, "CRESSET_OWN_MOUNTS": "1"}).returncode)
    chosen = sys.argv[1:] or ["full_spool", "full_database", "database_gone", "clock_back"]
    for name in chosen:
        with workplace() as home:
            globals()[name](home)


main()
