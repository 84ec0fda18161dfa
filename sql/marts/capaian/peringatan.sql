-- mart.peringatan: what a manager should know before trusting a figure.
-- Grain: one row per thing that warns.
-- Read by: Metabase "Peringatan", "Sumber dan Mutu Data".
CREATE VIEW mart.peringatan AS
SELECT
    late.kantor,
    'sumber terlambat' AS jenis,
    1 AS urutan,
    late.judul AS perihal,
    NULL::integer AS tahun,
    NULL::integer AS triwulan,
    'periode ' || late.periode_ditunggu || ' belum diterima' AS penjelasan,
    late.jatuh_tempo AS sejak
FROM mart.kesegaran_sumber AS late
WHERE late.keadaan = 'terlambat'

UNION ALL

SELECT
    refused.kantor, 'berkas ditolak', 2, refused.nama_sumber || ' ' || refused.periode, NULL, NULL,
    refused.berkas || ': ' || refused.ditolak || ' baris salah',
    (refused.dimuat_pada AT TIME ZONE office.zona_waktu)::date
FROM mart.muatan AS refused
JOIN mart.kantor AS office ON office.kantor = refused.kantor
WHERE refused.percobaan_terakhir AND refused.keadaan = 'ditolak'

UNION ALL

SELECT
    shown.kantor, 'angka terbit berbeda', 3, shown.iku || ' ' || shown.nama_pendek, shown.tahun,
    shown.triwulan,
    'terbit ' || replace(shown.realisasi::text, '.', ',') || ', hitungan '
    || replace(shown.realisasi_hitung::text, '.', ','),
    (shown.berlaku_dari AT TIME ZONE office.zona_waktu)::date
FROM mart.capaian_iku AS shown
JOIN mart.kantor AS office ON office.kantor = shown.kantor
WHERE
    shown.dokumen = 'pk' AND shown.dasar = 'terbit' AND shown.realisasi <> shown.realisasi_hitung

UNION ALL

SELECT
    survey.kantor, 'responden kurang', 4, 'Survei ' || survey.jenis, survey.tahun, survey.triwulan,
    survey.responden || ' responden, minimum ' || survey.sampel_minimum,
    (shown.berlaku_dari AT TIME ZONE office.zona_waktu)::date
FROM mart.survei_ringkas AS survey
JOIN mart.kantor AS office ON office.kantor = survey.kantor
JOIN mart.capaian_iku AS shown
    ON
        shown.kantor = survey.kantor AND shown.nilai_id = survey.hitungan_id
        AND shown.dokumen = 'pk'
WHERE survey.sampel = 'kurang'

UNION ALL

SELECT
    run.kantor, 'IKU gagal dihitung', 5, run.periode, run.tahun, run.triwulan, run.sebab_gagal,
    (run.dicatat_pada AT TIME ZONE office.zona_waktu)::date
FROM mart.hitungan AS run
JOIN mart.kantor AS office ON office.kantor = run.kantor
WHERE
    run.gagal > 0
    AND run.hitungan = (
        SELECT max(newer.hitungan) FROM mart.hitungan AS newer
        WHERE
            newer.kantor = run.kantor AND newer.tahun = run.tahun AND newer.triwulan = run.triwulan
    );

COMMENT ON VIEW mart.peringatan IS 'Peringatan: yang perlu diketahui sebelum memakai angka.';
COMMENT ON COLUMN mart.peringatan.kantor IS 'Kantor: kunci kantor.';
COMMENT ON COLUMN mart.peringatan.jenis IS 'Jenis: jenis peringatan.';
COMMENT ON COLUMN mart.peringatan.urutan IS 'Urutan: urutan jenis.';
COMMENT ON COLUMN mart.peringatan.perihal IS 'Perihal: sumber, IKU, atau periode.';
COMMENT ON COLUMN mart.peringatan.tahun IS 'Tahun: kosong bila tidak terkait satu tahun.';
COMMENT ON COLUMN mart.peringatan.triwulan IS 'Triwulan: kosong bila tidak terkait satu triwulan.';
COMMENT ON COLUMN mart.peringatan.penjelasan IS 'Penjelasan: apa yang terjadi.';
COMMENT ON COLUMN mart.peringatan.sejak IS 'Sejak: sejak kapan.';
