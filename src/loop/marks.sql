-- What marks are computed from, and decisions about them.

-- name: mark_events :many
-- params: region i64, subject str
-- row: seq i64, at_ms i64, kind str, actor i64, org i64?, body blob
SELECT e.seq, e.at_ms, e.kind, e.actor, a.org, e.body
FROM ledger_event e LEFT JOIN account a ON a.id = e.actor
WHERE e.region = $region AND e.subject = $subject
ORDER BY e.seq LIMIT 1000;

-- name: mark_files :many
-- params: region i64, subject str
-- row: id i64, hash str, captured_ms i64?, received_ms i64, lat f64?, lon f64?, account i64, org i64?, state str?, phash i64?, exif i64?, taken_ms i64?, zone_known i64?, photo_lat f64?, photo_lon f64?, device str?, software str?, thumb_distance i64?
SELECT f.id, f.hash, f.captured_ms, f.received_ms, f.lat, f.lon, f.account, a.org, p.state, p.phash, p.exif, p.taken_ms,
	p.zone_known, p.lat, p.lon, p.device, p.software, p.thumb_distance
FROM file f LEFT JOIN account a ON a.id = f.account LEFT JOIN photo_print p ON p.region = f.region AND p.file = f.id
WHERE f.region = $region AND f.subject = $subject
ORDER BY f.id LIMIT 500;

-- The first uses of the same bytes.
-- name: mark_same :many
-- params: hash str, id i64
-- row: id i64, region i64, subject str
SELECT f.id, f.region, f.subject FROM file f WHERE f.hash = $hash AND f.id < $id ORDER BY f.id LIMIT 8;

-- Photos handed in earlier that share or almost share a band; num/phash.h says why that is enough.
-- name: mark_near :each
-- params: file i64, b0 ids, b1 ids, b2 ids, b3 ids
-- row: phash i64, file i64, region i64
SELECT p.phash, p.file, p.region FROM photo_print p WHERE p.b0 IN ($b0) AND p.file < $file
UNION ALL SELECT p.phash, p.file, p.region FROM photo_print p WHERE p.b1 IN ($b1) AND p.file < $file
UNION ALL SELECT p.phash, p.file, p.region FROM photo_print p WHERE p.b2 IN ($b2) AND p.file < $file
UNION ALL SELECT p.phash, p.file, p.region FROM photo_print p WHERE p.b3 IN ($b3) AND p.file < $file;

-- name: mark_file :one
-- params: region i64, id i64
-- row: subject str, hash str, received_ms i64, org i64?
SELECT f.subject, f.hash, f.received_ms, a.org FROM file f LEFT JOIN account a ON a.id = f.account
WHERE f.region = $region AND f.id = $id;

-- name: mark_matter_seen :one
-- params: id i64
-- row: id i64, no str, title str, region_name str?
SELECT m.id, m.no, m.title, n.name FROM matter m LEFT JOIN region_node n ON n.code = m.region
WHERE m.id = $id
--scope m
;

-- Do this account's photos usually carry the camera's record?
-- name: mark_habit :one
-- params: account i64, file i64
-- row: n i64, with_exif i64
SELECT COUNT(t.file), CAST(COALESCE(SUM(t.exif), 0) AS BIGINT) FROM
	(SELECT p.file, p.exif FROM photo_print p WHERE p.account = $account AND p.file < $file
	ORDER BY p.file DESC LIMIT 20) t;

-- name: mark_text_put :exec
-- params: region i64, matter i64, seq i64, letters i64, sim i64, s0 i64, s1 i64, s2 i64, s3 i64
INSERT INTO text_print (region, matter, seq, letters, sim, s0, s1, s2, s3)
VALUES ($region, $matter, $seq, $letters, $sim, $s0, $s1, $s2, $s3);

-- name: mark_texts :many
-- params: region i64, matter i64
-- row: seq i64, letters i64, sim i64, s0 i64, s1 i64, s2 i64, s3 i64
SELECT t.seq, t.letters, t.sim, t.s0, t.s1, t.s2, t.s3 FROM text_print t
WHERE t.region = $region AND t.matter = $matter ORDER BY t.seq LIMIT 20;

-- At most 3 bits apart: at least one of four bands is the same.
-- name: mark_text_near :each
-- params: matter i64, s0 i64, s1 i64, s2 i64, s3 i64
-- row: sim i64, matter i64
SELECT t.sim, t.matter FROM text_print t WHERE t.s0 = $s0 AND t.matter <> $matter
UNION ALL SELECT t.sim, t.matter FROM text_print t WHERE t.s1 = $s1 AND t.matter <> $matter
UNION ALL SELECT t.sim, t.matter FROM text_print t WHERE t.s2 = $s2 AND t.matter <> $matter
UNION ALL SELECT t.sim, t.matter FROM text_print t WHERE t.s3 = $s3 AND t.matter <> $matter;

-- name: mark_closed_count :one
-- params: org i64, from_ms i64, to_ms i64
-- row: n i64
SELECT COUNT(m.id) FROM matter m WHERE m.lead_org = $org AND m.closed_ms >= $from_ms AND m.closed_ms < $to_ms;

-- name: mark_org :one
-- params: id i64
-- row: name str, name_en str, parent i64
SELECT o.name, o.name_en, o.parent FROM org o WHERE o.id = $id;

-- name: mark_decisions :many
-- params: region i64, matter i64
-- row: mark str, decision str, body str, person_name str?, at_ms i64
SELECT d.mark, d.decision, d.body, p.name, d.at_ms
FROM mark_decision d LEFT JOIN account a ON a.id = d.account LEFT JOIN person p ON p.id = a.person
WHERE d.region = $region AND d.matter = $matter ORDER BY d.mark;

-- name: mark_decision_put :exec
-- params: region i64, matter i64, mark str, decision str, body str, salt blob, account i64, at_ms i64, seq i64
INSERT INTO mark_decision (region, matter, mark, decision, body, salt, account, at_ms, seq)
VALUES ($region, $matter, $mark, $decision, $body, $salt, $account, $at_ms, $seq)
ON CONFLICT (region, matter, mark) DO UPDATE SET decision = $decision, body = $body, salt = $salt, account = $account,
	at_ms = $at_ms, seq = $seq;
