-- The samples of a group that matter: the first ones (samples), the last ones (recent), and the one that tells most; evidence
-- that is kept, in the order it was kept, and the seals over it; legal holds, and the alerts they keep.
ALTER TABLE alert_group
  ADD COLUMN recent bigint[] NOT NULL DEFAULT '{}',
  ADD COLUMN telling bigint NOT NULL DEFAULT 0,
  ADD COLUMN telling_score integer NOT NULL DEFAULT -1;

-- Partitions say the day, and nothing asks for less.
DROP INDEX alert_by_receipt;

-- Evidence of one alert is asked for all the time (an incident keeps that of its samples): a look-up has to cost the same on
-- the first and on the last minute of a day, which BRIN does not give. Positions rise, so the tree grows at one end only.
DROP INDEX alert_evidence_by_position;
CREATE INDEX alert_evidence_of_alert ON alert_evidence (position);

ALTER TABLE kept_evidence
  ADD COLUMN item bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  ADD COLUMN group_id bigint NOT NULL DEFAULT 0,
  ADD COLUMN erased timestamptz,
  ALTER COLUMN bytes DROP NOT NULL;
CREATE INDEX kept_evidence_of_group ON kept_evidence (group_id);
CREATE INDEX kept_evidence_by_age ON kept_evidence USING brin (kept);

CREATE TABLE evidence_seal (
  last_item bigint PRIMARY KEY,
  first_item bigint NOT NULL,
  items bigint NOT NULL,
  root bytea NOT NULL CHECK (length(root) = 32),
  at timestamptz NOT NULL,
  journal bigint NOT NULL
);

CREATE TABLE legal_hold (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  incident bigint REFERENCES incident,
  group_id bigint,
  reason text NOT NULL,
  legal_basis text NOT NULL,
  placed timestamptz NOT NULL,
  placed_by bigint NOT NULL REFERENCES app_user,
  lifted timestamptz,
  lifted_by bigint REFERENCES app_user,
  lift_reason text NOT NULL DEFAULT '',
  CHECK ((incident IS NULL) <> (group_id IS NULL))
);
CREATE INDEX legal_hold_incident ON legal_hold (incident) WHERE lifted IS NULL AND incident IS NOT NULL;
CREATE INDEX legal_hold_group ON legal_hold (group_id) WHERE lifted IS NULL AND group_id IS NOT NULL;

-- Groups that a hold keeps, by itself or through its incident.
CREATE VIEW held_group AS
  SELECT group_id FROM legal_hold WHERE lifted IS NULL AND group_id IS NOT NULL
  UNION
  SELECT l.group_id FROM legal_hold h JOIN incident_group l ON l.incident = h.incident WHERE h.lifted IS NULL;

CREATE TABLE kept_alert (LIKE alert, PRIMARY KEY (position));
CREATE INDEX kept_alert_by_group ON kept_alert (group_id, position);
