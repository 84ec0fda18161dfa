/*
title = "IKU tercapai"
asks = "Berapa dari 14 IKU yang sudah tercapai?"
display = "scalar"
begins_with = ["pilihan", "tampil"]

[columns]
jumlah = { title = "IKU tercapai", suffix = " dari 14" }
*/
SELECT count(*) AS jumlah FROM tampil WHERE golongan = 'tercapai'
