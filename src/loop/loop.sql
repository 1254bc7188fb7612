-- Days that differ from Monday-to-Friday, and a number that changes whenever they do.

-- name: calendar_rules :many
-- row: day i64, working i64
SELECT c.day, c.working FROM calendar_day c ORDER BY c.day;

-- name: calendar_days :many
-- params: from_day i64, to_day i64
-- row: day i64, working i64, name_zh str, name_en str, source str, status str
SELECT c.day, c.working, c.name_zh, c.name_en, c.source, c.status FROM calendar_day c
WHERE c.day >= $from_day AND c.day <= $to_day ORDER BY c.day;

-- name: calendar_put :exec
-- params: day i64, working i64, name_zh str, name_en str, source str, status str
INSERT INTO calendar_day (day, working, name_zh, name_en, source, status)
VALUES ($day, $working, $name_zh, $name_en, $source, $status)
ON CONFLICT (day) DO UPDATE SET working = $working, name_zh = $name_zh, name_en = $name_en, source = $source,
	status = $status;

-- name: calendar_version :one
-- row: value str
SELECT COALESCE((SELECT value FROM meta WHERE key = 'calendar'), '');

-- name: calendar_touch :exec
-- params: value str
INSERT INTO meta (key, value) VALUES ('calendar', $value) ON CONFLICT (key) DO UPDATE SET value = $value;
