/*
title = "Peta strategi"
asks = "Sasaran mana yang tertinggal, dan IKU mana di bawahnya?"
display = "table"
begins_with = ["pilihan", "tampil"]
status = ["status"]

[columns]
perspektif = { title = "Perspektif" }
sasaran = { title = "Sasaran strategis", text_wrapping = true }
nilai_sasaran = { title = "Nilai sasaran", decimals = 2 }
indikator = { title = "IKU" }
capaian = { title = "Capaian (%)", decimals = 2 }
status = { title = "Status" }
iku = { hidden = true }
*/
-- As a grid: what is the same as in the row above is not said again.
SELECT
    CASE WHEN row_number() OVER perspektif = 1 THEN tampil.perspektif END AS perspektif,
    CASE
        WHEN row_number() OVER sasaran = 1
            THEN tampil.kode_sasaran || ' ' || tampil.sasaran_strategis
    END AS sasaran,
    CASE WHEN row_number() OVER sasaran = 1 THEN goal.nilai END AS nilai_sasaran,
    tampil.nomor || '. ' || tampil.nama_pendek AS indikator,
    tampil.capaian,
    tampil.status_kata AS status,
    tampil.iku
FROM tampil
LEFT JOIN mart.nilai_sasaran AS goal
    ON
        goal.kantor = tampil.kantor AND goal.tahun = tampil.tahun
        AND goal.triwulan = tampil.triwulan AND goal.dokumen = tampil.dokumen
        AND goal.jenis = 'sasaran' AND goal.kode = tampil.kode_sasaran
        AND coalesce([[{{per_tanggal}},]] DATE 'infinity')
        BETWEEN goal.tampil_mulai AND goal.tampil_akhir
WINDOW
    perspektif AS (
        PARTITION BY tampil.urutan_perspektif ORDER BY tampil.kode_sasaran, tampil.nomor
    ),
    sasaran AS (
        PARTITION BY tampil.urutan_perspektif, tampil.kode_sasaran ORDER BY tampil.nomor
    )
ORDER BY tampil.urutan_perspektif, tampil.kode_sasaran, tampil.nomor
