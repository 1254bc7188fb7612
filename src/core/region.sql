-- Regions: a reference table.

-- name: region_put :exec
-- params: code i64, level i64, parent i64, name str, name_en str, valid_from_day i64?, valid_to_day i64?, successor i64?
INSERT INTO region_node (code, level, parent, name, name_en, valid_from_day, valid_to_day, successor)
VALUES ($code, $level, $parent, $name, $name_en, $valid_from_day, $valid_to_day, $successor)
ON CONFLICT (code) DO UPDATE SET level = excluded.level, parent = excluded.parent, name = excluded.name,
	name_en = excluded.name_en, valid_from_day = excluded.valid_from_day, valid_to_day = excluded.valid_to_day,
	successor = excluded.successor;

-- name: region_get :one
-- params: code i64
-- row: code i64, level i64, parent i64, name str, name_en str
SELECT code, level, parent, name, name_en FROM region_node WHERE code = $code;

-- name: region_count :one
-- row: n i64
SELECT COUNT(code) FROM region_node;

-- name: region_moved :many
-- row: code i64, successor i64
SELECT code, successor FROM region_node WHERE successor IS NOT NULL ORDER BY code;

-- name: region_children :many
-- params: parent i64, today i64
-- row: code i64, level i64, parent i64, name str, name_en str, children i64
SELECT r.code, r.level, r.parent, r.name, r.name_en,
	(SELECT COUNT(k.code) FROM region_node k WHERE k.parent = r.code)
FROM region_node r
WHERE r.parent = $parent AND (r.valid_to_day IS NULL OR r.valid_to_day >= $today)
ORDER BY r.code;

-- name: region_find :many
-- params: q str, today i64, max i64
-- row: code i64, level i64, parent i64, name str, name_en str, children i64
SELECT r.code, r.level, r.parent, r.name, r.name_en,
	(SELECT COUNT(k.code) FROM region_node k WHERE k.parent = r.code)
FROM region_node r
WHERE (r.valid_to_day IS NULL OR r.valid_to_day >= $today)
AND instr(r.name, $q) > 0 --@sqlite
AND strpos(r.name, $q) > 0 --@pg
ORDER BY r.level, r.code LIMIT $max;
