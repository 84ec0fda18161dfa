/*
title = "Pagu anggaran"
asks = "Berapa pagu tiap kegiatan dan jenis belanja?"
display = "table"
begins_with = ["pilihan"]

[columns]
rincian = { title = "Menurut" }
kelompok = { title = "Kelompok" }
uraian = { title = "Uraian" }
pagu = { title = "Pagu (Rp)", decimals = 0 }
sumber_dokumen = { title = "Sumber" }
*/
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
