-- tally.employee_score: the official IP ASN scores of the office's own staff, added up.
-- Grain: one row per group (PNS, PPPK); every figure but persons is a sum of scores.
-- Read by: IKU 9.
CREATE OR REPLACE FUNCTION tally.employee_score(
    p_office text, p_year integer, p_quarter integer, p_known_at timestamptz
) RETURNS TABLE (
    employee_group text, persons bigint, qualification numeric, competence numeric,
    performance numeric, discipline numeric, total numeric
)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT
        staged.employee_group,
        count(*),
        sum(staged.qualification_score),
        sum(staged.competence_score),
        sum(staged.performance_score),
        sum(staged.discipline_score),
        sum(staged.total_score)
    FROM staging.office_employee AS staged
    JOIN ops.loads_read('office_employee', p_office, p_year, p_quarter, p_known_at) AS loaded
        ON loaded.load_id = staged.load_id
    GROUP BY staged.employee_group
    ORDER BY staged.employee_group COLLATE "C"
$$;
