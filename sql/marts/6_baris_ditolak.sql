-- mart.baris_ditolak: every cell, row or file that was refused or noted, with the reason.
-- Grain: one row per load, place and rule. Values of personal columns were never stored.
-- Read by: `iku quarantine`, Metabase "Sumber dan Mutu Data".
CREATE VIEW mart.baris_ditolak AS
SELECT
    load.office AS kantor,
    load.source AS sumber,
    load.period AS periode,
    load.part AS bagian,
    load.load_id AS muatan,
    load.file_name AS berkas,
    load.status AS status_muatan,
    load.landed_at AS diterima_pada,
    reject.sheet AS lembar,
    reject.row_no AS baris,
    reject.heading AS kolom,
    reject.rule AS aturan,
    CASE reject.consequence
        WHEN 'file' THEN 'berkas ditolak'
        WHEN 'row' THEN 'baris ditolak'
        WHEN 'cell' THEN 'sel dikosongkan'
        ELSE 'catatan'
    END AS akibat,
    reject.grouping AS kelompok,
    reject.value AS nilai,
    reject.message AS pesan,
    reject.hint AS petunjuk
FROM ops.reject AS reject
JOIN ops.load AS load ON load.load_id = reject.load_id;

COMMENT ON VIEW mart.baris_ditolak IS 'Baris ditolak: sel, baris, atau berkas yang ditolak atau dicatat.';
COMMENT ON COLUMN mart.baris_ditolak.kantor IS 'Kantor: kunci kantor.';
COMMENT ON COLUMN mart.baris_ditolak.sumber IS 'Kode sumber: kunci sumber data.';
COMMENT ON COLUMN mart.baris_ditolak.periode IS 'Periode: misalnya 2024-Q4.';
COMMENT ON COLUMN mart.baris_ditolak.bagian IS 'Bagian: utama atau nama bagian.';
COMMENT ON COLUMN mart.baris_ditolak.muatan IS 'Muatan: nomor muatan.';
COMMENT ON COLUMN mart.baris_ditolak.berkas IS 'Berkas: nama berkas saat diterima.';
COMMENT ON COLUMN mart.baris_ditolak.status_muatan IS 'Status muatan: landed atau refused.';
COMMENT ON COLUMN mart.baris_ditolak.diterima_pada IS 'Diterima pada: saat berkas terbaru dimuat.';
COMMENT ON COLUMN mart.baris_ditolak.lembar IS 'Lembar: nama lembar kerja.';
COMMENT ON COLUMN mart.baris_ditolak.baris IS 'Baris: nomor baris dalam berkas.';
COMMENT ON COLUMN mart.baris_ditolak.kolom IS 'Kolom: judul kolom.';
COMMENT ON COLUMN mart.baris_ditolak.aturan IS 'Aturan: aturan yang dilanggar.';
COMMENT ON COLUMN mart.baris_ditolak.akibat IS 'Akibat: berkas ditolak, baris ditolak, sel dikosongkan, atau catatan.';
COMMENT ON COLUMN mart.baris_ditolak.kelompok IS 'Kelompok: pengelompokan yang tidak pribadi, misalnya layanan.';
COMMENT ON COLUMN mart.baris_ditolak.nilai IS 'Isi: isi sel, kosong bila kolomnya pribadi.';
COMMENT ON COLUMN mart.baris_ditolak.pesan IS 'Sebab: mengapa ditolak.';
COMMENT ON COLUMN mart.baris_ditolak.petunjuk IS 'Petunjuk: cara membetulkan.';
