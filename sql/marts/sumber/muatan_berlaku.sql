-- mart.muatan_berlaku: the loads in force now: of each slice the one that nobody withdrew.
-- Grain: one row per office, source, period and part.
-- Read by: the views after it, Metabase "Sumber dan Mutu Data".
CREATE VIEW mart.muatan_berlaku AS
SELECT
    office.kantor,
    load.source AS sumber,
    source.title AS judul,
    load.period AS periode,
    load.period_year AS tahun,
    load.period_end AS akhir_periode,
    load.part AS bagian,
    load.load_id AS muatan,
    load.file_name AS berkas,
    load.sha256,
    load.rows_in AS baris_masuk,
    load.accepted AS diterima,
    load.rejected AS ditolak,
    load.duplicate AS ganda,
    load.out_of_scope AS luar_lingkup,
    load.landed_by AS dimuat_oleh,
    load.landed_at AS dimuat_pada
FROM mart.kantor AS office
CROSS JOIN LATERAL ops.in_force(office.kantor, office.saat_ini) AS load
JOIN ops.source AS source ON source.source = load.source;

COMMENT ON VIEW mart.muatan_berlaku IS 'Muatan berlaku: berkas yang kini dipakai, satu per sumber, periode, dan bagian.';
COMMENT ON COLUMN mart.muatan_berlaku.kantor IS 'Kantor: kunci kantor.';
COMMENT ON COLUMN mart.muatan_berlaku.sumber IS 'Sumber: kunci sumber data.';
COMMENT ON COLUMN mart.muatan_berlaku.judul IS 'Nama sumber: nama sumber data.';
COMMENT ON COLUMN mart.muatan_berlaku.periode IS 'Periode: tahun, triwulan, atau bulan yang dilaporkan.';
COMMENT ON COLUMN mart.muatan_berlaku.tahun IS 'Tahun: tahun periode.';
COMMENT ON COLUMN mart.muatan_berlaku.akhir_periode IS 'Akhir periode: hari terakhir periode.';
COMMENT ON COLUMN mart.muatan_berlaku.bagian IS 'Bagian: utama, atau nama bagian bila satu periode terdiri atas beberapa berkas.';
COMMENT ON COLUMN mart.muatan_berlaku.muatan IS 'Muatan: nomor muatan.';
COMMENT ON COLUMN mart.muatan_berlaku.berkas IS 'Berkas: nama berkas saat diterima.';
COMMENT ON COLUMN mart.muatan_berlaku.sha256 IS 'SHA-256: sidik berkas; arsip menyimpannya dengan nama ini.';
COMMENT ON COLUMN mart.muatan_berlaku.baris_masuk IS 'Baris masuk: seluruh baris yang terbaca.';
COMMENT ON COLUMN mart.muatan_berlaku.diterima IS 'Diterima: baris yang dipakai.';
COMMENT ON COLUMN mart.muatan_berlaku.ditolak IS 'Ditolak: baris yang tidak dipakai karena salah.';
COMMENT ON COLUMN mart.muatan_berlaku.ganda IS 'Ganda: baris yang sama dengan baris lain.';
COMMENT ON COLUMN mart.muatan_berlaku.luar_lingkup IS 'Luar lingkup: baris milik kantor atau satker lain.';
COMMENT ON COLUMN mart.muatan_berlaku.dimuat_oleh IS 'Dimuat oleh: siapa yang memuat.';
COMMENT ON COLUMN mart.muatan_berlaku.dimuat_pada IS 'Dimuat pada: saat berkas dimuat.';
