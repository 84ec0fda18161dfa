-- mart.tren_iku: realisasi, target and capaian over the years, with the method of each.
-- Grain: one row per office, IKU, quarter and target document; the fourth quarter is the year.
-- Read by: Metabase "Tren".
CREATE VIEW mart.tren_iku AS
SELECT
    kantor,
    iku,
    nomor,
    nama_pendek,
    dokumen,
    tahun,
    triwulan,
    periode,
    triwulan = 4 AS akhir_tahun,
    satuan,
    realisasi,
    target,
    capaian,
    status,
    status_kata,
    dasar,
    metode,
    metode IS DISTINCT FROM lag(metode) OVER (
        PARTITION BY kantor, iku, dokumen ORDER BY tahun, triwulan
    ) AS metode_berganti
FROM mart.capaian_iku;
