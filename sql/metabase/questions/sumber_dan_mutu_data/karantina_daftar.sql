/*
title = "Yang harus dibetulkan"
asks = "Sel mana di berkas mana yang harus dibetulkan, dan bagaimana?"
display = "table"
begins_with = ["pilihan_kantor"]

[columns]
nama_sumber = { title = "Sumber" }
periode = { title = "Periode" }
berkas = { title = "Berkas" }
lembar = { title = "Lembar" }
baris = { title = "Baris" }
kolom = { title = "Kolom" }
akibat = { title = "Akibat" }
pesan = { title = "Sebab", text_wrapping = true }
petunjuk = { title = "Petunjuk", text_wrapping = true }
umur_hari = { title = "Umur (hari)" }
*/
SELECT
    nama_sumber, periode, berkas, lembar, baris, kolom, akibat, pesan, petunjuk, umur_hari
FROM mart.karantina_terbuka
WHERE kantor = (SELECT kantor FROM pilihan)
ORDER BY akibat, umur_hari DESC, nama_sumber, periode, baris
LIMIT 1000
