-- mart.umur_tindak_lanjut: how long the recommendations that are still open have been so.
-- Grain: one row per computed value of IKU 8 or 14 and recommendation open on its last day.
-- Read by: Metabase "Detail IKU", tab Rincian; "Instansi".
-- Counts and dates only. Open is what tally.oversight_recommendation and tally.audit_cohort call
-- status 2 or 3: dated after the quarter is 3; of several work units one that is open suffices.
CREATE VIEW mart.umur_tindak_lanjut AS
WITH quarter AS (
    SELECT
        value.*,
        (make_date(value.year, 3 * value.quarter - 2, 1) + interval '3 months - 1 day')::date
            AS last_day
    FROM iku.value AS value
    WHERE value.basis = 'computed' AND value.iku IN ('IKU.8', 'IKU.14')
), open AS (
    SELECT
        quarter.value_id,
        quarter.iku,
        quarter.office,
        quarter.last_day,
        staged.recommendation_no AS number,
        'wasdal' AS issuer,
        staged.agency,
        staged.topic,
        staged.issued_date,
        coalesce(staged.answer_due_date, staged.issued_date + 60) AS due_date,
        CASE WHEN staged.status_date > quarter.last_day THEN 3 ELSE staged.status END AS status
    FROM quarter
    JOIN staging.oversight_recommendation AS staged ON staged.load_id = ANY(quarter.loads)
    WHERE
        quarter.iku = 'IKU.8' AND staged.issued_date <= quarter.last_day
        AND (staged.status IN (2, 3) OR staged.status_date > quarter.last_day)
    UNION ALL
    SELECT
        quarter.value_id,
        quarter.iku,
        quarter.office,
        quarter.last_day,
        staged.report_no || ' / ' || staged.finding_no || ' / ' || staged.recommendation_no,
        staged.issuer,
        NULL,
        NULL,
        min(staged.issued_date),
        min(staged.issued_date) + 60,
        max(CASE WHEN staged.status_date > quarter.last_day THEN 3 ELSE staged.status END)
            FILTER (WHERE staged.status_date > quarter.last_day OR staged.status <> 4)
    FROM quarter
    JOIN staging.audit_finding AS staged ON staged.load_id = ANY(quarter.loads)
    WHERE quarter.iku = 'IKU.14'
    GROUP BY
        quarter.value_id, quarter.iku, quarter.office, quarter.last_day, staged.issuer,
        staged.report_no, staged.finding_no, staged.recommendation_no
    HAVING
        min(staged.issued_date) <= quarter.last_day
        AND bool_or(staged.status IN (2, 3) OR staged.status_date > quarter.last_day)
)

SELECT
    open.value_id AS hitungan_id,
    open.iku,
    open.number AS nomor_rekomendasi,
    open.issuer AS penerbit,
    open.agency AS instansi,
    agency.name AS nama_instansi,
    open.topic AS pokok,
    open.issued_date AS tanggal_terbit,
    open.due_date AS batas_jawab,
    open.due_date < open.last_day AS lewat_batas,
    CASE open.status WHEN 2 THEN 'belum sesuai' ELSE 'belum ditindaklanjuti' END AS keadaan,
    open.last_day - open.issued_date AS umur_hari,
    CASE
        WHEN open.last_day - open.issued_date <= 60 THEN '1. sampai 60 hari'
        WHEN open.last_day - open.issued_date <= 180 THEN '2. 61–180 hari'
        WHEN open.last_day - open.issued_date <= 365 THEN '3. 181–365 hari'
        ELSE '4. lebih dari setahun'
    END AS golongan_umur
FROM open
LEFT JOIN LATERAL (
    SELECT named.name FROM ref.agency AS named
    WHERE named.agency = open.agency
    ORDER BY named.valid_from DESC, named.recorded_at DESC
    LIMIT 1
) AS agency ON true;

COMMENT ON VIEW mart.umur_tindak_lanjut IS 'Umur tindak lanjut: rekomendasi wasdal dan audit yang masih terbuka.';
COMMENT ON COLUMN mart.umur_tindak_lanjut.hitungan_id IS 'Hitungan: nomor hasil hitungan.';
COMMENT ON COLUMN mart.umur_tindak_lanjut.iku IS 'IKU: IKU.8 (wasdal) atau IKU.14 (audit).';
COMMENT ON COLUMN mart.umur_tindak_lanjut.nomor_rekomendasi IS 'Nomor rekomendasi: seperti dalam register.';
COMMENT ON COLUMN mart.umur_tindak_lanjut.penerbit IS 'Penerbit: wasdal, BPK, atau Inspektorat.';
COMMENT ON COLUMN mart.umur_tindak_lanjut.instansi IS 'Kode instansi: kode Kemendagri.';
COMMENT ON COLUMN mart.umur_tindak_lanjut.nama_instansi IS 'Instansi: yang harus menindaklanjuti.';
COMMENT ON COLUMN mart.umur_tindak_lanjut.pokok IS 'Pokok: pokok rekomendasi.';
COMMENT ON COLUMN mart.umur_tindak_lanjut.tanggal_terbit IS 'Terbit: tanggal rekomendasi.';
COMMENT ON COLUMN mart.umur_tindak_lanjut.batas_jawab IS 'Batas jawab: hari terakhir menjawab.';
COMMENT ON COLUMN mart.umur_tindak_lanjut.lewat_batas IS 'Lewat batas: batas jawab sudah lewat pada akhir triwulan.';
COMMENT ON COLUMN mart.umur_tindak_lanjut.keadaan IS 'Keadaan: belum sesuai atau belum ditindaklanjuti.';
COMMENT ON COLUMN mart.umur_tindak_lanjut.umur_hari IS 'Umur: hari sejak terbit sampai akhir triwulan.';
COMMENT ON COLUMN mart.umur_tindak_lanjut.golongan_umur IS 'Golongan umur: rentang umur.';
