-- Lists of matters. A walk gives the keys of one page in order, from an index that holds all that the
-- usual filters look at; matter_items then fetches the page's rows at once. Which walk is taken for
-- which filters is decided in matter_list.c. A walk goes up, or down when `down` is given; the cursor is
-- after_… or before_….

-- part: found
-- params: kind str?, grade str?, source str?, listed str?, listed_any str?, contractor i64?, sectors i64?
	AND m.kind = $kind --? kind
	AND m.grade = $grade --? grade
	AND m.source = $source --? source
	AND m.listed = $listed --? listed
	AND m.listed > $listed_any --? listed_any
	AND m.contractor = $contractor --? contractor
	AND (m.sectors & $sectors) <> 0 --? sectors

-- part: about
-- params: object i64?
	AND m.object = $object --? object

-- part: place
-- params: lo i64?, hi i64?
	AND m.region >= $lo AND m.region <= $hi --? lo

-- part: standing
-- params: phase str?, state str?, from_ms i64?, to_ms i64?
	AND m.phase = $phase --? phase
	AND m.state = $state --? state
	AND m.due_ms >= $from_ms AND m.due_ms <= $to_ms --? from_ms

-- part: by_due
-- params: after_ms i64?, before_ms i64?, key_id i64?
	AND (m.due_ms, m.id) > ($after_ms, $key_id) --? after_ms
	AND (m.due_ms, m.id) < ($before_ms, $key_id) --? before_ms

-- part: by_id
-- params: after_id i64?, before_id i64?
	AND m.id > $after_id --? after_id
	AND m.id < $before_id --? before_id

-- part: due_order
-- params: down i64?, max i64
ORDER BY m.due_ms, m.id LIMIT $max --! down
ORDER BY m.due_ms DESC, m.id DESC LIMIT $max --? down

-- part: id_order
-- params: down i64?, max i64
ORDER BY m.id LIMIT $max --! down
ORDER BY m.id DESC LIMIT $max --? down

-- By deadline, of one phase.
-- name: walk_due :many
-- params: phase str, from_ms i64, to_ms i64, @by_due, @found, @about, @place, @due_order
-- row: id i64, due_ms i64
SELECT m.id, m.due_ms FROM matter m
WHERE m.phase = $phase AND m.due_ms >= $from_ms AND m.due_ms <= $to_ms
--part by_due
--part found
--part about
--part place
--scope m
--part due_order

-- By deadline, of one state in one county.
-- name: walk_county :many
-- params: county i64, state str, from_ms i64, to_ms i64, @by_due, @found, @about, @place, @due_order
-- row: id i64, due_ms i64
SELECT m.id, m.due_ms FROM matter m
WHERE m.county = $county AND m.state = $state AND m.due_ms >= $from_ms AND m.due_ms <= $to_ms
--part by_due
--part found
--part about
--part place
--scope m
--part due_order

-- By deadline, of one state.
-- name: walk_state :many
-- params: state str, from_ms i64, to_ms i64, @by_due, @found, @about, @place, @due_order
-- row: id i64, due_ms i64
SELECT m.id, m.due_ms FROM matter m
WHERE m.state = $state AND m.due_ms >= $from_ms AND m.due_ms <= $to_ms
--part by_due
--part found
--part about
--part place
--scope m
--part due_order

-- By deadline, of one organisation; a matter comes once for each of its roles.
-- name: walk_party :many
-- params: org i64, phase str, role str?, state str?, from_ms i64, to_ms i64, after_ms i64?, before_ms i64?, key_id i64?, document i64?, parent i64?, @found, @about, lo i64?, hi i64?, down i64?, max i64
-- row: id i64, due_ms i64
SELECT p.matter, p.due_ms FROM matter_party p JOIN matter m ON m.region = p.region AND m.id = p.matter
WHERE p.org = $org AND p.phase = $phase AND p.due_ms >= $from_ms AND p.due_ms <= $to_ms
	AND p.role = $role --? role
	AND m.document = $document --? document
	AND m.parent = $parent --? parent
	AND (p.due_ms, p.matter) > ($after_ms, $key_id) --? after_ms
	AND (p.due_ms, p.matter) < ($before_ms, $key_id) --? before_ms
--part found
--part about
	AND p.region >= $lo AND p.region <= $hi --? lo
	AND m.state = $state --? state
