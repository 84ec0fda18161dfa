-- severity: warn
-- title: sumber yang terlambat
-- A source is past its due day.
SELECT kantor, sumber, periode_ditunggu AS periode, jatuh_tempo
FROM mart.kesegaran_sumber
WHERE keadaan = 'terlambat'
