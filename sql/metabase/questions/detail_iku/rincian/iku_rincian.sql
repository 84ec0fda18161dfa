/*
title = "Rincian"
asks = "Apa saja yang membentuk angka ini?"
display = "table"
begins_with = ["pilihan", "tampil_iku"]

[columns]
kelompok = { title = "Kelompok" }
butir = { title = "Butir" }
nilai = { title = "Nilai", show_mini_bar = true }
satuan = { title = "Satuan" }
penuh = { title = "Nilai penuh" }
keterangan = { title = "Keterangan" }
*/
SELECT item.kelompok, item.butir, item.nilai, item.satuan, item.penuh, item.keterangan
FROM tampil
JOIN mart.rincian_iku AS item ON item.hitungan_id = tampil.hitungan_id
ORDER BY item.kelompok DESC, item.urutan
