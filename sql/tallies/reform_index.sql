-- tally.reform_index: the RB index of the year, as its letter says.
-- Grain: one row per letter read; a file holds exactly one.  Read by: IKU 11.
CREATE OR REPLACE FUNCTION tally.reform_index(
    p_office text, p_year integer, p_quarter integer, p_known_at timestamptz
) RETURNS TABLE (score numeric, category text, letter_no text, letter_date date)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT staged.score, staged.category, staged.letter_no, staged.letter_date
    FROM staging.reform_index AS staged
    JOIN ops.loads_read('reform_index', p_office, p_year, p_quarter, p_known_at) AS loaded
        ON loaded.load_id = staged.load_id
    ORDER BY staged.letter_date, staged.letter_no COLLATE "C", staged.load_id
$$;
