/*
title = "IKU tanpa nilai"
asks = "Berapa IKU yang belum punya angka?"
display = "scalar"
begins_with = ["pilihan", "tampil"]

[columns]
jumlah = { title = "IKU tanpa nilai" }
*/
SELECT count(*) AS jumlah FROM tampil WHERE golongan = 'tanpa nilai'
