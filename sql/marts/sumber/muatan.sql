-- mart.muatan: every attempt to land a file, the refused ones too, and whether it is in force.
-- Grain: one row per load.
-- Read by: Metabase "Sumber dan Mutu Data".
CREATE VIEW mart.muatan AS
SELECT
    load.office AS kantor,
    load.load_id AS muatan,
    load.source AS sumber,
    source.title AS nama_sumber,
    load.period AS periode,
    load.period_year AS tahun,
    load.part AS bagian,
    load.file_name AS berkas,
    CASE
        WHEN load.status = 'refused' THEN 'ditolak'
        WHEN current_load.muatan IS NOT NULL THEN 'berlaku'
        ELSE 'diganti'
    END AS keadaan,
    load.load_id = max(load.load_id) OVER (
        PARTITION BY load.office, load.source, load.period, load.part
    ) AS percobaan_terakhir,
    load.rows_in AS baris_masuk,
    load.accepted AS diterima,
    load.rejected AS ditolak,
    load.duplicate AS ganda,
    load.out_of_scope AS luar_lingkup,
    load.landed_by AS dimuat_oleh,
    load.landed_at AS dimuat_pada
FROM ops.load AS load
JOIN ops.source AS source ON source.source = load.source
LEFT JOIN mart.muatan_berlaku AS current_load ON current_load.muatan = load.load_id;

COMMENT ON VIEW mart.muatan IS 'Muatan: setiap berkas yang pernah dicoba dimuat, juga yang ditolak.';
COMMENT ON COLUMN mart.muatan.kantor IS 'Kantor: kunci kantor.';
COMMENT ON COLUMN mart.muatan.muatan IS 'Muatan: nomor muatan.';
COMMENT ON COLUMN mart.muatan.sumber IS 'Kode sumber: kunci sumber data.';
COMMENT ON COLUMN mart.muatan.nama_sumber IS 'Sumber: nama sumber data.';
COMMENT ON COLUMN mart.muatan.periode IS 'Periode: periode yang dilaporkan.';
COMMENT ON COLUMN mart.muatan.tahun IS 'Tahun: tahun periode.';
COMMENT ON COLUMN mart.muatan.bagian IS 'Bagian: utama atau nama bagian.';
COMMENT ON COLUMN mart.muatan.berkas IS 'Berkas: nama berkas saat diterima.';
COMMENT ON COLUMN mart.muatan.keadaan IS 'Keadaan: berlaku, diganti, atau ditolak.';
COMMENT ON COLUMN mart.muatan.percobaan_terakhir IS 'Percobaan terakhir: benar bila tidak ada yang lebih baru untuk periode dan bagian itu.';
COMMENT ON COLUMN mart.muatan.baris_masuk IS 'Baris masuk: seluruh baris yang terbaca.';
COMMENT ON COLUMN mart.muatan.diterima IS 'Diterima: baris yang dipakai.';
COMMENT ON COLUMN mart.muatan.ditolak IS 'Ditolak: baris yang tidak dipakai karena salah.';
COMMENT ON COLUMN mart.muatan.ganda IS 'Ganda: baris yang sama dengan baris lain.';
COMMENT ON COLUMN mart.muatan.luar_lingkup IS 'Luar lingkup: baris milik kantor atau satker lain.';
COMMENT ON COLUMN mart.muatan.dimuat_oleh IS 'Dimuat oleh: siapa yang memuat.';
COMMENT ON COLUMN mart.muatan.dimuat_pada IS 'Dimuat pada: saat berkas dimuat.';
