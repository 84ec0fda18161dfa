-- References: append-only rows that change with the year or the office. A row ends by valid_to;
-- a correction is a newer recorded_at of the same key and valid_from.

CREATE TABLE ref.office (
    row_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    office text NOT NULL CHECK (office ~ '^[a-z0-9][a-z0-9-]*$'),
    name text NOT NULL CHECK (name <> ''),
    short_name text NOT NULL CHECK (short_name <> ''),
    time_zone text NOT NULL,
    satker_code text NOT NULL CHECK (satker_code ~ '^([0-9]{6})?$'),
    ba_code text NOT NULL CHECK (ba_code ~ '^([0-9]{3})?$'),
    kppn_code text NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    recorded_at timestamptz NOT NULL DEFAULT ops.instant()
);

CREATE TABLE ref.agency (
    row_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    agency text NOT NULL CHECK (agency ~ '^(\d{2}(\.\d{2})?|P\.[A-Z0-9-]+)$'),
    type text NOT NULL CHECK (type IN ('provinsi', 'kabupaten', 'kota', 'pusat')),
    name text NOT NULL CHECK (name <> ''),
    bps_code text NOT NULL DEFAULT '',
    siasn_code text NOT NULL DEFAULT '',
    siasn_id text NOT NULL DEFAULT '',
    valid_from date NOT NULL,
    valid_to date,
    recorded_at timestamptz NOT NULL DEFAULT ops.instant()
);

CREATE TABLE ref.office_agency (
    row_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    office text NOT NULL,
    agency text NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    recorded_at timestamptz NOT NULL DEFAULT ops.instant()
);

CREATE TABLE ref.agency_alias (
    row_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    office text NOT NULL,
    agency text NOT NULL,
    alias text NOT NULL CHECK (alias <> ''),
    valid_from date NOT NULL,
    valid_to date,
    recorded_at timestamptz NOT NULL DEFAULT ops.instant()
);

CREATE TABLE ref.iku_name (
    row_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    office text NOT NULL,
    iku text NOT NULL,
    document text NOT NULL,
    name text NOT NULL CHECK (name <> ''),
    valid_from date NOT NULL,
    valid_to date,
    recorded_at timestamptz NOT NULL DEFAULT ops.instant()
);

CREATE TABLE ref.perspective (
    row_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    perspective text NOT NULL,
    name text NOT NULL,
    position integer NOT NULL,
    weight_pct numeric NOT NULL CHECK (weight_pct >= 0),
    valid_from date NOT NULL,
    valid_to date,
    recorded_at timestamptz NOT NULL DEFAULT ops.instant()
);

CREATE TABLE ref.strategic_objective (
    row_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    objective text NOT NULL,
    name text NOT NULL,
    perspective text NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    recorded_at timestamptz NOT NULL DEFAULT ops.instant()
);

CREATE TABLE ref.objective_iku (
    row_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    iku text NOT NULL,
    objective text NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    recorded_at timestamptz NOT NULL DEFAULT ops.instant()
);

CREATE TABLE ref.unit (
    row_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    office text NOT NULL,
    unit text NOT NULL,
    name text NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    recorded_at timestamptz NOT NULL DEFAULT ops.instant()
);

CREATE TABLE ref.activity (
    row_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    activity text NOT NULL,
    name text NOT NULL,
    program text NOT NULL,
    program_name text NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    recorded_at timestamptz NOT NULL DEFAULT ops.instant()
);

CREATE TABLE ref.unit_iku (
    row_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    office text NOT NULL,
    unit text NOT NULL,
    activity text NOT NULL,
    iku text NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    recorded_at timestamptz NOT NULL DEFAULT ops.instant()
);

CREATE TABLE ref.target (
    row_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    office text NOT NULL,
    iku text NOT NULL CHECK (iku ~ '^IKU\.([1-9]|1[0-4])$'),
    document text NOT NULL CHECK (document IN ('pk', 'renja', 'renstra')),
    year integer NOT NULL CHECK (year BETWEEN 2015 AND 2100),
    quarter integer CHECK (quarter BETWEEN 1 AND 4),
    target numeric NOT NULL CHECK (target > 0),
    unit text NOT NULL CHECK (unit IN ('percent', 'index', 'score', 'scale')),
    reason text NOT NULL DEFAULT '',
    source text NOT NULL DEFAULT '',
    valid_from date NOT NULL,
    valid_to date,
    recorded_at timestamptz NOT NULL DEFAULT ops.instant()
);

CREATE TABLE ref.service (
    row_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    service text NOT NULL,
    name text NOT NULL,
    aliases text NOT NULL DEFAULT '',
    valid_from date NOT NULL,
    valid_to date,
    recorded_at timestamptz NOT NULL DEFAULT ops.instant()
);

CREATE TABLE ref.system (
    row_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    system text NOT NULL,
    name text NOT NULL,
    aliases text NOT NULL DEFAULT '',
    in_iku_10 boolean NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    recorded_at timestamptz NOT NULL DEFAULT ops.instant()
);

