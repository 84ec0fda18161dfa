-- mart.target_dokumen: the targets as documents state them, with the reason of a change.
-- Grain: one row per office, IKU, document, year, quarter (empty: the year) and start of validity.
-- Read by: Metabase "Detail IKU", tab Target.
CREATE VIEW mart.target_dokumen AS
SELECT DISTINCT ON (
    target.office, target.iku, target.document, target.year, target.quarter, target.valid_from
)
    target.office AS kantor,
    target.iku,
    target.document AS dokumen,
    CASE target.document
        WHEN 'pk' THEN 'Perjanjian Kinerja' WHEN 'renja' THEN 'Renja' ELSE 'Renstra'
    END AS nama_dokumen,
    target.year AS tahun,
    target.quarter AS triwulan,
    target.target,
    target.unit AS satuan,
    nullif(target.reason, '') AS alasan,
    nullif(target.source, '') AS sumber_dokumen,
    target.valid_from AS berlaku_mulai,
    target.valid_to AS berlaku_akhir
FROM ref.target AS target
ORDER BY
    target.office, target.iku, target.document, target.year, target.quarter, target.valid_from,
    target.recorded_at DESC, target.row_id DESC;

COMMENT ON VIEW mart.target_dokumen IS 'Target menurut dokumen: PK, Renja, dan Renstra berdampingan.';
COMMENT ON COLUMN mart.target_dokumen.kantor IS 'Kantor: kunci kantor.';
COMMENT ON COLUMN mart.target_dokumen.iku IS 'IKU: kode indikator.';
COMMENT ON COLUMN mart.target_dokumen.dokumen IS 'Kode dokumen: pk, renja, atau renstra.';
COMMENT ON COLUMN mart.target_dokumen.nama_dokumen IS 'Dokumen: nama dokumen target.';
COMMENT ON COLUMN mart.target_dokumen.tahun IS 'Tahun: tahun kinerja.';
COMMENT ON COLUMN mart.target_dokumen.triwulan IS 'Triwulan: kosong bila target setahun.';
COMMENT ON COLUMN mart.target_dokumen.target IS 'Target: menurut dokumen itu.';
COMMENT ON COLUMN mart.target_dokumen.satuan IS 'Satuan: satuan target.';
COMMENT ON COLUMN mart.target_dokumen.alasan IS 'Alasan: mengapa target berubah.';
COMMENT ON COLUMN mart.target_dokumen.sumber_dokumen IS 'Sumber: halaman atau tabel dokumen.';
COMMENT ON COLUMN mart.target_dokumen.berlaku_mulai IS 'Berlaku mulai: hari pertama target ini berlaku.';
COMMENT ON COLUMN mart.target_dokumen.berlaku_akhir IS 'Berlaku akhir: kosong bila masih berlaku.';
