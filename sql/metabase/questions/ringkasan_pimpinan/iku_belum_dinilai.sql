/*
title = "IKU belum dinilai"
asks = "Berapa IKU yang punya angka tetapi belum dapat digolongkan?"
display = "scalar"
begins_with = ["pilihan", "tampil"]

[columns]
jumlah = { title = "IKU belum dinilai" }
*/
SELECT count(*) AS jumlah FROM tampil WHERE golongan = 'belum dinilai'
