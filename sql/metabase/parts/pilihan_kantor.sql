-- The office to show, where neither year nor quarter matters.
pilihan AS (
    SELECT kantor FROM mart.pilihan
    WHERE true [[AND kantor IN ({{kantor}})]]
    ORDER BY urutan
    LIMIT 1
)
