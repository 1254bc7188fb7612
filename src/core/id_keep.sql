-- No id in the store is later than this, ms UTC.
-- name: id_kept :one
-- row: ms i64
SELECT CAST(value AS BIGINT) FROM meta WHERE key = 'ids_until_ms';

-- name: id_kept_put :exec
-- params: ms str
INSERT INTO meta (key, value) VALUES ('ids_until_ms', $ms) ON CONFLICT (key) DO UPDATE SET value = $ms;
