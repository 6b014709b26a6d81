-- Hand-overs between shifts.
CREATE TABLE shift_handover (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  written timestamptz NOT NULL,
  written_by bigint NOT NULL REFERENCES app_user,
  note text NOT NULL,
  up_to bigint NOT NULL,
  accepted timestamptz,
  accepted_by bigint REFERENCES app_user
);
