-- name: house_meta :one
-- params: key str
-- row: value str
SELECT value FROM meta WHERE key = $key;

-- name: house_meta_put :exec
-- params: key str, value str
INSERT INTO meta (key, value) VALUES ($key, $value) ON CONFLICT (key) DO UPDATE SET value = $value;

-- name: house_sessions :one
-- params: now_ms i64
-- row: n i64
SELECT COUNT(account) FROM session WHERE expires_ms > $now_ms;

-- The newest time the store knows: ids must be later.
-- name: house_last_ms :one
-- row: last_ms i64
SELECT COALESCE(MAX(last_ms), 0) FROM ledger_log;

-- name: house_counts :one
-- row: orgs i64, documents i64, matters i64, events i64
SELECT (SELECT COUNT(id) FROM org), (SELECT COUNT(id) FROM document), (SELECT COUNT(id) FROM matter),
	(SELECT COALESCE(CAST(SUM(size) AS BIGINT), 0) FROM ledger_log);

-- name: demo_drafts :many
-- row: id i64, ver i64, confidence f64
SELECT id, ver, confidence FROM draft WHERE state = 'draft' ORDER BY id;

-- name: house_events :each
-- row: region i64, seq i64, body blob
SELECT region, seq, body FROM ledger_event ORDER BY region, seq;

-- name: house_document :one
-- params: id i64
-- row: hash str, size i64, name str
SELECT hash, size, name FROM document WHERE id = $id;

-- name: house_orgs :many
-- row: id i64
SELECT id FROM org WHERE kind IN ('department', 'township') ORDER BY id;

-- name: house_regions :many
-- params: lo i64, hi i64
-- row: code i64
SELECT code FROM region_node WHERE code BETWEEN $lo AND $hi AND level = 4 ORDER BY code;

-- name: house_office :one
-- row: account i64, org i64
SELECT a.id, a.org FROM account a JOIN access_grant g ON g.account = a.id WHERE g.role = 'office' ORDER BY a.id LIMIT 1;

-- name: house_day_put :exec
-- params: day i64, working i64, name_zh str, name_en str, source str, status str
INSERT INTO calendar_day (day, working, name_zh, name_en, source, status)
VALUES ($day, $working, $name_zh, $name_en, $source, $status)
ON CONFLICT (day) DO UPDATE SET working = $working, name_zh = $name_zh, name_en = $name_en, source = $source, status = $status;
