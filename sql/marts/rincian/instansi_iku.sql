-- mart.instansi_iku: what each member agency contributes to the indicators that count agencies.
-- Grain: one row per computed value of IKU 1, 2, 6 or 8 and member agency of the office.
-- Read by: Metabase "Instansi".
-- Labels and dates only; who is a member is read on the quarter's last day, as the tallies do.
-- For IKU 8 an agency meets its part when none of its recommendations is open.
CREATE VIEW mart.instansi_iku AS
WITH quarter AS (
    SELECT
        value.*,
        (make_date(value.year, 3 * value.quarter - 2, 1) + interval '3 months - 1 day')::date
            AS last_day
    FROM iku.value AS value
    WHERE
        value.basis = 'computed' AND value.iku IN ('IKU.1', 'IKU.2', 'IKU.6', 'IKU.8')
        AND value.loads <> '{}'
)

SELECT
    quarter.value_id AS hitungan_id,
    quarter.office AS kantor,
    quarter.year AS tahun,
    quarter.quarter AS triwulan,
    quarter.iku,
    member.agency AS instansi,
    agency.name AS nama_instansi,
    agency.type AS jenis,
    answer.said AS keadaan,
    answer.fulfils AS memenuhi,
    answer.score AS nilai
FROM quarter
CROSS JOIN LATERAL (
    SELECT DISTINCT ON (known.agency) known.agency
    FROM (
        SELECT DISTINCT ON (listed.agency, listed.valid_from) listed.*
        FROM ref.office_agency AS listed
        WHERE listed.office = quarter.office AND listed.recorded_at <= quarter.known_at
        ORDER BY listed.agency, listed.valid_from, listed.recorded_at DESC, listed.row_id DESC
    ) AS known
    WHERE
        known.valid_from <= quarter.last_day
        AND coalesce(known.valid_to, 'infinity') >= quarter.last_day
    ORDER BY known.agency, known.valid_from DESC
) AS member
LEFT JOIN LATERAL (
    SELECT named.name, named.type FROM ref.agency AS named
    WHERE named.agency = member.agency AND named.valid_from <= quarter.last_day
    ORDER BY named.valid_from DESC, named.recorded_at DESC, named.row_id DESC
    LIMIT 1
) AS agency ON true
CROSS JOIN LATERAL (
    SELECT
        CASE
            WHEN max(staged.letter) IS NULL OR max(staged.letter) = 'belum' THEN 'belum diketahui'
            WHEN max(staged.letter) = 'tidak_dinilai' THEN 'tidak dinilai'
            ELSE max(staged.letter)
        END AS said,
        coalesce(max(staged.letter) IN ('A', 'B'), FALSE) AS fulfils,
        max(staged.score) AS score
    FROM staging.agency_nspk AS staged
    WHERE
        quarter.iku = 'IKU.1' AND staged.load_id = ANY(quarter.loads)
        AND staged.agency = member.agency
    HAVING quarter.iku = 'IKU.1'
    UNION ALL
    SELECT
        CASE max(staged.status)
            WHEN 'done' THEN 'sudah' WHEN 'in_progress' THEN 'proses' WHEN 'not_done' THEN 'belum'
            ELSE 'tidak ada dalam laporan'
        END,
        coalesce(max(staged.status) = 'done', FALSE),
        max(staged.score)
    FROM staging.agency_ip_asn AS staged
    WHERE
        quarter.iku = 'IKU.2' AND staged.load_id = ANY(quarter.loads)
        AND staged.agency = member.agency
    HAVING quarter.iku = 'IKU.2'
    UNION ALL
    SELECT
        CASE
            WHEN count(*) = 0 THEN 'tidak ada dalam laporan'
            WHEN bool_or(staged.is_in_force AND staged.mode = 'webservice') THEN 'web service'
            WHEN bool_or(staged.is_in_force AND staged.mode = 'simpegnas') THEN 'SIMPEGNAS'
            ELSE 'belum'
        END,
        coalesce(
            bool_or(staged.is_in_force AND staged.mode IN ('webservice', 'simpegnas')), FALSE
        ),
        NULL
    FROM (
        SELECT
            listed.mode,
            coalesce(listed.start_date, '-infinity') <= quarter.last_day
            AND coalesce(listed.end_date, 'infinity') >= quarter.last_day AS is_in_force
        FROM staging.siasn_integration AS listed
        WHERE
            quarter.iku = 'IKU.6' AND listed.load_id = ANY(quarter.loads)
            AND listed.agency = member.agency
    ) AS staged
    HAVING quarter.iku = 'IKU.6'
    UNION ALL
    SELECT
        CASE count(*) WHEN 0 THEN 'tidak ada' ELSE count(*) || ' terbuka' END,
        count(*) = 0,
        count(*)
    FROM staging.oversight_recommendation AS staged
    WHERE
        quarter.iku = 'IKU.8' AND staged.load_id = ANY(quarter.loads)
        AND staged.agency = member.agency AND staged.issued_date <= quarter.last_day
        AND (staged.status IN (2, 3) OR staged.status_date > quarter.last_day)
    HAVING quarter.iku = 'IKU.8'
) AS answer;

COMMENT ON VIEW mart.instansi_iku IS 'Instansi per IKU: keadaan tiap instansi pada IKU 1, 2, 6, dan 8.';
COMMENT ON COLUMN mart.instansi_iku.hitungan_id IS 'Hitungan: nomor hasil hitungan.';
COMMENT ON COLUMN mart.instansi_iku.kantor IS 'Kantor: kunci kantor.';
COMMENT ON COLUMN mart.instansi_iku.tahun IS 'Tahun: tahun kinerja.';
COMMENT ON COLUMN mart.instansi_iku.triwulan IS 'Triwulan: 1 sampai 4.';
COMMENT ON COLUMN mart.instansi_iku.iku IS 'IKU: IKU.1, IKU.2, IKU.6, atau IKU.8.';
COMMENT ON COLUMN mart.instansi_iku.instansi IS 'Kode instansi: kode Kemendagri.';
COMMENT ON COLUMN mart.instansi_iku.nama_instansi IS 'Instansi: nama instansi.';
COMMENT ON COLUMN mart.instansi_iku.jenis IS 'Jenis: provinsi, kabupaten, kota, atau pusat.';
COMMENT ON COLUMN mart.instansi_iku.keadaan IS 'Keadaan: huruf, sudah atau belum, cara integrasi, atau rekomendasi terbuka.';
COMMENT ON COLUMN mart.instansi_iku.memenuhi IS 'Memenuhi: instansi ini dihitung memenuhi.';
COMMENT ON COLUMN mart.instansi_iku.nilai IS 'Nilai: indeks NSPK, IP ASN, atau banyaknya rekomendasi terbuka.';
