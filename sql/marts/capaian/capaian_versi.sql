-- mart.capaian_versi: every realisasi, target and capaian ever shown, and from when to when.
-- Grain: one row per office, IKU, quarter, target document and span of time.
-- Read by: `iku scorecard --as-of`, Metabase "Jejak".
-- No formula lives here: the numbers were computed and rounded in transforms/.
-- Services of the survey are left out of rincian: mart.survei_layanan hides the small ones, and
-- with the mean of the services what it hides could be told.
CREATE VIEW mart.capaian_versi AS
WITH moment AS (
    SELECT office, iku, year, quarter, recorded_at AS at FROM iku.value
    UNION
    SELECT value.office, value.iku, value.year, value.quarter, achievement.recorded_at
    FROM iku.achievement AS achievement
    JOIN iku.value AS value ON value.value_id = achievement.value_id
), span AS (
    SELECT
        moment.*,
        lead(at) OVER (PARTITION BY office, iku, year, quarter ORDER BY at) AS until
    FROM moment
)

SELECT
    span.office AS kantor,
    office.name AS nama_kantor,
    span.iku,
    card.number AS nomor,
    card.short_name AS nama_pendek,
    coalesce(printed.name, card.name_id) AS nama,
    strategy.perspective_name AS perspektif,
    strategy.perspective_position AS urutan_perspektif,
    strategy.objective AS kode_sasaran,
    strategy.objective_name AS sasaran_strategis,
    span.year AS tahun,
    span.quarter AS triwulan,
    span.year || '-Q' || span.quarter AS periode,
    achievement.document AS dokumen,
    CASE shown.basis WHEN 'published' THEN 'terbit' ELSE 'hitung' END AS dasar,
    shown.status,
    achievement.status_word AS status_kata,
    shown.unit AS satuan,
    shown.actual AS realisasi,
    shown.actual_exact AS realisasi_tepat,
    shown.numerator AS pembilang,
    shown.denominator AS penyebut,
    achievement.target,
    achievement.is_quarterly_target AS target_triwulanan,
    achievement.achievement_pct AS capaian,
    achievement.missing_because AS sebab_tanpa_capaian,
    achievement.shortfall_count AS kekurangan,
    card.counted AS yang_dihitung,
    computed.actual AS realisasi_hitung,
    computed.status AS status_hitung,
    shown.components - ARRAY['layanan', 'ikm_rata_layanan'] AS rincian,
    shown.method AS metode,
    shown.value_id AS nilai_id,
    achievement.achievement_id AS capaian_id,
    span.at AS berlaku_dari,
    span.until AS berlaku_sampai
FROM span
LEFT JOIN LATERAL (
    SELECT value.* FROM iku.value AS value
    WHERE
        value.office = span.office AND value.iku = span.iku AND value.year = span.year
        AND value.quarter = span.quarter AND value.basis = 'computed'
        AND value.recorded_at <= span.at
    ORDER BY value.recorded_at DESC, value.value_id DESC
    LIMIT 1
) AS computed ON true
LEFT JOIN LATERAL (
    SELECT value.* FROM iku.value AS value
    WHERE
        value.office = span.office AND value.iku = span.iku AND value.year = span.year
        AND value.quarter = span.quarter AND value.basis = 'published'
        AND value.recorded_at <= span.at
    ORDER BY value.recorded_at DESC, value.value_id DESC
    LIMIT 1
) AS published ON true
JOIN LATERAL (
    SELECT value.* FROM iku.value AS value
    WHERE value.value_id IN (computed.value_id, published.value_id)
    ORDER BY iku.shown_rank(value.basis, value.actual, value.loads)
    LIMIT 1
) AS shown ON true
JOIN LATERAL (
    SELECT DISTINCT ON (achieved.document) achieved.*
    FROM iku.achievement AS achieved
    WHERE achieved.value_id = shown.value_id AND achieved.recorded_at <= span.at
    ORDER BY achieved.document, achieved.recorded_at DESC, achieved.achievement_id DESC
) AS achievement ON true
JOIN iku.card AS card ON card.iku = span.iku
LEFT JOIN LATERAL (
    SELECT named.name FROM ref.office AS named
    WHERE named.office = span.office
    ORDER BY named.valid_from DESC, named.recorded_at DESC
    LIMIT 1
) AS office ON true
LEFT JOIN LATERAL (
    SELECT named.name FROM ref.iku_name AS named
    WHERE named.office = span.office AND named.iku = span.iku AND named.document LIKE 'pk-%'
    ORDER BY named.document DESC, named.recorded_at DESC
    LIMIT 1
) AS printed ON true
LEFT JOIN ref.strategy_at(current_date, 'infinity') AS strategy ON strategy.iku = span.iku;

