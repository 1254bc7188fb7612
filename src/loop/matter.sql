-- Matters: one row, its parties, its words; numbers; search text. Lists stand in matter_list.sql.

-- name: matter_load :one
-- params: id i64
-- row: region i64, id i64, no str, kind str, state str, phase str, title str, body str, measures str, targets str, attrs str, sectors i64, secret i64, handler_region i64, lead_org i64, assigner_org i64, assigner i64, due_ms i64, held_due_ms i64, recurs str, progress i64, round i64, round_ms i64, extensions i64, parent i64, parent_region i64, document i64, draft i64, span_start i64, span_end i64, pending str, prev_state str, reporter i64, reporter_org i64, state_ms i64, opened_ms i64, closed_ms i64?, ver i64, object i64, lat f64?, lon f64?, source str, found_ms i64, grade str, criterion str, listed str, cause str, contractor i64, visit i64
SELECT m.region, m.id, m.no, m.kind, m.state, m.phase, m.title, m.body, m.measures, m.targets, m.attrs, m.sectors, m.secret,
	m.handler_region, m.lead_org, m.assigner_org, m.assigner, m.due_ms, m.held_due_ms, m.recurs, m.progress, m.round,
	m.round_ms, m.extensions, m.parent, m.parent_region, m.document, m.draft, m.span_start, m.span_end, m.pending,
	m.prev_state, m.reporter, m.reporter_org, m.state_ms, m.opened_ms, m.closed_ms, m.ver, m.object, m.lat, m.lon,
	m.source, m.found_ms, m.grade, m.criterion, m.listed, m.cause, m.contractor, m.visit
FROM matter m WHERE m.id = $id
--scope m
;

-- name: matter_insert :exec
-- params: region i64, id i64, no str, kind str, state str, phase str, title str, body str, measures str, targets str, attrs str, sectors i64, secret i64, county i64, handler_region i64, lead_org i64, assigner_org i64, assigner i64, due_ms i64, recurs str, parent i64, parent_region i64, document i64, draft i64, span_start i64, span_end i64, now_ms i64, object i64, lat f64?, lon f64?, source str?, found_ms i64, cause str?, contractor i64, visit i64
INSERT INTO matter (region, id, no, kind, state, phase, title, body, measures, targets, attrs, sectors, secret, county,
	handler_region, lead_org, assigner_org, assigner, due_ms, held_due_ms, recurs, progress, round, round_ms, extensions,
	parent, parent_region, document, draft, span_start, span_end, pending, prev_state, reporter, reporter_org, state_ms,
	opened_ms, ver, object, lat, lon, source, found_ms, cause, contractor, visit)
VALUES ($region, $id, $no, $kind, $state, $phase, $title, $body, $measures, $targets, $attrs, $sectors, $secret, $county,
	$handler_region, $lead_org, $assigner_org, $assigner, $due_ms, 0, $recurs, 0, 1, $now_ms, 0,
	$parent, $parent_region, $document, $draft, $span_start, $span_end, '', $state, 0, 0, $now_ms,
	$now_ms, 1, $object, $lat, $lon, COALESCE($source, ''), $found_ms, COALESCE($cause, ''), $contractor, $visit);

-- name: matter_update :exec
-- params: region i64, id i64, ver i64, state str, prev_state str, phase str, lead_org i64, due_ms i64, held_due_ms i64, progress i64, round i64, round_ms i64, extensions i64, pending str, attrs str, reporter i64, reporter_org i64, state_ms i64, closed_ms i64?
UPDATE matter SET ver = ver + 1, state = $state, prev_state = $prev_state, phase = $phase, lead_org = $lead_org,
	due_ms = $due_ms, held_due_ms = $held_due_ms, progress = $progress, round = $round, round_ms = $round_ms,
	extensions = $extensions, pending = $pending, attrs = $attrs, reporter = $reporter, reporter_org = $reporter_org,
	state_ms = $state_ms, closed_ms = $closed_ms
WHERE region = $region AND id = $id AND ver = $ver;

-- The same where nothing changes that an index holds: its six indexes are left alone.
-- name: matter_touch :exec
-- params: region i64, id i64, ver i64, held_due_ms i64, progress i64, round i64, round_ms i64, extensions i64, pending str, attrs str, reporter i64, reporter_org i64, state_ms i64
UPDATE matter SET ver = ver + 1, held_due_ms = $held_due_ms, progress = $progress, round = $round, round_ms = $round_ms,
	extensions = $extensions, pending = $pending, attrs = $attrs, reporter = $reporter, reporter_org = $reporter_org,
	state_ms = $state_ms
WHERE region = $region AND id = $id AND ver = $ver;

-- An act that leaves the row as it is: a note, a reminder.
-- name: matter_raise :exec
-- params: region i64, id i64, ver i64
UPDATE matter SET ver = ver + 1 WHERE region = $region AND id = $id AND ver = $ver;

