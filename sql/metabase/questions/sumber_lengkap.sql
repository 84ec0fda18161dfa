/*
title = "Sumber lengkap"
asks = "Berapa sumber yang sudah diterima?"
display = "scalar"

[columns]
jumlah = { title = "Sumber lengkap" }
*/
WITH pilihan AS (
    SELECT kantor FROM mart.pilihan
    WHERE true [[AND kantor IN ({{kantor}})]]
    ORDER BY urutan
    LIMIT 1
)

SELECT count(*) AS jumlah
FROM mart.kesegaran_sumber
WHERE kantor = (SELECT kantor FROM pilihan) AND keadaan = 'lengkap'
