-- severity: fail
-- title: pencatatan di masa depan, karena jam pernah terlalu maju
-- A run or a load was recorded at a later time than it is now; until then nothing newer counts.
SELECT known.office AS kantor, max(known.at) AS tercatat_sampai
FROM (
    SELECT office, known_at AS at FROM ops.run
    UNION ALL
    SELECT load.office, event.at
    FROM ops.load_event AS event JOIN ops.load AS load ON load.load_id = event.load_id
) AS known
WHERE known.at > ops.instant()
GROUP BY known.office
