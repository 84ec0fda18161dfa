-- mart.daftar_periksa: the 12 services and the 15 systems, each with yes, half or no.
-- Grain: one row per computed value of IKU 7 or 10 and service or system.
-- Read by: Metabase "Detail IKU", tab Rincian.
-- Of the systems the newest quarter that was reported.
CREATE VIEW mart.daftar_periksa AS
WITH quarter AS (
    SELECT
        value.*,
        (make_date(value.year, 3 * value.quarter - 2, 1) + interval '3 months - 1 day')::date
            AS last_day
    FROM iku.value AS value
    WHERE
        value.basis = 'computed' AND value.iku IN ('IKU.7', 'IKU.10') AND value.loads <> '{}'
), newest AS (
    SELECT quarter.value_id, max(load.period_end) AS period_end
    FROM quarter
    JOIN ops.load AS load ON load.load_id = ANY(quarter.loads)
    GROUP BY quarter.value_id
)

SELECT
    quarter.value_id AS hitungan_id,
    quarter.iku,
    item.code AS kode,
    item.name AS butir,
    CASE
        WHEN staged.service IS NULL THEN 'tidak ada dalam laporan'
        WHEN staged.is_digital_siasn THEN 'ya, di SIASN'
        WHEN staged.is_digital THEN 'ya, kanal sendiri'
        ELSE 'belum'
    END AS keadaan,
    coalesce(staged.is_digital OR staged.is_digital_siasn, FALSE) AS memenuhi,
    staged.channel AS keterangan
FROM quarter
CROSS JOIN LATERAL (
    SELECT DISTINCT ON (known.service) known.service AS code, known.name
    FROM (
        SELECT DISTINCT ON (listed.service, listed.valid_from) listed.*
        FROM ref.service AS listed
        WHERE listed.recorded_at <= quarter.known_at
        ORDER BY listed.service, listed.valid_from, listed.recorded_at DESC, listed.row_id DESC
    ) AS known
    WHERE
        known.valid_from <= quarter.last_day
        AND coalesce(known.valid_to, 'infinity') >= quarter.last_day
    ORDER BY known.service, known.valid_from DESC
) AS item
LEFT JOIN staging.digital_service AS staged
    ON staged.load_id = ANY(quarter.loads) AND staged.service = item.code
WHERE quarter.iku = 'IKU.7'

UNION ALL

SELECT
    quarter.value_id,
    quarter.iku,
    item.code,
    item.name,
    CASE
        WHEN staged.utilisation IS NULL THEN 'tidak ada dalam laporan'
        WHEN staged.utilisation = 1 THEN 'dimanfaatkan'
        WHEN staged.utilisation > 0 THEN 'sebagian'
        ELSE 'belum'
    END,
    coalesce(staged.utilisation = 1, FALSE),
    staged.evidence
FROM quarter
JOIN newest ON newest.value_id = quarter.value_id
CROSS JOIN LATERAL (
    SELECT DISTINCT ON (known.system) known.system AS code, known.name, known.in_iku_10
    FROM (
        SELECT DISTINCT ON (listed.system, listed.valid_from) listed.*
        FROM ref.system AS listed
        WHERE listed.recorded_at <= quarter.known_at
        ORDER BY listed.system, listed.valid_from, listed.recorded_at DESC, listed.row_id DESC
    ) AS known
    WHERE
        known.valid_from <= newest.period_end
        AND coalesce(known.valid_to, 'infinity') >= newest.period_end
    ORDER BY known.system, known.valid_from DESC
) AS item
LEFT JOIN LATERAL (
    SELECT used.utilisation, used.evidence
    FROM staging.system_usage AS used
    JOIN ops.load AS load ON load.load_id = used.load_id
    WHERE
        used.load_id = ANY(quarter.loads) AND used.system = item.code
        AND load.period_end = newest.period_end
) AS staged ON true
WHERE quarter.iku = 'IKU.10' AND item.in_iku_10;

COMMENT ON VIEW mart.daftar_periksa IS 'Daftar periksa: 12 layanan (IKU 7) dan 15 sistem (IKU 10), satu per satu.';
COMMENT ON COLUMN mart.daftar_periksa.hitungan_id IS 'Hitungan: nomor hasil hitungan.';
COMMENT ON COLUMN mart.daftar_periksa.iku IS 'IKU: IKU.7 (layanan) atau IKU.10 (sistem).';
COMMENT ON COLUMN mart.daftar_periksa.kode IS 'Kode: kode layanan atau sistem.';
COMMENT ON COLUMN mart.daftar_periksa.butir IS 'Butir: nama layanan atau sistem.';
COMMENT ON COLUMN mart.daftar_periksa.keadaan IS 'Keadaan: sudah, sebagian, atau belum.';
COMMENT ON COLUMN mart.daftar_periksa.memenuhi IS 'Memenuhi: dihitung penuh.';
COMMENT ON COLUMN mart.daftar_periksa.keterangan IS 'Keterangan: kanal atau bukti.';
