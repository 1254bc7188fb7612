-- What alarms point at.
-- name: retention_alarms :many
-- params: after i64, max i64
-- row: id i64, station i64, item str, begin_ms i64, last_ms i64, is_open i64, matter i64
SELECT id, station, item, begin_ms, last_ms, CASE WHEN ended_ms IS NULL THEN 1 ELSE 0 END, matter FROM alarm
WHERE id > $after ORDER BY id LIMIT $max;
