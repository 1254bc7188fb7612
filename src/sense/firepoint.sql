-- Fire points and fires.

-- name: fire_point_known :one
-- params: mark str
-- row: id i64
SELECT id FROM fire_point WHERE mark = $mark;

-- Points that may touch new ones.
-- name: fire_points_near :many
-- params: from_ms i64, to_ms i64
-- row: fire i64, lat f64, lon f64, at_ms i64
SELECT fire, lat, lon, at_ms FROM fire_point WHERE at_ms >= $from_ms AND at_ms <= $to_ms ORDER BY at_ms, id;

-- name: fire_point_put :exec
-- params: region i64, id i64, fire i64, lat f64, lon f64, at_ms i64, sensor str, satellite str, confidence i64, brightness f64, frp f64?, fixed i64, mark str
INSERT INTO fire_point (region, id, fire, lat, lon, at_ms, sensor, satellite, confidence, brightness, frp, fixed, mark)
VALUES ($region, $id, $fire, $lat, $lon, $at_ms, $sensor, $satellite, $confidence, $brightness, $frp, $fixed, $mark);

-- name: fire_points_move :exec
-- params: old i64, fire i64
UPDATE fire_point SET fire = $fire WHERE fire = $old;

-- name: fire_points_of :many
-- params: fire i64
-- row: region i64, id i64, lat f64, lon f64, at_ms i64, sensor str, satellite str, confidence i64, brightness f64, frp f64?, fixed i64
SELECT region, id, lat, lon, at_ms, sensor, satellite, confidence, brightness, frp, fixed FROM fire_point
WHERE fire = $fire ORDER BY at_ms, id LIMIT 5000;

-- name: fire_get :one
-- params: id i64
-- row: region i64, first_ms i64, matter i64, joined i64, org i64, asked_ms i64?, outcome str, ver i64
SELECT region, first_ms, matter, joined, org, asked_ms, outcome, ver FROM fire WHERE id = $id;

-- name: fire_insert :exec
-- params: region i64, id i64, lat f64, lon f64, first_ms i64, last_ms i64, points i64, confidence i64, frp f64, fixed i64, sectors i64
INSERT INTO fire (region, id, lat, lon, first_ms, last_ms, points, confidence, frp, fixed, sectors, secret, org, matter, asked_ms,
	joined, outcome, finding, found_ms, ver)
VALUES ($region, $id, $lat, $lon, $first_ms, $last_ms, $points, $confidence, $frp, $fixed, $sectors, 0, 0, 0, NULL, 0, '', '', NULL, 1);

-- name: fire_update :exec
-- params: region i64, id i64, place i64, lat f64, lon f64, first_ms i64, last_ms i64, points i64, confidence i64, frp f64, fixed i64
UPDATE fire SET region = $place, lat = $lat, lon = $lon, first_ms = $first_ms, last_ms = $last_ms, points = $points, confidence = $confidence, frp = $frp,
	fixed = $fixed, ver = ver + 1
WHERE region = $region AND id = $id;

-- name: fire_join :exec
-- params: id i64, joined i64
UPDATE fire SET joined = $joined, ver = ver + 1 WHERE id = $id;

-- name: fire_ask :exec
-- params: region i64, id i64, matter i64, org i64, asked_ms i64
UPDATE fire SET matter = $matter, org = $org, asked_ms = $asked_ms, ver = ver + 1 WHERE region = $region AND id = $id;

-- name: fire_set :exec
-- params: region i64, id i64, outcome str, finding str, found_ms i64
UPDATE fire SET outcome = $outcome, finding = $finding, found_ms = $found_ms, ver = ver + 1 WHERE region = $region AND id = $id;

-- name: fire_list :many
-- params: id i64?, after i64, from_ms i64?, to_ms i64?, trust i64?, max i64
-- row: region i64, region_name str?, region_name_en str?, id i64, lat f64, lon f64, first_ms i64, last_ms i64, points i64, confidence i64, frp f64, fixed i64, org i64, org_name str?, org_name_en str?, matter i64, asked_ms i64?, outcome str, finding str, found_ms i64?, ver i64, matter_no str?, state str?, phase str?
SELECT f.region, n.name, n.name_en, f.id, f.lat, f.lon, f.first_ms, f.last_ms, f.points, f.confidence, f.frp, f.fixed, f.org, o.name,
	o.name_en, f.matter, f.asked_ms, f.outcome, f.finding, f.found_ms, f.ver, m.no, m.state, m.phase
FROM fire f LEFT JOIN region_node n ON n.code = f.region LEFT JOIN org o ON o.id = f.org LEFT JOIN matter m ON m.id = f.matter
WHERE f.joined = 0 AND f.id < $after
	AND f.id = $id --? id
	AND f.last_ms >= $from_ms --? from_ms
	AND f.first_ms <= $to_ms --? to_ms
	AND f.confidence >= $trust --? trust
--scope f.org
ORDER BY f.id DESC LIMIT $max;
