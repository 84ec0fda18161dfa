-- severity: fail
-- title: muatan yang ditolak sedang berlaku
-- A refused load was put in force.
SELECT load.load_id AS muatan, load.file_name AS berkas
FROM ops.load AS load
JOIN ops.load_event AS event ON event.load_id = load.load_id AND event.event = 'in_force'
WHERE load.status = 'refused'
