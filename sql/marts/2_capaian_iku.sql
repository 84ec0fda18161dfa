-- mart.capaian_iku: what is shown now of every indicator and quarter.
-- Grain: one row per office, IKU, quarter and target document.
-- Read by: `iku scorecard`, Metabase "Ringkasan Pimpinan".
CREATE VIEW mart.capaian_iku AS
SELECT * FROM mart.capaian_versi WHERE berlaku_sampai IS NULL;
