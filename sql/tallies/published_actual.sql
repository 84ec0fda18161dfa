-- tally.published_actual: the figures that official documents print for a quarter.
-- Grain: one row per IKU, from the document with the newest date.  Read by: every IKU.
-- actual is null where the document prints N/A.
CREATE OR REPLACE FUNCTION tally.published_actual(
    p_office text, p_year integer, p_quarter integer, p_known_at timestamptz
) RETURNS TABLE (iku text, document text, document_date date, actual numeric, load_id bigint)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT newest.iku, newest.document, newest.document_date, newest.actual, newest.load_id
    FROM (
        SELECT DISTINCT ON (staged.iku)
            staged.iku, staged.document, staged.document_date, staged.actual, staged.load_id
        FROM staging.published_actual AS staged
        JOIN ops.loads_read('published_actual', p_office, p_year, p_quarter, p_known_at) AS loaded
            ON loaded.load_id = staged.load_id
        ORDER BY
            staged.iku, staged.document_date DESC, staged.load_id DESC,
            staged.document COLLATE "C" DESC
    ) AS newest
    ORDER BY newest.iku COLLATE "C"
$$;
