-- tally.survey_element: how many valid answers each element got, their sum, and from how many.
-- Grain: one row per kind, service, unit and element with answers.  Read by: IKU 3, IKU 4.
-- respondents (of the year so far) and quarter_respondents (of the quarter itself, null while no
-- file of it is in force) are those of the service and unit: each of its elements repeats them.
-- Five million answers pass through here, so the shape matters: the loads are taken first, as an
-- array, which lets Postgres scan the table once with parallel workers instead of looping over the
-- loads; the twenty figures are counted side by side, and only the few rows that are left are
-- turned into one row per element and joined to the references. An answer is dated inside the
-- period of its file, so its date says whether it is one of the quarter.
CREATE OR REPLACE FUNCTION tally.survey_element(
    p_office text, p_year integer, p_quarter integer, p_known_at timestamptz
) RETURNS TABLE (
    kind text, service text, unit text, element text, n bigint, sum bigint, respondents bigint,
    quarter_respondents bigint
)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    WITH loaded AS (
        SELECT read.load_id, read.period_end
        FROM ops.loads_read('survey_answer', p_office, p_year, p_quarter, p_known_at) AS read
    ), counted AS (
        SELECT
            answer.service,
            answer.unit,
            count(*) AS respondents,
            count(*) FILTER (WHERE answer.answered_on >= ops.quarter_start(p_year, p_quarter))
                AS quarter_respondents,
            count(answer.u1) AS n1, sum(answer.u1) AS sum1,
            count(answer.u2) AS n2, sum(answer.u2) AS sum2,
            count(answer.u3) AS n3, sum(answer.u3) AS sum3,
            count(answer.u4) AS n4, sum(answer.u4) AS sum4,
            count(answer.u5) AS n5, sum(answer.u5) AS sum5,
            count(answer.u6) AS n6, sum(answer.u6) AS sum6,
            count(answer.u7) AS n7, sum(answer.u7) AS sum7,
            count(answer.u8) AS n8, sum(answer.u8) AS sum8,
            count(answer.u9) AS n9, sum(answer.u9) AS sum9
        FROM staging.survey_answer AS answer
        WHERE answer.load_id = ANY(ARRAY(SELECT loaded.load_id FROM loaded))
        GROUP BY answer.service, answer.unit
    ), per_unit AS (
        SELECT
            listed.kind,
            counted.service,
            coalesce(counted.unit, listed.unit) AS unit,
            sum(counted.respondents) AS respondents,
            sum(counted.quarter_respondents) AS quarter_respondents,
            sum(counted.n1) AS n1, sum(counted.sum1) AS sum1,
            sum(counted.n2) AS n2, sum(counted.sum2) AS sum2,
            sum(counted.n3) AS n3, sum(counted.sum3) AS sum3,
            sum(counted.n4) AS n4, sum(counted.sum4) AS sum4,
            sum(counted.n5) AS n5, sum(counted.sum5) AS sum5,
            sum(counted.n6) AS n6, sum(counted.sum6) AS sum6,
            sum(counted.n7) AS n7, sum(counted.sum7) AS sum7,
            sum(counted.n8) AS n8, sum(counted.sum8) AS sum8,
            sum(counted.n9) AS n9, sum(counted.sum9) AS sum9
        FROM counted
        JOIN tally.survey_catalogue(p_office, p_year, p_quarter, p_known_at) AS listed
            ON listed.service = counted.service
        GROUP BY listed.kind, counted.service, coalesce(counted.unit, listed.unit)
    )
    SELECT
        per_unit.kind,
        per_unit.service,
        per_unit.unit,
        asked.element,
        asked.n::bigint,
        asked.total::bigint,
        per_unit.respondents::bigint,
        CASE
            WHEN EXISTS (
                SELECT FROM loaded WHERE loaded.period_end = ops.quarter_end(p_year, p_quarter)
            ) THEN per_unit.quarter_respondents::bigint
        END
    FROM per_unit
    CROSS JOIN LATERAL (
        VALUES
        ('u1', per_unit.n1, per_unit.sum1),
        ('u2', per_unit.n2, per_unit.sum2),
        ('u3', per_unit.n3, per_unit.sum3),
        ('u4', per_unit.n4, per_unit.sum4),
        ('u5', per_unit.n5, per_unit.sum5),
        ('u6', per_unit.n6, per_unit.sum6),
        ('u7', per_unit.n7, per_unit.sum7),
        ('u8', per_unit.n8, per_unit.sum8),
        ('u9', per_unit.n9, per_unit.sum9)
    ) AS asked (element, n, total)
    WHERE asked.n > 0
    ORDER BY
        per_unit.kind COLLATE "C",
        per_unit.service COLLATE "C",
        per_unit.unit COLLATE "C",
        asked.element COLLATE "C"
$$;
