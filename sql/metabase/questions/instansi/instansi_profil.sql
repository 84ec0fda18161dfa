/*
title = "Profil satu instansi"
asks = "Bagaimana keadaan instansi ini dari tahun ke tahun?"
display = "table"
begins_with = ["pilihan"]

[columns]
tahun = { title = "Tahun" }
triwulan = { title = "Triwulan" }
nama_instansi = { title = "Instansi" }
nspk = { title = "NSPK" }
nilai_nspk = { title = "Indeks NSPK", decimals = 2 }
ip_asn = { title = "IP ASN" }
nilai_ip_asn = { title = "Nilai IP ASN", decimals = 2 }
siasn = { title = "SIASN" }
wasdal = { title = "Rekomendasi" }
*/
WITH hitungan AS (
    SELECT DISTINCT hitungan_id FROM mart.kartu_skor
    WHERE
        kantor = (SELECT kantor FROM pilihan)
        AND (tahun, triwulan) <= (SELECT tahun, triwulan FROM pilihan)
        AND iku IN ('IKU.1', 'IKU.2', 'IKU.6', 'IKU.8')
        AND dokumen = 'pk'
        AND coalesce([[{{per_tanggal}},]] DATE 'infinity') BETWEEN tampil_mulai AND tampil_akhir
), keadaan AS (
    SELECT item.* FROM mart.instansi_iku AS item
    WHERE
        item.hitungan_id = ANY(ARRAY(SELECT hitungan_id FROM hitungan))
        AND item.instansi = coalesce(
            [[{{instansi}},]]
            (
                SELECT min(member.instansi) FROM mart.instansi_iku AS member
                WHERE member.hitungan_id = ANY(ARRAY(SELECT hitungan_id FROM hitungan))
            )
        )
)

SELECT
    tahun::text AS tahun,
    triwulan,
    max(nama_instansi) AS nama_instansi,
    max(keadaan) FILTER (WHERE iku = 'IKU.1') AS nspk,
    max(nilai) FILTER (WHERE iku = 'IKU.1') AS nilai_nspk,
    max(keadaan) FILTER (WHERE iku = 'IKU.2') AS ip_asn,
    max(nilai) FILTER (WHERE iku = 'IKU.2') AS nilai_ip_asn,
    max(keadaan) FILTER (WHERE iku = 'IKU.6') AS siasn,
    max(keadaan) FILTER (WHERE iku = 'IKU.8') AS wasdal
FROM keadaan
GROUP BY tahun, triwulan
ORDER BY tahun DESC, triwulan DESC
