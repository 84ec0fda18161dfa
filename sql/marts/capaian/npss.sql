-- mart.npss: the roll-up of the strategic objectives, every version of it.
-- Grain: one row per office, quarter, target document and span of time.
-- Read by: `iku scorecard`, Metabase "Ringkasan Pimpinan".
CREATE VIEW mart.npss AS
SELECT
    office AS kantor,
    year AS tahun,
    quarter AS triwulan,
    year || '-Q' || quarter AS periode,
    document AS dokumen,
    status,
    npss,
    npss_120,
    npss_lower_bound AS batas_bawah,
    coverage_pct AS cakupan,
    indicators_counted AS iku_terhitung,
    indicators AS iku_seluruhnya,
    perspectives AS perspektif,
    objectives AS sasaran,
    recorded_at AS berlaku_dari,
    lead(recorded_at) OVER (
        PARTITION BY office, year, quarter, document ORDER BY recorded_at, rollup_id
    ) AS berlaku_sampai
FROM iku.rollup;

COMMENT ON VIEW mart.npss IS 'NPSS, semua versi: nilai pencapaian sasaran strategis.';
COMMENT ON COLUMN mart.npss.kantor IS 'Kantor: kunci kantor.';
COMMENT ON COLUMN mart.npss.tahun IS 'Tahun: tahun kinerja.';
COMMENT ON COLUMN mart.npss.triwulan IS 'Triwulan: 1 sampai 4; triwulan IV adalah nilai tahun itu.';
COMMENT ON COLUMN mart.npss.periode IS 'Periode: misalnya 2024-Q4.';
COMMENT ON COLUMN mart.npss.dokumen IS 'Versi target: pk, renja, atau renstra.';
COMMENT ON COLUMN mart.npss.status IS 'Kode status: measured atau provisional.';
COMMENT ON COLUMN mart.npss.npss IS 'NPSS: nilai pencapaian sasaran strategis.';
COMMENT ON COLUMN mart.npss.npss_120 IS 'NPSS 120: dengan capaian tiap IKU paling tinggi 120.';
COMMENT ON COLUMN mart.npss.batas_bawah IS 'Paling rendah: bila yang terlambat lapor dihitung nol.';
COMMENT ON COLUMN mart.npss.cakupan IS 'Cakupan: bobot IKU yang punya capaian, persen.';
COMMENT ON COLUMN mart.npss.iku_terhitung IS 'IKU terhitung: yang punya capaian.';
COMMENT ON COLUMN mart.npss.iku_seluruhnya IS 'IKU seluruhnya: banyaknya IKU.';
COMMENT ON COLUMN mart.npss.perspektif IS 'Nilai perspektif: nilai tiap perspektif, untuk program.';
COMMENT ON COLUMN mart.npss.sasaran IS 'Nilai sasaran: nilai tiap sasaran strategis, untuk program.';
COMMENT ON COLUMN mart.npss.berlaku_dari IS 'Berlaku dari: saat baris ini mulai tampil.';
COMMENT ON COLUMN mart.npss.berlaku_sampai IS 'Berlaku sampai: saat baris ini diganti; kosong bila masih tampil.';