-- A list's order is copied to the parties: a unit's list walks one index.
-- name: matter_party_follow :exec
-- params: region i64, matter i64, phase str, due_ms i64
UPDATE matter_party SET phase = $phase, due_ms = $due_ms WHERE region = $region AND matter = $matter;

-- name: matter_party_insert :exec
-- params: region i64, matter i64, org i64, role str, person i64, basis str, since_ms i64, phase str, due_ms i64
INSERT INTO matter_party (region, matter, org, role, person, basis, since_ms, phase, due_ms)
VALUES ($region, $matter, $org, $role, $person, $basis, $since_ms, $phase, $due_ms)
ON CONFLICT (region, matter, org, role, person) DO UPDATE SET since_ms = $since_ms, basis = $basis;

-- name: matter_party_drop :exec
-- params: region i64, matter i64, role str
DELETE FROM matter_party WHERE region = $region AND matter = $matter AND role = $role;

-- name: matter_party_undo :exec
-- params: region i64, matter i64, basis str
DELETE FROM matter_party WHERE region = $region AND matter = $matter AND basis = $basis;

-- The township of a territory.
-- name: matter_units_of :many
-- params: region i64, day i64
-- row: id i64
SELECT id FROM org WHERE region = $region AND kind = 'township' AND valid_from_day <= $day AND (valid_to_day IS NULL OR valid_to_day >= $day) ORDER BY id;

-- name: matter_parties :many
-- params: ids ids
-- row: matter i64, org i64, role str, person i64, basis str, since_ms i64, name str, name_en str, person_name str?
SELECT p.matter, p.org, p.role, p.person, p.basis, p.since_ms, o.name, o.name_en, h.name
FROM matter m JOIN matter_party p ON p.region = m.region AND p.matter = m.id
	JOIN org o ON o.id = p.org LEFT JOIN person h ON h.id = p.person AND p.person <> 0
WHERE m.id IN ($ids)
ORDER BY p.matter, p.since_ms, p.role, p.org, p.person;

-- The same for one matter, as its rules need them.
-- In no order.
-- name: matter_standing :many
-- params: region i64, matter i64
-- row: org i64, role str, person i64, since_ms i64
SELECT p.org, p.role, p.person, p.since_ms FROM matter_party p WHERE p.region = $region AND p.matter = $matter;

-- Is there evidence, is there a report of this round? And the children.
-- name: matter_counts :many
-- params: ids ids
-- row: id i64, files i64, reports i64, children i64, open_children i64
SELECT m.id,
	CASE WHEN EXISTS (SELECT f.id FROM file f WHERE f.region = m.region AND f.subject = 'matter/' || CAST(m.id AS TEXT)
		AND f.received_ms >= m.round_ms) THEN 1 ELSE 0 END,
	CASE WHEN EXISTS (SELECT r.id FROM matter_report r WHERE r.region = m.region AND r.matter = m.id AND r.progress = 1
		AND r.at_ms >= m.round_ms) THEN 1 ELSE 0 END,
	(SELECT COUNT(c.id) FROM matter c WHERE c.parent = m.id),
	(SELECT COUNT(c.id) FROM matter c WHERE c.parent = m.id AND c.phase = 'open')
FROM matter m WHERE m.id IN ($ids)
ORDER BY m.id;

-- What a parent's children add up to. Whatever was brought to an end has 100; what was closed
-- otherwise (cancelled) does not count.
-- name: matter_children_sum :one
-- params: parent i64
-- row: n i64, total i64
SELECT COUNT(c.id), CAST(COALESCE(SUM(c.progress), 0) AS BIGINT)
FROM matter c WHERE c.parent = $parent AND (c.phase = 'open' OR c.progress = 100);

-- name: matter_parent_of :one
-- params: region i64, id i64
-- row: parent i64, parent_region i64
SELECT m.parent, m.parent_region FROM matter m WHERE m.region = $region AND m.id = $id;

-- Where a matter comes from; one that breaks another down comes from where that came from.
-- name: matter_source :one
-- params: region i64, id i64
-- row: document i64, draft i64, span_start i64, span_end i64, body str, parent i64, parent_region i64
SELECT m.document, m.draft, m.span_start, m.span_end, m.body, m.parent, m.parent_region
FROM matter m WHERE m.region = $region AND m.id = $id;

-- name: matter_set_progress :exec
-- params: region i64, id i64, progress i64
UPDATE matter SET progress = $progress WHERE region = $region AND id = $id AND progress <> $progress;

-- name: matter_next_no :one
-- params: region i64, kind str, year i64
-- row: last i64
INSERT INTO matter_counter (region, kind, year, last) VALUES ($region, $kind, $year, 1)
ON CONFLICT (region, kind, year) DO UPDATE SET last = matter_counter.last + 1
RETURNING last;

