-- Users, incidents, decisions, standing dismissals, and the journal that records them.
CREATE TABLE app_user (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  login text NOT NULL UNIQUE CHECK (login ~ '^[a-z0-9._-]{1,64}$'),
  full_name text NOT NULL,
  password_hash text NOT NULL,
  role smallint NOT NULL,
  disabled boolean NOT NULL DEFAULT false,
  created timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE session (
  hash bytea PRIMARY KEY CHECK (length(hash) = 32),
  user_id bigint NOT NULL REFERENCES app_user,
  begun timestamptz NOT NULL,
  expires timestamptz NOT NULL
);
CREATE INDEX session_expiry ON session (expires);

CREATE TABLE incident (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL DEFAULT '',
  title text NOT NULL,
  why text NOT NULL,
  rule text NOT NULL DEFAULT '',
  correlation text UNIQUE,
  state smallint NOT NULL DEFAULT 0,
  closed_as smallint,
  close_note text NOT NULL DEFAULT '',
  severity smallint NOT NULL CHECK (severity BETWEEN 0 AND 100),
  rsit_class text NOT NULL,
  rsit_type text NOT NULL,
  tlp smallint NOT NULL,
  pap smallint NOT NULL,
  legal_basis text NOT NULL DEFAULT '',
  sector text NOT NULL DEFAULT '',
  exercise boolean NOT NULL,
  owner bigint REFERENCES app_user,
  opened timestamptz NOT NULL,
  changed timestamptz NOT NULL,
  version bigint NOT NULL DEFAULT 1,
  released_version bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 70);
CREATE INDEX incident_open ON incident (exercise, severity DESC, changed DESC, id DESC) WHERE state < 6;
CREATE INDEX incident_all ON incident (exercise, severity DESC, changed DESC, id DESC);

CREATE TABLE incident_group (
  incident bigint NOT NULL REFERENCES incident,
  group_id bigint NOT NULL REFERENCES alert_group,
  added timestamptz NOT NULL,
  PRIMARY KEY (incident, group_id)
);

CREATE TABLE kept_evidence (
  position bigint NOT NULL,
  kind text NOT NULL,
  link_type integer NOT NULL,
  captured_ns bigint NOT NULL,
  bytes bytea NOT NULL,
  hash bytea NOT NULL,
  kept timestamptz NOT NULL,
  PRIMARY KEY (position, kind)
);

CREATE TABLE decision (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind smallint NOT NULL,
  group_id bigint NOT NULL REFERENCES alert_group,
  seen bigint NOT NULL,
  by_user bigint NOT NULL REFERENCES app_user,
  at timestamptz NOT NULL,
  reason text NOT NULL,
  code smallint,
  scope smallint,
  expires timestamptz,
  incident bigint REFERENCES incident,
  opened_incident boolean NOT NULL DEFAULT false,
  undoes bigint REFERENCES decision,
  undone_by bigint REFERENCES decision,
  state_before smallint NOT NULL,
  handled_before bigint NOT NULL,
  incident_before bigint
);
CREATE INDEX decision_of_group ON decision (group_id, id DESC);

CREATE TABLE standing_dismissal (
  decision bigint PRIMARY KEY REFERENCES decision,
  gid bigint NOT NULL,
  sid bigint NOT NULL,
  scope smallint NOT NULL,
  victim inet NOT NULL,
  attacker inet NOT NULL,
  attacker_level smallint NOT NULL,
  direction smallint NOT NULL,
  exercise boolean NOT NULL,
  severity smallint NOT NULL,
  hourly_rate double precision NOT NULL,
  expires timestamptz NOT NULL,
  active boolean NOT NULL DEFAULT true,
  ended text NOT NULL DEFAULT '',
  matched bigint NOT NULL DEFAULT 0,
  hour timestamptz NOT NULL,
  hour_alerts bigint NOT NULL DEFAULT 0
);
CREATE INDEX standing_dismissal_active ON standing_dismissal (sid, gid) WHERE active;
CREATE INDEX standing_dismissal_expiry ON standing_dismissal (expires) WHERE active;

CREATE TABLE standing_victim (
  decision bigint NOT NULL REFERENCES standing_dismissal,
  victim inet NOT NULL,
  PRIMARY KEY (decision, victim)
);

CREATE TABLE correlator (
  name text PRIMARY KEY,
  position bigint NOT NULL
);

CREATE TABLE journal (
  sequence bigint PRIMARY KEY,
  at_ns bigint NOT NULL,
  kind text NOT NULL,
  incident bigint NOT NULL,
  group_id bigint NOT NULL,
  salt bytea CHECK (length(salt) = 32),
  body bytea,
  body_hash bytea NOT NULL CHECK (length(body_hash) = 32),
  previous bytea NOT NULL CHECK (length(previous) = 32),
  hash bytea NOT NULL CHECK (length(hash) = 32)
);
CREATE INDEX journal_of_incident ON journal (incident, sequence) WHERE incident <> 0;
