-- What the ladder looks at beyond a list's row.

-- name: escalation_more :many
-- params: ids ids
-- row: id i64, region i64, kind str, state str, state_ms i64, attrs str, grade str, listed str, due_ms i64, round i64, round_ms i64, sectors i64, lead_org i64, assigner_org i64, object i64, lead_name str?, lead_name_en str?, object_type str?
SELECT m.id, m.region, m.kind, m.state, m.state_ms, m.attrs, m.grade, m.listed, m.due_ms, m.round, m.round_ms, m.sectors,
	m.lead_org, m.assigner_org, m.object, o.name, o.name_en, b.type
FROM matter m LEFT JOIN org o ON o.id = m.lead_org
	LEFT JOIN object b ON b.region = m.region AND b.id = m.object AND m.object <> 0
WHERE m.id IN ($ids)
ORDER BY m.id;

-- Rungs taken in this round; each is an act with words.
-- name: escalation_taken :many
-- params: ids ids
-- row: matter i64, act str, at_ms i64
SELECT r.matter, r.act, r.at_ms
FROM matter m JOIN matter_report r ON r.region = m.region AND r.matter = m.id AND r.progress = 0 AND r.at_ms >= m.round_ms
WHERE m.id IN ($ids) AND r.act IN ('remind','supervise-letter','criticise','interview','list','refer')
ORDER BY r.matter, r.at_ms, r.id;

-- What came back and is not due yet.
-- name: escalation_relapsed :many
-- params: from_ms i64, lo i64?, hi i64?, max i64
-- row: id i64, due_ms i64
SELECT m.id, m.due_ms FROM matter m
WHERE m.phase = 'open' AND m.due_ms > $from_ms AND m.round > 1
	AND m.region >= $lo AND m.region <= $hi --? lo
--scope m
ORDER BY m.due_ms, m.id LIMIT $max;

-- How much of what a unit had to finish within a span of days it did not finish in time.
-- name: escalation_late :many
-- params: phase str, from_ms i64, to_ms i64, lo i64?, hi i64?
-- row: org i64, n i64
SELECT m.lead_org, COUNT(m.id) FROM matter m
WHERE m.phase = $phase AND m.due_ms >= $from_ms AND m.due_ms <= $to_ms AND m.lead_org <> 0
	AND (m.closed_ms IS NULL OR m.closed_ms > m.due_ms)
	AND m.region >= $lo AND m.region <= $hi --? lo
--scope m
GROUP BY m.lead_org ORDER BY m.lead_org;

-- name: escalation_org :one
-- params: id i64
-- row: name str, name_en str
SELECT o.name, o.name_en FROM org o WHERE o.id = $id;
