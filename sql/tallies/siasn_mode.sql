-- tally.siasn_mode: by which route each member agency is integrated with SIASN.
-- Grain: one row per mode (simpegnas, webservice, none, no_row).  Read by: IKU 6.
-- The mode of the quarter's last day; an agency on both routes counts once, as webservice
-- (RULES 7.1); one that is listed without a route in force is none.
CREATE OR REPLACE FUNCTION tally.siasn_mode(
    p_office text, p_year integer, p_quarter integer, p_known_at timestamptz
) RETURNS TABLE (mode text, agencies bigint)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    WITH listed AS (
        SELECT
            staged.agency,
            staged.mode,
            coalesce(staged.start_date, '-infinity') <= ops.quarter_end(p_year, p_quarter)
            AND coalesce(staged.end_date, 'infinity') >= ops.quarter_end(p_year, p_quarter)
                AS is_in_force
        FROM staging.siasn_integration AS staged
        JOIN ops.loads_read('siasn_integration', p_office, p_year, p_quarter, p_known_at) AS loaded
            ON loaded.load_id = staged.load_id
    ), per_agency AS (
        SELECT
            CASE
                WHEN count(listed.agency) = 0 THEN 'no_row'
                WHEN bool_or(listed.is_in_force AND listed.mode = 'webservice') THEN 'webservice'
                WHEN bool_or(listed.is_in_force AND listed.mode = 'simpegnas') THEN 'simpegnas'
                ELSE 'none'
            END AS mode
        FROM ref.office_agency_at(p_office, ops.quarter_end(p_year, p_quarter), p_known_at)
            AS member
        LEFT JOIN listed ON listed.agency = member.agency
        GROUP BY member.agency
    )
    SELECT per_agency.mode, count(*)
    FROM per_agency
    GROUP BY per_agency.mode
    ORDER BY per_agency.mode COLLATE "C"
$$;
