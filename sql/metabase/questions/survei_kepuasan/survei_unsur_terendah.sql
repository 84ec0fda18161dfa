/*
title = "Tiga unsur terendah"
asks = "Unsur mana yang harus dibenahi dulu?"
display = "table"
begins_with = ["pilihan", "hitungan_survei"]

[columns]
jenis = { title = "Jenis" }
peringkat = { title = "Ke" }
nama_unsur = { title = "Unsur" }
nilai = { title = "Nilai", decimals = 2 }
mutu = { title = "Mutu" }
*/
SELECT
    element.jenis,
    element.peringkat_terendah AS peringkat,
    element.nama_unsur,
    element.nilai,
    element.mutu
FROM hitungan
JOIN mart.survei_unsur AS element ON element.hitungan_id = hitungan.hitungan_id
WHERE element.peringkat_terendah <= 3
ORDER BY element.iku, element.peringkat_terendah
