-- Grants: what an account may do, where, until when.

-- name: grant_of_account :many
-- params: account i64, now_ms i64
-- row: id i64, role str, lo i64, hi i64, sectors i64, party i64, secret i64, valid_from_ms i64, valid_to_ms i64
SELECT id, role, lo, hi, sectors, party, secret, valid_from_ms, valid_to_ms FROM access_grant
WHERE account = $account AND revoked_ms IS NULL AND valid_to_ms > $now_ms
ORDER BY id;

-- Counties some of whose matters are handled in a range of territories.
-- name: grant_handed_to :many
-- params: lo i64, hi i64
-- row: county i64
SELECT DISTINCT county FROM access_handed WHERE handler BETWEEN $lo AND $hi ORDER BY county;

-- name: grant_handed :exec
-- params: handler i64, county i64, now_ms i64
INSERT INTO access_handed (handler, county, since_ms) VALUES ($handler, $county, $now_ms)
ON CONFLICT (handler, county) DO NOTHING;

-- name: grant_insert :exec
-- params: id i64, account i64, role str, lo i64, hi i64, sectors i64, party i64, secret i64, valid_from_ms i64, valid_to_ms i64, granted_by i64, reason str
INSERT INTO access_grant (id, account, role, lo, hi, sectors, party, secret, valid_from_ms, valid_to_ms, granted_by,
	reason, revoked_ms)
VALUES ($id, $account, $role, $lo, $hi, $sectors, $party, $secret, $valid_from_ms, $valid_to_ms, $granted_by, $reason, NULL);

-- name: grant_end :exec
-- params: id i64, now_ms i64
UPDATE access_grant SET revoked_ms = $now_ms WHERE id = $id AND revoked_ms IS NULL;

-- name: grant_get :one
-- params: id i64
-- row: id i64, account i64, role str, lo i64, hi i64, sectors i64, party i64, secret i64, valid_from_ms i64, valid_to_ms i64, granted_by i64, reason str, revoked_ms i64?
SELECT id, account, role, lo, hi, sectors, party, secret, valid_from_ms, valid_to_ms, granted_by, reason, revoked_ms
FROM access_grant WHERE id = $id;

-- name: grant_list :many
-- params: account i64?
-- row: id i64, account i64, login str, role str, lo i64, hi i64, region_name str?, sectors i64, party i64, secret i64, valid_from_ms i64, valid_to_ms i64, granted_by i64, granted_by_name str?, reason str, revoked_ms i64?
SELECT g.id, g.account, a.login, g.role, g.lo, g.hi, n.name, g.sectors, g.party, g.secret, g.valid_from_ms, g.valid_to_ms,
	g.granted_by, p.name, g.reason, g.revoked_ms
FROM access_grant g JOIN account a ON a.id = g.account LEFT JOIN region_node n ON n.code = g.lo
	LEFT JOIN account b ON b.id = g.granted_by LEFT JOIN person p ON p.id = b.person
WHERE 1 = 1
AND g.account = $account --? account
ORDER BY g.id DESC;

-- All accounts of a person count: three administrators are three people.
-- name: grant_roles_of_person :many
-- params: person i64, now_ms i64
-- row: role str
SELECT g.role FROM access_grant g JOIN account a ON a.id = g.account
WHERE a.person = $person AND g.revoked_ms IS NULL AND g.valid_to_ms > $now_ms
GROUP BY g.role ORDER BY g.role;

-- name: grant_account :one
-- params: account i64
-- row: id i64, person i64, org i64, region i64?
SELECT a.id, a.person, a.org, o.region FROM account a LEFT JOIN org o ON o.id = a.org WHERE a.id = $account;

-- The rule of access as the store knows it, on nothing but ids.
-- name: grant_visible_matters :many
-- params: region i64?, id i64?
-- row: region i64, id i64
SELECT m.region, m.id FROM matter m WHERE 1 = 1
AND m.region = $region --? region
AND m.id = $id --? id
--scope m
ORDER BY m.region, m.id;
