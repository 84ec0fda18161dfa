/*
title = "IKM tiap layanan dalam gambar"
asks = "Seberapa jauh layanan yang satu dari yang lain?"
display = "row"

[columns]
nama_layanan = { title = "Layanan" }
ikm = { title = "IKM", decimals = 2 }

[settings]
"graph.dimensions" = ["nama_layanan"]
"graph.metrics" = ["ikm"]
"graph.show_values" = true
*/
WITH pilihan AS (
    SELECT kantor, tahun, triwulan FROM mart.pilihan
    WHERE
        true [[AND kantor IN ({{kantor}})]] [[AND tahun IN ({{tahun}})]]
        [[AND triwulan IN ({{triwulan}})]]
    ORDER BY urutan
    LIMIT 1
), hitungan AS (
    SELECT hitungan_id FROM mart.kartu_skor
    WHERE
        (kantor, tahun, triwulan) = (SELECT kantor, tahun, triwulan FROM pilihan)
        AND iku IN ('IKU.3', 'IKU.4')
        AND dokumen = 'pk'
        AND coalesce([[{{per_tanggal}},]] DATE 'infinity') BETWEEN tampil_mulai AND tampil_akhir
)

SELECT service.nama_layanan, service.ikm
-- As an array the values reach the table behind the mart's windows; joined, they do not.
FROM mart.survei_layanan AS service
WHERE service.hitungan_id = ANY(ARRAY(SELECT hitungan_id FROM hitungan))
    AND NOT service.ditutup
ORDER BY service.ikm DESC, service.nama_layanan
