-- mart.kartu_skor: the lines of the scorecard with what a manager asks next, every version.
-- Grain: one row per office, IKU, quarter, target document and span of days.
-- Read by: Metabase, every dashboard.
-- A version is shown on the days from tampil_mulai to tampil_akhir: those at whose end, in the
-- office's zone, it was in force. One that was replaced within a day has no such day.
-- No formula: the distance to the target is the difference of two printed figures.
CREATE VIEW mart.kartu_skor AS
SELECT
    shown.kantor,
    kantor.nama_kantor,
    shown.iku,
    shown.nomor,
    shown.nama_pendek,
    shown.nama,
    shown.perspektif,
    shown.urutan_perspektif,
    shown.kode_sasaran,
    shown.sasaran_strategis,
    shown.tahun,
    shown.triwulan,
    shown.periode,
    shown.dokumen,
    shown.target,
    shown.target_triwulanan,
    shown.realisasi,
    shown.satuan,
    shown.capaian,
    shown.status,
    shown.status_kata,
    CASE
        WHEN shown.status_kata = 'tercapai' THEN 'tercapai'
        WHEN shown.status_kata IN ('waspada', 'belum tercapai') THEN 'berisiko'
        WHEN shown.realisasi IS NULL THEN 'tanpa nilai'
        ELSE 'belum dinilai'
    END AS golongan,
    CASE
        WHEN shown.kekurangan > 0 THEN shown.kekurangan || ' ' || shown.yang_dihitung
        WHEN
            shown.yang_dihitung = '' AND shown.sebab_tanpa_capaian IS NULL
            AND shown.target > shown.realisasi
            THEN
                replace((shown.target - shown.realisasi)::numeric(12, 2)::text, '.', ',')
                || ' poin'
    END AS kurang,
    shown.kekurangan,
    shown.yang_dihitung,
    shown.sebab_tanpa_capaian,
    array_to_string(
        ARRAY(
            SELECT reason.said
            FROM jsonb_array_elements_text(
                coalesce(shown.rincian -> 'sebab_sementara', '[]')
            ) AS reason (said)
        ), '; '
    ) AS sebab_sementara,
    (shown.rincian ->> 'batas_atas')::numeric AS batas_atas,
    shown.pembilang,
    shown.penyebut,
    shown.dasar,
    shown.realisasi_hitung,
    shown.status_hitung,
    shown.metode,
    answering.unit,
    answering.nama_unit,
    (newest.landed_at AT TIME ZONE kantor.zona_waktu)::date AS data_diterima,
    kantor.hari_ini - (newest.landed_at AT TIME ZONE kantor.zona_waktu)::date AS umur_data,
    shown.nilai_id,
    computed.value_id AS hitungan_id,
    shown.berlaku_dari,
    shown.berlaku_sampai,
    (shown.berlaku_dari AT TIME ZONE kantor.zona_waktu)::date AS tampil_mulai,
    coalesce((shown.berlaku_sampai AT TIME ZONE kantor.zona_waktu)::date - 1, 'infinity')
        AS tampil_akhir
FROM mart.capaian_versi AS shown
JOIN mart.kantor AS kantor ON kantor.kantor = shown.kantor
LEFT JOIN mart.penanggung_jawab AS answering
    ON answering.kantor = shown.kantor AND answering.iku = shown.iku
LEFT JOIN LATERAL (
    SELECT value.value_id
    FROM iku.value AS value
    WHERE
        value.office = shown.kantor AND value.iku = shown.iku AND value.year = shown.tahun
        AND value.quarter = shown.triwulan AND value.basis = 'computed'
        AND value.recorded_at <= shown.berlaku_dari
    ORDER BY value.recorded_at DESC, value.value_id DESC
    LIMIT 1
) AS computed ON true
LEFT JOIN LATERAL (
    SELECT max(load.landed_at) AS landed_at
    FROM iku.value AS value
    JOIN ops.load AS load ON load.load_id = ANY(value.loads)
    WHERE value.value_id = shown.nilai_id
) AS newest ON true;

