/*
title = "Hitungan di balik angka"
asks = "Siapa yang menghitung, kapan, dan dengan versi program yang mana?"
display = "table"
begins_with = ["pilihan", "tampil_iku"]

[columns]
hitung = { title = "Hitungan ke" }
dihitung_oleh = { title = "Oleh" }
alasan_hitung = { title = "Alasan" }
diketahui_pada = { title = "Data diketahui pada" }
dicatat_pada = { title = "Dicatat pada" }
versi_program = { title = "Versi program" }
metode = { title = "Metode", text_wrapping = true }
*/
SELECT DISTINCT
    trail.hitung,
    trail.dihitung_oleh,
    trail.alasan_hitung,
    trail.diketahui_pada,
    trail.dicatat_pada,
    trail.versi_program,
    tampil.metode
FROM tampil
JOIN mart.jejak_muatan AS trail ON trail.nilai_id = tampil.nilai_id
