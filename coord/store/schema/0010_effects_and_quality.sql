-- What leaves the server because of a decision, how good rules are, what sensors are told to keep quiet, and reports from
-- outside. docs/database.md says what each means.

-- kind: release, withdrawal. state: 0 held until `due`, 1 done, 2 cancelled, 3 failed.
CREATE TABLE outside_effect (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('release', 'withdrawal')),
  incident bigint NOT NULL REFERENCES incident,
  incident_version bigint NOT NULL,
  partner text NOT NULL,
  reason text NOT NULL DEFAULT '',
  by_name text NOT NULL,
  asked timestamptz NOT NULL,
  due timestamptz NOT NULL,
  state smallint NOT NULL DEFAULT 0 CHECK (state BETWEEN 0 AND 3),
  ended timestamptz,
  note text NOT NULL DEFAULT '',
  object_id text NOT NULL DEFAULT '',
  object_version text NOT NULL DEFAULT '',
  compensates bigint REFERENCES outside_effect
);
CREATE INDEX outside_effect_due ON outside_effect (due, id) WHERE state = 0;
CREATE INDEX outside_effect_of ON outside_effect (incident, id);
CREATE UNIQUE INDEX outside_effect_once ON outside_effect (incident, incident_version, partner)
  WHERE state = 0 AND kind = 'release';
CREATE UNIQUE INDEX outside_effect_compensated ON outside_effect (compensates) WHERE compensates IS NOT NULL;

-- A partner took back an object it had told us.
CREATE TABLE federation_withdrawal (
  partner text NOT NULL,
  object_id text NOT NULL,
  object_version text NOT NULL,
  reason text NOT NULL,
  told text NOT NULL,
  stored timestamptz NOT NULL,
  PRIMARY KEY (partner, object_id)
);

-- What analysts decided on groups of a rule, counted as they decide; an undone decision is taken off again.
CREATE TABLE rule_quality (
  gid bigint NOT NULL,
  sid bigint NOT NULL,
  acknowledged bigint NOT NULL DEFAULT 0,
  raised bigint NOT NULL DEFAULT 0,
  false_positive bigint NOT NULL DEFAULT 0,
  benign bigint NOT NULL DEFAULT 0,
  duplicate bigint NOT NULL DEFAULT 0,
  out_of_scope bigint NOT NULL DEFAULT 0,
  known_activity bigint NOT NULL DEFAULT 0,
  decided bigint GENERATED ALWAYS AS
    (acknowledged + raised + false_positive + benign + duplicate + out_of_scope + known_activity) STORED,
  changed timestamptz NOT NULL,
  PRIMARY KEY (sid, gid)
) WITH (fillfactor = 70);
CREATE INDEX rule_quality_worst ON rule_quality (false_positive DESC, sid DESC, gid DESC);

-- What sensors shall keep quiet. track: 0 the whole rule, 1 by source, 2 by destination, 3 by either.
CREATE TABLE suppression (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  gid bigint NOT NULL,
  sid bigint NOT NULL,
  track smallint NOT NULL CHECK (track BETWEEN 0 AND 3),
  prefix cidr,
  reason text NOT NULL,
  owner bigint NOT NULL REFERENCES app_user,
  made timestamptz NOT NULL,
  begins timestamptz NOT NULL,
  expires timestamptz NOT NULL,
  withdrawn timestamptz,
  withdrawn_by text NOT NULL DEFAULT '',
  CHECK ((track = 0) = (prefix IS NULL))
);
CREATE INDEX suppression_in_force ON suppression (expires) WHERE withdrawn IS NULL;
CREATE INDEX suppression_of_rule ON suppression (sid, gid);
-- Rises with every change of what is in force by somebody's hand; time changes it as well.
INSERT INTO stream_head (name) VALUES ('suppression') ON CONFLICT DO NOTHING;

-- state: 0 open, 1 acknowledged, 2 dismissed, 3 in_incident. channel: manual, mail, form, eve.
CREATE TABLE report (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  channel text NOT NULL,
  reference text NOT NULL DEFAULT '',
  title text NOT NULL,
  body text NOT NULL,
  reporter text NOT NULL DEFAULT '',
  contact text NOT NULL DEFAULT '',
  rsit_class text NOT NULL,
  rsit_type text NOT NULL DEFAULT '',
  severity smallint NOT NULL CHECK (severity BETWEEN 0 AND 100),
  tlp smallint NOT NULL,
  exercise boolean NOT NULL,
  personal_data boolean NOT NULL DEFAULT false,
  victims inet[] NOT NULL DEFAULT '{}',
  attackers inet[] NOT NULL DEFAULT '{}',
  occurred timestamptz,
  received timestamptz NOT NULL,
  entered_by text NOT NULL,
  state smallint NOT NULL DEFAULT 0 CHECK (state BETWEEN 0 AND 3),
  incident bigint REFERENCES incident,
  version bigint NOT NULL DEFAULT 1
);
CREATE INDEX report_queue ON report (exercise, state, severity DESC, received DESC, id DESC);
CREATE INDEX report_of_incident ON report (incident) WHERE incident IS NOT NULL;
CREATE UNIQUE INDEX report_reference ON report (channel, reference) WHERE reference <> '';

CREATE TABLE report_decision (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  report bigint NOT NULL REFERENCES report,
  kind text NOT NULL CHECK (kind IN ('acknowledge', 'dismiss', 'raise', 'undo')),
  by_name text NOT NULL,
  at timestamptz NOT NULL,
  reason text NOT NULL DEFAULT '',
  code text NOT NULL DEFAULT '',
  incident bigint REFERENCES incident,
  opened_incident boolean NOT NULL DEFAULT false,
  undoes bigint REFERENCES report_decision,
  undone_by bigint REFERENCES report_decision,
  state_before smallint NOT NULL,
  incident_before bigint
);
CREATE INDEX report_decision_of ON report_decision (report, id DESC);
