-- tally.digital_service: which of the services active on the quarter's last day are digital.
-- Grain: one row per answer; the sum of services is the number of active ones.  Read by: IKU 7.
-- A service inside SIASN is digital (RULES 7.3); one without a row is neither.
CREATE OR REPLACE FUNCTION tally.digital_service(
    p_office text, p_year integer, p_quarter integer, p_known_at timestamptz
) RETURNS TABLE (digital text, digital_siasn text, has_row boolean, services bigint)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT answer.digital, answer.digital_siasn, answer.has_row, count(*)
    FROM (
        SELECT
            CASE
                WHEN reported.is_digital OR reported.is_digital_siasn THEN 'yes' ELSE 'no'
            END AS digital,
            CASE WHEN reported.is_digital_siasn THEN 'yes' ELSE 'no' END AS digital_siasn,
            reported.service IS NOT NULL AS has_row
        FROM ref.service_at(ops.quarter_end(p_year, p_quarter), p_known_at) AS active
        LEFT JOIN (
            SELECT staged.service, staged.is_digital, staged.is_digital_siasn
            FROM staging.digital_service AS staged
            JOIN ops.loads_read('digital_service', p_office, p_year, p_quarter, p_known_at)
                AS loaded
                ON loaded.load_id = staged.load_id
        ) AS reported ON reported.service = active.service
    ) AS answer
    GROUP BY answer.digital, answer.digital_siasn, answer.has_row
    ORDER BY answer.digital COLLATE "C", answer.digital_siasn COLLATE "C", answer.has_row
$$;
