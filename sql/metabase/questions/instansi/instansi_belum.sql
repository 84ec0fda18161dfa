/*
title = "Siapa yang belum"
asks = "Instansi mana yang masih kurang agar target tercapai?"
display = "table"
begins_with = ["pilihan", "keadaan_instansi"]

[columns]
indikator = { title = "IKU" }
kurang_untuk_target = { title = "Kurang untuk target" }
nama_instansi = { title = "Instansi" }
keadaan = { title = "Keadaan" }
nilai = { title = "Nilai", decimals = 2 }
instansi = { hidden = true }
*/
WITH target AS (
    SELECT iku, kurang FROM mart.kartu_skor
    WHERE
        (kantor, tahun, triwulan) = (SELECT kantor, tahun, triwulan FROM pilihan)
        AND dokumen = coalesce([[{{dokumen}},]] 'pk')
        AND coalesce([[{{per_tanggal}},]] DATE 'infinity') BETWEEN tampil_mulai AND tampil_akhir
)

SELECT
    named.nomor || '. ' || named.nama_pendek AS indikator,
    target.kurang AS kurang_untuk_target,
    keadaan.nama_instansi,
    keadaan.keadaan,
    keadaan.nilai,
    keadaan.instansi
FROM keadaan
JOIN mart.peta_strategi AS named ON named.iku = keadaan.iku
LEFT JOIN target ON target.iku = keadaan.iku
WHERE NOT keadaan.memenuhi
ORDER BY named.nomor, keadaan.nilai DESC NULLS LAST, keadaan.nama_instansi
LIMIT 1000
