-- severity: fail
-- title: angka terbit tanpa nama dokumen
-- A published figure cites no document.
SELECT load_id AS muatan, iku FROM staging.published_actual WHERE btrim(document) = ''
