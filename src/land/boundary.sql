-- Boundaries of regions: a reference table.

-- name: boundary_put :exec
-- params: code i64, west f64, south f64, east f64, north f64, accuracy_m f64, geometry str, source str
INSERT INTO region_shape (code, west, south, east, north, accuracy_m, geometry, source, ver)
VALUES ($code, $west, $south, $east, $north, $accuracy_m, $geometry, $source, 1)
ON CONFLICT (code) DO UPDATE SET west = excluded.west, south = excluded.south, east = excluded.east, north = excluded.north,
	accuracy_m = excluded.accuracy_m, geometry = excluded.geometry, source = excluded.source, ver = region_shape.ver + 1;

-- name: boundary_get :one
-- params: code i64
-- row: code i64, west f64, south f64, east f64, north f64, accuracy_m f64, geometry str
SELECT code, west, south, east, north, accuracy_m, geometry FROM region_shape WHERE code = $code;

-- The boundary of the innermost of several regions that has one.
-- name: boundary_near :many
-- params: ids ids
-- row: code i64, accuracy_m f64, geometry str
SELECT code, accuracy_m, geometry FROM region_shape WHERE code IN ($ids);

-- Boundaries whose boxes hold a place, within a range of codes.
-- name: boundary_around :many
-- params: lo i64, hi i64, lon f64, lat f64
-- row: code i64, geometry str
SELECT code, geometry FROM region_shape
WHERE code >= $lo AND code <= $hi AND west <= $lon AND east >= $lon AND south <= $lat AND north >= $lat
ORDER BY code DESC;

-- name: boundary_children :many
-- params: parent i64
-- row: code i64, name str, name_en str, west f64?, south f64?, east f64?, north f64?, geometry str?
SELECT r.code, r.name, r.name_en, s.west, s.south, s.east, s.north, s.geometry
FROM region_node r LEFT JOIN region_shape s ON s.code = r.code
WHERE r.parent = $parent AND r.valid_to_day IS NULL
ORDER BY r.code;

-- name: boundary_box :one
-- params: lo i64, hi i64
-- row: west f64?, south f64?, east f64?, north f64?
SELECT MIN(west), MIN(south), MAX(east), MAX(north) FROM region_shape WHERE code >= $lo AND code <= $hi;
