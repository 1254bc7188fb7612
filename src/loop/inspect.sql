-- Plans, coverage, visits.

-- ---- plans ----

-- name: plan_insert :exec
-- params: region i64, id i64, name str, campaign str, from_day i64, to_day i64, recurs str, sectors i64, secret i64, types str, frequency str, checklist str, unannounced i64, org i64, account i64, now_ms i64
INSERT INTO inspect_plan (region, id, name, campaign, from_day, to_day, recurs, sectors, secret, types, frequency, checklist,
	unannounced, org, account, created_ms, ended_ms, reason, ver)
VALUES ($region, $id, $name, $campaign, $from_day, $to_day, $recurs, $sectors, $secret, $types, $frequency, $checklist,
	$unannounced, $org, $account, $now_ms, NULL, '', 1);

-- name: plan_update :exec
-- params: region i64, id i64, ver i64, name str, campaign str, to_day i64, frequency str, checklist str
UPDATE inspect_plan SET name = $name, campaign = $campaign, to_day = $to_day, frequency = $frequency, checklist = $checklist,
	ver = ver + 1
WHERE region = $region AND id = $id AND ver = $ver AND ended_ms IS NULL;

-- name: plan_close :exec
-- params: region i64, id i64, ver i64, now_ms i64, reason str
UPDATE inspect_plan SET ended_ms = $now_ms, reason = $reason, ver = ver + 1
WHERE region = $region AND id = $id AND ver = $ver AND ended_ms IS NULL;

-- name: plan_load :one
-- params: id i64
-- row: region i64, id i64, name str, campaign str, from_day i64, to_day i64, recurs str, sectors i64, secret i64, types str, frequency str, checklist str, unannounced i64, org i64, account i64, created_ms i64, ended_ms i64?, reason str, ver i64
SELECT p.region, p.id, p.name, p.campaign, p.from_day, p.to_day, p.recurs, p.sectors, p.secret, p.types, p.frequency, p.checklist,
	p.unannounced, p.org, p.account, p.created_ms, p.ended_ms, p.reason, p.ver
FROM inspect_plan p WHERE p.id = $id
--scope p.org
;

-- name: plan_list :many
-- params: lo i64, hi i64, running i64?, after i64, max i64
-- row: region i64, id i64, name str, campaign str, from_day i64, to_day i64, recurs str, sectors i64, org i64, org_name str?, ended_ms i64?, ver i64
SELECT p.region, p.id, p.name, p.campaign, p.from_day, p.to_day, p.recurs, p.sectors, p.org, o.name, p.ended_ms, p.ver
FROM inspect_plan p LEFT JOIN org o ON o.id = p.org
WHERE p.region BETWEEN $lo AND $hi AND p.id < $after
AND p.ended_ms IS NULL AND p.to_day >= $running --? running
--scope p.org
ORDER BY p.id DESC LIMIT $max;

-- name: plan_member_put :exec
-- params: region i64, plan i64, team str, account i64, leader i64
INSERT INTO inspect_member (region, plan, team, account, leader) VALUES ($region, $plan, $team, $account, $leader)
ON CONFLICT (region, plan, team, account) DO UPDATE SET leader = $leader;

-- name: plan_members_drop :exec
-- params: region i64, plan i64
DELETE FROM inspect_member WHERE region = $region AND plan = $plan;

-- name: plan_members :many
-- params: region i64, plan i64
-- row: team str, account i64, leader i64, person i64, name str?, name_en str?, org i64, org_name str?, org_name_en str?
SELECT m.team, m.account, m.leader, a.person, h.name, h.name_en, a.org, o.name, o.name_en
FROM inspect_member m JOIN account a ON a.id = m.account LEFT JOIN person h ON h.id = a.person LEFT JOIN org o ON o.id = a.org
WHERE m.region = $region AND m.plan = $plan ORDER BY m.team, m.leader DESC, m.account;

-- How many visits of a plan there are, by what became of them.
-- name: plan_visits :one
-- params: plan i64
-- row: planned i64, done i64, open i64, found i64
SELECT COUNT(v.id),
	CAST(COALESCE(SUM(CASE WHEN v.state IN ('recorded', 'signed', 'refused', 'closed') THEN 1 ELSE 0 END), 0) AS BIGINT),
	CAST(COALESCE(SUM(CASE WHEN v.state IN ('planned', 'under-way') THEN 1 ELSE 0 END), 0) AS BIGINT),
	CAST(COALESCE(SUM(CASE WHEN v.clean = 0 THEN 1 ELSE 0 END), 0) AS BIGINT)
