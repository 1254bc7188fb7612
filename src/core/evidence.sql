-- Evidence: a row says whose a file is; the bytes lie under their hash.

-- name: evidence_insert :exec
-- params: region i64, id i64, subject str, hash str, name str, type str, size i64, captured_ms i64?, received_ms i64, lat f64?, lon f64?, account i64, seq i64
INSERT INTO file (region, id, subject, hash, name, type, size, captured_ms, received_ms, lat, lon, account, seq)
VALUES ($region, $id, $subject, $hash, $name, $type, $size, $captured_ms, $received_ms, $lat, $lon, $account, $seq);

-- name: evidence_get :one
-- params: id i64
-- row: region i64, subject str, hash str, name str, type str, size i64
SELECT region, subject, hash, name, type, size FROM file WHERE id = $id;

-- name: evidence_of :many
-- params: region i64, subject str
-- row: id i64, hash str, name str, type str, size i64, captured_ms i64?, received_ms i64, account i64, seq i64
SELECT id, hash, name, type, size, captured_ms, received_ms, account, seq FROM file
WHERE region = $region AND subject = $subject ORDER BY id;

-- name: evidence_same :many
-- params: hash str, id i64
-- row: region i64, id i64, subject str
SELECT region, id, subject FROM file WHERE hash = $hash AND id <> $id ORDER BY id LIMIT 5;

-- name: evidence_matter_visible :one
-- params: id i64
-- row: id i64
SELECT m.id FROM matter m WHERE m.id = $id
--scope m
;

-- name: evidence_visit_visible :one
-- params: id i64
-- row: id i64
SELECT v.id FROM visit v WHERE v.id = $id
--scope v.unit
;

-- name: evidence_visit_own :one
-- params: id i64, account i64
-- row: account i64
SELECT i.account FROM visit v JOIN visit_inspector i ON i.region = v.region AND i.visit = v.id
WHERE v.id = $id AND i.account = $account;
