/*
title = "IKU tercapai"
asks = "Berapa dari 14 IKU yang sudah tercapai?"
display = "scalar"

[columns]
jumlah = { title = "IKU tercapai", suffix = " dari 14" }
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
        AND dokumen = coalesce([[{{dokumen}},]] 'pk')
        AND coalesce([[{{per_tanggal}},]] DATE 'infinity') BETWEEN tampil_mulai AND tampil_akhir
)

SELECT count(*) AS jumlah FROM tampil WHERE golongan = 'tercapai'
