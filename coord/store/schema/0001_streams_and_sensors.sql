-- Ordered streams, leaders, sensors and their cursors. docs/database.md says what each means.
-- Microseconds since 1970, which is how the program reads times.
CREATE FUNCTION micros(timestamptz) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN (extract(epoch FROM $1) * 1000000)::bigint;

CREATE TABLE stream_head (
  name text PRIMARY KEY,
  last bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 10);
INSERT INTO stream_head (name) VALUES ('alert'), ('group_change'), ('journal');

CREATE TABLE leader (
  name text PRIMARY KEY,
  holder text NOT NULL,
  term bigint NOT NULL,
  expires timestamptz NOT NULL
);

CREATE TABLE sensor (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 128),
  curve_key text NOT NULL UNIQUE CHECK (length(curve_key) = 40),
  registered timestamptz NOT NULL DEFAULT now(),
  disabled boolean NOT NULL DEFAULT false
);

CREATE TABLE sensor_cursor (
  id bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  sensor bigint NOT NULL REFERENCES sensor,
  epoch bytea NOT NULL CHECK (length(epoch) = 16),
  sequence bigint NOT NULL DEFAULT 0,
  stored bigint NOT NULL DEFAULT 0,
  refused bigint NOT NULL DEFAULT 0,
  dropped bigint NOT NULL DEFAULT 0,
  updated timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (sensor, epoch)
) WITH (fillfactor = 50);

CREATE TABLE sensor_dropped (
  cursor bigint NOT NULL REFERENCES sensor_cursor (id),
  first bigint NOT NULL,
  last bigint NOT NULL,
  reason smallint NOT NULL,
  received timestamptz NOT NULL
);
