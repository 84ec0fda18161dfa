-- severity: fail
-- title: rincian anggaran yang jumlahnya tidak sama
-- The same budget, broken down in several ways, must come to the same sum.
WITH line AS (
    SELECT DISTINCT ON (office, year, breakdown, position, valid_from) *
    FROM ref.budget
    ORDER BY office, year, breakdown, position, valid_from, recorded_at DESC, row_id DESC
), total AS (
    SELECT office, year, breakdown, sum(amount_idr) AS amount_idr
    FROM line
    WHERE valid_to IS NULL
    GROUP BY office, year, breakdown
)
SELECT office AS kantor, year AS tahun, min(amount_idr) AS terkecil, max(amount_idr) AS terbesar
FROM total
GROUP BY office, year
HAVING min(amount_idr) <> max(amount_idr)
