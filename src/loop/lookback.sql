-- Look-backs: the pool, the tasks, their results.

-- Closed matters in a stretch of time whose present round was not looked back at.
-- name: lookback_pool_each :each
-- params: kind str, state str, lo i64, hi i64, from_ms i64, to_ms i64
-- row: region i64, id i64, grade str, listed str, round i64, lead_org i64, contractor i64, closed_ms i64, sectors i64, secret i64, cause str
SELECT m.region, m.id, m.grade, m.listed, m.round, m.lead_org, m.contractor, m.closed_ms, m.sectors, m.secret, m.cause
FROM matter m
WHERE m.phase = 'closed' AND m.kind = $kind AND m.state = $state AND m.closed_ms BETWEEN $from_ms AND $to_ms
AND m.region BETWEEN $lo AND $hi
AND NOT EXISTS (SELECT 1 FROM lookback l WHERE l.region = m.region AND l.matter = m.id AND l.round = m.round)
--scope m
ORDER BY m.id;

-- Few: what was once listed for supervision, what was found to be sham.
-- name: lookback_listed :many
-- row: matter i64
SELECT DISTINCT matter FROM matter_report WHERE act = 'list' ORDER BY matter;

-- name: lookback_sham :many
-- row: matter i64, n i64
SELECT matter, COUNT(mark) FROM mark_decision WHERE decision = 'sham' GROUP BY matter ORDER BY matter;

-- name: lookback_words :one
-- params: region i64, id i64
-- row: no str, title str
SELECT no, title FROM matter WHERE region = $region AND id = $id;

-- name: lookback_matter :one
-- params: id i64
-- row: region i64, id i64, kind str, state str, round i64, lead_org i64, contractor i64, closed_ms i64?, sectors i64, secret i64, cause str
SELECT m.region, m.id, m.kind, m.state, m.round, m.lead_org, m.contractor, m.closed_ms, m.sectors, m.secret, m.cause
FROM matter m WHERE m.id = $id
--scope m
;

-- name: lookback_of_round :one
-- params: region i64, matter i64, round i64
-- row: n i64
SELECT COUNT(id) FROM lookback WHERE region = $region AND matter = $matter AND round = $round;

-- Units and contractors whose fixes did not last.
-- name: lookback_failures :many
-- params: since_day i64
-- row: unit i64, contractor i64, n i64
SELECT unit, contractor, COUNT(seen_day) FROM (
	SELECT l.unit, l.contractor, l.seen_day FROM lookback l WHERE l.seen_day >= $since_day AND l.held = 0
	UNION ALL
	SELECT r.unit, r.contractor, r.seen_day FROM lookback_relapse r WHERE r.seen_day >= $since_day
	AND NOT EXISTS (SELECT 1 FROM lookback x WHERE x.region = r.region AND x.matter = r.matter AND x.round = r.round
		AND x.held = 0 AND x.seen_day IS NOT NULL)) f
GROUP BY unit, contractor ORDER BY unit, contractor;

-- Whoever had a hand in it does not look back at it.
-- name: lookback_hands :many
-- params: region i64, matter i64
-- row: org i64
SELECT DISTINCT org FROM matter_party WHERE region = $region AND matter = $matter AND role IN ('lead', 'co', 'verifier') ORDER BY org;

-- name: lookback_insert :exec
-- params: region i64, id i64, matter i64, round i64, draw i64, chance f64?, sectors i64, secret i64, unit i64, contractor i64, cause str, closed_ms i64, org i64, due_day i64, asked_ms i64, asked_by i64
INSERT INTO lookback (region, id, matter, round, draw, chance, sectors, secret, unit, contractor, cause, closed_ms, org, due_day,
	asked_ms, asked_by, result, held, seen_day, result_ms, account, by_org, ver)
VALUES ($region, $id, $matter, $round, $draw, $chance, $sectors, $secret, $unit, $contractor, $cause, $closed_ms, $org, $due_day,
	$asked_ms, $asked_by, '', 0, NULL, NULL, 0, 0, 1);

-- name: lookback_get :one
-- params: id i64
-- row: region i64, id i64, matter i64, round i64, draw i64, chance f64?, unit i64, contractor i64, closed_ms i64, org i64, due_day i64, asked_ms i64, result str, held i64, seen_day i64?, result_ms i64?, by_org i64, ver i64, no str, title str, kind str, state str, grade str, now_round i64
SELECT l.region, l.id, l.matter, l.round, l.draw, l.chance, l.unit, l.contractor, l.closed_ms, l.org, l.due_day, l.asked_ms,
	l.result, l.held, l.seen_day, l.result_ms, l.by_org, l.ver, m.no, m.title, m.kind, m.state, m.grade, m.round
