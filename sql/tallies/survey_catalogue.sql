-- tally.survey_catalogue: the services whose answers of a year may be counted, with kind and unit.
-- Grain: one row per survey service.  Read by: tally.survey_element, tally.survey_service.
-- Answers of the whole year are pooled, so a service that ended in March still labels in December
-- what was answered before. Where a service has several rows, the one in force on the quarter's
-- last day leads, else the one that started last.
CREATE OR REPLACE FUNCTION tally.survey_catalogue(
    p_office text, p_year integer, p_quarter integer, p_known_at timestamptz
) RETURNS TABLE (service text, kind text, unit text)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT DISTINCT ON (known.service) known.service, known.kind, known.unit
    FROM (
        SELECT DISTINCT ON (listed.service, listed.valid_from) listed.*
        FROM ref.survey_service AS listed
        WHERE listed.office = p_office AND listed.recorded_at <= p_known_at
        ORDER BY listed.service, listed.valid_from, listed.recorded_at DESC, listed.row_id DESC
    ) AS known
    WHERE
        known.valid_from <= ops.quarter_end(p_year, p_quarter)
        AND coalesce(known.valid_to, 'infinity')
        >= greatest(known.valid_from, ops.quarter_start(p_year, 1))
    ORDER BY
        known.service,
        coalesce(known.valid_to, 'infinity') >= ops.quarter_end(p_year, p_quarter) DESC,
        known.valid_from DESC
$$;
