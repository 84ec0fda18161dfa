/*
title = "Instansi dan IKU"
asks = "Bagaimana keadaan tiap instansi pada tiap IKU yang menghitung instansi?"
display = "table"
begins_with = ["pilihan", "keadaan_instansi"]

[columns]
nama_instansi = { title = "Instansi" }
nspk = { title = "NSPK (IKU 1)" }
ip_asn = { title = "IP ASN (IKU 2)" }
siasn = { title = "SIASN (IKU 6)" }
wasdal = { title = "Rekomendasi (IKU 8)" }
belum = { title = "Belum memenuhi" }
instansi = { hidden = true }
*/
SELECT
    max(nama_instansi) AS nama_instansi,
    max(keadaan) FILTER (WHERE iku = 'IKU.1') AS nspk,
    max(keadaan) FILTER (WHERE iku = 'IKU.2') AS ip_asn,
    max(keadaan) FILTER (WHERE iku = 'IKU.6') AS siasn,
    max(keadaan) FILTER (WHERE iku = 'IKU.8') AS wasdal,
    count(*) FILTER (WHERE NOT memenuhi) AS belum,
    instansi
FROM keadaan
GROUP BY instansi
ORDER BY count(*) FILTER (WHERE NOT memenuhi) DESC, max(nama_instansi)
