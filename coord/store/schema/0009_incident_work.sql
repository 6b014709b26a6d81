-- What makes an incident and what people do with one: indicators, what rules say of themselves, whose the victims are,
-- tasks, events, impacts, attachments, watchers, links, merges. docs/database.md says what each means.

-- What alerts said of their rule; ATT&CK techniques and CVEs come from the rule's metadata.
CREATE TABLE known_rule (
  gid bigint NOT NULL,
  sid bigint NOT NULL,
  revision bigint NOT NULL,
  message text NOT NULL,
  classtype text NOT NULL,
  category text NOT NULL,
  techniques text[] NOT NULL DEFAULT '{}',
  cves text[] NOT NULL DEFAULT '{}',
  learnt timestamptz NOT NULL,
  PRIMARY KEY (sid, gid)
);

CREATE TABLE indicator (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind smallint NOT NULL CHECK (kind BETWEEN 0 AND 3),
  value text NOT NULL CHECK (length(value) BETWEEN 1 AND 2048),
  source text NOT NULL,
  object_id text NOT NULL DEFAULT '',
  tlp smallint NOT NULL,
  pap smallint NOT NULL,
  confidence smallint NOT NULL CHECK (confidence BETWEEN 0 AND 100),
  comment text NOT NULL DEFAULT '',
  added timestamptz NOT NULL,
  added_by text NOT NULL,
  expires timestamptz NOT NULL,
  withdrawn timestamptz,
  withdrawn_by text NOT NULL DEFAULT '',
  withdrawn_why text NOT NULL DEFAULT '',
  hits bigint NOT NULL DEFAULT 0,
  last_hit timestamptz
) WITH (fillfactor = 70);
CREATE UNIQUE INDEX indicator_in_force ON indicator (kind, md5(value), source) WHERE withdrawn IS NULL;
CREATE INDEX indicator_list ON indicator (id DESC) WHERE withdrawn IS NULL;

-- The first alert of a group that carried the indicator: from that position on the group counts as a hit.
CREATE TABLE group_indicator (
  group_id bigint NOT NULL,
  indicator bigint NOT NULL REFERENCES indicator,
  position bigint NOT NULL,
  PRIMARY KEY (group_id, indicator)
);

ALTER TABLE incident
  ADD COLUMN reasons jsonb NOT NULL DEFAULT '[]',
  ADD COLUMN constituent text NOT NULL DEFAULT '',
  ADD COLUMN criticality smallint NOT NULL DEFAULT 0,
  ADD COLUMN personal_data boolean NOT NULL DEFAULT false,
  ADD COLUMN retain_until timestamptz,
  ADD COLUMN determination text NOT NULL DEFAULT '',
  ADD COLUMN recoverability text NOT NULL DEFAULT '',
  ADD COLUMN techniques text[] NOT NULL DEFAULT '{}',
  ADD COLUMN cves text[] NOT NULL DEFAULT '{}',
  ADD COLUMN merged_into bigint REFERENCES incident;

CREATE TABLE incident_task (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  incident bigint NOT NULL REFERENCES incident,
  title text NOT NULL,
  kind text NOT NULL,
  outcome text NOT NULL DEFAULT 'pending',
  priority smallint NOT NULL CHECK (priority BETWEEN 0 AND 100),
  assignee bigint REFERENCES app_user,
  asked_of text NOT NULL DEFAULT '',
  note text NOT NULL DEFAULT '',
  due timestamptz,
  made timestamptz NOT NULL,
  changed timestamptz NOT NULL,
  made_by text NOT NULL,
  version bigint NOT NULL DEFAULT 1
);
CREATE INDEX incident_task_of ON incident_task (incident, id);
CREATE INDEX incident_task_assigned ON incident_task (assignee, id) WHERE outcome IN ('pending', 'ongoing');

CREATE TABLE incident_happening (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  incident bigint NOT NULL REFERENCES incident,
  status text NOT NULL,
  kind text NOT NULL,
  description text NOT NULL,
  begun timestamptz,
  ended timestamptz,
  made timestamptz NOT NULL,
  made_by text NOT NULL
);
CREATE INDEX incident_happening_of ON incident_happening (incident, id);

CREATE TABLE incident_impact (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  incident bigint NOT NULL REFERENCES incident,
  category text NOT NULL,
  criticality smallint NOT NULL CHECK (criticality BETWEEN 0 AND 100),
  description text NOT NULL,
  entity text NOT NULL DEFAULT '',
  entities bigint NOT NULL DEFAULT 0,
  recoverability text NOT NULL DEFAULT '',
  superseded_by bigint REFERENCES incident_impact,
  made timestamptz NOT NULL,
  made_by text NOT NULL
);
CREATE INDEX incident_impact_of ON incident_impact (incident, id);

CREATE TABLE incident_attachment (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  incident bigint NOT NULL REFERENCES incident,
  name text NOT NULL,
  media_type text NOT NULL,
  size bigint NOT NULL,
  hash bytea NOT NULL CHECK (length(hash) = 32),
  bytes bytea,
  made timestamptz NOT NULL,
  made_by text NOT NULL,
  removed timestamptz,
  removed_by text NOT NULL DEFAULT ''
);
CREATE INDEX incident_attachment_of ON incident_attachment (incident, id);

CREATE TABLE incident_watcher (
  incident bigint NOT NULL REFERENCES incident,
  user_id bigint NOT NULL REFERENCES app_user,
  since timestamptz NOT NULL,
  PRIMARY KEY (incident, user_id)
);
CREATE INDEX incident_watcher_user ON incident_watcher (user_id, incident DESC);

CREATE TABLE incident_link (
  a bigint NOT NULL REFERENCES incident,
  b bigint NOT NULL REFERENCES incident,
  kind text NOT NULL,
  made timestamptz NOT NULL,
  made_by text NOT NULL,
  PRIMARY KEY (a, b, kind),
  CHECK (a <> b)
);
CREATE INDEX incident_link_back ON incident_link (b);

-- A merge or a split: what moved, so that it can be taken back.
CREATE TABLE incident_move (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('merge', 'split')),
  source bigint NOT NULL REFERENCES incident,
  target bigint NOT NULL REFERENCES incident,
  groups bigint[] NOT NULL,
  tasks bigint[] NOT NULL DEFAULT '{}',
  happenings bigint[] NOT NULL DEFAULT '{}',
  impacts bigint[] NOT NULL DEFAULT '{}',
  attachments bigint[] NOT NULL DEFAULT '{}',
  watchers bigint[] NOT NULL DEFAULT '{}',
  reports bigint[] NOT NULL DEFAULT '{}',
  state_before smallint NOT NULL,
  at timestamptz NOT NULL,
  by_name text NOT NULL,
  undone timestamptz,
  undone_by text NOT NULL DEFAULT ''
);
CREATE INDEX incident_move_source ON incident_move (source, id DESC);
CREATE INDEX incident_move_target ON incident_move (target, id DESC);

-- Rises with every change of the indicators in force by somebody's hand.
INSERT INTO stream_head (name) VALUES ('indicator') ON CONFLICT DO NOTHING;
