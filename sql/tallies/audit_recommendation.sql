-- tally.audit_recommendation: what became of the recommendations of BPK and Inspektorat.
-- Grain: one row per issuer, cohort, status and whether the answer term still runs.
-- Read by: IKU 14.  Which recommendations, and their status: tally.audit_cohort.
CREATE OR REPLACE FUNCTION tally.audit_recommendation(
    p_office text, p_year integer, p_quarter integer, p_known_at timestamptz
) RETURNS TABLE (
    issuer text, cohort text, status integer, answer_term_open boolean, recommendations bigint
)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT counted.issuer, counted.cohort, counted.status, counted.answer_term_open, count(*)
    FROM tally.audit_cohort(p_office, p_year, p_quarter, p_known_at) AS counted
    GROUP BY counted.issuer, counted.cohort, counted.status, counted.answer_term_open
    ORDER BY
        counted.issuer COLLATE "C",
        counted.cohort COLLATE "C",
        counted.status,
        counted.answer_term_open
$$;
