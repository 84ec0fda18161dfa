-- severity: fail
-- title: satu periode berisi bagian utama dan bagian bernama sekaligus
-- A period has both the main part and named parts in force, so rows would count twice.
SELECT slice.office AS kantor, slice.source AS sumber, slice.period AS periode
FROM (SELECT DISTINCT office FROM ops.load) AS office
CROSS JOIN LATERAL ops.in_force(office.office, ops.instant()) AS slice
GROUP BY slice.office, slice.source, slice.period
HAVING bool_or(slice.part = 'utama') AND bool_or(slice.part <> 'utama')
