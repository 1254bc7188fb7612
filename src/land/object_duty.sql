-- What duty needs to know of objects and matters.

-- name: duty_objects :each
-- params: lo i64, hi i64, sector i64?, day i64
-- row: region i64, id i64, type str, no str, name str, name_en str, owner i64, sectors i64, level i64
SELECT o.region, o.id, o.type, o.no, o.name, o.name_en, o.owner, o.sectors, o.level
FROM object o
WHERE o.region BETWEEN $lo AND $hi AND (o.valid_from_day IS NULL OR o.valid_from_day <= $day)
AND (o.valid_to_day IS NULL OR o.valid_to_day >= $day)
AND (o.sectors & $sector) <> 0 --? sector
--scope o.owner
ORDER BY o.id;

-- name: duty_matter :one
-- params: id i64
-- row: region i64, id i64, object i64, sectors i64, lead_org i64, contractor i64
SELECT m.region, m.id, m.object, m.sectors, m.lead_org, m.contractor FROM matter m WHERE m.id = $id
--scope m
;

-- The object as it was left by its last change until then.
-- name: duty_object_then :one
-- params: region i64, subject str, until_ms i64
-- row: body blob
SELECT body FROM ledger_event
WHERE region = $region AND subject = $subject AND at_ms <= $until_ms AND kind IN ('object.create', 'object.change')
ORDER BY seq DESC LIMIT 1;
