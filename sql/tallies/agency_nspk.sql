-- tally.agency_nspk: the NSPK letter of every member agency of an office.
-- Grain: one row per letter and score.  Read by: IKU 1.
-- A member without a row is not known yet ('belum'); who is a member is read on the quarter's
-- last day, so that an agency that joined or left during the year counts where it then was.
CREATE OR REPLACE FUNCTION tally.agency_nspk(
    p_office text, p_year integer, p_quarter integer, p_known_at timestamptz
) RETURNS TABLE (letter text, score numeric, agencies bigint)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT coalesce(graded.letter, 'belum'), graded.score, count(*)
    FROM ref.office_agency_at(p_office, ops.quarter_end(p_year, p_quarter), p_known_at) AS member
    LEFT JOIN (
        SELECT staged.agency, staged.letter, staged.score
        FROM staging.agency_nspk AS staged
        JOIN ops.loads_read('agency_nspk', p_office, p_year, p_quarter, p_known_at) AS loaded
            ON loaded.load_id = staged.load_id
    ) AS graded ON graded.agency = member.agency
    GROUP BY coalesce(graded.letter, 'belum'), graded.score
    ORDER BY coalesce(graded.letter, 'belum') COLLATE "C", graded.score
$$;
