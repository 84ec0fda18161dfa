-- severity: fail
-- title: zona waktu kantor tidak dikenal
-- An office has a time zone that Postgres does not know, so no due day could be told.
SELECT office.office AS kantor, office.time_zone AS zona_waktu
FROM (
    -- What is known now: a correction takes the place of the row it corrects.
    SELECT DISTINCT ON (office, valid_from) * FROM ref.office
    ORDER BY office, valid_from, recorded_at DESC, row_id DESC
) AS office
WHERE office.time_zone NOT IN (SELECT name FROM pg_timezone_names)
