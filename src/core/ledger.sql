-- The ledger: taking a number, keeping an event, and reading everything back.

-- name: ledger_begin_log :exec
-- params: region i64, origin str, alg str, frontier blob
INSERT INTO ledger_log (region, origin, alg, size, frontier, last_ms)
VALUES ($region, $origin, $alg, 0, $frontier, 0)
ON CONFLICT (region) DO NOTHING;

-- Takes the row's lock: writers of a region follow each other, so numbers have no gaps.
-- name: ledger_head :one
-- params: region i64
-- row: size i64, alg str, frontier blob
SELECT size, alg, frontier FROM ledger_log WHERE region = $region
FOR UPDATE --@pg
;

-- name: ledger_move :exec
-- params: region i64, at_ms i64, frontier blob
UPDATE ledger_log SET size = size + 1, last_ms = CASE WHEN last_ms < $at_ms THEN $at_ms ELSE last_ms END,
	frontier = $frontier
WHERE region = $region;

-- name: ledger_insert :exec
-- params: region i64, seq i64, at_ms i64, actor i64, kind str, subject str, body blob, leaf blob
INSERT INTO ledger_event (region, seq, at_ms, actor, kind, subject, body, leaf)
VALUES ($region, $seq, $at_ms, $actor, $kind, $subject, $body, $leaf);

-- name: ledger_logs :many
-- row: region i64, region_name str?, region_name_en str?, alg str, size i64, frontier blob, last_ms i64
SELECT l.region, n.name, n.name_en, l.alg, l.size, l.frontier, l.last_ms
FROM ledger_log l LEFT JOIN region_node n ON n.code = l.region
ORDER BY l.region;

-- name: ledger_newest :one
-- row: last_ms i64
SELECT COALESCE(MAX(last_ms), 0) FROM ledger_log;

-- name: ledger_stream :each
-- params: region i64
-- row: seq i64, at_ms i64, actor i64, kind str, subject str, body blob, leaf blob
SELECT seq, at_ms, actor, kind, subject, body, leaf FROM ledger_event WHERE region = $region ORDER BY seq;

-- name: ledger_totals :one
-- row: events i64, matters i64
SELECT (SELECT COUNT(seq) FROM ledger_event), (SELECT COUNT(id) FROM matter);

-- name: ledger_matters :each
-- params: region i64
-- row: id i64, ver i64, state str
SELECT id, ver, state FROM matter WHERE region = $region ORDER BY id;

-- Matters that the caller may not see keep their place in the log, without their text.
-- name: ledger_page :many
-- params: region i64, after i64, subject str?, max i64
-- row: seq i64, at_ms i64, kind str, subject str, actor i64, actor_name str?, leaf blob, body blob
SELECT e.seq, e.at_ms, e.kind, e.subject, e.actor, p.name, e.leaf, e.body
FROM ledger_event e LEFT JOIN account a ON a.id = e.actor LEFT JOIN person p ON p.id = a.person
WHERE e.region = $region AND e.seq > $after
AND e.subject = $subject --? subject
ORDER BY e.seq LIMIT $max;

-- name: ledger_matter_visible :one
-- params: region i64, id i64
-- row: id i64
SELECT m.id FROM matter m WHERE m.region = $region AND m.id = $id
--scope m
;
