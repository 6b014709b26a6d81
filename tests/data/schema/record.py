#!/usr/bin/env python3
"""Records the schema as a released migration left it, with some rows in every table: NNNN.sql beside this file, for the migrations' test.
Run once when a migration is released; a recorded file never changes.

usage: tests/data/schema/record.py NUMBER
"""
import hashlib, os, pathlib, shutil, subprocess, sys, tempfile

HERE = pathlib.Path(__file__).resolve().parent
SCHEMA = HERE.parents[2] / "coord" / "store" / "schema"
BIN = pathlib.Path("/usr/lib/postgresql/15/bin")
EPOCH, HASH = "decode(repeat('ab', 16), 'hex')", "decode(repeat('cd', 32), 'hex')"
# Rows by the migration that made their tables; each is inserted when that migration ran.
ROWS = {
    1: f"""
INSERT INTO sensor (name, curve_key) VALUES ('border-1', repeat('a', 40)), ('border-2', repeat('b', 40));
INSERT INTO sensor_cursor (sensor, epoch, sequence, stored, refused, dropped) VALUES (1, {EPOCH}, 10, 7, 1, 2);
INSERT INTO sensor_dropped VALUES (1, 8, 9, 1, '2026-11-20 10:00:00+00');
INSERT INTO leader VALUES ('correlator', 'host 1', 4, '2026-11-20 10:00:00+00');
UPDATE stream_head SET last = 7 WHERE name = 'alert';""",
    2: f"""
CREATE TABLE alert_20261120 PARTITION OF alert FOR VALUES FROM ('2026-11-20 00:00:00+00') TO ('2026-11-21 00:00:00+00');
CREATE TABLE alert_evidence_20261120 PARTITION OF alert_evidence FOR VALUES FROM ('2026-11-20 00:00:00+00') TO ('2026-11-21 00:00:00+00');
INSERT INTO alert SELECT n, 1, 1, n, '2026-11-20 10:00:00+00', 1763632800000000000 + n, 1, 2000001, 3, 2, '198.51.100.7', '2001:db8::1', 40000, 80, 6, 'http', '\\x00ff'
  FROM generate_series(1, 7) n;
INSERT INTO alert_evidence VALUES (1, '2026-11-20 10:00:00+00', 1763632800000000001, 1, '\\x55', 1, NULL, 0);
INSERT INTO alert_refused VALUES (1, 8, '2026-11-20 10:00:00+00', 'a NUL in a text', '\\x00');
INSERT INTO alert_group (id, gid, sid, victim, attacker, attacker_level, direction, exercise, generation, severity, revision, message, category, alerts,
    first_alert, last_alert, first_seen_ns, last_seen_ns, first_received, last_received, samples, sensors)
  VALUES (nextval('alert_group_id'), 1, 2000001, '2001:db8::1', '198.51.100.7', 0, 1, false, 1, 2, 3, 'Ein Versuch: попытка', 'Attempted', 7, 1, 7,
    1763632800000000001, 1763632800000000007, '2026-11-20 10:00:00+00', '2026-11-20 10:00:00+00', '{{1,7}}', '{{1}}');
INSERT INTO attacker_spread VALUES (1, 2000001, '2001:db8::1', 1, false, 0, 1, '2026-11-20 10:00:00+00');
INSERT INTO group_change VALUES (1, 1, true, 2, 7, 7, 7, 1763632800000000001, 1763632800000000007, '2026-11-20 10:00:00+00', false, NULL);
UPDATE stream_head SET last = 1 WHERE name = 'group_change';""",
    3: f"""
INSERT INTO app_user (login, full_name, password_hash, role) VALUES ('ana', 'Ana A.', '$argon2id$v=19$x', 1), ('root', 'R', '$argon2id$v=19$y', 3);
INSERT INTO session VALUES ({HASH}, 1, '2026-11-20 10:00:00+00', '2026-11-20 18:00:00+00');
INSERT INTO incident (name, title, why, severity, rsit_class, rsit_type, tlp, pap, exercise, owner, opened, changed)
  VALUES ('CRT-2026-1', 'An attack', 'severe-attack', 80, 'intrusion-attempts', 'exploit', 2, 1, false, 1, '2026-11-20 10:00:00+00', '2026-11-20 10:05:00+00');
INSERT INTO incident_group VALUES (1, 1, '2026-11-20 10:00:00+00');
UPDATE alert_group SET incident = 1, state = 3;
INSERT INTO kept_evidence VALUES (1, 'packet', 1, 1763632800000000001, '\\x55', sha256('\\x55'), '2026-11-20 10:00:00+00');
INSERT INTO decision (kind, group_id, seen, by_user, at, reason, state_before, handled_before) VALUES (1, 1, 7, 1, '2026-11-20 10:05:00+00', 'a scanner of ours', 0, 0);
INSERT INTO standing_dismissal (decision, gid, sid, scope, victim, attacker, attacker_level, direction, exercise, severity, hourly_rate, expires, hour)
  VALUES (1, 1, 2000001, 0, '2001:db8::1', '198.51.100.7', 0, 1, false, 2, 1.5, '2026-12-01 00:00:00+00', '2026-11-20 10:00:00+00');
INSERT INTO standing_victim VALUES (1, '2001:db8::1');
INSERT INTO correlator VALUES ('correlator', 1);
INSERT INTO journal VALUES (1, 1763632800000000000, 'incident_opened', 1, 0, {HASH}, '{{"by":"correlator","text":"x"}}', {HASH}, decode(repeat('00', 32), 'hex'), {HASH});
UPDATE stream_head SET last = 1 WHERE name = 'journal';""",
    4: f"""
INSERT INTO federation_stream (partner, direction, head_epoch, head_sequence, head_hash) VALUES ('identity--b', 0, repeat('0f', 16), 1, {HASH}), ('identity--b', 1, '', 0, '');
INSERT INTO federation_epoch VALUES ('identity--b', 0, 0, repeat('0f', 16), 'opening', {HASH});
INSERT INTO federation_entry (partner, direction, epoch, sequence, envelope, seal, body, hash, kind, object_id, object_version, object_body)
  VALUES ('identity--b', 0, repeat('0f', 16), 1, 'envelope', 'seal', 'body', {HASH}, 'object', 'incident--1', '1', {HASH});
INSERT INTO federation_object VALUES ('incident 1', 1, 'incident--1', '2026-11-20 10:00:00+00', '2026-11-20 10:00:00+00', 'seal', 'body');
INSERT INTO federation_alarm (partner, kind, sentence, evidence) VALUES ('identity--b', 'truncated', 'a stream was cut', '{{"\\\\x00"}}');""",
}


