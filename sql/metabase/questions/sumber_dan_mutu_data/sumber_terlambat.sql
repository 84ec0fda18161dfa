/*
title = "Sumber terlambat"
asks = "Berapa sumber yang sudah lewat jatuh tempo?"
display = "scalar"
begins_with = ["pilihan_kantor"]

[columns]
jumlah = { title = "Sumber terlambat" }
*/
SELECT count(*) AS jumlah
FROM mart.kesegaran_sumber
WHERE kantor = (SELECT kantor FROM pilihan) AND keadaan = 'terlambat'
