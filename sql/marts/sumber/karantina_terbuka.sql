-- mart.karantina_terbuka: what was refused and still waits to be mended.
-- Grain: one row per open item of the quarantine (`terbuka` in mart.baris_ditolak).
-- Read by: Metabase "Sumber dan Mutu Data".
-- Age counts from the day on which the problem was told for the first time, in the office's zone.
CREATE VIEW mart.karantina_terbuka AS
WITH item AS (
    SELECT
        refused.*,
        office.hari_ini - (refused.pertama_kali AT TIME ZONE office.zona_waktu)::date AS umur_hari
    FROM mart.baris_ditolak AS refused
    JOIN mart.kantor AS office ON office.kantor = refused.kantor
    WHERE refused.keadaan = 'terbuka'
)

SELECT
    item.kantor,
    item.sumber,
    load.nama_sumber,
    item.periode,
    item.bagian,
    item.muatan,
    item.berkas,
    load.keadaan AS keadaan_berkas,
    item.butir,
    item.lembar,
    item.baris,
    item.kolom,
    item.aturan,
    item.akibat,
    item.nilai,
    item.pesan,
    item.petunjuk,
    load.dimuat_pada,
    item.umur_hari,
    CASE
        WHEN item.umur_hari <= 7 THEN '1. sampai 7 hari'
        WHEN item.umur_hari <= 30 THEN '2. 8–30 hari'
        WHEN item.umur_hari <= 90 THEN '3. 31–90 hari'
        ELSE '4. lebih dari 90 hari'
    END AS golongan_umur
FROM item
JOIN mart.muatan AS load ON load.muatan = item.muatan;

COMMENT ON VIEW mart.karantina_terbuka IS 'Karantina terbuka: yang ditolak dan masih menunggu dibetulkan.';
COMMENT ON COLUMN mart.karantina_terbuka.kantor IS 'Kantor: kunci kantor.';
COMMENT ON COLUMN mart.karantina_terbuka.sumber IS 'Kode sumber: kunci sumber data.';
COMMENT ON COLUMN mart.karantina_terbuka.nama_sumber IS 'Sumber: nama sumber data.';
COMMENT ON COLUMN mart.karantina_terbuka.periode IS 'Periode: periode yang dilaporkan.';
COMMENT ON COLUMN mart.karantina_terbuka.bagian IS 'Bagian: utama atau nama bagian.';
COMMENT ON COLUMN mart.karantina_terbuka.muatan IS 'Muatan: nomor muatan.';
COMMENT ON COLUMN mart.karantina_terbuka.berkas IS 'Berkas: nama berkas saat diterima.';
COMMENT ON COLUMN mart.karantina_terbuka.keadaan_berkas IS 'Keadaan berkas: berlaku atau ditolak.';
COMMENT ON COLUMN mart.karantina_terbuka.butir IS 'Butir: nomor butir karantina.';
COMMENT ON COLUMN mart.karantina_terbuka.lembar IS 'Lembar: nama lembar kerja.';
COMMENT ON COLUMN mart.karantina_terbuka.baris IS 'Baris: nomor baris dalam berkas.';
COMMENT ON COLUMN mart.karantina_terbuka.kolom IS 'Kolom: judul kolom.';
COMMENT ON COLUMN mart.karantina_terbuka.aturan IS 'Aturan: aturan yang dilanggar.';
COMMENT ON COLUMN mart.karantina_terbuka.akibat IS 'Akibat: berkas ditolak, baris ditolak, atau sel dikosongkan.';
COMMENT ON COLUMN mart.karantina_terbuka.nilai IS 'Isi: isi sel, kosong bila kolomnya pribadi.';
COMMENT ON COLUMN mart.karantina_terbuka.pesan IS 'Sebab: mengapa ditolak.';
COMMENT ON COLUMN mart.karantina_terbuka.petunjuk IS 'Petunjuk: cara membetulkan.';
COMMENT ON COLUMN mart.karantina_terbuka.dimuat_pada IS 'Dimuat pada: saat berkas dicoba.';
COMMENT ON COLUMN mart.karantina_terbuka.umur_hari IS 'Umur: hari sejak masalah ini pertama kali diberitahukan.';
COMMENT ON COLUMN mart.karantina_terbuka.golongan_umur IS 'Golongan umur: rentang umur.';
