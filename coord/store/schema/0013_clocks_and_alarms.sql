-- Clocks of incidents, the deadlines a nation's table sets them, and alarms with their call-out.
CREATE TABLE deadline_table (
  version bigint PRIMARY KEY,
  text text NOT NULL,
  at timestamptz NOT NULL,
  by_name text NOT NULL
);

CREATE TABLE incident_clock (
  incident bigint NOT NULL REFERENCES incident,
  clock smallint NOT NULL,
  at_ns bigint NOT NULL,
  PRIMARY KEY (incident, clock)
);

CREATE TABLE alarm (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind smallint NOT NULL,
  subject text NOT NULL,
  text text NOT NULL,
  incident bigint REFERENCES incident,
  exercise boolean NOT NULL,
  raised timestamptz NOT NULL,
  acknowledged timestamptz,
  acknowledged_by text NOT NULL DEFAULT '',
  cleared timestamptz,
  steps_done integer NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX alarm_standing ON alarm (kind, subject) WHERE cleared IS NULL;
CREATE INDEX alarm_open ON alarm (id) WHERE cleared IS NULL AND acknowledged IS NULL;

CREATE TABLE alarm_call (
  alarm bigint NOT NULL REFERENCES alarm,
  step integer NOT NULL,
  channel text NOT NULL,
  address text NOT NULL,
  at timestamptz NOT NULL,
  failure text NOT NULL
);
CREATE INDEX alarm_call_of ON alarm_call (alarm);

CREATE TABLE deadline (
  incident bigint NOT NULL REFERENCES incident,
  regime text NOT NULL,
  clock smallint NOT NULL,
  counted_from smallint NOT NULL,
  table_version bigint NOT NULL REFERENCES deadline_table,
  due timestamptz NOT NULL,
  warn timestamptz,
  met timestamptz,
  cancelled boolean NOT NULL DEFAULT false,
  warned boolean NOT NULL DEFAULT false,
  missed boolean NOT NULL DEFAULT false,
  PRIMARY KEY (incident, regime, clock)
) WITH (fillfactor = 70);
CREATE INDEX deadline_running ON deadline (due, incident, regime, clock) WHERE met IS NULL AND NOT cancelled;
CREATE INDEX deadline_to_warn ON deadline (warn) WHERE met IS NULL AND NOT cancelled AND NOT warned;
CREATE INDEX deadline_to_miss ON deadline (due) WHERE met IS NULL AND NOT cancelled AND NOT missed;

INSERT INTO correlator (name, position) VALUES ('clocks', 0);
