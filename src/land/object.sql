-- Supervised objects.

-- name: object_row :one
-- params: id i64
-- row: region i64, id i64, type str, no str, name str, name_en str, owner i64, sectors i64, secret i64, risk str, level i64, lat f64?, lon f64?, geometry str, attrs str, valid_from_day i64?, valid_to_day i64?, ver i64
SELECT o.region, o.id, o.type, o.no, o.name, o.name_en, o.owner, o.sectors, o.secret, o.risk, o.level, o.lat, o.lon, o.geometry,
	o.attrs, o.valid_from_day, o.valid_to_day, o.ver
FROM object o WHERE o.id = $id;

-- name: object_seen :one
-- params: id i64
-- row: region i64
SELECT o.region FROM object o WHERE o.id = $id
--scope o.owner
;

-- name: object_by_no :one
-- params: region i64, type str, no str
-- row: id i64
SELECT o.id FROM object o WHERE o.region = $region AND o.type = $type AND o.no = $no;

-- name: object_insert :exec
-- params: region i64, id i64, type str, no str, name str, name_en str, owner i64, sectors i64, secret i64, county i64, risk str, level i64, lat f64?, lon f64?, west f64?, south f64?, east f64?, north f64?, extent i64, cell i64, geometry str, attrs str, valid_from_day i64?, valid_to_day i64?
INSERT INTO object (region, id, type, no, name, name_en, owner, sectors, secret, county, risk, level, lat, lon, west, south, east,
	north, extent, cell, geometry, attrs, valid_from_day, valid_to_day, ver)
VALUES ($region, $id, $type, $no, $name, $name_en, $owner, $sectors, $secret, $county, $risk, $level, $lat, $lon, $west, $south,
	$east, $north, $extent, $cell, $geometry, $attrs, $valid_from_day, $valid_to_day, 1);

-- name: object_update :exec
-- params: region i64, id i64, ver i64, no str, name str, name_en str, owner i64, sectors i64, secret i64, risk str, level i64, lat f64?, lon f64?, west f64?, south f64?, east f64?, north f64?, extent i64, cell i64, geometry str, attrs str, valid_from_day i64?, valid_to_day i64?
UPDATE object SET no = $no, name = $name, name_en = $name_en, owner = $owner, sectors = $sectors, secret = $secret, risk = $risk,
	level = $level, lat = $lat, lon = $lon, west = $west, south = $south, east = $east, north = $north, extent = $extent,
	cell = $cell, geometry = $geometry, attrs = $attrs, valid_from_day = $valid_from_day, valid_to_day = $valid_to_day,
	ver = ver + 1
WHERE region = $region AND id = $id AND ver = $ver;

-- Numbers for objects that have none of their own.
-- name: object_count_up :one
-- params: region i64, type str
-- row: last i64
INSERT INTO object_counter (region, type, last) VALUES ($region, $type, 1)
ON CONFLICT (region, type) DO UPDATE SET last = object_counter.last + 1
RETURNING last;

-- name: object_text_put :exec
-- params: id i64, region i64, body str, vector str
INSERT INTO object_text (rowid, body) VALUES ($id, $body) --@sqlite
INSERT INTO object_text (id, region, body) VALUES ($id, $region, CAST(CAST($vector AS TEXT) AS TSVECTOR)) --@pg
;

-- The index keeps no text of its own: what goes out is told as it went in.
-- name: object_text_drop :exec
-- params: id i64, body str
INSERT INTO object_text (object_text, rowid, body) VALUES ('delete', $id, $body) --@sqlite
DELETE FROM object_text WHERE id = $id --@pg
;

-- part: objects
-- params: lo i64?, hi i64?, county i64?, type str?, sectors i64?, risk str?, owner i64?, match str?, day i64?, west f64?, south f64?, east f64?, north f64?
	AND o.county = $county --? county
	AND o.region >= $lo AND o.region <= $hi --? lo
	AND o.type = $type --? type
	AND (o.sectors & $sectors) <> 0 --? sectors
	AND o.risk = $risk --? risk
	AND o.owner = $owner --? owner
	AND (o.valid_from_day IS NULL OR o.valid_from_day <= $day) AND (o.valid_to_day IS NULL OR o.valid_to_day >= $day) --? day
	AND o.lon >= $west AND o.lat >= $south AND o.lon <= $east AND o.lat <= $north --? west
	AND o.id IN (SELECT t.rowid FROM object_text t WHERE t.object_text MATCH $match) --@sqlite --? match
	AND o.id IN (SELECT t.id FROM object_text t WHERE t.body @@ CAST(CAST($match AS TEXT) AS TSQUERY)) --@pg --? match

-- name: object_list :many
-- params: after i64, @objects, max i64
-- row: id i64
SELECT o.id FROM object o WHERE o.id > $after
--part objects
--scope o.owner
ORDER BY o.id LIMIT $max;

-- name: object_count :one
-- params: @objects, max i64
-- row: n i64
SELECT COUNT(c.id) FROM (SELECT o.id FROM object o WHERE o.id > 0
--part objects
--scope o.owner
LIMIT $max) c;

-- name: object_items :many
-- params: ids ids
-- row: region i64, region_name str?, id i64, type str, no str, name str, name_en str, owner i64, owner_name str?, owner_name_en str?, sectors i64, secret i64, risk str, level i64, lat f64?, lon f64?, geometry str, attrs str, valid_from_day i64?, valid_to_day i64?, ver i64
SELECT o.region, n.name, o.id, o.type, o.no, o.name, o.name_en, o.owner, w.name, w.name_en, o.sectors, o.secret, o.risk, o.level,
	o.lat, o.lon, o.geometry, o.attrs, o.valid_from_day, o.valid_to_day, o.ver
FROM object o LEFT JOIN region_node n ON n.code = o.region LEFT JOIN org w ON w.id = o.owner
WHERE o.id IN ($ids) ORDER BY o.id;

-- name: object_events :many
-- params: region i64, subject str, max i64
-- row: seq i64, at_ms i64, kind str, body blob, actor i64, actor_name str?
SELECT e.seq, e.at_ms, e.kind, e.body, e.actor, p.name FROM ledger_event e LEFT JOIN account a ON a.id = e.actor
	LEFT JOIN person p ON p.id = a.person
WHERE e.region = $region AND e.subject = $subject
ORDER BY e.seq DESC LIMIT $max;

-- Organisations of a name, the nearest first: the same region, then the same county, then others.
-- name: object_org_named :many
-- params: name str, region i64, day i64
-- row: id i64
SELECT o.id FROM org o
WHERE (o.name = $name OR o.short = $name) AND (o.valid_to_day IS NULL OR o.valid_to_day >= $day)
ORDER BY CASE WHEN o.region = $region THEN 0 WHEN o.region / 1000000 = $region / 1000000 THEN 1 ELSE 2 END, o.id LIMIT 1;

-- Regions of a name, those inside the range first.
-- name: object_region_named :many
-- params: name str, lo i64, hi i64
-- row: code i64
SELECT r.code FROM region_node r WHERE r.name = $name AND r.code >= $lo AND r.code <= $hi ORDER BY r.level DESC, r.code LIMIT 2;
