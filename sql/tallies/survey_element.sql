-- tally.survey_element: how many valid answers each element got, and their sum.
-- Grain: one row per kind, service, unit and element with answers.  Read by: IKU 3, IKU 4.
-- Five million answers pass through here, so the shape matters: the loads are taken first, as an
-- array, which lets Postgres scan the table once with parallel workers instead of looping over the
-- loads; the eighteen figures are counted side by side, and only the few rows that are left are
-- turned into one row per element and joined to the references.
DROP FUNCTION IF EXISTS tally.survey_element(text, integer, integer, timestamptz);
CREATE OR REPLACE FUNCTION tally.survey_element(
    p_office text, p_year integer, p_quarter integer, p_known_at timestamptz
) RETURNS TABLE (kind text, service text, unit text, element text, n bigint, sum bigint)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    WITH counted AS (
        SELECT
            answer.service,
            answer.unit,
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
        WHERE
            answer.load_id = ANY(ARRAY(
                SELECT loaded.load_id
                FROM ops.loads_read('survey_answer', p_office, p_year, p_quarter, p_known_at)
                    AS loaded
            ))
        GROUP BY answer.service, answer.unit
    ), per_element AS (
        SELECT
            listed.kind,
            counted.service,
            coalesce(counted.unit, listed.unit) AS unit,
            asked.element,
            asked.n,
            asked.total
        FROM counted
        JOIN tally.survey_catalogue(p_office, p_year, p_quarter, p_known_at) AS listed
            ON listed.service = counted.service
        CROSS JOIN LATERAL (
            VALUES
            ('u1', counted.n1, counted.sum1),
            ('u2', counted.n2, counted.sum2),
            ('u3', counted.n3, counted.sum3),
            ('u4', counted.n4, counted.sum4),
            ('u5', counted.n5, counted.sum5),
            ('u6', counted.n6, counted.sum6),
            ('u7', counted.n7, counted.sum7),
            ('u8', counted.n8, counted.sum8),
            ('u9', counted.n9, counted.sum9)
        ) AS asked (element, n, total)
        WHERE asked.n > 0
    )
    SELECT
        per_element.kind,
        per_element.service,
        per_element.unit,
        per_element.element,
        sum(per_element.n)::bigint,
        sum(per_element.total)::bigint
    FROM per_element
    GROUP BY per_element.kind, per_element.service, per_element.unit, per_element.element
    ORDER BY
        per_element.kind COLLATE "C",
        per_element.service COLLATE "C",
        per_element.unit COLLATE "C",
        per_element.element COLLATE "C"
$$;
