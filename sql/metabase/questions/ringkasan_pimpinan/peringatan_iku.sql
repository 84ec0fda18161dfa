/*
title = "IKU yang perlu perhatian"
asks = "IKU mana yang belum aman, dan mengapa?"
display = "table"
begins_with = ["pilihan", "tampil"]
status = ["status"]

[columns]
nomor = { title = "No." }
indikator = { title = "Indikator" }
status = { title = "Status" }
realisasi = { title = "Realisasi", decimals = 2 }
target = { title = "Target", decimals = 2 }
kurang = { title = "Kurang" }
sebab = { title = "Sebab", text_wrapping = true }
penanggung_jawab = { title = "Penanggung jawab" }
iku = { hidden = true }
*/
SELECT
    nomor,
    nama_pendek AS indikator,
    status_kata AS status,
    realisasi,
    target,
    kurang,
    CASE
        WHEN sebab_sementara <> '' THEN sebab_sementara
        WHEN status = 'not_reported' THEN 'data sudah jatuh tempo dan belum diterima'
        WHEN status = 'not_yet_published' THEN 'belum waktunya terbit'
        WHEN status = 'nothing_to_count' THEN 'tidak ada yang dihitung'
        WHEN sebab_tanpa_capaian = 'no_target' THEN 'target belum ada'
        WHEN sebab_tanpa_capaian = 'unit_changed' THEN 'satuan berubah, tidak dapat dibandingkan'
    END AS sebab,
    nama_unit AS penanggung_jawab,
    iku
FROM tampil
WHERE golongan <> 'tercapai'
ORDER BY
    array_position(ARRAY['berisiko', 'tanpa nilai', 'belum dinilai'], golongan), capaian, nomor