FROM visit v WHERE v.plan = $plan AND v.state <> 'cancelled';

-- Objects of a plan's range with their last visit before an instant.
-- name: plan_objects :each
-- params: lo i64, hi i64, sectors i64?, day i64, until_ms i64
-- row: id i64, region i64, type str, risk str, owner i64, last_ms i64?
SELECT o.id, o.region, o.type, o.risk, o.owner,
	(SELECT MAX(v.started_ms) FROM visit v WHERE v.object = o.id AND v.started_ms < $until_ms
		AND v.state IN ('recorded', 'signed', 'refused', 'closed'))
FROM object o
WHERE o.region BETWEEN $lo AND $hi AND (o.valid_from_day IS NULL OR o.valid_from_day <= $day)
	AND (o.valid_to_day IS NULL OR o.valid_to_day >= $day)
AND (o.sectors & $sectors) <> 0 --? sectors
--scope o.owner
;

-- name: inspect_objects_named :many
-- params: ids ids
-- row: id i64, region i64, region_name str?, type str, no str, name str, name_en str, owner i64, owner_name str?, owner_name_en str?, risk str, lat f64?, lon f64?, sectors i64, secret i64
SELECT o.id, o.region, n.name, o.type, o.no, o.name, o.name_en, o.owner, g.name, g.name_en, o.risk, o.lat, o.lon, o.sectors, o.secret
FROM object o LEFT JOIN org g ON g.id = o.owner LEFT JOIN region_node n ON n.code = o.region
WHERE o.id IN ($ids) ORDER BY o.id;

-- name: inspect_accounts :many
-- params: ids ids
-- row: id i64, person i64, name str?, name_en str?, org i64, org_name str?, org_name_en str?, locked i64
SELECT a.id, a.person, h.name, h.name_en, a.org, o.name, o.name_en, a.locked
FROM account a LEFT JOIN person h ON h.id = a.person LEFT JOIN org o ON o.id = a.org
WHERE a.id IN ($ids) ORDER BY a.id;

-- ---- visits ----

-- name: visit_insert :exec
-- params: region i64, id i64, no str, client_id str, plan i64, draw i64, follows i64, object i64, unit i64, source str, unannounced i64, sectors i64, secret i64, org i64, lead i64, planned_day i64, checklist str, checklist_day i64, items str, salt blob, now_ms i64
INSERT INTO visit (region, id, no, client_id, plan, draw, follows, object, unit, source, unannounced, state, sectors, secret, org,
	lead, planned_day, started_ms, ended_ms, lat, lon, checklist, checklist_day, items, place, content, problems, handling, salt,
	clean, record_hash, created_ms, recorded_ms, closed_ms, ver)
VALUES ($region, $id, $no, $client_id, $plan, $draw, $follows, $object, $unit, $source, $unannounced, 'planned', $sectors, $secret,
	$org, $lead, $planned_day, NULL, NULL, NULL, NULL, $checklist, $checklist_day, $items, '', '', '', '', $salt, -1,
	'', $now_ms, NULL, NULL, 1);

-- name: visit_load :one
-- params: id i64
-- row: region i64, id i64, no str, client_id str, plan i64, draw i64, follows i64, object i64, unit i64, source str, unannounced i64, state str, sectors i64, secret i64, org i64, lead i64, planned_day i64, started_ms i64?, ended_ms i64?, lat f64?, lon f64?, checklist str, checklist_day i64, items str, place str, content str, problems str, handling str, salt blob, clean i64, record_hash str, created_ms i64, recorded_ms i64?, closed_ms i64?, ver i64
SELECT v.region, v.id, v.no, v.client_id, v.plan, v.draw, v.follows, v.object, v.unit, v.source, v.unannounced, v.state, v.sectors,
	v.secret, v.org, v.lead, v.planned_day, v.started_ms, v.ended_ms, v.lat, v.lon, v.checklist, v.checklist_day, v.items, v.place, v.content,
	v.problems, v.handling, v.salt, v.clean, v.record_hash, v.created_ms, v.recorded_ms, v.closed_ms, v.ver
FROM visit v WHERE v.id = $id;

-- name: visit_by_client :one
-- params: client_id str
-- row: id i64
SELECT id FROM visit WHERE client_id = $client_id AND client_id <> '' ORDER BY id LIMIT 1;

