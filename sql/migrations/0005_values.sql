-- Runs, values, achievements and roll-ups: append-only, every version kept.

-- The cards of the indicators, written anew by `iku` whenever it migrates.
CREATE TABLE iku.card (
    iku text PRIMARY KEY,
    number integer NOT NULL,
    short_name text NOT NULL,
    name_id text NOT NULL,
    counted text NOT NULL,
    consolidation text NOT NULL,
    source text NOT NULL
);

-- One row per office and quarter that a run recorded; the newest known_at wins.
CREATE TABLE ops.run (
    run_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    office text NOT NULL,
    year integer NOT NULL,
    quarter integer NOT NULL CHECK (quarter BETWEEN 1 AND 4),
    known_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    who text NOT NULL,
    reason text NOT NULL,
    code_version text NOT NULL,
    values_written integer NOT NULL,
    failed jsonb NOT NULL
);

CREATE INDEX run_by_quarter ON ops.run (office, year, quarter, known_at);

CREATE TABLE iku.value (
    value_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_id bigint NOT NULL REFERENCES ops.run,
    office text NOT NULL,
    iku text NOT NULL,
    year integer NOT NULL,
    quarter integer NOT NULL,
    basis text NOT NULL CHECK (basis IN ('computed', 'published')),
    known_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    status text NOT NULL CHECK (
        status IN (
            'measured', 'provisional', 'not_yet_published', 'not_reported', 'nothing_to_count'
        )
    ),
    unit text NOT NULL,
    actual_exact text,
    actual numeric(12, 2),
    numerator numeric,
    denominator numeric,
    components jsonb NOT NULL,
    tally jsonb NOT NULL,
    method text NOT NULL,
    fingerprint text NOT NULL,
    loads bigint [] NOT NULL,
    CONSTRAINT a_number_exactly_when_the_status_has_one
    CHECK ((status IN ('measured', 'provisional')) = (actual IS NOT NULL)),
    CHECK ((actual IS NULL) = (actual_exact IS NULL))
);

CREATE INDEX value_by_key ON iku.value (office, iku, year, quarter, basis, recorded_at);

CREATE TABLE iku.achievement (
    achievement_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    value_id bigint NOT NULL REFERENCES iku.value,
    run_id bigint NOT NULL REFERENCES ops.run,
    document text NOT NULL CHECK (document IN ('pk', 'renja', 'renstra')),
    target_row_id bigint REFERENCES ref.target,
    target numeric,
    is_quarterly_target boolean,
    achievement_exact text,
    achievement_pct numeric(12, 2),
    missing_because text CHECK (missing_because IN ('no_actual', 'no_target', 'unit_changed')),
    status_word text NOT NULL,
    shortfall_count integer,
    recorded_at timestamptz NOT NULL,
    CHECK ((achievement_pct IS NULL) = (missing_because IS NOT NULL))
);

CREATE INDEX achievement_by_value ON iku.achievement (value_id, document, recorded_at);

CREATE TABLE iku.rollup (
    rollup_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_id bigint NOT NULL REFERENCES ops.run,
    office text NOT NULL,
    year integer NOT NULL,
    quarter integer NOT NULL,
    document text NOT NULL,
    status text NOT NULL,
    npss_exact text,
    npss numeric(12, 2),
    npss_120 numeric(12, 2),
    npss_lower_bound numeric(12, 2),
    coverage_pct numeric(12, 2) NOT NULL,
    indicators_counted integer NOT NULL,
    indicators integer NOT NULL,
    perspectives jsonb NOT NULL,
    objectives jsonb NOT NULL,
    fingerprint text NOT NULL,
    recorded_at timestamptz NOT NULL
);

CREATE INDEX rollup_by_key ON iku.rollup (office, year, quarter, document, recorded_at);
