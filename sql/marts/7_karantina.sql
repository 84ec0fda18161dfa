-- mart.karantina: how much is open in the quarantine, by source, rule and age.
-- Grain: one row per office, source, rule, consequence and class of age. Age counts from the day on
-- which the problem was told for the first time, in the office's zone.
-- Read by: Metabase "Sumber dan Mutu Data".
CREATE VIEW mart.karantina AS
WITH item AS (
    SELECT
        listed.kantor,
        listed.sumber,
        listed.aturan,
        listed.akibat,
        listed.muatan,
        (ops.instant() AT TIME ZONE office.time_zone)::date
        - (listed.pertama_kali AT TIME ZONE office.time_zone)::date AS days
    FROM mart.baris_ditolak AS listed
    JOIN ref.office_at(ops.instant()::date, ops.instant()) AS office
        ON office.office = listed.kantor
    WHERE listed.keadaan = 'terbuka'
), aged AS (
    SELECT
        item.*,
        CASE
            WHEN days <= 7 THEN 'sampai 7 hari'
            WHEN days <= 30 THEN '8 sampai 30 hari'
            ELSE 'lebih dari 30 hari'
        END AS age
    FROM item
)

SELECT
    kantor,
    sumber,
    aturan,
    akibat,
    age AS umur,
    count(*) AS jumlah,
    count(DISTINCT muatan) AS berkas,
    max(days) AS umur_hari_terlama
FROM aged
GROUP BY kantor, sumber, aturan, akibat, age;
