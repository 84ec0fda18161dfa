-- tally.survey_service: how many rows of each survey service were rejected, and how often the
-- service is delivered in the year (population, null where not recorded).
-- Grain: one row per survey service that has rejected rows or a volume; one more, of kind
-- 'tanpa_layanan' and service '', for rejected rows whose service is not known.
-- Read by: IKU 3, IKU 4.
CREATE OR REPLACE FUNCTION tally.survey_service(
    p_office text, p_year integer, p_quarter integer, p_known_at timestamptz
) RETURNS TABLE (kind text, service text, rejected bigint, population bigint)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    WITH rejected_row AS (
        -- One row may be rejected for several reasons.
        SELECT max(refusal.grouping) AS service
        FROM ops.reject AS refusal
        WHERE
            refusal.consequence = 'row'
            AND refusal.load_id = ANY(ARRAY(
                SELECT loaded.load_id
                FROM ops.loads_read('survey_answer', p_office, p_year, p_quarter, p_known_at)
                    AS loaded
            ))
        GROUP BY refusal.load_id, refusal.sheet, refusal.row_no
    ), figure AS (
        SELECT rejected_row.service, count(*) AS rejected, NULL::bigint AS population
        FROM rejected_row
        GROUP BY rejected_row.service
        UNION ALL
        SELECT delivered.service, 0, delivered.volume
        FROM ref.service_volume_at(
            p_office, p_year, ops.quarter_end(p_year, p_quarter), p_known_at
        ) AS delivered
    ), labelled AS (
        SELECT
            coalesce(listed.kind, 'tanpa_layanan') AS kind,
            coalesce(listed.service, '') AS service,
            figure.rejected,
            figure.population
        FROM figure
        LEFT JOIN tally.survey_catalogue(p_office, p_year, p_quarter, p_known_at) AS listed
            ON listed.service = figure.service
        -- The volume of a service that the survey does not know says nothing about a sample.
        WHERE listed.service IS NOT NULL OR figure.population IS NULL
    )
    SELECT
        labelled.kind,
        labelled.service,
        sum(labelled.rejected)::bigint,
        sum(labelled.population)::bigint
    FROM labelled
    GROUP BY labelled.kind, labelled.service
    ORDER BY labelled.kind COLLATE "C", labelled.service COLLATE "C"
$$;