FROM lookback l JOIN matter m ON m.region = l.region AND m.id = l.matter
WHERE l.id = $id
--scope m
;

-- name: lookback_list :many
-- params: lo i64, hi i64, org i64?, unit i64?, draw i64?, matter i64?, open i64?, done i64?, after i64, max i64
-- row: region i64, id i64, matter i64, round i64, draw i64, chance f64?, unit i64, contractor i64, closed_ms i64, org i64, due_day i64, asked_ms i64, result str, held i64, seen_day i64?, result_ms i64?, by_org i64, ver i64, no str, title str, kind str, state str, grade str, now_round i64
SELECT l.region, l.id, l.matter, l.round, l.draw, l.chance, l.unit, l.contractor, l.closed_ms, l.org, l.due_day, l.asked_ms,
	l.result, l.held, l.seen_day, l.result_ms, l.by_org, l.ver, m.no, m.title, m.kind, m.state, m.grade, m.round
FROM lookback l JOIN matter m ON m.region = l.region AND m.id = l.matter
WHERE l.region BETWEEN $lo AND $hi AND l.id > $after
AND l.org = $org --? org
AND l.unit = $unit --? unit
AND l.draw = $draw --? draw
AND l.matter = $matter --? matter
AND l.result = '' AND m.round = l.round AND $open = 1 --? open
AND l.result <> '' AND $done = 1 --? done
--scope m
ORDER BY l.id LIMIT $max;

-- name: lookback_hand :exec
-- params: region i64, id i64, ver i64, org i64, due_day i64
UPDATE lookback SET org = $org, due_day = $due_day, ver = ver + 1
WHERE region = $region AND id = $id AND ver = $ver AND result = '';

-- name: lookback_finish_row :exec
-- params: region i64, id i64, ver i64, result str, held i64, seen_day i64, result_ms i64, account i64, by_org i64
UPDATE lookback SET result = $result, held = $held, seen_day = $seen_day, result_ms = $result_ms, account = $account,
	by_org = $by_org, ver = ver + 1
WHERE region = $region AND id = $id AND ver = $ver AND result = '';

-- What was seen, for rates and survival.
-- name: lookback_seen :many
-- params: lo i64, hi i64, kind str?, from_day i64, to_day i64
-- row: region i64, matter i64, round i64, chance f64?, sectors i64, unit i64, contractor i64, cause str, closed_ms i64, held i64, seen_day i64
SELECT l.region, l.matter, l.round, l.chance, l.sectors, l.unit, l.contractor, l.cause, l.closed_ms, l.held, l.seen_day
FROM lookback l JOIN matter m ON m.region = l.region AND m.id = l.matter
WHERE l.seen_day BETWEEN $from_day AND $to_day AND l.region BETWEEN $lo AND $hi
AND m.kind = $kind --? kind
--scope m
ORDER BY l.id;

-- name: lookback_relapse_insert :exec
-- params: region i64, matter i64, round i64, act str, sectors i64, unit i64, contractor i64, cause str, closed_ms i64, seen_day i64
INSERT INTO lookback_relapse (region, matter, round, act, sectors, unit, contractor, cause, closed_ms, seen_day)
VALUES ($region, $matter, $round, $act, $sectors, $unit, $contractor, $cause, $closed_ms, $seen_day);

-- What was told to have come back and no look-back found, for rates and survival.
-- name: lookback_relapsed :many
-- params: lo i64, hi i64, kind str?, from_day i64, to_day i64
-- row: region i64, matter i64, round i64, sectors i64, unit i64, contractor i64, cause str, closed_ms i64, seen_day i64
SELECT r.region, r.matter, r.round, r.sectors, r.unit, r.contractor, r.cause, r.closed_ms, r.seen_day
FROM lookback_relapse r JOIN matter m ON m.region = r.region AND m.id = r.matter
WHERE r.seen_day BETWEEN $from_day AND $to_day AND r.region BETWEEN $lo AND $hi
AND NOT EXISTS (SELECT 1 FROM lookback x WHERE x.region = r.region AND x.matter = r.matter AND x.round = r.round
	AND x.held = 0 AND x.seen_day IS NOT NULL)
AND m.kind = $kind --? kind
--scope m
ORDER BY r.matter, r.round;

-- name: lookback_draws :many
-- params: lo i64, hi i64, after i64, max i64
-- row: region i64, id i64, sectors i64, secret i64, want i64, candidates i64, hash str, seed_source str, seed str, announced_ms i64, drawn_ms i64?, ver i64
SELECT region, id, sectors, secret, want, candidates, hash, seed_source, seed, announced_ms, drawn_ms, ver
FROM draw WHERE purpose = 'look-back' AND region BETWEEN $lo AND $hi AND id > $after ORDER BY id LIMIT $max;
