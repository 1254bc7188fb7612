-- The ledger as offices keep it in a workbook.

-- name: sheet_rows :many
-- params: ids ids
-- row: id i64, region i64, no str, kind str, title str, body str, measures str, targets str, state str, phase str, due_ms i64, sectors i64, progress i64, closed_ms i64?, report str?, files i64
SELECT m.id, m.region, m.no, m.kind, m.title, m.body, m.measures, m.targets, m.state, m.phase, m.due_ms, m.sectors, m.progress,
	m.closed_ms,
	(SELECT r.body FROM matter_report r WHERE r.region = m.region AND r.matter = m.id AND r.progress = 1
		ORDER BY r.at_ms DESC, r.id DESC LIMIT 1),
	(SELECT COUNT(f.id) FROM file f WHERE f.region = m.region AND f.subject = 'matter/' || CAST(m.id AS TEXT))
FROM matter m WHERE m.id IN ($ids)
ORDER BY m.id;

-- Organisations of a name, the nearest first: the same region, then the same county, then others.
-- name: sheet_org :many
-- params: name str, region i64, day i64
-- row: id i64
SELECT o.id FROM org o
WHERE (o.name = $name OR o.short = $name) AND (o.valid_to_day IS NULL OR o.valid_to_day >= $day)
ORDER BY CASE WHEN o.region = $region THEN 0 WHEN o.region / 1000000 = $region / 1000000 THEN 1 ELSE 2 END, o.id LIMIT 1;
