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
