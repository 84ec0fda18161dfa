/*
title = "Metode tiap tahun"
asks = "Menurut aturan apa angka tiap tahun dihitung?"
display = "table"
begins_with = ["pilihan"]

[columns]
tahun = { title = "Tahun" }
realisasi = { title = "Realisasi", decimals = 2 }
dasar = { title = "Dasar" }
metode = { title = "Metode", text_wrapping = true }
berganti = { title = "Berganti" }
*/
WITH riwayat AS (
    SELECT
        tahun,
        realisasi,
        dasar,
        metode,
        lag(metode) OVER (ORDER BY tahun, triwulan) AS metode_lama
    FROM mart.kartu_skor
    WHERE
        kantor = (SELECT kantor FROM pilihan)
        AND iku = coalesce([[{{iku}},]] 'IKU.1')
        AND dokumen = 'pk'
        AND (
            (tahun, triwulan) = (SELECT tahun, triwulan FROM pilihan)
            OR (triwulan = 4 AND tahun < (SELECT tahun FROM pilihan))
        )
        AND coalesce([[{{per_tanggal}},]] DATE 'infinity') BETWEEN tampil_mulai AND tampil_akhir
)

SELECT
    tahun::text AS tahun,
    realisasi,
    dasar,
    metode,
    CASE WHEN metode_lama <> metode THEN 'ya' ELSE 'tidak' END AS berganti
FROM riwayat
ORDER BY tahun DESC