-- Nobody learns of an unannounced visit to themself before it began.
-- name: visit_list :many
-- params: lo i64, hi i64, org i64, plan i64?, object i64?, unit i64?, state str?, open i64?, from_day i64?, to_day i64?, after i64, max i64
-- row: region i64, id i64, no str, plan i64, object i64, unit i64, source str, unannounced i64, state str, planned_day i64, started_ms i64?, clean i64, lead i64, ver i64
SELECT v.region, v.id, v.no, v.plan, v.object, v.unit, v.source, v.unannounced, v.state, v.planned_day, v.started_ms, v.clean, v.lead,
	v.ver
FROM visit v WHERE v.region BETWEEN $lo AND $hi AND v.id < $after
	AND (v.unannounced = 0 OR v.state <> 'planned' OR v.unit <> $org)
AND v.plan = $plan --? plan
AND v.object = $object --? object
AND v.unit = $unit --? unit
AND v.state = $state --? state
AND (v.state IN ('planned', 'under-way', 'recorded', 'signed', 'refused')) = ($open <> 0) --? open
AND v.planned_day >= $from_day --? from_day
AND v.planned_day <= $to_day --? to_day
--scope v.unit
ORDER BY v.id DESC LIMIT $max;

-- name: visit_mine :many
-- params: account i64, open i64, after i64, max i64
-- row: region i64, id i64, no str, plan i64, object i64, unit i64, source str, unannounced i64, state str, planned_day i64, started_ms i64?, clean i64, lead i64, ver i64
SELECT v.region, v.id, v.no, v.plan, v.object, v.unit, v.source, v.unannounced, v.state, v.planned_day, v.started_ms, v.clean, v.lead,
	v.ver
FROM visit_inspector i JOIN visit v ON v.region = i.region AND v.id = i.visit
WHERE i.account = $account AND i.open = $open AND i.visit < $after
ORDER BY i.visit DESC LIMIT $max;

-- name: visit_inspector_put :exec
-- params: region i64, visit i64, account i64, person i64, org i64
INSERT INTO visit_inspector (region, visit, account, person, org, open) VALUES ($region, $visit, $account, $person, $org, 1);

-- name: visit_inspectors :many
-- params: region i64, visit i64
-- row: account i64, person i64, name str?, name_en str?, org i64, org_name str?, org_name_en str?
SELECT i.account, i.person, h.name, h.name_en, i.org, o.name, o.name_en
FROM visit_inspector i LEFT JOIN person h ON h.id = i.person LEFT JOIN org o ON o.id = i.org
WHERE i.region = $region AND i.visit = $visit ORDER BY i.account;

-- name: visit_inspectors_done :exec
-- params: region i64, visit i64
UPDATE visit_inspector SET open = 0 WHERE region = $region AND visit = $visit;

-- name: visit_set_start :exec
-- params: region i64, id i64, started_ms i64, lat f64?, lon f64?, place str, checklist_day i64
UPDATE visit SET state = 'under-way', started_ms = $started_ms, checklist_day = $checklist_day, lat = $lat, lon = $lon, place = $place, ver = ver + 1
WHERE region = $region AND id = $id AND state = 'planned';

-- name: visit_set_record :exec
-- params: region i64, id i64, ver i64, ended_ms i64, content str, problems str, handling str, clean i64, record_hash str, now_ms i64
UPDATE visit SET state = 'recorded', ended_ms = $ended_ms, content = $content, problems = $problems, handling = $handling,
	clean = $clean, record_hash = $record_hash, recorded_ms = $now_ms, ver = ver + 1
WHERE region = $region AND id = $id AND ver = $ver AND state = 'under-way';

-- name: visit_set_state :exec
-- params: region i64, id i64, ver i64, state str, closed_ms i64?
UPDATE visit SET state = $state, closed_ms = $closed_ms, ver = ver + 1 WHERE region = $region AND id = $id AND ver = $ver;

-- name: visit_answer_insert :exec
-- params: region i64, id i64, visit i64, item str, value str, note str, client_id str, account i64, captured_ms i64, now_ms i64, lat f64?, lon f64?
INSERT INTO visit_answer (region, id, visit, item, value, note, client_id, account, captured_ms, received_ms, lat, lon)
VALUES ($region, $id, $visit, $item, $value, $note, $client_id, $account, $captured_ms, $now_ms, $lat, $lon);

-- Every answer; for an item the last one of these rows counts.
-- name: visit_answers :many
-- params: region i64, visit i64
-- row: id i64, item str, value str, note str, client_id str, account i64, name str?, captured_ms i64, received_ms i64
SELECT n.id, n.item, n.value, n.note, n.client_id, n.account, h.name, n.captured_ms, n.received_ms
FROM visit_answer n LEFT JOIN account a ON a.id = n.account LEFT JOIN person h ON h.id = a.person
WHERE n.region = $region AND n.visit = $visit ORDER BY n.item, n.captured_ms, n.id;

