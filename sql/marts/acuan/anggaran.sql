-- mart.anggaran: the budget lines that a document prints, in its three break-downs.
-- Grain: one row per office, year, break-down and line.
-- Read by: Metabase "Detail IKU" (IKPA).
CREATE VIEW mart.anggaran AS
WITH known AS (
    SELECT DISTINCT ON (line.office, line.year, line.breakdown, line.position, line.valid_from)
        line.*
    FROM ref.budget AS line
    ORDER BY
        line.office, line.year, line.breakdown, line.position, line.valid_from,
        line.recorded_at DESC, line.row_id DESC
), newest AS (
    SELECT DISTINCT ON (known.office, known.year, known.breakdown, known.position) known.*
    FROM known
    WHERE known.valid_from <= current_date AND coalesce(known.valid_to, 'infinity') >= current_date
    ORDER BY known.office, known.year, known.breakdown, known.position, known.valid_from DESC
)

SELECT
    newest.office AS kantor,
    newest.year AS tahun,
    newest.breakdown AS rincian,
    newest.position AS urutan,
    newest.group_name AS kelompok,
    nullif(newest.subgroup_name, '') AS subkelompok,
    nullif(newest.code, '') AS kode,
    newest.item AS uraian,
    newest.volume,
    nullif(newest.volume_unit, '') AS satuan_volume,
    newest.amount_idr AS pagu,
    newest.source AS sumber_dokumen
FROM newest;

COMMENT ON VIEW mart.anggaran IS 'Anggaran: pagu menurut kegiatan, jenis belanja, dan detil belanja.';
COMMENT ON COLUMN mart.anggaran.kantor IS 'Kantor: kunci kantor.';
COMMENT ON COLUMN mart.anggaran.tahun IS 'Tahun: tahun anggaran.';
COMMENT ON COLUMN mart.anggaran.rincian IS 'Rincian: kegiatan, jenis, atau detil; masing-masing menjumlah pagu yang sama.';
COMMENT ON COLUMN mart.anggaran.urutan IS 'Urutan: urutan dalam dokumen.';
COMMENT ON COLUMN mart.anggaran.kelompok IS 'Kelompok: program atau jenis belanja.';
COMMENT ON COLUMN mart.anggaran.subkelompok IS 'Subkelompok: kegiatan atau rincian belanja.';
COMMENT ON COLUMN mart.anggaran.kode IS 'Kode: kode RO atau jenis belanja.';
COMMENT ON COLUMN mart.anggaran.uraian IS 'Uraian: nama baris anggaran.';
COMMENT ON COLUMN mart.anggaran.volume IS 'Volume: volume keluaran.';
COMMENT ON COLUMN mart.anggaran.satuan_volume IS 'Satuan: satuan volume.';
COMMENT ON COLUMN mart.anggaran.pagu IS 'Pagu: rupiah.';
COMMENT ON COLUMN mart.anggaran.sumber_dokumen IS 'Sumber: tabel dokumen.';
