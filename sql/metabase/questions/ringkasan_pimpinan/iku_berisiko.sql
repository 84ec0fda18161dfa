/*
title = "IKU berisiko"
asks = "Berapa IKU yang waspada atau belum tercapai?"
display = "scalar"
begins_with = ["pilihan", "tampil"]

[columns]
jumlah = { title = "IKU berisiko" }
*/
SELECT count(*) AS jumlah FROM tampil WHERE golongan = 'berisiko'
