-- Owners of parts of the segment who are told of incidents, and what they answer. docs/database.md, "Telling owners".
CREATE SEQUENCE notification_id;
CREATE TABLE notification (
  id bigint PRIMARY KEY,
  incident bigint NOT NULL REFERENCES incident,
  owner text NOT NULL,
  contact text NOT NULL,
  email text NOT NULL,
  language text NOT NULL,
  delivery smallint NOT NULL,
  tlp smallint NOT NULL,
  state smallint NOT NULL CHECK (state BETWEEN 0 AND 5),
  created timestamptz NOT NULL,
  by_name text NOT NULL,
  subject text NOT NULL,
  body text NOT NULL,
  report_json text NOT NULL,
  report_csv text NOT NULL,
  sha256 text NOT NULL DEFAULT '',
  message_id text NOT NULL DEFAULT '',
  attempts integer NOT NULL DEFAULT 0,
  next_try timestamptz NOT NULL,
  last_error text NOT NULL DEFAULT '',
  told timestamptz,
  answer_until timestamptz NOT NULL,
  answers integer NOT NULL DEFAULT 0
) WITH (fillfactor = 70);
CREATE INDEX notification_of_incident ON notification (incident, id);
CREATE INDEX notification_due ON notification (next_try) WHERE state = 0;
CREATE INDEX notification_by_state ON notification (state, id DESC);

CREATE TABLE notification_answer (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  notification bigint NOT NULL REFERENCES notification,
  at timestamptz NOT NULL,
  kind smallint NOT NULL CHECK (kind BETWEEN 0 AND 2),
  body text NOT NULL,
  peer text NOT NULL
);
CREATE INDEX notification_answer_of ON notification_answer (notification, id);

-- When an owner of an incident was first told of it; no row while none was.
CREATE VIEW incident_owner_told AS
  SELECT incident, min(told) AS first_told, max(told) AS last_told FROM notification WHERE told IS NOT NULL GROUP BY incident;
