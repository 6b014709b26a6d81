-- What is ours: records of the national segment with their history, and what a group keeps of it. docs/database.md, "Segment".
-- One import, edit or undo.
CREATE TABLE segment_change_set (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL,
  by_name text NOT NULL,
  what smallint NOT NULL CHECK (what BETWEEN 0 AND 2),
  source text NOT NULL,
  format text NOT NULL,
  sha256 text NOT NULL DEFAULT '',
  note text NOT NULL DEFAULT '',
  added integer NOT NULL,
  changed integer NOT NULL,
  removed integer NOT NULL,
  undoes bigint REFERENCES segment_change_set,
  undone_by bigint REFERENCES segment_change_set
);
CREATE INDEX segment_change_set_of_source ON segment_change_set (source, id DESC);

-- A record in one version: true from `added_in` until `removed_in`. A change is a removal and an addition of one key.
CREATE TABLE segment_record (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  source text NOT NULL,
  kind smallint NOT NULL CHECK (kind BETWEEN 0 AND 4),
  key text NOT NULL,
  layer smallint NOT NULL,
  owner text NOT NULL,
  name text NOT NULL,
  sector text NOT NULL,
  criticality smallint NOT NULL CHECK (criticality BETWEEN 0 AND 5),
  country text NOT NULL,
  ours boolean NOT NULL,
  email text NOT NULL,
  phone text NOT NULL,
  role text NOT NULL,
  language text NOT NULL,
  delivery smallint NOT NULL,
  valid_from date,
  valid_to date,
  network inet,
  first_as bigint,
  last_as bigint,
  added_in bigint NOT NULL REFERENCES segment_change_set,
  removed_in bigint REFERENCES segment_change_set
);
CREATE UNIQUE INDEX segment_record_live ON segment_record (source, kind, key) WHERE removed_in IS NULL;
CREATE INDEX segment_record_list ON segment_record (kind, key, id) WHERE removed_in IS NULL;
CREATE INDEX segment_record_owner ON segment_record (owner, kind) WHERE removed_in IS NULL AND owner <> '';
CREATE INDEX segment_record_network ON segment_record USING spgist (network inet_ops) WHERE removed_in IS NULL AND kind = 2;
CREATE INDEX segment_record_added ON segment_record (added_in);
CREATE INDEX segment_record_removed ON segment_record (removed_in) WHERE removed_in IS NOT NULL;

-- The column `direction` of groups holds the direction in its lowest bit and the traffic (0 unknown, 1 inbound, 2 outbound,
-- 3 domestic, 4 transit) above it; what was there before reads as unknown.
ALTER TABLE alert_group
  ADD COLUMN owner text NOT NULL DEFAULT '',
  ADD COLUMN sector text NOT NULL DEFAULT '',
  ADD COLUMN criticality smallint NOT NULL DEFAULT 0,
  ADD COLUMN victim_country text NOT NULL DEFAULT '',
  ADD COLUMN attacker_country text NOT NULL DEFAULT '';
