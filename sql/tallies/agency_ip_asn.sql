-- tally.agency_ip_asn: which member agencies of an office have measured the IP ASN of their staff.
-- Grain: one row per answer (yes, no, no_row).  Read by: IKU 2.
CREATE OR REPLACE FUNCTION tally.agency_ip_asn(
    p_office text, p_year integer, p_quarter integer, p_known_at timestamptz
) RETURNS TABLE (measured text, agencies bigint)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT answer.measured, count(*)
    FROM (
        SELECT
            CASE
                WHEN reported.agency IS NULL THEN 'no_row'
                WHEN reported.status = 'done' THEN 'yes'
                ELSE 'no'
            END AS measured
        FROM ref.office_agency_at(p_office, ops.quarter_end(p_year, p_quarter), p_known_at)
            AS member
        LEFT JOIN (
            SELECT staged.agency, staged.status
            FROM staging.agency_ip_asn AS staged
            JOIN ops.loads_read('agency_ip_asn', p_office, p_year, p_quarter, p_known_at) AS loaded
                ON loaded.load_id = staged.load_id
        ) AS reported ON reported.agency = member.agency
    ) AS answer
    GROUP BY answer.measured
    ORDER BY answer.measured COLLATE "C"
$$;
