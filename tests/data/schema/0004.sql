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
CREATE TABLE public.app_user (
    id bigint NOT NULL,
    login text NOT NULL,
    full_name text NOT NULL,
    password_hash text NOT NULL,
    role smallint NOT NULL,
    disabled boolean DEFAULT false NOT NULL,
    created timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT app_user_login_check CHECK ((login ~ '^[a-z0-9._-]{1,64}$'::text))
);
ALTER TABLE public.app_user ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.app_user_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
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
CREATE TABLE public.correlator (
    name text NOT NULL,
    "position" bigint NOT NULL
);
CREATE TABLE public.decision (
    id bigint NOT NULL,
    kind smallint NOT NULL,
    group_id bigint NOT NULL,
    seen bigint NOT NULL,
    by_user bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    reason text NOT NULL,
    code smallint,
    scope smallint,
    expires timestamp with time zone,
    incident bigint,
    opened_incident boolean DEFAULT false NOT NULL,
    undoes bigint,
    undone_by bigint,
    state_before smallint NOT NULL,
    handled_before bigint NOT NULL,
    incident_before bigint
);
ALTER TABLE public.decision ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.decision_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.federation_alarm (
    id bigint NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    partner text NOT NULL,
    kind text NOT NULL,
    sentence text NOT NULL,
    evidence bytea[] NOT NULL
);
ALTER TABLE public.federation_alarm ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.federation_alarm_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.federation_entry (
    partner text NOT NULL,
    direction smallint NOT NULL,
    epoch text NOT NULL,
    sequence bigint NOT NULL,
    "position" bigint NOT NULL,
    envelope bytea NOT NULL,
    seal bytea NOT NULL,
    body bytea NOT NULL,
    hash bytea NOT NULL,
    kind text NOT NULL,
    object_id text NOT NULL,
    object_version text NOT NULL,
    object_body bytea NOT NULL,
    disposition smallint DEFAULT 0 NOT NULL,
    note text DEFAULT ''::text NOT NULL,
    released text DEFAULT ''::text NOT NULL,
    superseded boolean DEFAULT false NOT NULL,
    processed boolean DEFAULT false NOT NULL,
    stored timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT federation_entry_disposition_check CHECK (((disposition >= 0) AND (disposition <= 2))),
    CONSTRAINT federation_entry_hash_check CHECK ((length(hash) = 32)),
    CONSTRAINT federation_entry_object_body_check CHECK ((length(object_body) = 32)),
    CONSTRAINT federation_entry_sequence_check CHECK ((sequence > 0))
);
ALTER TABLE public.federation_entry ALTER COLUMN "position" ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.federation_entry_position_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.federation_epoch (
    partner text NOT NULL,
    direction smallint NOT NULL,
    ordinal integer NOT NULL,
    epoch text NOT NULL,
    opening bytea NOT NULL,
    hash bytea NOT NULL,
    after_epoch text,
    after_sequence bigint,
    after_hash bytea,
    CONSTRAINT federation_epoch_epoch_check CHECK ((length(epoch) = 32)),
    CONSTRAINT federation_epoch_hash_check CHECK ((length(hash) = 32))
);
CREATE TABLE public.federation_object (
    source text NOT NULL,
    source_version bigint NOT NULL,
    object_id text NOT NULL,
    created timestamp with time zone NOT NULL,
    modified timestamp with time zone NOT NULL,
    seal bytea NOT NULL,
    body bytea NOT NULL
);
CREATE TABLE public.federation_stream (
    partner text NOT NULL,
    direction smallint NOT NULL,
    held boolean DEFAULT false NOT NULL,
    acked_epoch text DEFAULT ''::text NOT NULL,
    acked_ordinal integer DEFAULT '-1'::integer NOT NULL,
    acked_sequence bigint DEFAULT 0 NOT NULL,
    acked_hash bytea DEFAULT '\x'::bytea NOT NULL,
    head_epoch text DEFAULT ''::text NOT NULL,
    head_sequence bigint DEFAULT 0 NOT NULL,
    head_hash bytea DEFAULT '\x'::bytea NOT NULL,
    CONSTRAINT federation_stream_direction_check CHECK ((direction = ANY (ARRAY[0, 1])))
)
WITH (fillfactor='50');
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
CREATE TABLE public.incident (
    id bigint NOT NULL,
    name text DEFAULT ''::text NOT NULL,
    title text NOT NULL,
    why text NOT NULL,
    rule text DEFAULT ''::text NOT NULL,
    correlation text,
    state smallint DEFAULT 0 NOT NULL,
    closed_as smallint,
    close_note text DEFAULT ''::text NOT NULL,
    severity smallint NOT NULL,
    rsit_class text NOT NULL,
    rsit_type text NOT NULL,
    tlp smallint NOT NULL,
    pap smallint NOT NULL,
    legal_basis text DEFAULT ''::text NOT NULL,
    sector text DEFAULT ''::text NOT NULL,
    exercise boolean NOT NULL,
    owner bigint,
    opened timestamp with time zone NOT NULL,
    changed timestamp with time zone NOT NULL,
    version bigint DEFAULT 1 NOT NULL,
    released_version bigint DEFAULT 0 NOT NULL,
    CONSTRAINT incident_severity_check CHECK (((severity >= 0) AND (severity <= 100)))
)
WITH (fillfactor='70');
CREATE TABLE public.incident_group (
    incident bigint NOT NULL,
    group_id bigint NOT NULL,
    added timestamp with time zone NOT NULL
);
ALTER TABLE public.incident ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.incident_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.journal (
    sequence bigint NOT NULL,
    at_ns bigint NOT NULL,
    kind text NOT NULL,
    incident bigint NOT NULL,
    group_id bigint NOT NULL,
    salt bytea,
    body bytea,
    body_hash bytea NOT NULL,
    previous bytea NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT journal_body_hash_check CHECK ((length(body_hash) = 32)),
    CONSTRAINT journal_hash_check CHECK ((length(hash) = 32)),
    CONSTRAINT journal_previous_check CHECK ((length(previous) = 32)),
    CONSTRAINT journal_salt_check CHECK ((length(salt) = 32))
);
CREATE TABLE public.kept_evidence (
    "position" bigint NOT NULL,
    kind text NOT NULL,
    link_type integer NOT NULL,
    captured_ns bigint NOT NULL,
    bytes bytea NOT NULL,
    hash bytea NOT NULL,
    kept timestamp with time zone NOT NULL
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
CREATE TABLE public.session (
    hash bytea NOT NULL,
    user_id bigint NOT NULL,
    begun timestamp with time zone NOT NULL,
    expires timestamp with time zone NOT NULL,
    CONSTRAINT session_hash_check CHECK ((length(hash) = 32))
);
CREATE TABLE public.standing_dismissal (
    decision bigint NOT NULL,
    gid bigint NOT NULL,
    sid bigint NOT NULL,
    scope smallint NOT NULL,
    victim inet NOT NULL,
    attacker inet NOT NULL,
    attacker_level smallint NOT NULL,
    direction smallint NOT NULL,
    exercise boolean NOT NULL,
    severity smallint NOT NULL,
    hourly_rate double precision NOT NULL,
    expires timestamp with time zone NOT NULL,
    active boolean DEFAULT true NOT NULL,
    ended text DEFAULT ''::text NOT NULL,
    matched bigint DEFAULT 0 NOT NULL,
    hour timestamp with time zone NOT NULL,
    hour_alerts bigint DEFAULT 0 NOT NULL
);
CREATE TABLE public.standing_victim (
    decision bigint NOT NULL,
    victim inet NOT NULL
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
INSERT INTO public.alert_group VALUES (1, 1, 2000001, '2001:db8::1', '198.51.100.7', 0, 1, false, 1, true, 2, 3, 'Ein Versuch: попытка', 'Attempted', 7, 0, 1, 7, 1763632800000000001, 1763632800000000007, '2026-11-20 10:00:00+00', '2026-11-20 10:00:00+00', '{1,7}', '{1}', 3, 0, '', 1);
INSERT INTO public.alert_refused VALUES (1, 8, '2026-11-20 10:00:00+00', 'a NUL in a text', '\x00');
INSERT INTO public.app_user OVERRIDING SYSTEM VALUE VALUES (1, 'ana', 'Ana A.', '$argon2id$v=19$x', 1, false, '2026-11-22 05:25:09.942843+00');
INSERT INTO public.app_user OVERRIDING SYSTEM VALUE VALUES (2, 'root', 'R', '$argon2id$v=19$y', 3, false, '2026-11-22 05:25:09.942843+00');
INSERT INTO public.attacker_spread VALUES (1, 2000001, '2001:db8::1', 1, false, 0, 1, '2026-11-20 10:00:00+00');
INSERT INTO public.correlator VALUES ('correlator', 1);
INSERT INTO public.decision OVERRIDING SYSTEM VALUE VALUES (1, 1, 1, 7, 1, '2026-11-20 10:05:00+00', 'a scanner of ours', NULL, NULL, NULL, NULL, false, NULL, NULL, 0, 0, NULL);
INSERT INTO public.federation_alarm OVERRIDING SYSTEM VALUE VALUES (1, '2026-11-22 05:25:10.262073+00', 'identity--b', 'truncated', 'a stream was cut', '{"\\x00"}');
INSERT INTO public.federation_entry OVERRIDING SYSTEM VALUE VALUES ('identity--b', 0, '0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f', 1, 1, '\x656e76656c6f7065', '\x7365616c', '\x626f6479', '\xcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd', 'object', 'incident--1', '1', '\xcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd', 0, '', '', false, false, '2026-11-22 05:25:10.260628+00');
INSERT INTO public.federation_epoch VALUES ('identity--b', 0, 0, '0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f', '\x6f70656e696e67', '\xcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd', NULL, NULL, NULL);
INSERT INTO public.federation_object VALUES ('incident 1', 1, 'incident--1', '2026-11-20 10:00:00+00', '2026-11-20 10:00:00+00', '\x7365616c', '\x626f6479');
INSERT INTO public.federation_stream VALUES ('identity--b', 0, false, '', -1, 0, '\x', '0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f', 1, '\xcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd');
INSERT INTO public.federation_stream VALUES ('identity--b', 1, false, '', -1, 0, '\x', '', 0, '\x');
INSERT INTO public.group_change VALUES (1, 1, true, 2, 7, 7, 7, 1763632800000000001, 1763632800000000007, '2026-11-20 10:00:00+00', false, NULL);
INSERT INTO public.incident OVERRIDING SYSTEM VALUE VALUES (1, 'CRT-2026-1', 'An attack', 'severe-attack', '', NULL, 0, NULL, '', 80, 'intrusion-attempts', 'exploit', 2, 1, '', '', false, 1, '2026-11-20 10:00:00+00', '2026-11-20 10:05:00+00', 1, 0);
INSERT INTO public.incident_group VALUES (1, 1, '2026-11-20 10:00:00+00');
INSERT INTO public.journal VALUES (1, 1763632800000000000, 'incident_opened', 1, 0, '\xcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd', '\x7b226279223a22636f7272656c61746f72222c2274657874223a2278227d', '\xcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd', '\x0000000000000000000000000000000000000000000000000000000000000000', '\xcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd');
INSERT INTO public.kept_evidence VALUES (1, 'packet', 1, 1763632800000000001, '\x55', '\xa25513c7e0f6eaa80a3337ee18081b9e2ed09e00af8531c8f7bb2542764027e7', '2026-11-20 10:00:00+00');
INSERT INTO public.leader VALUES ('correlator', 'host 1', 4, '2026-11-20 10:00:00+00');
INSERT INTO public.schema_migration VALUES (1, '0001_streams_and_sensors', '9cb16244b6479286428d8293b5a63ec68f89cc051aeddfbfd6c2190dbab2e85d', '2026-11-22 05:25:09.019294+00');
INSERT INTO public.schema_migration VALUES (2, '0002_alerts_and_groups', 'f12e2bf790bbccfd25a0df29d2214b5f83368cff7112e8750486b61fd4a0c8e9', '2026-11-22 05:25:09.331392+00');
INSERT INTO public.schema_migration VALUES (3, '0003_incidents_and_decisions', '7d526deea7e4acd60a9f0570556591604be93c3d1384b6af32c27aa93577d9cf', '2026-11-22 05:25:09.875465+00');
INSERT INTO public.schema_migration VALUES (4, '0004_federation', '4c449a84b90c7fb98c78bf0d9f457c4243284ba542fbca861dc990605c2fb6bb', '2026-11-22 05:25:10.196784+00');
INSERT INTO public.sensor OVERRIDING SYSTEM VALUE VALUES (1, 'border-1', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', '2026-11-22 05:25:09.054091+00', false);
INSERT INTO public.sensor OVERRIDING SYSTEM VALUE VALUES (2, 'border-2', 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb', '2026-11-22 05:25:09.054091+00', false);
INSERT INTO public.sensor_cursor OVERRIDING SYSTEM VALUE VALUES (1, 1, '\xabababababababababababababababab', 10, 7, 1, 2, '2026-11-22 05:25:09.071347+00');
INSERT INTO public.sensor_dropped VALUES (1, 8, 9, 1, '2026-11-20 10:00:00+00');
INSERT INTO public.session VALUES ('\xcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd', 1, '2026-11-20 10:00:00+00', '2026-11-20 18:00:00+00');
INSERT INTO public.standing_dismissal VALUES (1, 1, 2000001, 0, '2001:db8::1', '198.51.100.7', 0, 1, false, 2, 1.5, '2026-12-01 00:00:00+00', true, '', 0, '2026-11-20 10:00:00+00', 0);
INSERT INTO public.standing_victim VALUES (1, '2001:db8::1');
INSERT INTO public.stream_head VALUES ('alert', 7);
INSERT INTO public.stream_head VALUES ('group_change', 1);
INSERT INTO public.stream_head VALUES ('journal', 1);
SELECT pg_catalog.setval('public.alert_group_id', 1, true);
SELECT pg_catalog.setval('public.app_user_id_seq', 2, true);
SELECT pg_catalog.setval('public.decision_id_seq', 1, true);
SELECT pg_catalog.setval('public.federation_alarm_id_seq', 1, true);
SELECT pg_catalog.setval('public.federation_entry_position_seq', 1, true);
SELECT pg_catalog.setval('public.incident_id_seq', 1, true);
SELECT pg_catalog.setval('public.sensor_cursor_id_seq', 1, true);
SELECT pg_catalog.setval('public.sensor_id_seq', 2, true);
ALTER TABLE ONLY public.alert_group
    ADD CONSTRAINT alert_group_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.app_user
    ADD CONSTRAINT app_user_login_key UNIQUE (login);
ALTER TABLE ONLY public.app_user
    ADD CONSTRAINT app_user_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.attacker_spread
    ADD CONSTRAINT attacker_spread_pkey PRIMARY KEY (sid, victim, gid, direction, exercise);
ALTER TABLE ONLY public.correlator
    ADD CONSTRAINT correlator_pkey PRIMARY KEY (name);
ALTER TABLE ONLY public.decision
    ADD CONSTRAINT decision_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.federation_alarm
    ADD CONSTRAINT federation_alarm_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.federation_entry
    ADD CONSTRAINT federation_entry_pkey PRIMARY KEY (partner, direction, epoch, sequence);
ALTER TABLE ONLY public.federation_epoch
    ADD CONSTRAINT federation_epoch_partner_direction_epoch_key UNIQUE (partner, direction, epoch);
ALTER TABLE ONLY public.federation_epoch
    ADD CONSTRAINT federation_epoch_pkey PRIMARY KEY (partner, direction, ordinal);
ALTER TABLE ONLY public.federation_object
    ADD CONSTRAINT federation_object_pkey PRIMARY KEY (source, source_version);
ALTER TABLE ONLY public.federation_stream
    ADD CONSTRAINT federation_stream_pkey PRIMARY KEY (partner, direction);
ALTER TABLE ONLY public.group_change
    ADD CONSTRAINT group_change_pkey PRIMARY KEY ("position");
ALTER TABLE ONLY public.incident
    ADD CONSTRAINT incident_correlation_key UNIQUE (correlation);
ALTER TABLE ONLY public.incident_group
    ADD CONSTRAINT incident_group_pkey PRIMARY KEY (incident, group_id);
ALTER TABLE ONLY public.incident
    ADD CONSTRAINT incident_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.journal
    ADD CONSTRAINT journal_pkey PRIMARY KEY (sequence);
ALTER TABLE ONLY public.kept_evidence
    ADD CONSTRAINT kept_evidence_pkey PRIMARY KEY ("position", kind);
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
ALTER TABLE ONLY public.session
    ADD CONSTRAINT session_pkey PRIMARY KEY (hash);
ALTER TABLE ONLY public.standing_dismissal
    ADD CONSTRAINT standing_dismissal_pkey PRIMARY KEY (decision);
ALTER TABLE ONLY public.standing_victim
    ADD CONSTRAINT standing_victim_pkey PRIMARY KEY (decision, victim);
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
CREATE INDEX decision_of_group ON public.decision USING btree (group_id, id DESC);
CREATE INDEX federation_entry_list ON public.federation_entry USING btree (direction, kind, "position" DESC);
CREATE INDEX federation_entry_new ON public.federation_entry USING btree (partner, "position") WHERE ((direction = 1) AND (NOT processed) AND (NOT superseded));
CREATE INDEX federation_entry_object ON public.federation_entry USING btree (partner, direction, object_id, object_version) WHERE (NOT superseded);
CREATE INDEX incident_all ON public.incident USING btree (exercise, severity DESC, changed DESC, id DESC);
CREATE INDEX incident_open ON public.incident USING btree (exercise, severity DESC, changed DESC, id DESC) WHERE (state < 6);
CREATE INDEX journal_of_incident ON public.journal USING btree (incident, sequence) WHERE (incident <> 0);
CREATE INDEX session_expiry ON public.session USING btree (expires);
CREATE INDEX standing_dismissal_active ON public.standing_dismissal USING btree (sid, gid) WHERE active;
CREATE INDEX standing_dismissal_expiry ON public.standing_dismissal USING btree (expires) WHERE active;
ALTER INDEX public.alert_by_group ATTACH PARTITION public.alert_20261120_group_id_position_idx;
ALTER INDEX public.alert_by_position ATTACH PARTITION public.alert_20261120_position_idx;
ALTER INDEX public.alert_by_receipt ATTACH PARTITION public.alert_20261120_received_idx;
ALTER INDEX public.alert_evidence_by_position ATTACH PARTITION public.alert_evidence_20261120_position_idx;
ALTER TABLE ONLY public.decision
    ADD CONSTRAINT decision_by_user_fkey FOREIGN KEY (by_user) REFERENCES public.app_user(id);
ALTER TABLE ONLY public.decision
    ADD CONSTRAINT decision_group_id_fkey FOREIGN KEY (group_id) REFERENCES public.alert_group(id);
ALTER TABLE ONLY public.decision
    ADD CONSTRAINT decision_incident_fkey FOREIGN KEY (incident) REFERENCES public.incident(id);
ALTER TABLE ONLY public.decision
    ADD CONSTRAINT decision_undoes_fkey FOREIGN KEY (undoes) REFERENCES public.decision(id);
ALTER TABLE ONLY public.decision
    ADD CONSTRAINT decision_undone_by_fkey FOREIGN KEY (undone_by) REFERENCES public.decision(id);
ALTER TABLE ONLY public.federation_entry
    ADD CONSTRAINT federation_entry_partner_direction_epoch_fkey FOREIGN KEY (partner, direction, epoch) REFERENCES public.federation_epoch(partner, direction, epoch);
ALTER TABLE ONLY public.federation_epoch
    ADD CONSTRAINT federation_epoch_partner_direction_fkey FOREIGN KEY (partner, direction) REFERENCES public.federation_stream(partner, direction);
ALTER TABLE ONLY public.incident_group
    ADD CONSTRAINT incident_group_group_id_fkey FOREIGN KEY (group_id) REFERENCES public.alert_group(id);
ALTER TABLE ONLY public.incident_group
    ADD CONSTRAINT incident_group_incident_fkey FOREIGN KEY (incident) REFERENCES public.incident(id);
ALTER TABLE ONLY public.incident
    ADD CONSTRAINT incident_owner_fkey FOREIGN KEY (owner) REFERENCES public.app_user(id);
ALTER TABLE ONLY public.sensor_cursor
    ADD CONSTRAINT sensor_cursor_sensor_fkey FOREIGN KEY (sensor) REFERENCES public.sensor(id);
ALTER TABLE ONLY public.sensor_dropped
    ADD CONSTRAINT sensor_dropped_cursor_fkey FOREIGN KEY (cursor) REFERENCES public.sensor_cursor(id);
ALTER TABLE ONLY public.session
    ADD CONSTRAINT session_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.app_user(id);
ALTER TABLE ONLY public.standing_dismissal
    ADD CONSTRAINT standing_dismissal_decision_fkey FOREIGN KEY (decision) REFERENCES public.decision(id);
ALTER TABLE ONLY public.standing_victim
    ADD CONSTRAINT standing_victim_decision_fkey FOREIGN KEY (decision) REFERENCES public.standing_dismissal(decision);