COMMENT ON VIEW mart.capaian_versi IS 'Capaian, semua versi: setiap realisasi, target, dan capaian yang pernah tampil.';
COMMENT ON COLUMN mart.capaian_versi.kantor IS 'Kantor: kunci kantor.';
COMMENT ON COLUMN mart.capaian_versi.nama_kantor IS 'Nama kantor: nama lengkap.';
COMMENT ON COLUMN mart.capaian_versi.iku IS 'IKU: kode indikator.';
COMMENT ON COLUMN mart.capaian_versi.nomor IS 'Nomor: nomor urut indikator.';
COMMENT ON COLUMN mart.capaian_versi.nama_pendek IS 'Indikator: nama pendek.';
COMMENT ON COLUMN mart.capaian_versi.nama IS 'Nama indikator: seperti tercetak dalam Perjanjian Kinerja.';
COMMENT ON COLUMN mart.capaian_versi.perspektif IS 'Perspektif: perspektif balanced scorecard.';
COMMENT ON COLUMN mart.capaian_versi.urutan_perspektif IS 'Urutan: urutan perspektif.';
COMMENT ON COLUMN mart.capaian_versi.kode_sasaran IS 'Kode sasaran: SS.1 sampai SS.7.';
COMMENT ON COLUMN mart.capaian_versi.sasaran_strategis IS 'Sasaran strategis: bunyi sasaran.';
COMMENT ON COLUMN mart.capaian_versi.tahun IS 'Tahun: tahun kinerja.';
COMMENT ON COLUMN mart.capaian_versi.triwulan IS 'Triwulan: 1 sampai 4; triwulan IV adalah nilai tahun itu.';
COMMENT ON COLUMN mart.capaian_versi.periode IS 'Periode: misalnya 2024-Q4.';
COMMENT ON COLUMN mart.capaian_versi.dokumen IS 'Versi target: pk, renja, atau renstra.';
COMMENT ON COLUMN mart.capaian_versi.dasar IS 'Dasar: terbit (tercetak di dokumen resmi) atau hitung.';
COMMENT ON COLUMN mart.capaian_versi.status IS 'Kode status: kunci keadaan nilai.';
COMMENT ON COLUMN mart.capaian_versi.status_kata IS 'Status: tercapai, waspada, belum tercapai, atau mengapa belum dapat dinilai.';
COMMENT ON COLUMN mart.capaian_versi.satuan IS 'Satuan: percent, index, score, atau scale.';
COMMENT ON COLUMN mart.capaian_versi.realisasi IS 'Realisasi: angka yang tampil, dua desimal.';
COMMENT ON COLUMN mart.capaian_versi.realisasi_tepat IS 'Realisasi tepat: pecahan sebelum dibulatkan.';
COMMENT ON COLUMN mart.capaian_versi.pembilang IS 'Pembilang: yang memenuhi.';
COMMENT ON COLUMN mart.capaian_versi.penyebut IS 'Penyebut: seluruhnya.';
COMMENT ON COLUMN mart.capaian_versi.target IS 'Target: menurut dokumen itu.';
COMMENT ON COLUMN mart.capaian_versi.target_triwulanan IS 'Target triwulan: benar bila target itu milik triwulannya, bukan tahunnya.';
COMMENT ON COLUMN mart.capaian_versi.capaian IS 'Capaian: realisasi dibanding target, persen.';
COMMENT ON COLUMN mart.capaian_versi.sebab_tanpa_capaian IS 'Sebab tanpa capaian: kunci alasan capaian tidak ada.';
COMMENT ON COLUMN mart.capaian_versi.kekurangan IS 'Jumlah kurang: banyaknya yang masih kurang sampai target.';
COMMENT ON COLUMN mart.capaian_versi.yang_dihitung IS 'Yang dihitung: instansi, layanan, rekomendasi, atau kosong.';
COMMENT ON COLUMN mart.capaian_versi.realisasi_hitung IS 'Realisasi hitung: hasil hitungan sendiri.';
COMMENT ON COLUMN mart.capaian_versi.status_hitung IS 'Status hitung: kunci keadaan hasil hitungan.';
COMMENT ON COLUMN mart.capaian_versi.rincian IS 'Rincian: butir pembentuk nilai, untuk program.';
COMMENT ON COLUMN mart.capaian_versi.metode IS 'Metode: aturan yang dipakai.';
COMMENT ON COLUMN mart.capaian_versi.nilai_id IS 'Nilai: nomor nilai.';
COMMENT ON COLUMN mart.capaian_versi.capaian_id IS 'Capaian ke: nomor capaian.';
COMMENT ON COLUMN mart.capaian_versi.berlaku_dari IS 'Berlaku dari: saat baris ini mulai tampil.';
COMMENT ON COLUMN mart.capaian_versi.berlaku_sampai IS 'Berlaku sampai: saat baris ini diganti; kosong bila masih tampil.';
