-- Exchange tables: rows as they came.

-- name: exchange_company_get :one
-- params: spec str, code str
-- row: region i64, code str, credit_code str, name str, org i64, object i64, sectors i64, ver i64
SELECT region, code, credit_code, name, org, object, sectors, ver FROM exchange_company
WHERE spec = $spec AND code = $code ORDER BY region LIMIT 1;

-- name: exchange_company_put :exec
-- params: region i64, spec str, code str, credit_code str, name str, org i64, object i64, sectors i64, now_ms i64
INSERT INTO exchange_company (region, spec, code, credit_code, name, org, object, sectors, updated_ms, ver)
VALUES ($region, $spec, $code, $credit_code, $name, $org, $object, $sectors, $now_ms, 1)
ON CONFLICT (region, spec, code) DO UPDATE SET credit_code = $credit_code, name = $name, org = $org, updated_ms = $now_ms,
	ver = exchange_company.ver + 1;

-- name: exchange_companies :many
-- params: spec str, after str, max i64
-- row: region i64, code str, credit_code str, name str, org i64, sectors i64, updated_ms i64, org_name str?
SELECT c.region, c.code, c.credit_code, c.name, c.org, c.sectors, c.updated_ms, o.name
FROM exchange_company c LEFT JOIN org o ON o.id = c.org AND c.org <> 0
WHERE c.spec = $spec AND c.code > $after ORDER BY c.code, c.region LIMIT $max;

-- name: exchange_counts :many
-- params: region i64, spec str, company str
-- row: tbl str, n i64
SELECT tbl, COUNT(id) FROM exchange_row WHERE region = $region AND spec = $spec AND company = $company GROUP BY tbl ORDER BY tbl;

-- name: exchange_rows :many
-- params: region i64, spec str, company str, tbl str, after str, max i64
-- row: id str, parent str, deleted i64, body str, matter i64, kind str?, state str?, due_ms i64?
SELECT r.id, r.parent, r.deleted, r.body, r.matter, m.kind, m.state, m.due_ms
FROM exchange_row r LEFT JOIN matter m ON m.region = r.region AND m.id = r.matter AND r.matter <> 0
WHERE r.region = $region AND r.spec = $spec AND r.company = $company AND r.tbl = $tbl AND r.id > $after
ORDER BY r.id LIMIT $max;

-- name: exchange_row_get :one
-- params: region i64, spec str, company str, tbl str, id str
-- row: body str, matter i64
SELECT body, matter FROM exchange_row WHERE region = $region AND spec = $spec AND company = $company AND tbl = $tbl AND id = $id;

-- name: exchange_row_put :exec
-- params: region i64, spec str, company str, tbl str, id str, parent str, deleted i64, body str, matter i64, now_ms i64
INSERT INTO exchange_row (region, spec, company, tbl, id, parent, deleted, body, matter, updated_ms)
VALUES ($region, $spec, $company, $tbl, $id, $parent, $deleted, $body, $matter, $now_ms)
ON CONFLICT (region, spec, company, tbl, id) DO UPDATE SET parent = $parent, deleted = $deleted, body = $body,
	matter = $matter, updated_ms = $now_ms;

-- Hazards of an enterprise that did not come through the exchange.
-- name: exchange_own :many
-- params: org i64, kind str, after i64, max i64
-- row: id i64, region i64, title str, body str, measures str, grade str, source str, cause str, state str, due_ms i64, found_ms i64, opened_ms i64
SELECT m.id, m.region, m.title, m.body, m.measures, m.grade, m.source, m.cause, m.state, m.due_ms, m.found_ms, m.opened_ms
FROM matter m WHERE m.lead_org = $org AND m.kind = $kind AND m.id > $after
	AND NOT EXISTS (SELECT r.id FROM exchange_row r WHERE r.matter = m.id)
	AND EXISTS (SELECT p.org FROM matter_party p WHERE p.org = $org AND p.region = m.region AND p.matter = m.id)
ORDER BY m.id LIMIT $max;

-- name: exchange_org :one
-- params: id i64
-- row: id i64, region i64, name str, kind str
SELECT id, region, name, kind FROM org WHERE id = $id;
