-- My work and the cockpit.

-- What an organisation has to do with, open, the soonest first; once for each of its roles.
-- name: work_party :many
-- params: org i64, max i64
-- row: id i64, region i64, kind str, state str, due_ms i64, sectors i64, secret i64, role str, person i64
SELECT m.id, m.region, m.kind, m.state, m.due_ms, m.sectors, m.secret, p.role, p.person
FROM matter_party p JOIN matter m ON m.region = p.region AND m.id = p.matter
WHERE p.org = $org AND p.phase = 'open'
--scope m
ORDER BY p.due_ms, p.matter LIMIT $max;

-- What waits in a state for somebody who is neither rectifier nor reporter.
-- name: work_to_verify :many
-- params: state str, org i64, max i64
-- row: id i64, due_ms i64
SELECT m.id, m.due_ms FROM matter m
WHERE m.state = $state AND m.reporter_org <> $org
	AND NOT EXISTS (SELECT 1 FROM matter_party x WHERE x.region = m.region AND x.matter = m.id AND x.org = $org
		AND x.role IN ('lead', 'co'))
--scope m
ORDER BY m.due_ms, m.id LIMIT $max;

-- name: cockpit_next_county :one
-- params: after i64, upto i64
-- row: county i64?
SELECT MIN(m.county) FROM matter m WHERE m.county > $after AND m.county <= $upto;

-- Everything open in one county, from the index of counties alone.
-- name: cockpit_open :each
-- params: county i64, lo i64, hi i64
-- row: region i64, sectors i64, state str, due_ms i64
SELECT m.region, m.sectors, m.state, m.due_ms FROM matter m
WHERE m.county = $county AND m.phase = 'open' AND m.region + 0 >= $lo AND m.region + 0 <= $hi
--scope m
;

-- name: cockpit_closed :each
-- params: since_ms i64, lo i64, hi i64
-- row: closed_ms i64, due_ms i64
SELECT m.closed_ms, m.due_ms FROM matter m INDEXED BY matter_closed --@sqlite
SELECT m.closed_ms, m.due_ms FROM matter m --@pg
WHERE m.closed_ms >= $since_ms AND m.region + 0 >= $lo AND m.region + 0 <= $hi
--scope m
;

-- Ids rise with time: what was made since then.
-- name: cockpit_opened :each
-- params: since_id i64, lo i64, hi i64
-- row: id i64
SELECT m.id FROM matter m INDEXED BY matter_id --@sqlite
SELECT m.id FROM matter m --@pg
WHERE m.id >= $since_id AND m.region + 0 >= $lo AND m.region + 0 <= $hi
--scope m
;
