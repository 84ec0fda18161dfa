/*
title = "Sumber ditunggu"
asks = "Berapa sumber yang belum jatuh tempo dan belum diterima?"
display = "scalar"

[columns]
jumlah = { title = "Sumber ditunggu" }
*/
WITH pilihan AS (
    SELECT kantor FROM mart.pilihan
    WHERE true [[AND kantor IN ({{kantor}})]]
    ORDER BY urutan
    LIMIT 1
)

SELECT count(*) AS jumlah
FROM mart.kesegaran_sumber
WHERE kantor = (SELECT kantor FROM pilihan) AND keadaan = 'menunggu'
