-- tally.source_state: what is there of each source for a quarter, and what is late.
-- Grain: one row per source.  Read by: every IKU (the status of a value) and the run's report.
-- A day is a day of the office's time zone. The period of a yearly source ends on 31 December,
-- that of the others with the quarter; last_quarter is the newest quarter with a slice in force.
CREATE OR REPLACE FUNCTION tally.source_state(
    p_office text, p_year integer, p_quarter integer, p_known_at timestamptz
) RETURNS TABLE (
    source text, is_in_force boolean, has_data boolean, is_overdue boolean, has_gap boolean,
    last_quarter integer, period_ended boolean, loads bigint []
)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    WITH today AS (
        SELECT (p_known_at AT TIME ZONE own.time_zone)::date AS day
        FROM ref.office_at(ops.quarter_end(p_year, p_quarter), p_known_at) AS own
        WHERE own.office = p_office
    ), slice AS (
        SELECT DISTINCT landed.source, landed.period_end
        FROM ops.in_force(p_office, p_known_at) AS landed
        WHERE landed.period_year = p_year
    ), card AS (
        SELECT
            listed.source,
            listed.cadence,
            listed.due_days,
            CASE
                WHEN listed.cadence = 'yearly' THEN ops.quarter_end(p_year, 4)
                ELSE ops.quarter_end(p_year, p_quarter)
            END AS period_end
        FROM ops.source AS listed
    ), past AS (
        SELECT
            card.source,
            so_far.quarter,
            so_far.quarter < p_quarter AND card.cadence <> 'yearly' AS is_earlier,
            slice.source IS NOT NULL AS has_slice,
            coalesce(
                today.day > ops.quarter_end(p_year, so_far.quarter) + card.due_days, FALSE
            ) AS is_overdue
        FROM card
        CROSS JOIN today
        CROSS JOIN generate_series(1, p_quarter) AS so_far (quarter)
        LEFT JOIN slice
            ON
                slice.source = card.source
                AND slice.period_end = ops.quarter_end(p_year, so_far.quarter)
    ), year_to_date AS (
        SELECT
            past.source,
            bool_or(past.is_earlier AND past.is_overdue AND NOT past.has_slice) AS has_gap,
            max(past.quarter) FILTER (WHERE past.has_slice) AS last_quarter
        FROM past
        GROUP BY past.source
    )
    SELECT
        card.source,
        EXISTS (
            SELECT FROM slice
            WHERE slice.source = card.source AND slice.period_end = card.period_end
        ),
        cardinality(counted.loads) > 0,
        coalesce(today.day > card.period_end + card.due_days, FALSE),
        year_to_date.has_gap,
        year_to_date.last_quarter,
        today.day > ops.quarter_end(p_year, p_quarter),
        counted.loads
    FROM card
    CROSS JOIN today
    JOIN year_to_date ON year_to_date.source = card.source
    CROSS JOIN LATERAL (
        SELECT
            ARRAY(
                SELECT loaded.load_id
                FROM ops.loads_read(card.source, p_office, p_year, p_quarter, p_known_at) AS loaded
                ORDER BY loaded.load_id
            ) AS loads
    ) AS counted
    ORDER BY card.source COLLATE "C"
$$;
