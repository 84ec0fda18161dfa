/*
title = "Muatan terakhir"
asks = "Berkas apa yang terakhir dimuat, oleh siapa, dan diterimakah?"
display = "table"
begins_with = ["pilihan_kantor"]
status = ["keadaan"]

[columns]
dimuat_pada = { title = "Dimuat pada" }
nama_sumber = { title = "Sumber" }
periode = { title = "Periode" }
bagian = { title = "Bagian" }
berkas = { title = "Berkas" }
keadaan = { title = "Keadaan" }
diterima = { title = "Diterima" }
ditolak = { title = "Ditolak" }
dimuat_oleh = { title = "Oleh" }
*/
SELECT
    dimuat_pada, nama_sumber, periode, bagian, berkas, keadaan, diterima, ditolak, dimuat_oleh
FROM mart.muatan
WHERE kantor = (SELECT kantor FROM pilihan)
ORDER BY muatan DESC
LIMIT 100
