-- tally.oversight_recommendation: what became of the wasdal recommendations by the quarter's end.
-- Grain: one row per cohort, whether issued in the quarter, status and whether the answer term
-- still runs.  Read by: IKU 8.
-- Cohort (RULES 6.2): carried = issued before 1 January and not closed (1, 4) before it, and
-- this_year = issued from 1 January to the quarter's last day. A status dated after that day
-- counts as 3. The answer term is 60 days where none is written.
CREATE OR REPLACE FUNCTION tally.oversight_recommendation(
    p_office text, p_year integer, p_quarter integer, p_known_at timestamptz
) RETURNS TABLE (
    cohort text, issued_in_quarter boolean, status integer, answer_term_open boolean,
    recommendations bigint
)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    WITH recommendation AS (
        SELECT
            CASE
                WHEN staged.issued_date < ops.quarter_start(p_year, 1) THEN 'carried'
                ELSE 'this_year'
            END AS cohort,
            staged.issued_date >= ops.quarter_start(p_year, p_quarter) AS issued_in_quarter,
            CASE
                WHEN staged.status_date > ops.quarter_end(p_year, p_quarter) THEN 3
                ELSE staged.status::integer
            END AS status,
            coalesce(staged.answer_due_date, staged.issued_date + 60)
            >= ops.quarter_end(p_year, p_quarter) AS is_within_term
        FROM staging.oversight_recommendation AS staged
        JOIN ops.loads_read(
            'oversight_recommendation', p_office, p_year, p_quarter, p_known_at
        ) AS loaded ON loaded.load_id = staged.load_id
        WHERE
            staged.issued_date <= ops.quarter_end(p_year, p_quarter)
            AND (
                staged.issued_date >= ops.quarter_start(p_year, 1)
                OR staged.status NOT IN (1, 4)
                OR coalesce(staged.status_date, 'infinity') >= ops.quarter_start(p_year, 1)
            )
    ), as_of_the_day AS (
        SELECT
            recommendation.cohort,
            recommendation.issued_in_quarter,
            recommendation.status,
            recommendation.status IN (2, 3) AND recommendation.is_within_term AS answer_term_open
        FROM recommendation
    )
    SELECT
        as_of_the_day.cohort,
        as_of_the_day.issued_in_quarter,
        as_of_the_day.status,
        as_of_the_day.answer_term_open,
        count(*)
    FROM as_of_the_day
    GROUP BY
        as_of_the_day.cohort,
        as_of_the_day.issued_in_quarter,
        as_of_the_day.status,
        as_of_the_day.answer_term_open
    ORDER BY
        as_of_the_day.cohort COLLATE "C",
        as_of_the_day.issued_in_quarter,
        as_of_the_day.status,
        as_of_the_day.answer_term_open
$$;
