-- iku.shown_rank: of the values of an indicator and quarter, the one with the least rank is shown.
-- Read by: mart.capaian_versi (the scorecard) and the roll-up of what it shows.
-- What is printed comes before what is computed, but a printed N/A never hides a number of ours. A
-- figure whose document was retracted rests on no load; it is shown where there is nothing else.
CREATE OR REPLACE FUNCTION iku.shown_rank(p_basis text, p_actual numeric, p_loads bigint [])
RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT CASE
        WHEN p_basis = 'published' AND p_actual IS NOT NULL THEN 1
        WHEN p_basis = 'computed' AND p_actual IS NOT NULL THEN 2
        WHEN p_basis = 'published' AND cardinality(p_loads) > 0 THEN 3
        WHEN p_basis = 'computed' THEN 4
        ELSE 5
    END
$$;

-- Who reads a view must be allowed to call what the view calls.
GRANT EXECUTE ON FUNCTION iku.shown_rank(text, numeric, bigint []) TO iku_writer, metabase_reader;
