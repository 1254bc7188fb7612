-- What statistics are added up from.

-- Hazards found and reports received in the period, in one walk of the region. The plan is read of those only that need one.
-- name: statistics_matters :each
-- params: lo i64, hi i64, from_ms i64, until_ms i64, sectors i64?, source str?
-- row: id i64, region i64, sectors i64, source str, kind str, found_ms i64, grade str, phase str, state str, due_ms i64, closed_ms i64?, attrs str
SELECT m.id, m.region, m.sectors, m.source, m.kind, CASE WHEN m.found_ms > 0 THEN m.found_ms ELSE m.opened_ms END, m.grade,
	m.phase, m.state, m.due_ms, m.closed_ms, CASE WHEN m.grade = 'major' AND m.phase = 'open' THEN m.attrs ELSE '' END
FROM matter m
WHERE m.region BETWEEN $lo AND $hi AND m.kind IN ('hazard', 'report') AND m.state <> 'cancelled'
	AND CASE WHEN m.found_ms > 0 THEN m.found_ms ELSE m.opened_ms END BETWEEN $from_ms AND $until_ms
AND (m.sectors & $sectors) <> 0 --? sectors
AND m.source = $source --? source
--scope m
;

-- Acts on hazards in the period.
-- name: statistics_acts :each
-- params: lo i64, hi i64, from_ms i64, until_ms i64, sectors i64?, source str?
-- row: id i64, region i64, sectors i64, source str, at_ms i64, kind str, body blob
SELECT m.id, m.region, m.sectors, m.source, e.at_ms, e.kind, e.body
FROM ledger_event e JOIN matter m ON m.region = e.region AND m.id = CAST(substr(e.subject, 8) AS BIGINT)
WHERE (e.kind = 'matter.extend-grant'
	OR e.kind = 'matter.stop-use'
	OR e.kind = 'matter.list'
	OR e.kind = 'matter.delist'
	OR e.kind = 'matter.look-back-ok'
	OR e.kind = 'matter.relapse'
	OR e.kind = 'matter.supervise-letter'
	OR e.kind = 'matter.criticise'
	OR e.kind = 'matter.interview'
	OR e.kind = 'matter.refer')
	AND e.at_ms BETWEEN $from_ms AND $until_ms AND m.region BETWEEN $lo AND $hi AND m.kind = 'hazard'
AND (m.sectors & $sectors) <> 0 --? sectors
AND m.source = $source --? source
--scope m
;

-- Penalties for hazards and rewards of reporters in the period.
-- name: statistics_sanctions :each
-- params: lo i64, hi i64, from_ms i64, until_ms i64, sectors i64?, source str?
-- row: id i64, region i64, sectors i64, source str, at_ms i64, kind str, body blob
SELECT m.id, m.region, m.sectors, m.source, e.at_ms, e.kind, e.body
FROM ledger_event e JOIN matter m ON m.region = e.region AND m.id = CAST(substr(e.subject, 8) AS BIGINT)
WHERE (e.kind = 'matter.penalise'
	OR e.kind = 'matter.reward')
	AND e.at_ms BETWEEN $from_ms AND $until_ms AND m.region BETWEEN $lo AND $hi
AND (m.sectors & $sectors) <> 0 --? sectors
AND m.source = $source --? source
--scope m
;

-- Visits that were to happen or happened in the period.
-- name: statistics_visits :each
-- params: lo i64, hi i64, from_day i64, to_day i64, from_ms i64, until_ms i64, sectors i64?, source str?
-- row: region i64, sectors i64, source str, planned_day i64, started_ms i64?, state str, unit i64, object i64
SELECT v.region, v.sectors, v.source, v.planned_day, v.started_ms, v.state, v.unit, v.object
FROM visit v
WHERE v.region BETWEEN $lo AND $hi AND v.state <> 'cancelled'
	AND ((v.planned_day BETWEEN $from_day AND $to_day) OR (v.started_ms BETWEEN $from_ms AND $until_ms))
AND (v.sectors & $sectors) <> 0 --? sectors
AND v.source = $source --? source
--scope v.unit
;
