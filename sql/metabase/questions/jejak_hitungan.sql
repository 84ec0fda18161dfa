/*
title = "Hitungan di balik angka"
asks = "Siapa yang menghitung, kapan, dan dengan versi program yang mana?"
display = "table"

[columns]
hitung = { title = "Hitungan ke" }
dihitung_oleh = { title = "Oleh" }
alasan_hitung = { title = "Alasan" }
diketahui_pada = { title = "Data diketahui pada" }
dicatat_pada = { title = "Dicatat pada" }
versi_program = { title = "Versi program" }
metode = { title = "Metode", text_wrapping = true }
*/
WITH pilihan AS (
    SELECT kantor, tahun, triwulan FROM mart.pilihan
    WHERE
        true [[AND kantor IN ({{kantor}})]] [[AND tahun IN ({{tahun}})]]
        [[AND triwulan IN ({{triwulan}})]]
    ORDER BY urutan
    LIMIT 1
), tampil AS (
    SELECT * FROM mart.kartu_skor
    WHERE
        (kantor, tahun, triwulan) = (SELECT kantor, tahun, triwulan FROM pilihan)
        AND iku = coalesce([[{{iku}},]] 'IKU.1')
        AND dokumen = 'pk'
        AND coalesce([[{{per_tanggal}},]] DATE 'infinity') BETWEEN tampil_mulai AND tampil_akhir
)

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
