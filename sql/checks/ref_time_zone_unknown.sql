-- severity: fail
-- An office has a time zone that Postgres does not know, so no due day could be told.
SELECT office.office AS kantor, office.time_zone AS zona_waktu
FROM ref.office AS office
WHERE office.time_zone NOT IN (SELECT name FROM pg_timezone_names)
