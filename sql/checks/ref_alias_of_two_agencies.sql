-- severity: fail
-- One spelling stands for two agencies of one type, so a file could not say which is meant.
WITH spelling AS (
    SELECT
        alias.office,
        alias.agency,
        agency.type,
        upper(regexp_replace(alias.alias, '[^[:alnum:]]', '', 'g')) AS spelled
    FROM (
        -- What is known of each spelling now: a correction takes the place of the row it corrects.
        SELECT DISTINCT ON (office, agency, alias, valid_from) * FROM ref.agency_alias
        ORDER BY office, agency, alias, valid_from, recorded_at DESC, row_id DESC
    ) AS alias
    JOIN ref.agency_at(current_date, 'infinity') AS agency ON agency.agency = alias.agency
    WHERE coalesce(alias.valid_to, 'infinity') >= current_date
)

SELECT first.spelled AS ejaan, first.agency AS instansi, second.agency AS juga_instansi
FROM spelling AS first
JOIN spelling AS second
    ON
        first.spelled = second.spelled AND first.type = second.type
        AND first.agency < second.agency
        AND (first.office = second.office OR '*' IN (first.office, second.office))
