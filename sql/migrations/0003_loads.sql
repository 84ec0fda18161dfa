-- Landing: one row per attempt, what is in force, what was refused and why.

-- The cards of the sources, written anew by `iku` whenever it migrates.
CREATE TABLE ops.source (
    source text PRIMARY KEY,
    title text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('events', 'register', 'snapshot', 'exact')),
    cadence text NOT NULL CHECK (cadence IN ('monthly', 'quarterly', 'yearly')),
    due_days integer
);

CREATE TABLE ops.load (
    load_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    office text NOT NULL,
    source text NOT NULL REFERENCES ops.source,
    period text NOT NULL,
    period_year integer NOT NULL,
    period_end date NOT NULL,
    part text NOT NULL,
    door text NOT NULL CHECK (door IN ('inbox', 'hand')),
    file_name text NOT NULL,
    sha256 text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    size_bytes bigint NOT NULL,
    contract_fingerprint text NOT NULL,
    references_at timestamptz NOT NULL,
    status text NOT NULL CHECK (status IN ('landed', 'refused')),
    rows_in integer NOT NULL,
    accepted integer NOT NULL,
    rejected integer NOT NULL,
    duplicate integer NOT NULL,
    out_of_scope integer NOT NULL,
    reasons jsonb NOT NULL,
    landed_by text NOT NULL,
    landed_at timestamptz NOT NULL,
    CONSTRAINT every_row_is_accounted_for
    CHECK (rows_in = accepted + rejected + duplicate + out_of_scope)
);

CREATE INDEX load_by_slice ON ops.load (office, source, period, part);

CREATE TABLE ops.load_event (
    event_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    load_id bigint NOT NULL REFERENCES ops.load,
    event text NOT NULL CHECK (event IN ('in_force', 'withdrawn')),
    at timestamptz NOT NULL,
    who text NOT NULL,
    reason text NOT NULL CHECK (reason <> '')
);

CREATE INDEX load_event_by_load ON ops.load_event (load_id);

CREATE TABLE ops.reject (
    reject_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    load_id bigint NOT NULL REFERENCES ops.load,
    sheet text NOT NULL,
    row_no integer,
    column_name text NOT NULL,
    heading text NOT NULL,
    rule text NOT NULL,
    consequence text NOT NULL CHECK (consequence IN ('file', 'row', 'cell', 'warning')),
    grouping text,
    value text,
    message text NOT NULL,
    hint text NOT NULL
);

CREATE INDEX reject_by_load ON ops.reject (load_id);

-- The loads in force of an office as known at an instant: of each slice the load of its newest
-- in_force event that no later withdrawn event names.
CREATE FUNCTION ops.in_force(p_office text, p_known_at timestamptz) RETURNS SETOF ops.load
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT DISTINCT ON (load.source, load.period, load.part) load.*
    FROM ops.load AS load
    JOIN ops.load_event AS begun
        ON begun.load_id = load.load_id AND begun.event = 'in_force' AND begun.at <= p_known_at
    WHERE
        load.office = p_office
        AND NOT EXISTS (
            SELECT FROM ops.load_event AS ended
            WHERE
                ended.load_id = load.load_id AND ended.event = 'withdrawn'
                AND ended.at <= p_known_at
                AND (ended.at, ended.event_id) > (begun.at, begun.event_id)
        )
    ORDER BY load.source, load.period, load.part, begun.at DESC, begun.event_id DESC
$$;

-- The loads that a source contributes to a quarter, by its kind (DESIGN 2).
CREATE FUNCTION ops.loads_read(
    p_source text, p_office text, p_year integer, p_quarter integer, p_known_at timestamptz
) RETURNS TABLE (load_id bigint, period_year integer, period_end date)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    WITH card AS (
        SELECT kind FROM ops.source WHERE source = p_source
    ), candidate AS (
        SELECT slice.load_id, slice.period_year, slice.period_end
        FROM ops.in_force(p_office, p_known_at) AS slice, card
        WHERE
            slice.source = p_source
            AND slice.period_end <= ops.quarter_end(p_year, p_quarter)
            AND CASE card.kind
                WHEN 'exact' THEN slice.period_end = ops.quarter_end(p_year, p_quarter)
                WHEN 'register' THEN slice.period_year >= p_year - 1
                ELSE slice.period_year = p_year
            END
    )
    SELECT candidate.load_id, candidate.period_year, candidate.period_end
    FROM candidate, card
    WHERE
        card.kind IN ('events', 'exact')
        OR candidate.period_end = (SELECT max(latest.period_end) FROM candidate AS latest)
$$;

-- As ref.office_at: mart.kesegaran_sumber stands on it.
ALTER FUNCTION ops.in_force(text, timestamptz) SECURITY DEFINER SET search_path = '';
GRANT EXECUTE ON FUNCTION ops.in_force(text, timestamptz) TO metabase_reader;
