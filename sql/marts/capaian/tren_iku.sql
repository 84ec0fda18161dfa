-- mart.tren_iku: realisasi, target and capaian over the years, with the method of each.
-- Grain: one row per office, IKU, quarter and target document; the fourth quarter is the year.
-- Read by: questions that managers ask themselves; the cards of the tab Tren read kartu_skor.
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

COMMENT ON VIEW mart.tren_iku IS 'Tren: realisasi, target, dan capaian dari tahun ke tahun.';
COMMENT ON COLUMN mart.tren_iku.kantor IS 'Kantor: kunci kantor.';
COMMENT ON COLUMN mart.tren_iku.iku IS 'IKU: kode indikator.';
COMMENT ON COLUMN mart.tren_iku.nomor IS 'Nomor: nomor urut indikator.';
COMMENT ON COLUMN mart.tren_iku.nama_pendek IS 'Indikator: nama pendek.';
COMMENT ON COLUMN mart.tren_iku.dokumen IS 'Versi target: pk, renja, atau renstra.';
COMMENT ON COLUMN mart.tren_iku.tahun IS 'Tahun: tahun kinerja.';
COMMENT ON COLUMN mart.tren_iku.triwulan IS 'Triwulan: 1 sampai 4; triwulan IV adalah nilai tahun itu.';
COMMENT ON COLUMN mart.tren_iku.periode IS 'Periode: misalnya 2024-Q4.';
COMMENT ON COLUMN mart.tren_iku.akhir_tahun IS 'Akhir tahun: benar untuk triwulan IV.';
COMMENT ON COLUMN mart.tren_iku.satuan IS 'Satuan: percent, index, score, atau scale.';
COMMENT ON COLUMN mart.tren_iku.realisasi IS 'Realisasi: angka yang tampil, dua desimal.';
COMMENT ON COLUMN mart.tren_iku.target IS 'Target: menurut dokumen itu.';
COMMENT ON COLUMN mart.tren_iku.capaian IS 'Capaian: realisasi dibanding target, persen.';
COMMENT ON COLUMN mart.tren_iku.status IS 'Kode status: kunci keadaan nilai.';
COMMENT ON COLUMN mart.tren_iku.status_kata IS 'Status: tercapai, waspada, belum tercapai, atau mengapa belum dapat dinilai.';
COMMENT ON COLUMN mart.tren_iku.dasar IS 'Dasar: terbit (tercetak di dokumen resmi) atau hitung.';
COMMENT ON COLUMN mart.tren_iku.metode IS 'Metode: aturan yang dipakai.';
COMMENT ON COLUMN mart.tren_iku.metode_berganti IS 'Metode berganti: benar bila metodenya lain dari periode sebelumnya.';