CREATE TABLE ref.survey_service (
    row_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    office text NOT NULL,
    service text NOT NULL,
    name text NOT NULL,
    aliases text NOT NULL DEFAULT '',
    kind text NOT NULL CHECK (kind IN ('pembinaan', 'layanan_kepegawaian')),
    unit text NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    recorded_at timestamptz NOT NULL DEFAULT ops.instant()
);

CREATE TABLE ref.service_volume (
    row_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    office text NOT NULL,
    service text NOT NULL,
    year integer NOT NULL,
    volume integer NOT NULL CHECK (volume > 0),
    valid_from date NOT NULL,
    valid_to date,
    recorded_at timestamptz NOT NULL DEFAULT ops.instant()
);

-- One function per reference that a tally or a landing reads: the rows in force on a day, as known.
CREATE FUNCTION ref.office_at(p_day date, p_known_at timestamptz) RETURNS SETOF ref.office
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT DISTINCT ON (office) known.*
    FROM (
        SELECT DISTINCT ON (office, valid_from) * FROM ref.office
        WHERE recorded_at <= p_known_at
        ORDER BY office, valid_from, recorded_at DESC, row_id DESC
    ) AS known
    WHERE valid_from <= p_day AND coalesce(valid_to, 'infinity') >= p_day
    ORDER BY office, valid_from DESC
$$;

CREATE FUNCTION ref.agency_at(p_day date, p_known_at timestamptz) RETURNS SETOF ref.agency
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT DISTINCT ON (agency) known.*
    FROM (
        SELECT DISTINCT ON (agency, valid_from) * FROM ref.agency
        WHERE recorded_at <= p_known_at
        ORDER BY agency, valid_from, recorded_at DESC, row_id DESC
    ) AS known
    WHERE valid_from <= p_day AND coalesce(valid_to, 'infinity') >= p_day
    ORDER BY agency, valid_from DESC
$$;

CREATE FUNCTION ref.office_agency_at(p_office text, p_day date, p_known_at timestamptz)
RETURNS SETOF ref.office_agency
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT DISTINCT ON (agency) known.*
    FROM (
        SELECT DISTINCT ON (agency, valid_from) * FROM ref.office_agency
        WHERE office = p_office AND recorded_at <= p_known_at
        ORDER BY agency, valid_from, recorded_at DESC, row_id DESC
    ) AS known
    WHERE valid_from <= p_day AND coalesce(valid_to, 'infinity') >= p_day
    ORDER BY agency, valid_from DESC
$$;

CREATE FUNCTION ref.agency_alias_at(p_office text, p_day date, p_known_at timestamptz)
RETURNS SETOF ref.agency_alias
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT DISTINCT ON (office, agency, alias) known.*
    FROM (
        SELECT DISTINCT ON (office, agency, alias, valid_from) * FROM ref.agency_alias
        WHERE office IN ('*', p_office) AND recorded_at <= p_known_at
        ORDER BY office, agency, alias, valid_from, recorded_at DESC, row_id DESC
    ) AS known
    WHERE valid_from <= p_day AND coalesce(valid_to, 'infinity') >= p_day
    ORDER BY office, agency, alias, valid_from DESC
$$;

CREATE FUNCTION ref.service_at(p_day date, p_known_at timestamptz) RETURNS SETOF ref.service
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT DISTINCT ON (service) known.*
    FROM (
        SELECT DISTINCT ON (service, valid_from) * FROM ref.service
        WHERE recorded_at <= p_known_at
        ORDER BY service, valid_from, recorded_at DESC, row_id DESC
    ) AS known
    WHERE valid_from <= p_day AND coalesce(valid_to, 'infinity') >= p_day
    ORDER BY service, valid_from DESC
$$;

CREATE FUNCTION ref.system_at(p_day date, p_known_at timestamptz) RETURNS SETOF ref.system
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT DISTINCT ON (system) known.*
    FROM (
        SELECT DISTINCT ON (system, valid_from) * FROM ref.system
        WHERE recorded_at <= p_known_at
        ORDER BY system, valid_from, recorded_at DESC, row_id DESC
    ) AS known
    WHERE valid_from <= p_day AND coalesce(valid_to, 'infinity') >= p_day
    ORDER BY system, valid_from DESC
$$;

CREATE FUNCTION ref.survey_service_at(p_office text, p_day date, p_known_at timestamptz)
RETURNS SETOF ref.survey_service
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT DISTINCT ON (service) known.*
    FROM (
        SELECT DISTINCT ON (service, valid_from) * FROM ref.survey_service
        WHERE office = p_office AND recorded_at <= p_known_at
        ORDER BY service, valid_from, recorded_at DESC, row_id DESC
    ) AS known
    WHERE valid_from <= p_day AND coalesce(valid_to, 'infinity') >= p_day
    ORDER BY service, valid_from DESC
