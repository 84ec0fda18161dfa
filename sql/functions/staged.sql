-- ops.staged: how many rows of each load lie in each table of staging.
-- Read by: the check staging_rows_not_as_counted.
-- The tables are asked of the catalogue, so that the table of a new source need not be named here.
CREATE OR REPLACE FUNCTION ops.staged()
RETURNS TABLE (source text, load_id bigint, row_count bigint)
LANGUAGE plpgsql STABLE
AS $$
BEGIN
    FOR source IN
        SELECT c.relname
        FROM pg_catalog.pg_class AS c
        WHERE
            c.relnamespace = 'staging'::regnamespace
            AND c.relkind IN ('r', 'p')
            AND NOT c.relispartition
        ORDER BY c.relname
    LOOP
        RETURN QUERY EXECUTE format(
            'SELECT %L::text, s.load_id, count(*) FROM staging.%I AS s GROUP BY s.load_id',
            source, source
        );
    END LOOP;
END
$$;
