-- tally.audit_finding: of how many findings all, some or none of the recommendations are closed.
-- Grain: one row per issuer and answer (all, some, none).  Read by: IKU 14.
-- Closed is status 1 or 4. Only recommendations of the cohort are looked at: tally.audit_cohort.
CREATE OR REPLACE FUNCTION tally.audit_finding(
    p_office text, p_year integer, p_quarter integer, p_known_at timestamptz
) RETURNS TABLE (issuer text, closed text, findings bigint)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    WITH finding AS (
        SELECT
            counted.issuer,
            CASE
                WHEN bool_and(counted.status IN (1, 4)) THEN 'all'
                WHEN bool_or(counted.status IN (1, 4)) THEN 'some'
                ELSE 'none'
            END AS closed
        FROM tally.audit_cohort(p_office, p_year, p_quarter, p_known_at) AS counted
        GROUP BY counted.issuer, counted.report_no, counted.finding_no
    )
    SELECT finding.issuer, finding.closed, count(*)
    FROM finding
    GROUP BY finding.issuer, finding.closed
    ORDER BY finding.issuer COLLATE "C", finding.closed COLLATE "C"
$$;
