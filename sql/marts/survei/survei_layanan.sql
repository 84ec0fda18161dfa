-- mart.survei_layanan: satisfaction per service, small services hidden.
-- Grain: one row per computed value of IKU 3 or 4 and service.
-- Read by: Metabase "Survei Kepuasan".
-- Hidden (ditutup) is the index, never the number of respondents, when it or what follows from it
-- by subtraction would tell of fewer than 5 respondents:
--   1. the service has fewer than 5;
--   2. it has 1 to 4 more or fewer than in an earlier quarter or version of the year;
--   3. one hidden service alone, or hidden ones that tell of fewer than 5 together, follow from the
--      total: the smallest other service is then hidden as well, one whose respondents are as many
--      in another quarter last, since its index is known from there.
CREATE VIEW mart.survei_layanan AS
WITH service AS NOT MATERIALIZED (
    SELECT
        value.value_id,
        value.office,
        value.iku,
        value.year,
        value.quarter,
        value.known_at,
        item ->> 'layanan' AS code,
        (item ->> 'responden')::integer AS respondents,
        (item ->> 'ikm')::numeric AS ikm,
        item ->> 'mutu' AS mutu
    FROM iku.value AS value
    CROSS JOIN LATERAL jsonb_array_elements(value.components -> 'layanan') AS item
    WHERE value.basis = 'computed' AND value.iku IN ('IKU.3', 'IKU.4')
), small AS (
    SELECT
        service.*,
        -- Of how few respondents the index tells; empty when of enough.
        least(
            CASE WHEN service.respondents < 5 THEN service.respondents END, other.difference
        ) AS few,
        other.is_known
    FROM service
    CROSS JOIN LATERAL (
        SELECT
            min(abs(service.respondents - same.respondents)) FILTER (
                WHERE
                (same.quarter, same.value_id) < (service.quarter, service.value_id)
                AND abs(service.respondents - same.respondents) BETWEEN 1 AND 4
            ) AS difference,
            coalesce(
                bool_or(
                    same.quarter <> service.quarter AND same.respondents = service.respondents
                ),
                FALSE
            ) AS is_known
        FROM service AS same
        WHERE
            same.office = service.office AND same.iku = service.iku
            AND same.year = service.year AND same.code = service.code
    ) AS other
), counted AS (
    SELECT
        small.*,
        count(small.few) OVER every AS hidden,
        sum(small.few) OVER every AS told,
        row_number() OVER (
            every ORDER BY small.few NULLS FIRST, small.is_known, small.respondents, small.code
        ) AS position
    FROM small
    -- One value; the rest says the same again, so that a filter by it reaches the table.
    WINDOW every AS (
        PARTITION BY small.office, small.iku, small.year, small.quarter, small.value_id
    )
), closed AS (
    SELECT
        counted.*,
        counted.few IS NOT NULL OR (
            counted.position = 1 AND counted.hidden > 0
            AND (counted.hidden = 1 OR counted.told < 5)
        ) AS is_hidden
    FROM counted
)

SELECT
    closed.value_id AS hitungan_id,
    closed.office AS kantor,
    closed.iku,
    closed.year AS tahun,
    closed.quarter AS triwulan,
    closed.code AS layanan,
    coalesce(named.name, closed.code) AS nama_layanan,
    named.unit,
    closed.respondents AS responden,
    CASE WHEN NOT closed.is_hidden THEN closed.ikm END AS ikm,
    CASE WHEN NOT closed.is_hidden THEN closed.mutu END AS mutu,
    closed.is_hidden AS ditutup
FROM closed
LEFT JOIN LATERAL (
    SELECT listed.name, listed.unit FROM ref.survey_service AS listed
    WHERE
        listed.office = closed.office AND listed.service = closed.code
        AND listed.recorded_at <= closed.known_at
    ORDER BY listed.valid_from DESC, listed.recorded_at DESC, listed.row_id DESC
    LIMIT 1
) AS named ON true;

COMMENT ON VIEW mart.survei_layanan IS 'Survei per layanan: IKM tiap layanan; layanan dengan responden sedikit ditutup.';
COMMENT ON COLUMN mart.survei_layanan.hitungan_id IS 'Hitungan: nomor hasil hitungan.';
COMMENT ON COLUMN mart.survei_layanan.kantor IS 'Kantor: kunci kantor.';
COMMENT ON COLUMN mart.survei_layanan.iku IS 'IKU: IKU.3 (pembinaan) atau IKU.4 (layanan kepegawaian).';
COMMENT ON COLUMN mart.survei_layanan.tahun IS 'Tahun: tahun survei.';
COMMENT ON COLUMN mart.survei_layanan.triwulan IS 'Triwulan: sejak awal tahun sampai triwulan ini.';
COMMENT ON COLUMN mart.survei_layanan.layanan IS 'Kode layanan: kode layanan survei.';
COMMENT ON COLUMN mart.survei_layanan.nama_layanan IS 'Layanan: nama layanan.';
COMMENT ON COLUMN mart.survei_layanan.unit IS 'Unit: unit yang melayani.';
COMMENT ON COLUMN mart.survei_layanan.responden IS 'Responden: banyaknya yang menjawab.';
COMMENT ON COLUMN mart.survei_layanan.ikm IS 'IKM: 25 sampai 100; kosong bila ditutup.';
COMMENT ON COLUMN mart.survei_layanan.mutu IS 'Mutu: A sampai D; kosong bila ditutup.';
COMMENT ON COLUMN mart.survei_layanan.ditutup IS 'Ditutup: benar bila angkanya dapat menunjuk kurang dari 5 responden.';
