-- Schemas, and what the three roles may do. The roles themselves are made by `iku` before this runs.

CREATE SCHEMA ref;
CREATE SCHEMA staging;
CREATE SCHEMA tally;
CREATE SCHEMA iku;
CREATE SCHEMA mart;

REVOKE ALL ON SCHEMA public FROM public;

GRANT USAGE ON SCHEMA ref, ops, staging, tally, iku, mart TO iku_writer;
GRANT USAGE ON SCHEMA mart TO metabase_reader;

-- The warehouse is append-only: the writer may read and add, never change or delete.
ALTER DEFAULT PRIVILEGES IN SCHEMA ref, ops, staging, iku GRANT SELECT, INSERT ON TABLES TO iku_writer;
ALTER DEFAULT PRIVILEGES IN SCHEMA mart GRANT SELECT ON TABLES TO iku_writer, metabase_reader;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM public;
ALTER DEFAULT PRIVILEGES IN SCHEMA ops, ref, tally GRANT EXECUTE ON FUNCTIONS TO iku_writer;
ALTER DEFAULT PRIVILEGES IN SCHEMA ref, ops, staging, iku GRANT USAGE ON SEQUENCES TO iku_writer;

-- The one clock. A test sets `iku.instant`; otherwise it is the real time, not the start of the
-- transaction: two transactions of one second must sort in the order in which they were written.
CREATE FUNCTION ops.instant() RETURNS timestamptz
LANGUAGE sql VOLATILE PARALLEL SAFE
AS $$
    SELECT coalesce(nullif(current_setting('iku.instant', true), '')::timestamptz, clock_timestamp())
$$;

CREATE FUNCTION ops.quarter_start(p_year integer, p_quarter integer) RETURNS date
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT make_date(p_year, 3 * p_quarter - 2, 1)
$$;

CREATE FUNCTION ops.quarter_end(p_year integer, p_quarter integer) RETURNS date
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT (make_date(p_year, 3 * p_quarter - 2, 1) + interval '3 months' - interval '1 day')::date
$$;
