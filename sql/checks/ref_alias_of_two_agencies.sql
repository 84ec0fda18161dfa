-- severity: fail
-- title: satu ejaan untuk dua instansi
-- One spelling stands for two agencies of one type, so a file could not say which is meant.
-- The name of an agency is a spelling of its own. Both are compared as transforms/files/conform.py
-- looks them up: in capitals, without punctuation, the words of government and of the type dropped
-- at the start, in the three orders in which a file may hold them.
WITH agency AS (
    SELECT
        listed.agency,
        listed.type,
        listed.name,
        CASE listed.type
            WHEN 'kabupaten' THEN '^((KABUPATEN|KAB|PEMKAB)( |$))+'
            WHEN 'kota' THEN '^((KOTA|PEMKO|PEMKOT)( |$))+'
            WHEN 'provinsi' THEN '^((PROVINSI|PROPINSI|PROV|PEMPROV)( |$))+'
            ELSE '^$'
        END AS type_words,
        '^((PEMERINTAH|DAERAH|PEMDA)( |$))+' AS government_words
    FROM ref.agency_at(current_date, 'infinity') AS listed
), written AS (
    SELECT '*' AS office, agency.agency, agency.name FROM agency
    UNION ALL
    SELECT alias.office, alias.agency, alias.alias
    FROM (
        -- What is known of each spelling now: a correction takes the place of the row it corrects.
        SELECT DISTINCT ON (office, agency, alias, valid_from) * FROM ref.agency_alias
        ORDER BY office, agency, alias, valid_from, recorded_at DESC, row_id DESC
    ) AS alias
    WHERE coalesce(alias.valid_to, 'infinity') >= current_date
), words AS (
    SELECT
        written.office,
        agency.agency,
        agency.type,
        agency.type_words,
        agency.government_words,
        btrim(regexp_replace(upper(normalize(written.name, NFKC)), '[^[:alnum:]]+', ' ', 'g'))
            AS said
    FROM written
    JOIN agency ON agency.agency = written.agency
), spelling AS (
    SELECT DISTINCT
        words.office, words.agency, words.type, replace(form.said, ' ', '') AS spelled
    FROM words
    CROSS JOIN LATERAL (
        SELECT regexp_replace(words.said, words.type_words, '') AS typed
    ) AS bare
    CROSS JOIN LATERAL (
        VALUES
        (bare.typed),
        (regexp_replace(bare.typed, words.government_words, '')),
        (
            regexp_replace(
                regexp_replace(words.said, words.government_words, ''), words.type_words, ''
            )
        )
    ) AS form (said)
    WHERE form.said <> ''
)

SELECT DISTINCT first.spelled AS ejaan, first.agency AS instansi, second.agency AS juga_instansi
FROM spelling AS first
JOIN spelling AS second
    ON
        first.spelled = second.spelled AND first.type = second.type
        AND first.agency < second.agency
        AND (first.office = second.office OR '*' IN (first.office, second.office))
