-- severity: warn
-- title: realisasi akhir tahun tanpa target PK
-- An indicator has a realisasi at the end of the year and no target in the Perjanjian Kinerja.
SELECT kantor, iku, periode
FROM mart.capaian_iku
WHERE dokumen = 'pk' AND triwulan = 4 AND sebab_tanpa_capaian = 'no_target'
