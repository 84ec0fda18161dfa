-- tally.sakip_score: the SAKIP scores of the year, as the evaluation report (LHE) says.
-- Grain: one row per report read; a file holds exactly one.  Read by: IKU 12.
CREATE OR REPLACE FUNCTION tally.sakip_score(
    p_office text, p_year integer, p_quarter integer, p_known_at timestamptz
) RETURNS TABLE (
    planning_score numeric, measurement_score numeric, reporting_score numeric,
    evaluation_score numeric, total_score numeric, predicate text, letter_no text, letter_date date
)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT
        staged.planning_score,
        staged.measurement_score,
        staged.reporting_score,
        staged.evaluation_score,
        staged.total_score,
        staged.predicate,
        staged.letter_no,
        staged.letter_date
    FROM staging.sakip_score AS staged
    JOIN ops.loads_read('sakip_score', p_office, p_year, p_quarter, p_known_at) AS loaded
        ON loaded.load_id = staged.load_id
    ORDER BY staged.letter_date, staged.letter_no COLLATE "C", staged.load_id
$$;