-- name: visit_answer_last :one
-- params: region i64, visit i64, item str
-- row: captured_ms i64
SELECT COALESCE(MAX(captured_ms), 0) FROM visit_answer WHERE region = $region AND visit = $visit AND item = $item;

-- name: visit_finding_insert :exec
-- params: region i64, id i64, visit i64, client_id str, item str, criterion str, clause str, title str, body str, spot str, fixed i64, due_day i64?, late i64, account i64, captured_ms i64, now_ms i64, lat f64?, lon f64?
INSERT INTO visit_finding (region, id, visit, client_id, item, criterion, clause, title, body, spot, fixed, due_day, matter, late,
	account, captured_ms, received_ms, lat, lon)
VALUES ($region, $id, $visit, $client_id, $item, $criterion, $clause, $title, $body, $spot, $fixed, $due_day, 0, $late, $account,
	$captured_ms, $now_ms, $lat, $lon);

-- name: visit_findings :many
-- params: region i64, visit i64
-- row: id i64, client_id str, item str, criterion str, clause str, title str, body str, spot str, fixed i64, due_day i64?, matter i64, matter_no str?, matter_state str?, late i64, account i64, captured_ms i64, received_ms i64, lat f64?, lon f64?
SELECT f.id, f.client_id, f.item, f.criterion, f.clause, f.title, f.body, f.spot, f.fixed, f.due_day, f.matter, m.no, m.state, f.late,
	f.account, f.captured_ms, f.received_ms, f.lat, f.lon
FROM visit_finding f LEFT JOIN matter m ON m.region = f.region AND m.id = f.matter
WHERE f.region = $region AND f.visit = $visit ORDER BY f.id;

-- name: visit_finding_matter :exec
-- params: region i64, id i64, matter i64
UPDATE visit_finding SET matter = $matter WHERE region = $region AND id = $id AND matter = 0;

-- name: visit_sign_insert :exec
-- params: region i64, id i64, visit i64, side str, outcome str, account i64, own i64, name str, title str, reason str, witness str, salt blob, file str, record_hash str, captured_ms i64, now_ms i64
INSERT INTO visit_sign (region, id, visit, side, outcome, account, own, name, title, reason, witness, salt, file, record_hash,
	captured_ms, at_ms)
VALUES ($region, $id, $visit, $side, $outcome, $account, $own, $name, $title, $reason, $witness, $salt, $file, $record_hash,
	$captured_ms, $now_ms);

-- name: visit_signs :many
-- params: region i64, visit i64
-- row: id i64, side str, outcome str, account i64, own i64, name str, title str, reason str, witness str, file str, record_hash str, captured_ms i64, at_ms i64
SELECT id, side, outcome, account, own, name, title, reason, witness, file, record_hash, captured_ms, at_ms
FROM visit_sign WHERE region = $region AND visit = $visit ORDER BY id;

-- name: visit_note_insert :exec
-- params: region i64, id i64, visit i64, body str, salt blob, account i64, now_ms i64
INSERT INTO visit_note (region, id, visit, body, salt, account, at_ms)
VALUES ($region, $id, $visit, $body, $salt, $account, $now_ms);

-- name: visit_notes :many
-- params: region i64, visit i64
-- row: id i64, body str, account i64, name str?, at_ms i64
SELECT n.id, n.body, n.account, h.name, n.at_ms
FROM visit_note n LEFT JOIN account a ON a.id = n.account LEFT JOIN person h ON h.id = a.person
WHERE n.region = $region AND n.visit = $visit ORDER BY n.id;

-- name: visit_next_no :one
-- params: region i64, kind str, year i64
-- row: last i64
INSERT INTO matter_counter (region, kind, year, last) VALUES ($region, $kind, $year, 1)
ON CONFLICT (region, kind, year) DO UPDATE SET last = matter_counter.last + 1 RETURNING last;

-- ---- what pages handed in ----

-- name: visit_files :many
-- params: visit i64
-- row: account i64, client_id str, about str, file i64, matter i64, hash str, name str, type str, size i64, captured_ms i64?, received_ms i64, lat f64?, lon f64?
SELECT account, client_id, about, file, matter, hash, name, type, size, captured_ms, received_ms, lat, lon
FROM sync_file WHERE visit = $visit ORDER BY visit, client_id;

-- name: visit_files_matter :exec
-- params: account i64, client_id str, matter i64
UPDATE sync_file SET matter = $matter WHERE account = $account AND client_id = $client_id AND matter = 0;
