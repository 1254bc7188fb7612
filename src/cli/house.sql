-- name: meta_get :one
-- params: key str
-- row: value str
SELECT value FROM meta WHERE key = $key;

-- name: meta_put :exec
-- params: key str, value str
INSERT INTO meta (key, value) VALUES ($key, $value) ON CONFLICT (key) DO UPDATE SET value = $value;

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
