/*
title = "Yang berubah dalam tujuh hari"
asks = "Angka mana yang berubah sejak minggu lalu, dari berapa menjadi berapa?"
display = "table"
begins_with = ["pilihan"]
status = ["status_lama", "status_baru"]

[columns]
nomor = { title = "No." }
indikator = { title = "Indikator" }
realisasi_lama = { title = "Realisasi lama", decimals = 2 }
realisasi_baru = { title = "Realisasi baru", decimals = 2 }
status_lama = { title = "Status lama" }
status_baru = { title = "Status baru" }
sejak = { title = "Berubah pada" }
*/
WITH hari AS (
    SELECT least(coalesce([[{{per_tanggal}},]] hari_ini), hari_ini) AS akhir
    FROM mart.kantor
    WHERE kantor = (SELECT kantor FROM pilihan)
), pilihan_versi AS (
    SELECT * FROM mart.kartu_skor
    WHERE
        (kantor, tahun, triwulan) = (SELECT kantor, tahun, triwulan FROM pilihan)
        AND dokumen = coalesce([[{{dokumen}},]] 'pk')
)

SELECT
    baru.nomor,
    baru.nama_pendek AS indikator,
    lama.realisasi AS realisasi_lama,
    baru.realisasi AS realisasi_baru,
    coalesce(lama.status_kata, 'belum dihitung') AS status_lama,
    baru.status_kata AS status_baru,
    baru.tampil_mulai AS sejak
FROM hari
JOIN pilihan_versi AS baru ON hari.akhir BETWEEN baru.tampil_mulai AND baru.tampil_akhir
LEFT JOIN pilihan_versi AS lama
    ON lama.iku = baru.iku AND hari.akhir - 7 BETWEEN lama.tampil_mulai AND lama.tampil_akhir
WHERE
    baru.tampil_mulai > hari.akhir - 7
    AND (lama.realisasi, lama.status_kata) IS DISTINCT FROM (baru.realisasi, baru.status_kata)
ORDER BY baru.nomor
