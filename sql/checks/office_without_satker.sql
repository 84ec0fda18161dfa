-- severity: warn
-- title: kantor tanpa kode satker
-- An office has no satker code, so no OM-SPAN export can be taken for it.
SELECT office AS kantor
FROM ref.office_at(ops.instant()::date, ops.instant())
WHERE satker_code = ''