-- name: matter_report_insert :exec
-- params: region i64, id i64, matter i64, seq i64, act str, progress i64, period str, percent i64?, body str, salt blob, org i64, account i64, at_ms i64
INSERT INTO matter_report (region, id, matter, seq, act, progress, period, percent, body, salt, org, account, at_ms)
VALUES ($region, $id, $matter, $seq, $act, $progress, $period, $percent, $body, $salt, $org, $account, $at_ms);

-- name: matter_words :many
-- params: region i64, matter i64
-- row: seq i64, act str, progress i64, period str, percent i64?, body str, org i64, org_name str?, org_name_en str?, account i64, person_name str?, person_name_en str?, at_ms i64
SELECT r.seq, r.act, r.progress, r.period, r.percent, r.body, r.org, o.name, o.name_en, r.account, p.name, p.name_en, r.at_ms
FROM matter_report r LEFT JOIN org o ON o.id = r.org LEFT JOIN account a ON a.id = r.account
	LEFT JOIN person p ON p.id = a.person
WHERE r.region = $region AND r.matter = $matter
ORDER BY r.at_ms, r.id;

-- name: matter_text_put :exec
-- params: id i64, region i64, body str, vector str
INSERT INTO matter_text (rowid, body) VALUES ($id, $body) --@sqlite
INSERT INTO matter_text (id, region, body) VALUES ($id, $region, CAST(CAST($vector AS TEXT) AS TSVECTOR)) --@pg
;

-- name: matter_orgs_known :many
-- params: ids ids
-- row: id i64, region i64, valid_to_day i64?
SELECT o.id, o.region, o.valid_to_day FROM org o WHERE o.id IN ($ids) ORDER BY o.id;

-- name: matter_orgs_named :many
-- params: ids ids
-- row: id i64, name str, name_en str
SELECT id, name, name_en FROM org WHERE id IN ($ids) ORDER BY id;

-- Where it comes from: the place's name, the document, the sentence.
-- name: matter_origin :one
-- params: region i64, document i64, draft i64
-- row: region_name str?, document_title str?, sentence str?
SELECT (SELECT n.name FROM region_node n WHERE n.code = $region),
	(SELECT d.title FROM document d WHERE d.region = $region AND d.id = $document),
	(SELECT f.body FROM draft f WHERE f.region = $region AND f.id = $draft);

-- name: matter_files :many
-- params: region i64, subject str
-- row: id i64, hash str, name str, type str, size i64, captured_ms i64?, received_ms i64, account i64, person_name str?, person_name_en str?, seq i64
SELECT f.id, f.hash, f.name, f.type, f.size, f.captured_ms, f.received_ms, f.account, p.name, p.name_en, f.seq
FROM file f LEFT JOIN account a ON a.id = f.account LEFT JOIN person p ON p.id = a.person
WHERE f.region = $region AND f.subject = $subject
ORDER BY f.id;

-- name: matter_file_own :one
-- params: region i64, subject str, id i64
-- row: id i64
SELECT f.id FROM file f WHERE f.region = $region AND f.subject = $subject AND f.id = $id;

-- name: matter_events :many
-- params: region i64, subject str, after i64, max i64
-- row: seq i64, at_ms i64, kind str, actor i64, person_name str?, person_name_en str?, org i64?, org_name str?, org_name_en str?, body blob, leaf blob
SELECT e.seq, e.at_ms, e.kind, e.actor, p.name, p.name_en, a.org, o.name, o.name_en, e.body, e.leaf
FROM ledger_event e LEFT JOIN account a ON a.id = e.actor LEFT JOIN person p ON p.id = a.person
	LEFT JOIN org o ON o.id = a.org
WHERE e.region = $region AND e.subject = $subject AND e.seq > $after
ORDER BY e.seq LIMIT $max;

-- name: matter_last_change :one
-- params: region i64, subject str
-- row: at_ms i64, kind str, person_name str?
SELECT e.at_ms, e.kind, p.name
FROM ledger_event e LEFT JOIN account a ON a.id = e.actor LEFT JOIN person p ON p.id = a.person
WHERE e.region = $region AND e.subject = $subject
ORDER BY e.seq DESC LIMIT 1;

-- What only such acts change.
-- name: matter_found_update :exec
-- params: region i64, id i64, grade str, criterion str, cause str, listed str, contractor i64, handler_region i64, assigner_org i64, assigner i64
UPDATE matter SET grade = $grade, criterion = $criterion, cause = $cause, listed = $listed, contractor = $contractor,
	handler_region = $handler_region, assigner_org = $assigner_org, assigner = $assigner
WHERE region = $region AND id = $id;

-- name: matter_region_known :one
-- params: code i64
-- row: code i64
SELECT n.code FROM region_node n WHERE n.code = $code;
