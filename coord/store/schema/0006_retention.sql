-- What retention did last for each class of data, and what it needs to find what is old.
CREATE TABLE retention_run (
  class text PRIMARY KEY,
  at timestamptz NOT NULL,
  removed bigint NOT NULL,
  total bigint NOT NULL
);
CREATE INDEX alert_refused_by_age ON alert_refused USING brin (received);
CREATE INDEX alert_group_ended ON alert_group (last_received) WHERE NOT live;
CREATE INDEX journal_by_age ON journal USING brin (at_ns);
