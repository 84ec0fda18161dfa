/*
title = "Sumber lengkap"
asks = "Berapa sumber yang sudah diterima?"
display = "scalar"
begins_with = ["pilihan_kantor"]

[columns]
jumlah = { title = "Sumber lengkap" }
*/
SELECT count(*) AS jumlah
FROM mart.kesegaran_sumber
WHERE kantor = (SELECT kantor FROM pilihan) AND keadaan = 'lengkap'
