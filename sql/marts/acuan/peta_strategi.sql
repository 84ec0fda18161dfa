-- mart.peta_strategi: perspective, strategic objective and indicator as in force today.
-- Grain: one row per IKU.
-- Read by: the views after it, Metabase "Peta Strategi".
CREATE VIEW mart.peta_strategi AS
SELECT
    strategy.iku,
    card.number AS nomor,
    card.short_name AS nama_pendek,
    strategy.objective AS kode_sasaran,
    strategy.objective_name AS sasaran_strategis,
    strategy.perspective AS kode_perspektif,
    strategy.perspective_name AS perspektif,
    strategy.perspective_position AS urutan_perspektif,
    strategy.weight_pct AS bobot
FROM ref.strategy_at(current_date, 'infinity') AS strategy
JOIN iku.card AS card ON card.iku = strategy.iku;

COMMENT ON VIEW mart.peta_strategi IS 'Peta strategi: perspektif, sasaran strategis, dan IKU yang berlaku hari ini.';
COMMENT ON COLUMN mart.peta_strategi.iku IS 'IKU: kode indikator.';
COMMENT ON COLUMN mart.peta_strategi.nomor IS 'Nomor: nomor urut indikator.';
COMMENT ON COLUMN mart.peta_strategi.nama_pendek IS 'Indikator: nama pendek.';
COMMENT ON COLUMN mart.peta_strategi.kode_sasaran IS 'Kode sasaran: SS.1 sampai SS.7.';
COMMENT ON COLUMN mart.peta_strategi.sasaran_strategis IS 'Sasaran strategis: bunyi sasaran.';
COMMENT ON COLUMN mart.peta_strategi.kode_perspektif IS 'Kode perspektif: kunci perspektif.';
COMMENT ON COLUMN mart.peta_strategi.perspektif IS 'Perspektif: perspektif balanced scorecard.';
COMMENT ON COLUMN mart.peta_strategi.urutan_perspektif IS 'Urutan: urutan perspektif.';
COMMENT ON COLUMN mart.peta_strategi.bobot IS 'Bobot: bobot perspektif dalam NPSS, persen.';
