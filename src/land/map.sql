-- What the map shows of objects. Walks go along the grid; see geo/place.h.

-- The kinds of extent that occur, one after the other.
-- name: map_next_extent :one
-- params: extent i64
-- row: extent i64?
SELECT MIN(o.extent) FROM object o WHERE o.extent > $extent;

-- name: map_walk :each
-- params: extent i64, cell_lo i64, cell_hi i64, west f64, south f64, east f64, north f64, day i64, type str?, sectors i64?, risk str?
-- row: id i64, cell i64, risk str, lat f64, lon f64
SELECT o.id, o.cell, o.risk, o.lat, o.lon FROM object o
WHERE o.extent = $extent AND o.cell >= $cell_lo AND o.cell <= $cell_hi
	AND o.lon >= $west AND o.lat >= $south AND o.lon <= $east AND o.lat <= $north
	AND (o.valid_from_day IS NULL OR o.valid_from_day <= $day) AND (o.valid_to_day IS NULL OR o.valid_to_day >= $day)
	AND o.type = $type --? type
	AND (o.sectors & $sectors) <> 0 --? sectors
	AND o.risk = $risk --? risk
--scope o.owner
ORDER BY o.cell;

-- Shapes whose boxes meet the view, wherever their middle lies.
-- name: map_walk_shapes :many
-- params: extent i64, cell_lo i64, cell_hi i64, west f64, south f64, east f64, north f64, day i64, type str?, sectors i64?, risk str?, max i64
-- row: id i64
SELECT o.id FROM object o
WHERE o.extent = $extent AND o.cell >= $cell_lo AND o.cell <= $cell_hi
	AND o.west <= $east AND o.east >= $west AND o.south <= $north AND o.north >= $south
	AND (o.valid_from_day IS NULL OR o.valid_from_day <= $day) AND (o.valid_to_day IS NULL OR o.valid_to_day >= $day)
	AND o.type = $type --? type
	AND (o.sectors & $sectors) <> 0 --? sectors
	AND o.risk = $risk --? risk
--scope o.owner
ORDER BY o.cell LIMIT $max;

-- name: map_objects :many
-- params: ids ids
-- row: id i64, region i64, type str, no str, name str, name_en str, risk str, owner i64, owner_name str?, lat f64, lon f64, geometry str
SELECT o.id, o.region, o.type, o.no, o.name, o.name_en, o.risk, o.owner, w.name, o.lat, o.lon, o.geometry
FROM object o LEFT JOIN org w ON w.id = o.owner WHERE o.id IN ($ids) ORDER BY o.id;

-- Objects by region and colour.
-- name: map_colours :many
-- params: lo i64, hi i64, day i64, type str?, sectors i64?
-- row: region i64, risk str, n i64
SELECT o.region, o.risk, COUNT(o.id) FROM object o
WHERE o.region >= $lo AND o.region <= $hi
	AND (o.valid_from_day IS NULL OR o.valid_from_day <= $day) AND (o.valid_to_day IS NULL OR o.valid_to_day >= $day)
	AND o.type = $type --? type
	AND (o.sectors & $sectors) <> 0 --? sectors
--scope o.owner
GROUP BY o.region, o.risk;

-- name: map_box :one
-- params: lo i64, hi i64
-- row: west f64?, south f64?, east f64?, north f64?
SELECT MIN(o.west), MIN(o.south), MAX(o.east), MAX(o.north) FROM object o WHERE o.region >= $lo AND o.region <= $hi AND o.extent >= 0
--scope o.owner
;