COMMENT ON VIEW mart.kartu_skor IS 'Kartu skor: satu baris per IKU, triwulan, dokumen target, dan rentang hari tampil.';
COMMENT ON COLUMN mart.kartu_skor.kantor IS 'Kantor: kunci kantor.';
COMMENT ON COLUMN mart.kartu_skor.nama_kantor IS 'Nama kantor: nama lengkap.';
COMMENT ON COLUMN mart.kartu_skor.iku IS 'IKU: kode indikator.';
COMMENT ON COLUMN mart.kartu_skor.nomor IS 'Nomor: nomor urut indikator.';
COMMENT ON COLUMN mart.kartu_skor.nama_pendek IS 'Indikator: nama pendek.';
COMMENT ON COLUMN mart.kartu_skor.nama IS 'Nama indikator: seperti tercetak dalam Perjanjian Kinerja.';
COMMENT ON COLUMN mart.kartu_skor.perspektif IS 'Perspektif: perspektif balanced scorecard.';
COMMENT ON COLUMN mart.kartu_skor.urutan_perspektif IS 'Urutan: urutan perspektif.';
COMMENT ON COLUMN mart.kartu_skor.kode_sasaran IS 'Kode sasaran: SS.1 sampai SS.7.';
COMMENT ON COLUMN mart.kartu_skor.sasaran_strategis IS 'Sasaran strategis: bunyi sasaran.';
COMMENT ON COLUMN mart.kartu_skor.tahun IS 'Tahun: tahun kinerja.';
COMMENT ON COLUMN mart.kartu_skor.triwulan IS 'Triwulan: 1 sampai 4; triwulan IV adalah nilai tahun itu.';
COMMENT ON COLUMN mart.kartu_skor.periode IS 'Periode: misalnya 2024-Q4.';
COMMENT ON COLUMN mart.kartu_skor.dokumen IS 'Versi target: pk, renja, atau renstra.';
COMMENT ON COLUMN mart.kartu_skor.target IS 'Target: menurut dokumen itu.';
COMMENT ON COLUMN mart.kartu_skor.target_triwulanan IS 'Target triwulan: benar bila target itu milik triwulannya, bukan tahunnya.';
COMMENT ON COLUMN mart.kartu_skor.realisasi IS 'Realisasi: angka yang tampil, dua desimal.';
COMMENT ON COLUMN mart.kartu_skor.satuan IS 'Satuan: percent, index, score, atau scale.';
COMMENT ON COLUMN mart.kartu_skor.capaian IS 'Capaian: realisasi dibanding target, persen.';
COMMENT ON COLUMN mart.kartu_skor.status IS 'Kode status: kunci keadaan nilai.';
COMMENT ON COLUMN mart.kartu_skor.status_kata IS 'Status: tercapai, waspada, belum tercapai, atau mengapa belum dapat dinilai.';
COMMENT ON COLUMN mart.kartu_skor.golongan IS 'Golongan: tercapai, berisiko, belum dinilai, atau tanpa nilai.';
COMMENT ON COLUMN mart.kartu_skor.kurang IS 'Kurang: berapa lagi sampai target, dengan satuannya.';
COMMENT ON COLUMN mart.kartu_skor.kekurangan IS 'Jumlah kurang: banyaknya yang masih kurang bila IKU menghitung sesuatu.';
COMMENT ON COLUMN mart.kartu_skor.yang_dihitung IS 'Yang dihitung: instansi, layanan, rekomendasi, atau kosong.';
COMMENT ON COLUMN mart.kartu_skor.sebab_tanpa_capaian IS 'Sebab tanpa capaian: kunci alasan capaian tidak ada.';
COMMENT ON COLUMN mart.kartu_skor.sebab_sementara IS 'Sebab sementara: mengapa nilai belum tetap.';
COMMENT ON COLUMN mart.kartu_skor.batas_atas IS 'Paling tinggi: setinggi apa nilai sementara masih dapat menjadi.';
COMMENT ON COLUMN mart.kartu_skor.pembilang IS 'Pembilang: yang memenuhi.';
COMMENT ON COLUMN mart.kartu_skor.penyebut IS 'Penyebut: seluruhnya.';
COMMENT ON COLUMN mart.kartu_skor.dasar IS 'Dasar: terbit (tercetak di dokumen resmi) atau hitung.';
COMMENT ON COLUMN mart.kartu_skor.realisasi_hitung IS 'Realisasi hitung: hasil hitungan sendiri, juga bila angka terbit yang tampil.';
COMMENT ON COLUMN mart.kartu_skor.status_hitung IS 'Status hitung: kunci keadaan hasil hitungan.';
COMMENT ON COLUMN mart.kartu_skor.metode IS 'Metode: aturan yang dipakai.';
COMMENT ON COLUMN mart.kartu_skor.unit IS 'Unit: kode unit penanggung jawab.';
COMMENT ON COLUMN mart.kartu_skor.nama_unit IS 'Penanggung jawab: unit kerja yang menjawab atas IKU ini.';
COMMENT ON COLUMN mart.kartu_skor.data_diterima IS 'Data diterima: hari berkas terbaru yang dipakai dimuat.';
COMMENT ON COLUMN mart.kartu_skor.umur_data IS 'Umur data: hari sejak berkas terbaru dimuat.';
COMMENT ON COLUMN mart.kartu_skor.nilai_id IS 'Nilai: nomor nilai yang tampil.';
COMMENT ON COLUMN mart.kartu_skor.hitungan_id IS 'Hitungan: nomor hasil hitungan sendiri.';
COMMENT ON COLUMN mart.kartu_skor.berlaku_dari IS 'Berlaku dari: saat baris ini mulai tampil.';
COMMENT ON COLUMN mart.kartu_skor.berlaku_sampai IS 'Berlaku sampai: saat baris ini diganti; kosong bila masih tampil.';
COMMENT ON COLUMN mart.kartu_skor.tampil_mulai IS 'Tampil mulai: hari pertama yang ditutup dengan baris ini.';
COMMENT ON COLUMN mart.kartu_skor.tampil_akhir IS 'Tampil akhir: hari terakhir yang ditutup dengan baris ini.';
