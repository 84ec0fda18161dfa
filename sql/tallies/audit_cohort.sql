-- tally.audit_cohort: the audit recommendations that count for a quarter, with their status then.
-- Grain: one row per issuer, report, finding and recommendation of the cohort.
-- Read by: tally.audit_recommendation, tally.audit_finding.
-- Several work units may have to act on one recommendation. The date rule is applied to each part
-- first (a status dated later counts as 3); the recommendation has the worst of its parts, in the
-- order 3, 2, 1, and parts with 4 count only when all have it (RULES 6.1).
-- Cohort (RULES 6.2): carried = issued before 1 January and, on 31 December, still 2 or 3;
-- this_year = issued from 1 January to the quarter's last day. The answer term is 60 days.
CREATE OR REPLACE FUNCTION tally.audit_cohort(
    p_office text, p_year integer, p_quarter integer, p_known_at timestamptz
) RETURNS TABLE (
    issuer text, report_no text, finding_no text, recommendation_no text, cohort text,
    status integer, answer_term_open boolean
)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    WITH part AS (
        SELECT
            staged.issuer,
            staged.report_no,
            staged.finding_no,
            staged.recommendation_no,
            staged.issued_date,
            CASE
                WHEN staged.status_date > ops.quarter_end(p_year, p_quarter) THEN 3
                ELSE staged.status::integer
            END AS status,
            CASE
                WHEN staged.status_date >= ops.quarter_start(p_year, 1) THEN 3
                ELSE staged.status::integer
            END AS opening_status
        FROM staging.audit_finding AS staged
        JOIN ops.loads_read('audit_finding', p_office, p_year, p_quarter, p_known_at) AS loaded
            ON loaded.load_id = staged.load_id
    ), recommendation AS (
        SELECT
            part.issuer,
            part.report_no,
            part.finding_no,
            part.recommendation_no,
            min(part.issued_date) AS issued_date,
            coalesce(max(part.status) FILTER (WHERE part.status <> 4), 4) AS status,
            coalesce(max(part.opening_status) FILTER (WHERE part.opening_status <> 4), 4)
                AS opening_status
        FROM part
        GROUP BY part.issuer, part.report_no, part.finding_no, part.recommendation_no
    )
    SELECT
        recommendation.issuer,
        recommendation.report_no,
        recommendation.finding_no,
        recommendation.recommendation_no,
        CASE
            WHEN recommendation.issued_date < ops.quarter_start(p_year, 1) THEN 'carried'
            ELSE 'this_year'
        END,
        recommendation.status,
        recommendation.status IN (2, 3)
        AND recommendation.issued_date + 60 >= ops.quarter_end(p_year, p_quarter)
    FROM recommendation
    WHERE
        recommendation.issued_date <= ops.quarter_end(p_year, p_quarter)
        AND (
            recommendation.issued_date >= ops.quarter_start(p_year, 1)
            OR recommendation.opening_status IN (2, 3)
        )
    ORDER BY
        recommendation.issuer COLLATE "C",
        recommendation.report_no COLLATE "C",
        recommendation.finding_no COLLATE "C",
        recommendation.recommendation_no COLLATE "C"
$$;
