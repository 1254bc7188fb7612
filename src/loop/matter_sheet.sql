-- The ledger as offices keep it in a workbook.

-- name: sheet_rows :many
-- params: ids ids
-- row: id i64, region i64, no str, kind str, title str, body str, measures str, targets str, state str, phase str, due_ms i64, sectors i64, progress i64, closed_ms i64?, opened_ms i64, found_ms i64, source str, grade str, criterion str, cause str, listed str, round i64, report str?, files i64, region_name str?, region_name_en str?, object_name str?, object_name_en str?
SELECT m.id, m.region, m.no, m.kind, m.title, m.body, m.measures, m.targets, m.state, m.phase, m.due_ms, m.sectors, m.progress,
	m.closed_ms, m.opened_ms, m.found_ms, m.source, m.grade, m.criterion, m.cause, m.listed, m.round,
	(SELECT r.body FROM matter_report r WHERE r.region = m.region AND r.matter = m.id AND r.progress = 1
		ORDER BY r.at_ms DESC, r.id DESC LIMIT 1),
	(SELECT COUNT(f.id) FROM file f WHERE f.region = m.region AND f.subject = 'matter/' || CAST(m.id AS TEXT)),
	n.name, n.name_en, o.name, o.name_en
FROM matter m LEFT JOIN region_node n ON n.code = m.region LEFT JOIN object o ON o.id = m.object AND m.object <> 0
WHERE m.id IN ($ids)
ORDER BY m.id;

-- Organisations of a name, the nearest first: the same region, then the same county, then others.
-- name: sheet_org :many
-- params: name str, region i64, day i64
-- row: id i64
SELECT o.id FROM org o
WHERE (o.name = $name OR o.short = $name OR o.name_en = $name) AND (o.valid_to_day IS NULL OR o.valid_to_day >= $day)
ORDER BY CASE WHEN o.region = $region THEN 0 WHEN o.region / 1000000 = $region / 1000000 THEN 1 ELSE 2 END, o.id LIMIT 1;

-- Supervised objects of a name in a county.
-- name: sheet_object :many
-- params: name str, county i64
-- row: id i64
SELECT o.id FROM object o WHERE o.county = $county AND o.name = $name ORDER BY o.id LIMIT 2;
