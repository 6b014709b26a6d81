-- Streams to and from partners, released objects, alarms. docs/federation.md says what each means; entries are kept as the
-- bytes that were signed and are never written anew.
-- direction: 0 ours to the partner, 1 the partner's to us. partner: its identity id.
CREATE TABLE federation_stream (
  partner text NOT NULL,
  direction smallint NOT NULL CHECK (direction IN (0, 1)),
  held boolean NOT NULL DEFAULT false,
  acked_epoch text NOT NULL DEFAULT '',
  acked_ordinal integer NOT NULL DEFAULT -1,
  acked_sequence bigint NOT NULL DEFAULT 0,
  acked_hash bytea NOT NULL DEFAULT '',
  head_epoch text NOT NULL DEFAULT '',
  head_sequence bigint NOT NULL DEFAULT 0,
  head_hash bytea NOT NULL DEFAULT '',
  PRIMARY KEY (partner, direction)
) WITH (fillfactor = 50);

CREATE TABLE federation_epoch (
  partner text NOT NULL,
  direction smallint NOT NULL,
  ordinal integer NOT NULL,
  epoch text NOT NULL CHECK (length(epoch) = 32),
  opening bytea NOT NULL,
  hash bytea NOT NULL CHECK (length(hash) = 32),
  after_epoch text,
  after_sequence bigint,
  after_hash bytea,
  PRIMARY KEY (partner, direction, ordinal),
  UNIQUE (partner, direction, epoch),
  FOREIGN KEY (partner, direction) REFERENCES federation_stream
);

CREATE TABLE federation_entry (
  partner text NOT NULL,
  direction smallint NOT NULL,
  epoch text NOT NULL,
  sequence bigint NOT NULL CHECK (sequence > 0),
  position bigint GENERATED ALWAYS AS IDENTITY,
  envelope bytea NOT NULL,
  seal bytea NOT NULL,
  body bytea NOT NULL,
  hash bytea NOT NULL CHECK (length(hash) = 32),
  kind text NOT NULL,
  object_id text NOT NULL,
  object_version text NOT NULL,
  object_body bytea NOT NULL CHECK (length(object_body) = 32),
  disposition smallint NOT NULL DEFAULT 0 CHECK (disposition BETWEEN 0 AND 2),
  note text NOT NULL DEFAULT '',
  released text NOT NULL DEFAULT '',
  superseded boolean NOT NULL DEFAULT false,
  processed boolean NOT NULL DEFAULT false,
  stored timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (partner, direction, epoch, sequence),
  FOREIGN KEY (partner, direction, epoch) REFERENCES federation_epoch (partner, direction, epoch)
);
-- To find an object in one version again; entries that a restore put aside do not count.
CREATE INDEX federation_entry_object ON federation_entry (partner, direction, object_id, object_version)
  WHERE NOT superseded;
CREATE INDEX federation_entry_new ON federation_entry (partner, position)
  WHERE direction = 1 AND NOT processed AND NOT superseded;
CREATE INDEX federation_entry_list ON federation_entry (direction, kind, position DESC);

CREATE TABLE federation_object (
  source text NOT NULL,
  source_version bigint NOT NULL,
  object_id text NOT NULL,
  created timestamptz NOT NULL,
  modified timestamptz NOT NULL,
  seal bytea NOT NULL,
  body bytea NOT NULL,
  PRIMARY KEY (source, source_version)
);

CREATE TABLE federation_alarm (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT now(),
  partner text NOT NULL,
  kind text NOT NULL,
  sentence text NOT NULL,
  evidence bytea[] NOT NULL
);
