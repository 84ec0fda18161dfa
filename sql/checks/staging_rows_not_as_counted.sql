-- severity: fail
-- title: jumlah baris tersimpan berbeda dari yang diterima
-- A load holds another number of rows in staging than it accepted, or was refused and holds some,
-- or rows belong to no load of their source.
SELECT coalesce(load.load_id, staged.load_id) AS muatan, load.file_name AS berkas
FROM ops.load AS load
FULL JOIN ops.staged() AS staged
    ON staged.load_id = load.load_id AND staged.source = load.source
WHERE
    coalesce(staged.row_count, 0)
    IS DISTINCT FROM CASE load.status WHEN 'landed' THEN load.accepted WHEN 'refused' THEN 0 END
