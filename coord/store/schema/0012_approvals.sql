-- Calls that wait for a second person. The body holds no secret: routes that take one cannot be named by the policy.
CREATE TABLE approval (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  act text NOT NULL,
  method text NOT NULL,
  target text NOT NULL,
  body bytea NOT NULL CHECK (length(body) <= 65536),
  asked_by bigint NOT NULL REFERENCES app_user,
  asked timestamptz NOT NULL,
  expires timestamptz NOT NULL,
  state smallint NOT NULL DEFAULT 0 CHECK (state BETWEEN 0 AND 4),
  decided_by bigint REFERENCES app_user,
  decided timestamptz,
  outcome integer NOT NULL DEFAULT 0,
  -- The rule itself, where no program can forget it: what was approved was approved by another.
  CHECK (state NOT IN (1, 4) OR decided_by <> asked_by)
);
CREATE INDEX approval_waiting ON approval (asked_by) WHERE state = 0;
