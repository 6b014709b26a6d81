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
SET default_table_access_method = heap;
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
INSERT INTO public.leader VALUES ('correlator', 'host 1', 4, '2026-11-20 10:00:00+00');
INSERT INTO public.schema_migration VALUES (1, '0001_streams_and_sensors', '9cb16244b6479286428d8293b5a63ec68f89cc051aeddfbfd6c2190dbab2e85d', '2026-11-22 05:24:31.113427+00');
INSERT INTO public.sensor OVERRIDING SYSTEM VALUE VALUES (1, 'border-1', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', '2026-11-22 05:24:31.173603+00', false);
INSERT INTO public.sensor OVERRIDING SYSTEM VALUE VALUES (2, 'border-2', 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb', '2026-11-22 05:24:31.173603+00', false);
INSERT INTO public.sensor_cursor OVERRIDING SYSTEM VALUE VALUES (1, 1, '\xabababababababababababababababab', 10, 7, 1, 2, '2026-11-22 05:24:31.175079+00');
INSERT INTO public.sensor_dropped VALUES (1, 8, 9, 1, '2026-11-20 10:00:00+00');
INSERT INTO public.stream_head VALUES ('group_change', 0);
INSERT INTO public.stream_head VALUES ('journal', 0);
INSERT INTO public.stream_head VALUES ('alert', 7);
SELECT pg_catalog.setval('public.sensor_cursor_id_seq', 1, true);
SELECT pg_catalog.setval('public.sensor_id_seq', 2, true);
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
ALTER TABLE ONLY public.sensor_cursor
    ADD CONSTRAINT sensor_cursor_sensor_fkey FOREIGN KEY (sensor) REFERENCES public.sensor(id);
ALTER TABLE ONLY public.sensor_dropped
    ADD CONSTRAINT sensor_dropped_cursor_fkey FOREIGN KEY (cursor) REFERENCES public.sensor_cursor(id);
