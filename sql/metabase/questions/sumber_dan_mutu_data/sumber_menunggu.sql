/*
title = "Sumber ditunggu"
asks = "Berapa sumber yang belum jatuh tempo dan belum diterima?"
display = "scalar"
begins_with = ["pilihan_kantor"]

[columns]
jumlah = { title = "Sumber ditunggu" }
*/
SELECT count(*) AS jumlah
FROM mart.kesegaran_sumber
WHERE kantor = (SELECT kantor FROM pilihan) AND keadaan = 'menunggu'