--scope m
ORDER BY p.due_ms, p.matter LIMIT $max --! down
ORDER BY p.due_ms DESC, p.matter DESC LIMIT $max --? down

-- In the order of making; everywhere.
-- name: walk_id :many
-- params: @by_id, @found, @about, @place, @standing, @id_order
-- row: id i64, due_ms i64
SELECT m.id, 0 FROM matter m INDEXED BY matter_id --@sqlite
SELECT m.id, 0 FROM matter m --@pg
WHERE m.id > 0
--part by_id
--part found
--part about
--part place
--part standing
--scope m
--part id_order

-- In the order of making; of one county.
-- name: walk_newest :many
-- params: county i64, @by_id, @found, @about, @place, @standing, @id_order
-- row: id i64, due_ms i64
SELECT m.id, 0 FROM matter m
WHERE m.county = $county
--part by_id
--part found
--part about
--part place
--part standing
--scope m
--part id_order

-- What came out of one document.
-- name: walk_document :many
-- params: document i64, parent i64?, @found, @about, @place, @standing, max i64
-- row: id i64, due_ms i64
SELECT m.id, m.due_ms FROM matter m
WHERE m.document = $document
	AND m.parent = $parent --? parent
--part found
--part about
--part place
--part standing
--scope m
ORDER BY m.id LIMIT $max;

-- The children of one matter.
-- name: walk_parent :many
-- params: parent i64, @found, @about, @place, @standing, max i64
-- row: id i64, due_ms i64
SELECT m.id, m.due_ms FROM matter m
WHERE m.parent = $parent
--part found
--part about
--part place
--part standing
--scope m
ORDER BY m.id LIMIT $max;

-- What was found on one supervised object.
-- name: walk_object :many
-- params: object i64, @found, @place, @standing, max i64
-- row: id i64, due_ms i64
SELECT m.id, m.due_ms FROM matter m
WHERE m.object = $object
--part found
--part place
--part standing
--scope m
ORDER BY m.id LIMIT $max;

-- part: counted
-- params: kind str?, lo i64?, hi i64?, sectors i64?
	AND m.kind = $kind --? kind
	AND m.region >= $lo AND m.region <= $hi --? lo
	AND (m.sectors & $sectors) <> 0 --? sectors

-- How many a walk meets in its first `budget` rows, and how many of them the filters let through.
-- name: walk_due_count :one
-- params: phase str, from_ms i64, to_ms i64, @counted, budget i64
-- row: walked i64, hits i64
SELECT COUNT(m.id), COALESCE(SUM(CASE WHEN m.id > 0
--part counted
--scope m
THEN 1 ELSE 0 END), 0)
FROM (SELECT w.id, w.region, w.sectors, w.secret, w.kind FROM matter w
	WHERE w.phase = $phase AND w.due_ms >= $from_ms AND w.due_ms <= $to_ms
	ORDER BY w.due_ms, w.id LIMIT $budget) m;

-- name: walk_county_count :one
-- params: county i64, state str, from_ms i64, to_ms i64, @counted, budget i64
-- row: walked i64, hits i64
SELECT COUNT(m.id), COALESCE(SUM(CASE WHEN m.id > 0
--part counted
--scope m
THEN 1 ELSE 0 END), 0)
FROM (SELECT w.id, w.region, w.sectors, w.secret, w.kind FROM matter w
	WHERE w.county = $county AND w.state = $state AND w.due_ms >= $from_ms AND w.due_ms <= $to_ms
	ORDER BY w.due_ms, w.id LIMIT $budget) m;

-- name: walk_state_count :one
-- params: state str, from_ms i64, to_ms i64, @counted, budget i64
-- row: walked i64, hits i64
SELECT COUNT(m.id), COALESCE(SUM(CASE WHEN m.id > 0
--part counted
--scope m
THEN 1 ELSE 0 END), 0)
FROM (SELECT w.id, w.region, w.sectors, w.secret, w.kind FROM matter w
	WHERE w.state = $state AND w.due_ms >= $from_ms AND w.due_ms <= $to_ms
	ORDER BY w.due_ms, w.id LIMIT $budget) m;

