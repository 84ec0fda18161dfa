/*
title = "Rincian dalam gambar"
asks = "Butir mana yang paling besar dan paling kecil?"
display = "row"
begins_with = ["pilihan", "tampil_iku"]

[columns]
butir = { title = "Butir" }
nilai = { title = "Nilai", decimals = 2 }

[settings]
"graph.dimensions" = ["butir"]
"graph.metrics" = ["nilai"]
"graph.show_values" = true
*/
SELECT item.butir, item.nilai
FROM tampil
JOIN mart.rincian_iku AS item ON item.hitungan_id = tampil.hitungan_id
WHERE item.kelompok <> 'Per penerbit'
ORDER BY item.kelompok, item.urutan
