-- mart.baris_ditolak: every cell, row or file that was refused or noted, with the reason and state.
-- Grain: one row per load, place and rule. Values of personal columns were never stored.
-- Read by: `iku quarantine`, Metabase "Sumber dan Mutu Data".
-- An item is judged by the next load of its slice that was taken and not withdrawn: does that one
-- lack the problem, the item is fixed; does it repeat it, its own item stands in the place. Where
-- there is none, the items of the load in force and of the newest attempt, refused, are open, those
-- of both once. A withdrawn load counts as never made.
CREATE VIEW mart.baris_ditolak AS
WITH standing AS (
    SELECT
        load.*,
        load.status = 'landed' AND NOT EXISTS (
            SELECT FROM ops.load_event AS event
            WHERE event.load_id = load.load_id AND event.event = 'withdrawn'
        ) AS is_standing
    FROM ops.load AS load
), followed AS (
    SELECT
        standing.*,
        min(load_id) FILTER (WHERE is_standing) OVER (
            PARTITION BY office, source, period, part ORDER BY load_id
            ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING
        ) AS next_standing
    FROM standing
), attempt AS (
    SELECT
        followed.*,
        max(load_id) FILTER (WHERE status = 'refused' AND next_standing IS NULL) OVER (
            PARTITION BY office, source, period, part
        ) AS newest_refused
    FROM followed
), item AS NOT MATERIALIZED (
    SELECT reject.*, coalesce(reject.origin, reject.reject_id) AS problem FROM ops.reject AS reject
), problem AS (
    SELECT DISTINCT load_id, problem FROM item
), waiver AS (
    SELECT DISTINCT ON (item.problem) item.problem, waiver.at, waiver.who, waiver.reason
    FROM ops.waiver AS waiver
    JOIN item ON item.reject_id = waiver.reject_id
    ORDER BY item.problem ASC, waiver.waiver_id DESC
), judged AS (
    SELECT
        item.*,
        attempt.next_standing,
        attempt.next_standing IS NOT NULL AND again.problem IS NULL AS is_fixed,
        attempt.next_standing IS NULL AND (
            (attempt.is_standing AND again.problem IS NULL)
            OR attempt.load_id IS NOT DISTINCT FROM attempt.newest_refused
        ) AS is_open
    FROM item
    JOIN attempt ON attempt.load_id = item.load_id
    LEFT JOIN problem AS again
        ON
            again.problem = item.problem
            AND again.load_id = coalesce(
                attempt.next_standing,
                nullif(attempt.newest_refused, attempt.load_id)
            )
)

SELECT
    item.reject_id AS butir,
    load.office AS kantor,
    load.source AS sumber,
    load.period AS periode,
    load.part AS bagian,
    load.load_id AS muatan,
    load.file_name AS berkas,
    load.status AS status_muatan,
    load.landed_at AS diterima_pada,
    item.sheet AS lembar,
    item.row_no AS baris,
    item.heading AS kolom,
    item.rule AS aturan,
    CASE item.consequence
        WHEN 'file' THEN 'berkas ditolak'
        WHEN 'row' THEN 'baris ditolak'
        WHEN 'cell' THEN 'sel dikosongkan'
        ELSE 'catatan'
    END AS akibat,
    item.grouping AS kelompok,
    item.value AS nilai,
    item.message AS pesan,
    item.hint AS petunjuk,
    item.problem AS masalah,
    first_load.landed_at AS pertama_kali,
    CASE
        WHEN item.is_fixed THEN 'selesai'
        WHEN NOT item.is_open THEN 'diganti'
        WHEN waiver.problem IS NOT NULL THEN 'dikecualikan'
        WHEN item.consequence = 'warning' THEN 'catatan'
        ELSE 'terbuka'
    END AS keadaan,
    CASE WHEN item.is_fixed THEN closing.landed_at WHEN item.is_open THEN waiver.at END
        AS ditutup_pada,
    CASE WHEN item.is_fixed THEN closing.landed_by WHEN item.is_open THEN waiver.who END
        AS ditutup_oleh,
    CASE WHEN item.is_fixed THEN closing.load_id END AS ditutup_muatan,
    CASE WHEN item.is_open THEN waiver.reason END AS alasan
FROM judged AS item
JOIN ops.load AS load ON load.load_id = item.load_id
JOIN ops.reject AS first_item ON first_item.reject_id = item.problem
JOIN ops.load AS first_load ON first_load.load_id = first_item.load_id
LEFT JOIN waiver ON waiver.problem = item.problem
LEFT JOIN ops.load AS closing ON closing.load_id = item.next_standing;

COMMENT ON VIEW mart.baris_ditolak IS 'Baris ditolak: sel, baris, atau berkas yang ditolak atau dicatat, dengan keadaannya.';
COMMENT ON COLUMN mart.baris_ditolak.butir IS 'Butir: nomor butir karantina.';
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
COMMENT ON COLUMN mart.baris_ditolak.masalah IS 'Masalah: butir pertama dari masalah yang sama.';
COMMENT ON COLUMN mart.baris_ditolak.pertama_kali IS 'Pertama kali: saat masalah ini pertama kali diberitahukan.';
COMMENT ON COLUMN mart.baris_ditolak.keadaan IS 'Keadaan: terbuka, selesai, diganti, dikecualikan, atau catatan.';
COMMENT ON COLUMN mart.baris_ditolak.ditutup_pada IS 'Ditutup pada: saat selesai atau dikecualikan.';
COMMENT ON COLUMN mart.baris_ditolak.ditutup_oleh IS 'Ditutup oleh: siapa yang memuat perbaikannya atau mengecualikannya.';
COMMENT ON COLUMN mart.baris_ditolak.ditutup_muatan IS 'Ditutup muatan: muatan yang membetulkannya.';
COMMENT ON COLUMN mart.baris_ditolak.alasan IS 'Alasan: mengapa dikecualikan.';
