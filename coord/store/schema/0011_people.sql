-- How people show who they are. Accounts keep the numbers of their roles: 0 viewer, 1 analyst, 2 lead, 3 admin; new are 4 operator,
-- 5 auditor, 6 partner.
ALTER TABLE app_user
  ADD CONSTRAINT app_user_role CHECK (role BETWEEN 0 AND 6),
  ADD COLUMN must_change boolean NOT NULL DEFAULT false,
  ADD COLUMN credentials_by bigint REFERENCES app_user,
  ADD COLUMN credentials_at timestamptz;

ALTER TABLE session
  ADD COLUMN id bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  ADD COLUMN peer text NOT NULL DEFAULT '',
  ADD COLUMN used timestamptz NOT NULL DEFAULT now();
CREATE INDEX session_of_user ON session (user_id);

CREATE TABLE second_factor (
  user_id bigint PRIMARY KEY REFERENCES app_user,
  sealed bytea NOT NULL CHECK (length(sealed) BETWEEN 1 AND 200),
  confirmed boolean NOT NULL DEFAULT false,
  used_step bigint NOT NULL DEFAULT 0,
  made timestamptz NOT NULL
);

CREATE TABLE recovery_code (
  user_id bigint NOT NULL REFERENCES second_factor ON DELETE CASCADE,
  digest bytea NOT NULL CHECK (length(digest) = 32),
  PRIMARY KEY (user_id, digest)
);

CREATE TABLE api_token (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  user_id bigint NOT NULL REFERENCES app_user,
  name text NOT NULL,
  prefix text NOT NULL,
  hash bytea NOT NULL UNIQUE CHECK (length(hash) = 32),
  scope integer NOT NULL,
  made timestamptz NOT NULL,
  expires timestamptz NOT NULL,
  used timestamptz,
  UNIQUE (user_id, name)
);

CREATE TABLE client_certificate (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  user_id bigint NOT NULL REFERENCES app_user,
  fingerprint text UNIQUE CHECK (fingerprint ~ '^[0-9a-f]{64}$'),
  subject text UNIQUE CHECK (length(subject) BETWEEN 1 AND 500),
  added timestamptz NOT NULL,
  CHECK ((fingerprint IS NULL) <> (subject IS NULL))
);
CREATE INDEX client_certificate_of_user ON client_certificate (user_id);
