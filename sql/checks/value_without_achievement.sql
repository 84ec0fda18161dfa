-- severity: fail
-- title: nilai tanpa capaian dan tanpa sebab
-- A value on the scorecard has neither a capaian against the PK nor a reason for its absence.
SELECT value.office AS kantor, value.iku, value.year AS tahun, value.quarter AS triwulan
FROM iku.value AS value
WHERE NOT EXISTS (
    SELECT FROM iku.achievement AS achieved
    WHERE achieved.value_id = value.value_id AND achieved.document = 'pk'
)
