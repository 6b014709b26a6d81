SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;
CREATE FUNCTION public.micros(timestamp with time zone) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ((EXTRACT(epoch FROM $1) * (1000000)::numeric))::bigint;
SET default_tablespace = '';
CREATE TABLE public.alert (
    "position" bigint NOT NULL,
    group_id bigint NOT NULL,
    cursor bigint NOT NULL,
    sequence bigint NOT NULL,
    received timestamp with time zone NOT NULL,
    captured_ns bigint NOT NULL,
    gid bigint NOT NULL,
    sid bigint NOT NULL,
    revision bigint NOT NULL,
    severity smallint NOT NULL,
    source inet,
    destination inet,
    source_port integer NOT NULL,
    destination_port integer NOT NULL,
    protocol smallint NOT NULL,
    application text NOT NULL,
    record bytea NOT NULL
)
PARTITION BY RANGE (received);
SET default_table_access_method = heap;
CREATE TABLE public.alert_20261120 (
    "position" bigint NOT NULL,
    group_id bigint NOT NULL,
    cursor bigint NOT NULL,
    sequence bigint NOT NULL,
    received timestamp with time zone NOT NULL,
    captured_ns bigint NOT NULL,
    gid bigint NOT NULL,
    sid bigint NOT NULL,
    revision bigint NOT NULL,
    severity smallint NOT NULL,
    source inet,
    destination inet,
    source_port integer NOT NULL,
    destination_port integer NOT NULL,
    protocol smallint NOT NULL,
    application text NOT NULL,
    record bytea NOT NULL
);
CREATE TABLE public.alert_evidence (
    "position" bigint NOT NULL,
    received timestamp with time zone NOT NULL,
    captured_ns bigint NOT NULL,
    link_type integer NOT NULL,
    packet bytea,
    packet_length bigint NOT NULL,
    payload bytea,
    payload_length bigint NOT NULL
)
PARTITION BY RANGE (received);
CREATE TABLE public.alert_evidence_20261120 (
    "position" bigint NOT NULL,
    received timestamp with time zone NOT NULL,
    captured_ns bigint NOT NULL,
    link_type integer NOT NULL,
    packet bytea,
    packet_length bigint NOT NULL,
    payload bytea,
    payload_length bigint NOT NULL
);
CREATE TABLE public.alert_group (
    id bigint NOT NULL,
    gid bigint NOT NULL,
    sid bigint NOT NULL,
    victim inet NOT NULL,
    attacker inet NOT NULL,
    attacker_level smallint NOT NULL,
    direction smallint NOT NULL,
    exercise boolean NOT NULL,
    generation integer NOT NULL,
    live boolean DEFAULT true NOT NULL,
    severity smallint NOT NULL,
    revision bigint NOT NULL,
    message text NOT NULL,
    category text NOT NULL,
    alerts bigint NOT NULL,
    muted bigint DEFAULT 0 NOT NULL,
    first_alert bigint NOT NULL,
    last_alert bigint NOT NULL,
    first_seen_ns bigint NOT NULL,
    last_seen_ns bigint NOT NULL,
    first_received timestamp with time zone NOT NULL,
    last_received timestamp with time zone NOT NULL,
    samples bigint[] NOT NULL,
    sensors bigint[] NOT NULL,
    state smallint DEFAULT 0 NOT NULL,
    handled bigint DEFAULT 0 NOT NULL,
    reopened text DEFAULT ''::text NOT NULL,
    incident bigint
)
WITH (fillfactor='70');
CREATE SEQUENCE public.alert_group_id
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
CREATE TABLE public.alert_refused (
    cursor bigint NOT NULL,
    sequence bigint NOT NULL,
    received timestamp with time zone NOT NULL,
    reason text NOT NULL,
    record bytea NOT NULL
);
CREATE TABLE public.attacker_spread (
    gid bigint NOT NULL,
    sid bigint NOT NULL,
    victim inet NOT NULL,
    direction smallint NOT NULL,
    exercise boolean NOT NULL,
    level smallint NOT NULL,
    attackers integer NOT NULL,
    last_received timestamp with time zone NOT NULL
)
WITH (fillfactor='70');
CREATE TABLE public.group_change (
    "position" bigint NOT NULL,
    group_id bigint NOT NULL,
    is_new boolean NOT NULL,
    severity smallint NOT NULL,
    added bigint NOT NULL,
    alerts bigint NOT NULL,
    last_alert bigint NOT NULL,
    first_seen_ns bigint NOT NULL,
    last_seen_ns bigint NOT NULL,
    received timestamp with time zone NOT NULL,
    muted boolean NOT NULL,
    incident bigint
);
CREATE TABLE public.leader (
    name text NOT NULL,
    holder text NOT NULL,
    term bigint NOT NULL,
    expires timestamp with time zone NOT NULL
);
CREATE TABLE public.schema_migration (
    number integer NOT NULL,
    name text NOT NULL,
    checksum text NOT NULL,
    applied timestamp with time zone DEFAULT now() NOT NULL
);
CREATE TABLE public.sensor (
    id bigint NOT NULL,
    name text NOT NULL,
    curve_key text NOT NULL,
    registered timestamp with time zone DEFAULT now() NOT NULL,
    disabled boolean DEFAULT false NOT NULL,
    CONSTRAINT sensor_curve_key_check CHECK ((length(curve_key) = 40)),
    CONSTRAINT sensor_name_check CHECK (((length(name) >= 1) AND (length(name) <= 128)))
);
CREATE TABLE public.sensor_cursor (
    id bigint NOT NULL,
    sensor bigint NOT NULL,
    epoch bytea NOT NULL,
    sequence bigint DEFAULT 0 NOT NULL,
    stored bigint DEFAULT 0 NOT NULL,
    refused bigint DEFAULT 0 NOT NULL,
    dropped bigint DEFAULT 0 NOT NULL,
    updated timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT sensor_cursor_epoch_check CHECK ((length(epoch) = 16))
)
WITH (fillfactor='50');
ALTER TABLE public.sensor_cursor ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.sensor_cursor_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.sensor_dropped (
    cursor bigint NOT NULL,
    first bigint NOT NULL,
    last bigint NOT NULL,
    reason smallint NOT NULL,
    received timestamp with time zone NOT NULL
);
ALTER TABLE public.sensor ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.sensor_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.stream_head (
    name text NOT NULL,
    last bigint DEFAULT 0 NOT NULL
)
WITH (fillfactor='10');
ALTER TABLE ONLY public.alert ATTACH PARTITION public.alert_20261120 FOR VALUES FROM ('2026-11-20 00:00:00+00') TO ('2026-11-21 00:00:00+00');
ALTER TABLE ONLY public.alert_evidence ATTACH PARTITION public.alert_evidence_20261120 FOR VALUES FROM ('2026-11-20 00:00:00+00') TO ('2026-11-21 00:00:00+00');
INSERT INTO public.alert_20261120 VALUES (1, 1, 1, 1, '2026-11-20 10:00:00+00', 1763632800000000001, 1, 2000001, 3, 2, '198.51.100.7', '2001:db8::1', 40000, 80, 6, 'http', '\x00ff');
INSERT INTO public.alert_20261120 VALUES (2, 1, 1, 2, '2026-11-20 10:00:00+00', 1763632800000000002, 1, 2000001, 3, 2, '198.51.100.7', '2001:db8::1', 40000, 80, 6, 'http', '\x00ff');
INSERT INTO public.alert_20261120 VALUES (3, 1, 1, 3, '2026-11-20 10:00:00+00', 1763632800000000003, 1, 2000001, 3, 2, '198.51.100.7', '2001:db8::1', 40000, 80, 6, 'http', '\x00ff');
INSERT INTO public.alert_20261120 VALUES (4, 1, 1, 4, '2026-11-20 10:00:00+00', 1763632800000000004, 1, 2000001, 3, 2, '198.51.100.7', '2001:db8::1', 40000, 80, 6, 'http', '\x00ff');
INSERT INTO public.alert_20261120 VALUES (5, 1, 1, 5, '2026-11-20 10:00:00+00', 1763632800000000005, 1, 2000001, 3, 2, '198.51.100.7', '2001:db8::1', 40000, 80, 6, 'http', '\x00ff');
INSERT INTO public.alert_20261120 VALUES (6, 1, 1, 6, '2026-11-20 10:00:00+00', 1763632800000000006, 1, 2000001, 3, 2, '198.51.100.7', '2001:db8::1', 40000, 80, 6, 'http', '\x00ff');
INSERT INTO public.alert_20261120 VALUES (7, 1, 1, 7, '2026-11-20 10:00:00+00', 1763632800000000007, 1, 2000001, 3, 2, '198.51.100.7', '2001:db8::1', 40000, 80, 6, 'http', '\x00ff');
INSERT INTO public.alert_evidence_20261120 VALUES (1, '2026-11-20 10:00:00+00', 1763632800000000001, 1, '\x55', 1, NULL, 0);
INSERT INTO public.alert_group VALUES (1, 1, 2000001, '2001:db8::1', '198.51.100.7', 0, 1, false, 1, true, 2, 3, 'Ein Versuch: попытка', 'Attempted', 7, 0, 1, 7, 1763632800000000001, 1763632800000000007, '2026-11-20 10:00:00+00', '2026-11-20 10:00:00+00', '{1,7}', '{1}', 0, 0, '', NULL);
INSERT INTO public.alert_refused VALUES (1, 8, '2026-11-20 10:00:00+00', 'a NUL in a text', '\x00');
INSERT INTO public.attacker_spread VALUES (1, 2000001, '2001:db8::1', 1, false, 0, 1, '2026-11-20 10:00:00+00');
INSERT INTO public.group_change VALUES (1, 1, true, 2, 7, 7, 7, 1763632800000000001, 1763632800000000007, '2026-11-20 10:00:00+00', false, NULL);
INSERT INTO public.leader VALUES ('correlator', 'host 1', 4, '2026-11-20 10:00:00+00');
INSERT INTO public.schema_migration VALUES (1, '0001_streams_and_sensors', '9cb16244b6479286428d8293b5a63ec68f89cc051aeddfbfd6c2190dbab2e85d', '2026-11-22 05:24:42.463275+00');
INSERT INTO public.schema_migration VALUES (2, '0002_alerts_and_groups', 'f12e2bf790bbccfd25a0df29d2214b5f83368cff7112e8750486b61fd4a0c8e9', '2026-11-22 05:24:42.911268+00');
INSERT INTO public.sensor OVERRIDING SYSTEM VALUE VALUES (1, 'border-1', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', '2026-11-22 05:24:42.579248+00', false);
INSERT INTO public.sensor OVERRIDING SYSTEM VALUE VALUES (2, 'border-2', 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb', '2026-11-22 05:24:42.579248+00', false);
INSERT INTO public.sensor_cursor OVERRIDING SYSTEM VALUE VALUES (1, 1, '\xabababababababababababababababab', 10, 7, 1, 2, '2026-11-22 05:24:42.587238+00');
INSERT INTO public.sensor_dropped VALUES (1, 8, 9, 1, '2026-11-20 10:00:00+00');
INSERT INTO public.stream_head VALUES ('journal', 0);
INSERT INTO public.stream_head VALUES ('alert', 7);
INSERT INTO public.stream_head VALUES ('group_change', 1);
SELECT pg_catalog.setval('public.alert_group_id', 1, true);
SELECT pg_catalog.setval('public.sensor_cursor_id_seq', 1, true);
SELECT pg_catalog.setval('public.sensor_id_seq', 2, true);
ALTER TABLE ONLY public.alert_group
    ADD CONSTRAINT alert_group_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.attacker_spread
    ADD CONSTRAINT attacker_spread_pkey PRIMARY KEY (sid, victim, gid, direction, exercise);
ALTER TABLE ONLY public.group_change
    ADD CONSTRAINT group_change_pkey PRIMARY KEY ("position");
ALTER TABLE ONLY public.leader
    ADD CONSTRAINT leader_pkey PRIMARY KEY (name);
ALTER TABLE ONLY public.schema_migration
    ADD CONSTRAINT schema_migration_pkey PRIMARY KEY (number);
ALTER TABLE ONLY public.sensor_cursor
    ADD CONSTRAINT sensor_cursor_id_key UNIQUE (id);
ALTER TABLE ONLY public.sensor_cursor
    ADD CONSTRAINT sensor_cursor_pkey PRIMARY KEY (sensor, epoch);
ALTER TABLE ONLY public.sensor
    ADD CONSTRAINT sensor_curve_key_key UNIQUE (curve_key);
ALTER TABLE ONLY public.sensor
    ADD CONSTRAINT sensor_name_key UNIQUE (name);
ALTER TABLE ONLY public.sensor
    ADD CONSTRAINT sensor_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.stream_head
    ADD CONSTRAINT stream_head_pkey PRIMARY KEY (name);
CREATE INDEX alert_by_group ON ONLY public.alert USING btree (group_id, "position");
CREATE INDEX alert_20261120_group_id_position_idx ON public.alert_20261120 USING btree (group_id, "position");
CREATE INDEX alert_by_position ON ONLY public.alert USING brin ("position") WITH (pages_per_range='16');
CREATE INDEX alert_20261120_position_idx ON public.alert_20261120 USING brin ("position") WITH (pages_per_range='16');
CREATE INDEX alert_by_receipt ON ONLY public.alert USING brin (received);
CREATE INDEX alert_20261120_received_idx ON public.alert_20261120 USING brin (received);
CREATE INDEX alert_evidence_by_position ON ONLY public.alert_evidence USING brin ("position") WITH (pages_per_range='16');
CREATE INDEX alert_evidence_20261120_position_idx ON public.alert_evidence_20261120 USING brin ("position") WITH (pages_per_range='16');
CREATE INDEX alert_group_incident ON public.alert_group USING btree (incident) WHERE (incident IS NOT NULL);
CREATE UNIQUE INDEX alert_group_key ON public.alert_group USING btree (sid, victim, attacker, attacker_level, gid, direction, exercise) WHERE live;
CREATE INDEX alert_group_queue ON public.alert_group USING btree (exercise, state, severity, last_received DESC, id DESC);
ALTER INDEX public.alert_by_group ATTACH PARTITION public.alert_20261120_group_id_position_idx;
ALTER INDEX public.alert_by_position ATTACH PARTITION public.alert_20261120_position_idx;
ALTER INDEX public.alert_by_receipt ATTACH PARTITION public.alert_20261120_received_idx;
ALTER INDEX public.alert_evidence_by_position ATTACH PARTITION public.alert_evidence_20261120_position_idx;
ALTER TABLE ONLY public.sensor_cursor
    ADD CONSTRAINT sensor_cursor_sensor_fkey FOREIGN KEY (sensor) REFERENCES public.sensor(id);
ALTER TABLE ONLY public.sensor_dropped
    ADD CONSTRAINT sensor_dropped_cursor_fkey FOREIGN KEY (cursor) REFERENCES public.sensor_cursor(id);
