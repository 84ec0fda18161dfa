/*
title = "Instansi dan IKU"
asks = "Bagaimana keadaan tiap instansi pada tiap IKU yang menghitung instansi?"
display = "table"

[columns]
nama_instansi = { title = "Instansi" }
nspk = { title = "NSPK (IKU 1)" }
ip_asn = { title = "IP ASN (IKU 2)" }
siasn = { title = "SIASN (IKU 6)" }
wasdal = { title = "Rekomendasi (IKU 8)" }
belum = { title = "Belum memenuhi" }
instansi = { hidden = true }
*/
WITH pilihan AS (
    SELECT kantor, tahun, triwulan FROM mart.pilihan
    WHERE
        true [[AND kantor IN ({{kantor}})]] [[AND tahun IN ({{tahun}})]]
        [[AND triwulan IN ({{triwulan}})]]
    ORDER BY urutan
    LIMIT 1
), hitungan AS (
    SELECT DISTINCT hitungan_id FROM mart.kartu_skor
    WHERE
        (kantor, tahun, triwulan) = (SELECT kantor, tahun, triwulan FROM pilihan)
        AND iku IN ('IKU.1', 'IKU.2', 'IKU.6', 'IKU.8')
        AND dokumen = 'pk'
        AND coalesce([[{{per_tanggal}},]] DATE 'infinity') BETWEEN tampil_mulai AND tampil_akhir
), keadaan AS (
    SELECT item.* FROM mart.instansi_iku AS item
    WHERE item.hitungan_id = ANY(ARRAY(SELECT hitungan_id FROM hitungan))
)

SELECT
    max(nama_instansi) AS nama_instansi,
    max(keadaan) FILTER (WHERE iku = 'IKU.1') AS nspk,
    max(keadaan) FILTER (WHERE iku = 'IKU.2') AS ip_asn,
    max(keadaan) FILTER (WHERE iku = 'IKU.6') AS siasn,
    max(keadaan) FILTER (WHERE iku = 'IKU.8') AS wasdal,
    count(*) FILTER (WHERE NOT memenuhi) AS belum,
    instansi
FROM keadaan
GROUP BY instansi
ORDER BY count(*) FILTER (WHERE NOT memenuhi) DESC, max(nama_instansi)
