-- Receipts for pages that were offline.

-- name: sync_found :one
-- params: account i64, client_id str
-- row: outcome str, answer str
SELECT outcome, answer FROM sync_item WHERE account = $account AND client_id = $client_id;

-- name: sync_insert :exec
-- params: account i64, client_id str, device str, kind str, visit i64, outcome str, answer str, body str, made_ms i64, now_ms i64
INSERT INTO sync_item (account, client_id, device, kind, visit, outcome, answer, body, made_ms, received_ms)
VALUES ($account, $client_id, $device, $kind, $visit, $outcome, $answer, $body, $made_ms, $now_ms);

-- name: sync_items_of :many
-- params: account i64, device str, after_ms i64, after str, max i64
-- row: client_id str, kind str, visit i64, outcome str, answer str, body str, made_ms i64, received_ms i64
SELECT client_id, kind, visit, outcome, answer, body, made_ms, received_ms FROM sync_item
WHERE account = $account AND device = $device
	AND (received_ms > $after_ms OR (received_ms = $after_ms AND client_id > $after))
ORDER BY received_ms, client_id LIMIT $max;

-- name: sync_files_of :many
-- params: account i64, device str, after_ms i64, after str, max i64
-- row: client_id str, visit_client str, about str, visit i64, file i64, hash str, name str, size i64, received_ms i64
SELECT client_id, visit_client, about, visit, file, hash, name, size, received_ms FROM sync_file
WHERE account = $account AND device = $device
	AND (received_ms > $after_ms OR (received_ms = $after_ms AND client_id > $after))
ORDER BY received_ms, client_id LIMIT $max;

-- name: sync_counts :one
-- params: account i64, device str
-- row: items i64, refused i64, files i64, waiting i64
SELECT (SELECT COUNT(i.client_id) FROM sync_item i WHERE i.account = $account AND i.device = $device),
	(SELECT COUNT(i.client_id) FROM sync_item i WHERE i.account = $account AND i.device = $device AND i.outcome = 'refused'),
	(SELECT COUNT(f.client_id) FROM sync_file f WHERE f.account = $account AND f.device = $device),
	(SELECT COUNT(f.client_id) FROM sync_file f WHERE f.account = $account AND f.device = $device AND f.file = 0);

-- name: sync_file_found :one
-- params: account i64, client_id str
-- row: visit i64, file i64, hash str, name str, type str, size i64, about str, captured_ms i64?, received_ms i64
SELECT visit, file, hash, name, type, size, about, captured_ms, received_ms FROM sync_file
WHERE account = $account AND client_id = $client_id;

-- The same bytes for the same thing, sent under another name.
-- name: sync_file_same :one
-- params: account i64, visit_client str, about str, hash str
-- row: client_id str
SELECT client_id FROM sync_file WHERE account = $account AND visit_client = $visit_client AND about = $about AND hash = $hash
ORDER BY client_id LIMIT 1;

-- name: sync_file_insert :exec
-- params: account i64, client_id str, device str, visit_client str, about str, hash str, name str, type str, size i64, captured_ms i64?, now_ms i64, lat f64?, lon f64?
INSERT INTO sync_file (account, client_id, device, visit_client, about, region, visit, file, matter, hash, name, type, size,
	captured_ms, received_ms, lat, lon)
VALUES ($account, $client_id, $device, $visit_client, $about, 0, 0, 0, 0, $hash, $name, $type, $size, $captured_ms, $now_ms,
	$lat, $lon);

-- name: sync_file_place :exec
-- params: account i64, client_id str, region i64, visit i64, file i64
UPDATE sync_file SET region = $region, visit = $visit, file = $file WHERE account = $account AND client_id = $client_id;

-- name: sync_files_waiting :many
-- params: account i64, visit_client str
-- row: client_id str, about str, hash str, name str, type str, size i64, captured_ms i64?, lat f64?, lon f64?
SELECT client_id, about, hash, name, type, size, captured_ms, lat, lon FROM sync_file
WHERE account = $account AND visit_client = $visit_client AND file = 0 ORDER BY client_id;

-- name: sync_my_plans :many
-- params: account i64, today i64
-- row: plan i64
SELECT DISTINCT m.plan FROM inspect_member m JOIN inspect_plan p ON p.region = m.region AND p.id = m.plan
WHERE m.account = $account AND p.ended_ms IS NULL AND p.from_day <= $today AND p.to_day >= $today ORDER BY m.plan;
