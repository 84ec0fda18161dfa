-- severity: fail
-- title: instansi yang tidak ada di agency.csv
-- A member of an office, or an alias, names an agency that has no row.
SELECT membership.office AS kantor, membership.agency AS instansi
FROM ref.office_agency AS membership
WHERE NOT EXISTS (SELECT FROM ref.agency AS agency WHERE agency.agency = membership.agency)
UNION
SELECT alias.office, alias.agency
FROM ref.agency_alias AS alias
WHERE NOT EXISTS (SELECT FROM ref.agency AS agency WHERE agency.agency = alias.agency)
