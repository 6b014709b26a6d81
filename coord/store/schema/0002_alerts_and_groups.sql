-- Alerts in partitions by day of receipt, their evidence, and the groups maintained with them.
CREATE TABLE alert (
  position bigint NOT NULL,
  group_id bigint NOT NULL,
  cursor bigint NOT NULL,
  sequence bigint NOT NULL,
  received timestamptz NOT NULL,
  captured_ns bigint NOT NULL,
  gid bigint NOT NULL,
  sid bigint NOT NULL,
  revision bigint NOT NULL,
  severity smallint NOT NULL,
  source inet,
  destination inet,
  source_port integer NOT NULL,
  destination_port integer NOT NULL,
  protocol smallint NOT NULL,
  application text NOT NULL,
  record bytea NOT NULL
) PARTITION BY RANGE (received);
CREATE INDEX alert_by_group ON alert (group_id, position);
CREATE INDEX alert_by_position ON alert USING brin (position) WITH (pages_per_range = 16);
CREATE INDEX alert_by_receipt ON alert USING brin (received);

CREATE TABLE alert_evidence (
  position bigint NOT NULL,
  received timestamptz NOT NULL,
  captured_ns bigint NOT NULL,
  link_type integer NOT NULL,
  packet bytea,
  packet_length bigint NOT NULL,
  payload bytea,
  payload_length bigint NOT NULL
) PARTITION BY RANGE (received);
CREATE INDEX alert_evidence_by_position ON alert_evidence USING brin (position) WITH (pages_per_range = 16);

CREATE TABLE alert_refused (
  cursor bigint NOT NULL,
  sequence bigint NOT NULL,
  received timestamptz NOT NULL,
  reason text NOT NULL,
  record bytea NOT NULL
);

-- Ids are taken before the rows are written, because alerts name them.
CREATE SEQUENCE alert_group_id;
CREATE TABLE alert_group (
  id bigint PRIMARY KEY,
  gid bigint NOT NULL,
  sid bigint NOT NULL,
  victim inet NOT NULL,
  attacker inet NOT NULL,
  attacker_level smallint NOT NULL,
  direction smallint NOT NULL,
  exercise boolean NOT NULL,
  generation integer NOT NULL,
  live boolean NOT NULL DEFAULT true,
  severity smallint NOT NULL,
  revision bigint NOT NULL,
  message text NOT NULL,
  category text NOT NULL,
  alerts bigint NOT NULL,
  muted bigint NOT NULL DEFAULT 0,
  first_alert bigint NOT NULL,
  last_alert bigint NOT NULL,
  first_seen_ns bigint NOT NULL,
  last_seen_ns bigint NOT NULL,
  first_received timestamptz NOT NULL,
  last_received timestamptz NOT NULL,
  samples bigint[] NOT NULL,
  sensors bigint[] NOT NULL,
  state smallint NOT NULL DEFAULT 0,
  handled bigint NOT NULL DEFAULT 0,
  reopened text NOT NULL DEFAULT '',
  incident bigint
) WITH (fillfactor = 70);
CREATE UNIQUE INDEX alert_group_key
  ON alert_group (sid, victim, attacker, attacker_level, gid, direction, exercise) WHERE live;
CREATE INDEX alert_group_queue ON alert_group (exercise, state, severity, last_received DESC, id DESC);
CREATE INDEX alert_group_incident ON alert_group (incident) WHERE incident IS NOT NULL;

CREATE TABLE attacker_spread (
  gid bigint NOT NULL,
  sid bigint NOT NULL,
  victim inet NOT NULL,
  direction smallint NOT NULL,
  exercise boolean NOT NULL,
  level smallint NOT NULL,
  attackers integer NOT NULL,
  last_received timestamptz NOT NULL,
  PRIMARY KEY (sid, victim, gid, direction, exercise)
) WITH (fillfactor = 70);

CREATE TABLE group_change (
  position bigint PRIMARY KEY,
  group_id bigint NOT NULL,
  is_new boolean NOT NULL,
  severity smallint NOT NULL,
  added bigint NOT NULL,
  alerts bigint NOT NULL,
  last_alert bigint NOT NULL,
  first_seen_ns bigint NOT NULL,
  last_seen_ns bigint NOT NULL,
  received timestamptz NOT NULL,
  muted boolean NOT NULL,
  incident bigint
);