-- The rows of a page, in any order.
-- name: matter_items :many
-- params: ids ids
-- row: region i64, id i64, no str, kind str, title str, state str, phase str, due_ms i64, sectors i64, secret i64, progress i64, parent i64, document i64, opened_ms i64, closed_ms i64?, state_ms i64, ver i64, handler_region i64, region_name str?, round i64, object i64, lat f64?, lon f64?, source str, found_ms i64, grade str, criterion str, listed str, cause str, contractor i64, visit i64, object_name str?, object_name_en str?, object_type str?, contractor_name str?, contractor_name_en str?
SELECT m.region, m.id, m.no, m.kind, m.title, m.state, m.phase, m.due_ms, m.sectors, m.secret, m.progress, m.parent,
	m.document, m.opened_ms, m.closed_ms, m.state_ms, m.ver, m.handler_region, n.name, m.round, m.object, m.lat, m.lon,
	m.source, m.found_ms, m.grade, m.criterion, m.listed, m.cause, m.contractor, m.visit, o.name, o.name_en, o.type,
	w.name, w.name_en
FROM matter m LEFT JOIN region_node n ON n.code = m.region
	LEFT JOIN object o ON o.region = m.region AND o.id = m.object AND m.object <> 0
	LEFT JOIN org w ON w.id = m.contractor AND m.contractor <> 0
WHERE m.id IN ($ids)
--scope m
ORDER BY m.id;

-- Words and pairs of characters, newest first. The scope is checked row by row.
-- name: search_walk :many
-- params: match str, after_id i64, org i64?, lead i64?, document i64?, parent i64?, @standing, @found, @about, @place, max i64
-- row: id i64, due_ms i64
SELECT m.id, m.due_ms FROM matter_text t CROSS JOIN matter m ON m.id = t.rowid --@sqlite
WHERE t.matter_text MATCH $match AND t.rowid < $after_id --@sqlite
SELECT m.id, m.due_ms FROM matter_text t JOIN matter m ON m.region = t.region AND m.id = t.id --@pg
WHERE t.body @@ CAST(CAST($match AS TEXT) AS TSQUERY) AND t.id < $after_id --@pg
	AND EXISTS (SELECT 1 FROM matter_party o WHERE o.region = m.region AND o.matter = m.id AND o.org = $org) --? org
	AND EXISTS (SELECT 1 FROM matter_party o WHERE o.region = m.region AND o.matter = m.id AND o.org = $lead AND o.role = 'lead') --? lead
	AND m.document = $document --? document
	AND m.parent = $parent --? parent
--part standing
--part found
--part about
--part place
--scope m
ORDER BY t.rowid DESC LIMIT $max --@sqlite
ORDER BY t.id DESC LIMIT $max --@pg
;

-- One character among the newest so many that may be seen: what is common is found here, what is rare costs the index
-- little. Of one county, or of all.
-- name: search_newest :many
-- params: one str, budget i64, county i64?, after_id i64, @found, @about, @place, @standing, max i64
-- row: id i64, due_ms i64
SELECT x.id, x.due_ms FROM (SELECT m.id, m.due_ms, m.no, m.title, m.body, m.measures FROM matter m
	INDEXED BY matter_id --@sqlite --! county
	WHERE m.id < $after_id
	AND m.county = $county --? county
--part found
--part about
--part place
--part standing
--scope m
	ORDER BY m.id DESC LIMIT $budget) x
WHERE INSTR(x.title, $one) > 0 OR INSTR(x.body, $one) > 0 OR INSTR(x.measures, $one) > 0 OR INSTR(x.no, $one) > 0 --@sqlite
WHERE STRPOS(x.title, $one) > 0 OR STRPOS(x.body, $one) > 0 OR STRPOS(x.measures, $one) > 0 OR STRPOS(x.no, $one) > 0 --@pg
ORDER BY x.id DESC LIMIT $max;

-- Documents whose title holds what was typed, newest first; there are few documents.
-- name: search_documents :many
-- params: q str, max i64
-- row: id i64, title str, issuer str, number str, issued_day i64?
SELECT m.id, m.title, m.issuer, m.number, m.issued_day
FROM (SELECT d.region, d.id, d.title, d.issuer, d.number, d.issued_day, d.secret, d.sectors FROM document d
	WHERE INSTR(d.title, $q) > 0) m --@sqlite
	WHERE STRPOS(d.title, $q) > 0) m --@pg
WHERE m.id > 0
--scope m
ORDER BY m.id DESC LIMIT $max;