$$;

CREATE FUNCTION ref.unit_at(p_office text, p_day date, p_known_at timestamptz) RETURNS SETOF ref.unit
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT DISTINCT ON (unit) known.*
    FROM (
        SELECT DISTINCT ON (unit, valid_from) * FROM ref.unit
        WHERE office = p_office AND recorded_at <= p_known_at
        ORDER BY unit, valid_from, recorded_at DESC, row_id DESC
    ) AS known
    WHERE valid_from <= p_day AND coalesce(valid_to, 'infinity') >= p_day
    ORDER BY unit, valid_from DESC
$$;

CREATE FUNCTION ref.service_volume_at(p_office text, p_year integer, p_day date, p_known_at timestamptz)
RETURNS SETOF ref.service_volume
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT DISTINCT ON (service) known.*
    FROM (
        SELECT DISTINCT ON (service, valid_from) * FROM ref.service_volume
        WHERE office = p_office AND year = p_year AND recorded_at <= p_known_at
        ORDER BY service, valid_from, recorded_at DESC, row_id DESC
    ) AS known
    WHERE valid_from <= p_day AND coalesce(valid_to, 'infinity') >= p_day
    ORDER BY service, valid_from DESC
$$;

-- Targets of a year on a day: the quarter's own where there is one, else the year's.
CREATE FUNCTION ref.target_at(
    p_office text, p_year integer, p_quarter integer, p_day date, p_known_at timestamptz
) RETURNS SETOF ref.target
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT DISTINCT ON (iku, document) known.*
    FROM (
        SELECT DISTINCT ON (iku, document, quarter, valid_from) * FROM ref.target
        WHERE
            office = p_office AND year = p_year AND coalesce(quarter, p_quarter) = p_quarter
            AND recorded_at <= p_known_at
        ORDER BY iku, document, quarter, valid_from, recorded_at DESC, row_id DESC
    ) AS known
    WHERE valid_from <= p_day AND coalesce(valid_to, 'infinity') >= p_day
    ORDER BY iku, document, quarter NULLS LAST, valid_from DESC
$$;

-- The strategy map: perspective, objective and indicator on a day.
CREATE FUNCTION ref.strategy_at(p_day date, p_known_at timestamptz)
RETURNS TABLE (
    iku text, objective text, objective_name text,
    perspective text, perspective_name text, perspective_position integer, weight_pct numeric
)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    WITH link AS (
        SELECT DISTINCT ON (k.iku) k.* FROM (
            SELECT DISTINCT ON (o.iku, o.valid_from) o.* FROM ref.objective_iku AS o
            WHERE o.recorded_at <= p_known_at
            ORDER BY o.iku, o.valid_from, o.recorded_at DESC, o.row_id DESC
        ) AS k
        WHERE k.valid_from <= p_day AND coalesce(k.valid_to, 'infinity') >= p_day
        ORDER BY k.iku, k.valid_from DESC
    ), objective AS (
        SELECT DISTINCT ON (k.objective) k.* FROM (
            SELECT DISTINCT ON (o.objective, o.valid_from) o.* FROM ref.strategic_objective AS o
            WHERE o.recorded_at <= p_known_at
            ORDER BY o.objective, o.valid_from, o.recorded_at DESC, o.row_id DESC
        ) AS k
        WHERE k.valid_from <= p_day AND coalesce(k.valid_to, 'infinity') >= p_day
        ORDER BY k.objective, k.valid_from DESC
    ), perspective AS (
        SELECT DISTINCT ON (k.perspective) k.* FROM (
            SELECT DISTINCT ON (o.perspective, o.valid_from) o.* FROM ref.perspective AS o
            WHERE o.recorded_at <= p_known_at
            ORDER BY o.perspective, o.valid_from, o.recorded_at DESC, o.row_id DESC
        ) AS k
        WHERE k.valid_from <= p_day AND coalesce(k.valid_to, 'infinity') >= p_day
        ORDER BY k.perspective, k.valid_from DESC
    )
    SELECT
        link.iku, link.objective, objective.name,
        perspective.perspective, perspective.name, perspective.position, perspective.weight_pct
    FROM link
    JOIN objective ON objective.objective = link.objective
    JOIN perspective ON perspective.perspective = objective.perspective
$$;

-- Views of mart stand on these. A view lends its owner's rights to tables but not to functions, so
-- they run as their owner too; metabase_reader can call them through a view only, as it has no
-- right to use their schema.
ALTER FUNCTION ref.strategy_at(date, timestamptz) SECURITY DEFINER SET search_path = '';
ALTER FUNCTION ref.office_at(date, timestamptz) SECURITY DEFINER SET search_path = '';
GRANT EXECUTE ON FUNCTION
    ops.instant(), ref.strategy_at(date, timestamptz), ref.office_at(date, timestamptz)
TO metabase_reader;
