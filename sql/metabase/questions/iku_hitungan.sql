/*
title = "Hitungan"
asks = "Dari apa angka ini dihitung?"
display = "table"

[columns]
yang_dihitung = { title = "Yang dihitung" }
pembilang = { title = "Memenuhi" }
penyebut = { title = "Seluruhnya" }
realisasi_hitung = { title = "Hasil hitungan", decimals = 2 }
dasar = { title = "Yang tampil" }
realisasi = { title = "Realisasi", decimals = 2 }
batas_atas = { title = "Paling tinggi", decimals = 2 }
catatan = { title = "Catatan", text_wrapping = true }
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

SELECT
    coalesce(nullif(yang_dihitung, ''), 'nilai') AS yang_dihitung,
    pembilang,
    penyebut,
    realisasi_hitung,
    CASE dasar WHEN 'terbit' THEN 'angka terbit' ELSE 'hasil hitungan' END AS dasar,
    realisasi,
    batas_atas,
    nullif(sebab_sementara, '') AS catatan
FROM tampil
