-- severity: fail
-- title: kantor yang tidak ada di office.csv
-- A reference row belongs to an office that has no row.
SELECT used.place AS berkas, used.office AS kantor
FROM (
    SELECT 'office_agency' AS place, office FROM ref.office_agency
    UNION SELECT 'target', office FROM ref.target
    UNION SELECT 'iku_name', office FROM ref.iku_name
    UNION SELECT 'unit', office FROM ref.unit
    UNION SELECT 'unit_iku', office FROM ref.unit_iku
    UNION SELECT 'survey_service', office FROM ref.survey_service
    UNION SELECT 'service_volume', office FROM ref.service_volume
    UNION SELECT 'budget', office FROM ref.budget
    UNION SELECT 'agency_alias', office FROM ref.agency_alias WHERE office <> '*'
) AS used
WHERE NOT EXISTS (SELECT FROM ref.office AS office WHERE office.office = used.office)
