-- tally.system_usage: how far the standard systems were used in each quarter of the year so far.
-- Grain: one row per quarter, whether it is reported, whether the system has a row, and
-- utilisation (null without a row).  Read by: IKU 10.
-- The systems of a quarter are those active on its own last day; systems adds up to their number.
CREATE OR REPLACE FUNCTION tally.system_usage(
    p_office text, p_year integer, p_quarter integer, p_known_at timestamptz
) RETURNS TABLE (
    quarter integer, has_slice boolean, has_row boolean, utilisation numeric, systems bigint
)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    WITH loaded AS (
        SELECT read.load_id, read.period_end
        FROM ops.loads_read('system_usage', p_office, p_year, p_quarter, p_known_at) AS read
    ), used AS (
        SELECT loaded.period_end, staged.system, staged.utilisation
        FROM staging.system_usage AS staged
        JOIN loaded ON loaded.load_id = staged.load_id
    ), answer AS (
        SELECT
            past.quarter,
            EXISTS (
                SELECT FROM loaded
                WHERE loaded.period_end = ops.quarter_end(p_year, past.quarter)
            ) AS has_slice,
            used.system IS NOT NULL AS has_row,
            used.utilisation
        FROM generate_series(1, p_quarter) AS past (quarter)
        CROSS JOIN LATERAL ref.system_at(
            ops.quarter_end(p_year, past.quarter), p_known_at
        ) AS active
        LEFT JOIN used
            ON
                used.period_end = ops.quarter_end(p_year, past.quarter)
                AND used.system = active.system
        WHERE active.in_iku_10
    )
    SELECT answer.quarter, answer.has_slice, answer.has_row, answer.utilisation, count(*)
    FROM answer
    GROUP BY answer.quarter, answer.has_slice, answer.has_row, answer.utilisation
    ORDER BY answer.quarter, answer.has_slice, answer.has_row, answer.utilisation
$$;
