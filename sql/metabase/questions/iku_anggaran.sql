/*
title = "Pagu anggaran"
asks = "Berapa pagu tiap kegiatan dan jenis belanja?"
display = "table"

[columns]
rincian = { title = "Menurut" }
kelompok = { title = "Kelompok" }
uraian = { title = "Uraian" }
pagu = { title = "Pagu (Rp)", decimals = 0 }
sumber_dokumen = { title = "Sumber" }
*/
WITH pilihan AS (
    SELECT kantor, tahun, triwulan FROM mart.pilihan
    WHERE
        true [[AND kantor IN ({{kantor}})]] [[AND tahun IN ({{tahun}})]]
        [[AND triwulan IN ({{triwulan}})]]
    ORDER BY urutan
    LIMIT 1
)

SELECT
    rincian,
    coalesce(subkelompok, kelompok) AS kelompok,
    uraian,
    pagu,
    sumber_dokumen
FROM mart.anggaran
WHERE
    (kantor, tahun) = (SELECT kantor, tahun FROM pilihan)
    AND coalesce([[{{iku}},]] 'IKU.1') = 'IKU.13'
ORDER BY array_position(ARRAY['kegiatan', 'jenis', 'detil'], rincian), urutan
