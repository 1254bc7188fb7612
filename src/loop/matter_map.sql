-- Matters on the map: a strip of latitudes of one phase, cut by longitude, from the index alone.

-- name: matter_map_walk :each
-- params: phase str, west f64, south f64, east f64, north f64, kind str?, grade str?, sectors i64?
-- row: id i64, kind str, due_ms i64, lat f64, lon f64
SELECT m.id, m.kind, m.due_ms, m.lat, m.lon FROM matter m
WHERE m.phase = $phase AND m.lat >= $south AND m.lat <= $north AND m.lon >= $west AND m.lon <= $east
	AND m.kind = $kind --? kind
	AND m.grade = $grade --? grade
	AND (m.sectors & $sectors) <> 0 --? sectors
--scope m
;

-- name: matter_map_items :many
-- params: ids ids
-- row: id i64, no str, kind str, state str, title str, grade str, due_ms i64, phase str, lat f64, lon f64
SELECT m.id, m.no, m.kind, m.state, m.title, m.grade, m.due_ms, m.phase, m.lat, m.lon FROM matter m
WHERE m.id IN ($ids) ORDER BY m.id;
