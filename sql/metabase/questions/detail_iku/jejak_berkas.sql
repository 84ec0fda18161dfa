/*
title = "Berkas asal"
asks = "Dari berkas mana angka ini dihitung?"
display = "table"
begins_with = ["pilihan", "tampil_iku"]

[columns]
muatan = { title = "Muatan" }
nama_sumber = { title = "Sumber" }
periode = { title = "Periode" }
bagian = { title = "Bagian" }
berkas = { title = "Berkas" }
sha256 = { title = "SHA-256" }
diterima = { title = "Diterima" }
ditolak = { title = "Ditolak" }
dimuat_oleh = { title = "Dimuat oleh" }
dimuat_pada = { title = "Dimuat pada" }
*/
SELECT
    trail.muatan,
    trail.nama_sumber,
    trail.periode,
    trail.bagian,
    trail.berkas,
    trail.sha256,
    trail.diterima,
    trail.ditolak,
    trail.dimuat_oleh,
    trail.dimuat_pada
FROM tampil
JOIN mart.jejak_muatan AS trail ON trail.nilai_id = tampil.nilai_id
WHERE trail.muatan IS NOT NULL
ORDER BY trail.periode, trail.bagian