def main(number):
    home = pathlib.Path(tempfile.mkdtemp(prefix="cresset-", dir="/tmp"))
    home.chmod(0o777)
    prefix = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"] if os.geteuid() == 0 else []
    run = lambda *words, text=None: subprocess.run([*prefix, *map(str, words)], input=text, check=True, stdout=subprocess.PIPE, text=True, cwd="/").stdout
    try:
        run(BIN / "initdb", "-D", home / "data", "-U", "cresset", "-A", "trust", "--no-locale", "-E", "UTF8", "--no-sync")
        run(BIN / "pg_ctl", "-D", home / "data", "-w", "-l", home / "log", "-o", f"-k {home} -c listen_addresses= -c timezone=UTC -c fsync=off", "start")
        psql = lambda text: run(BIN / "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", home, "-U", "cresset", "-d", "postgres", text=text)
        psql("CREATE TABLE schema_migration (number integer PRIMARY KEY, name text NOT NULL, checksum text NOT NULL, applied timestamptz NOT NULL DEFAULT now());")
        for file in sorted(SCHEMA.glob("*.sql"))[:number]:
            text = file.read_text()
            at = int(file.name[:4])
            psql(text)
            psql(f"INSERT INTO schema_migration (number, name, checksum) VALUES ({at}, '{file.stem}', '{hashlib.sha256(file.read_bytes()).hexdigest()}');")
            psql(ROWS.get(at, ""))
        dump = run(BIN / "pg_dump", "-h", home, "-U", "cresset", "--inserts", "--no-owner", "--no-privileges", "postgres")
        (HERE / f"{number:04}.sql").write_text("".join(line for line in dump.splitlines(True) if line.strip() and not line.startswith(("--", "\\"))))
        run(BIN / "pg_ctl", "-D", home / "data", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(home, ignore_errors=True)


main(int(sys.argv[1]))
