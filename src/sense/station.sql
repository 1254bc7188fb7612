-- Stations.

-- name: station_row :one
-- params: id i64
-- row: region i64, id i64, kind str, name str, name_en str, object i64, owner i64, sectors i64, secret i64, lat f64?, lon f64?, attrs str, valid_from_day i64, valid_to_day i64?, ver i64
SELECT s.region, s.id, s.kind, s.name, s.name_en, s.object, s.owner, s.sectors, s.secret, s.lat, s.lon, s.attrs, s.valid_from_day,
	s.valid_to_day, s.ver
FROM station s WHERE s.id = $id;

-- name: station_seen :one
-- params: id i64
-- row: region i64
SELECT s.region FROM station s WHERE s.id = $id
--scope s.owner
;

-- name: station_insert :exec
-- params: region i64, id i64, kind str, name str, name_en str, object i64, owner i64, sectors i64, secret i64, lat f64?, lon f64?, attrs str, valid_from_day i64, valid_to_day i64?
INSERT INTO station (region, id, kind, name, name_en, object, owner, sectors, secret, lat, lon, attrs, valid_from_day, valid_to_day, ver)
VALUES ($region, $id, $kind, $name, $name_en, $object, $owner, $sectors, $secret, $lat, $lon, $attrs, $valid_from_day, $valid_to_day, 1);

-- name: station_update :exec
-- params: region i64, id i64, ver i64, name str, name_en str, object i64, owner i64, sectors i64, secret i64, lat f64?, lon f64?, attrs str, valid_from_day i64, valid_to_day i64?
UPDATE station SET name = $name, name_en = $name_en, object = $object, owner = $owner, sectors = $sectors, secret = $secret,
	lat = $lat, lon = $lon, attrs = $attrs, valid_from_day = $valid_from_day, valid_to_day = $valid_to_day, ver = ver + 1
WHERE region = $region AND id = $id AND ver = $ver;

-- name: station_list :many
-- params: after i64, lo i64?, hi i64?, kind str?, object i64?, day i64?, max i64
-- row: region i64, region_name str?, id i64, kind str, name str, name_en str, object i64, owner i64, sectors i64, secret i64, lat f64?, lon f64?, attrs str, valid_from_day i64, valid_to_day i64?, ver i64
SELECT s.region, n.name, s.id, s.kind, s.name, s.name_en, s.object, s.owner, s.sectors, s.secret, s.lat, s.lon, s.attrs,
	s.valid_from_day, s.valid_to_day, s.ver
FROM station s LEFT JOIN region_node n ON n.code = s.region WHERE s.id > $after
	AND s.region >= $lo AND s.region <= $hi --? lo
	AND s.kind = $kind --? kind
	AND s.object = $object --? object
	AND s.valid_from_day <= $day AND (s.valid_to_day IS NULL OR s.valid_to_day >= $day) --? day
--scope s.owner
ORDER BY s.id LIMIT $max;

-- name: station_named :many
-- params: name str, lo i64, hi i64
-- row: id i64
SELECT s.id FROM station s WHERE s.name = $name AND s.region >= $lo AND s.region <= $hi ORDER BY s.id LIMIT 2;

-- name: station_item_list :many
-- params: region i64, station i64
-- row: code str, item str, unit str, factor str
SELECT i.code, i.item, i.unit, i.factor FROM station_item i WHERE i.region = $region AND i.station = $station ORDER BY i.code;

-- name: station_items_drop :exec
-- params: region i64, station i64
DELETE FROM station_item WHERE region = $region AND station = $station;

-- name: station_item_insert :exec
-- params: region i64, station i64, code str, item str, unit str, factor str
INSERT INTO station_item (region, station, code, item, unit, factor) VALUES ($region, $station, $code, $item, $unit, $factor);

-- name: sheet_shape_get :one
-- params: region i64, shape str
-- row: map str, kind str
SELECT h.map, h.kind FROM sheet_shape h WHERE h.region = $region AND h.shape = $shape;

-- name: sheet_shape_put :exec
-- params: region i64, shape str, map str, kind str, at_ms i64
INSERT INTO sheet_shape (region, shape, map, kind, at_ms) VALUES ($region, $shape, $map, $kind, $at_ms)
ON CONFLICT (region, shape) DO UPDATE SET map = $map, kind = $kind, at_ms = $at_ms;
