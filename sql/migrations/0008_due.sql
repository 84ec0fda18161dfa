-- What is due: which period of every source should be there, what came and what is missing.
-- Nothing is stored but the loads themselves, so that the ledger can never disagree with them.

-- The years of an office in which something is expected: those computed before, those of which it
-- has loads or targets, and each from its first run to now: a new year is computed from its first
-- day, also when nothing ran in it. An office that has nothing at all has no year.
CREATE FUNCTION ops.years_in_play(p_office text, p_known_at timestamptz) RETURNS SETOF integer
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    WITH known AS (
        SELECT period_year AS year FROM ops.load
        WHERE office = p_office AND landed_at <= p_known_at
        UNION SELECT year FROM ref.target
        WHERE office = p_office AND recorded_at <= p_known_at
        UNION SELECT year FROM ops.run
        WHERE office = p_office AND known_at <= p_known_at
    )
    SELECT year FROM known
    UNION
    SELECT generate_series(
        extract(YEAR FROM coalesce(first_run.at, p_known_at) AT TIME ZONE own.time_zone)::integer,
        extract(YEAR FROM p_known_at AT TIME ZONE own.time_zone)::integer
    )
    FROM ref.office_at(p_known_at::date, p_known_at) AS own
    CROSS JOIN (
        SELECT min(known_at) AS at FROM ops.run
        WHERE office = p_office AND known_at <= p_known_at
    ) AS first_run
    WHERE own.office = p_office AND EXISTS (SELECT FROM known)
$$;

-- The ledger of an office as known at an instant, by the cards of the sources.
-- Grain: one row per source and period that has begun, of the years in play; the running period and
-- the one before it are there for every office. A period of several files has arrived with the first.
-- periods_ago: 0 for the running period, 1 for the newest that has ended.
-- is_open: whether it is still worth asking for: this year's and the last one's.
-- state: arrived, running, awaited, overdue (its due day has passed), or never_due.
CREATE FUNCTION ops.due(p_office text, p_known_at timestamptz) RETURNS TABLE (
    source text, cadence text, period text, period_year integer, period_end date, due_day date,
    periods_ago integer, is_open boolean, parts text [], arrived_at timestamptz, state text
)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    WITH office AS (
        SELECT (p_known_at AT TIME ZONE own.time_zone)::date AS today
        FROM ref.office_at(p_known_at::date, p_known_at) AS own
        WHERE own.office = p_office
    ), in_play AS (
        SELECT year FROM ops.years_in_play(p_office, p_known_at) AS year
    ), rhythm (cadence, unit, step, written) AS (
        VALUES
        ('monthly', 'month', interval '1 month', 'YYYY-MM'),
        ('quarterly', 'quarter', interval '3 months', 'YYYY-"Q"Q'),
        ('yearly', 'year', interval '1 year', 'YYYY')
    ), begun AS (
        SELECT
            rhythm.cadence,
            to_char(first_day.at, rhythm.written) AS period,
            extract(YEAR FROM first_day.at)::integer AS period_year,
            (first_day.at + rhythm.step - interval '1 day')::date AS period_end,
            (
                row_number() OVER (PARTITION BY rhythm.cadence ORDER BY first_day.at DESC) - 1
            )::integer AS periods_ago
        FROM office
        CROSS JOIN rhythm
        CROSS JOIN LATERAL generate_series(
            make_date(
                least(
                    (SELECT min(year) FROM in_play), extract(YEAR FROM office.today)::integer - 1
                ), 1, 1
            )::timestamp,
            date_trunc(rhythm.unit, office.today::timestamp),
            rhythm.step
        ) AS first_day (at)
    ), expected AS (
        SELECT begun.* FROM begun
        WHERE
            (begun.periods_ago <= 1 OR begun.period_year IN (SELECT year FROM in_play))
            -- Nobody delivers for an office that is not there, and its files would not land.
            AND EXISTS (
                SELECT FROM ref.office_at(begun.period_end, p_known_at) AS own
                WHERE own.office = p_office
            )
    ), in_force AS (
        SELECT landed.source, landed.period, array_agg(landed.part ORDER BY landed.part) AS parts
        FROM ops.in_force(p_office, p_known_at) AS landed
        GROUP BY landed.source, landed.period
    ), first_arrival AS (
        -- Of what was not withdrawn: a correction makes no delivery late.
        SELECT landed.source, landed.period, min(begun.at) AS at
        FROM ops.load AS landed
        JOIN ops.load_event AS begun
            ON
                begun.load_id = landed.load_id AND begun.event = 'in_force'
                AND begun.at <= p_known_at
        WHERE
            landed.office = p_office
            AND NOT EXISTS (
                SELECT FROM ops.load_event AS ended
                WHERE
                    ended.load_id = landed.load_id AND ended.event = 'withdrawn'
                    AND ended.at <= p_known_at
                    AND (ended.at, ended.event_id) > (begun.at, begun.event_id)
            )
        GROUP BY landed.source, landed.period
    )
    SELECT
        card.source,
        card.cadence,
        expected.period,
        expected.period_year,
        expected.period_end,
        expected.period_end + card.due_days,
        expected.periods_ago,
        expected.period_year >= extract(YEAR FROM office.today) - 1,
        coalesce(in_force.parts, '{}'),
        first_arrival.at,
        CASE
            WHEN in_force.parts IS NOT NULL THEN 'arrived'
            WHEN expected.periods_ago = 0 THEN 'running'
            WHEN card.due_days IS NULL THEN 'never_due'
            WHEN office.today > expected.period_end + card.due_days THEN 'overdue'
            ELSE 'awaited'
        END
    FROM office
    CROSS JOIN ops.source AS card
    JOIN expected ON expected.cadence = card.cadence
    LEFT JOIN in_force ON in_force.source = card.source AND in_force.period = expected.period
    LEFT JOIN first_arrival
        ON first_arrival.source = card.source AND first_arrival.period = expected.period
    ORDER BY card.source COLLATE "C", expected.period_end DESC
$$;

-- As ops.in_force: mart.kesegaran_sumber stands on it.
ALTER FUNCTION ops.due(text, timestamptz) SECURITY DEFINER SET search_path = '';
GRANT EXECUTE ON FUNCTION ops.due(text, timestamptz) TO metabase_reader;
