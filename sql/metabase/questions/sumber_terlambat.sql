/*
title = "Sumber terlambat"
asks = "Berapa sumber yang sudah lewat jatuh tempo?"
display = "scalar"

[columns]
jumlah = { title = "Sumber terlambat" }
*/
WITH pilihan AS (
    SELECT kantor FROM mart.pilihan
    WHERE true [[AND kantor IN ({{kantor}})]]
    ORDER BY urutan
    LIMIT 1
)

SELECT count(*) AS jumlah
FROM mart.kesegaran_sumber
WHERE kantor = (SELECT kantor FROM pilihan) AND keadaan = 'terlambat'
