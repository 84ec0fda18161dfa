/*
title = "Yang ditampilkan"
asks = "Kantor dan triwulan mana yang sedang dilihat, menurut target yang mana, dan per kapan?"
display = "scalar"
begins_with = ["pilihan"]

[columns]
keterangan = { title = "Yang ditampilkan" }
*/
SELECT
    shown.nama_kantor || ', ' || shown.nama_periode || ', target '
    || CASE coalesce([[{{dokumen}},]] 'pk')
        WHEN 'pk' THEN 'Perjanjian Kinerja' WHEN 'renja' THEN 'Renja' ELSE 'Renstra'
    END
    || ', per ' || extract(day FROM hari.dilihat) || ' ' || (
        ARRAY[
            'Januari', 'Februari', 'Maret', 'April', 'Mei', 'Juni', 'Juli', 'Agustus',
            'September', 'Oktober', 'November', 'Desember'
        ]
    )[extract(month FROM hari.dilihat)::integer] || ' ' || extract(year FROM hari.dilihat)
        AS keterangan
FROM mart.pilihan AS shown
JOIN mart.kantor AS office ON office.kantor = shown.kantor
CROSS JOIN LATERAL (
    SELECT coalesce([[{{per_tanggal}},]] office.hari_ini) AS dilihat
) AS hari
WHERE
    (shown.kantor, shown.tahun, shown.triwulan)
    = (SELECT kantor, tahun, triwulan FROM pilihan)
