-- What the compiled index of duty is made of, and the acts behind it.

-- name: duty_version :one
-- row: version i64
SELECT version FROM duty_version WHERE one = 1;

-- name: duty_version_put :exec
-- params: version i64
UPDATE duty_version SET version = $version WHERE one = 1;

-- Names of enterprises are read when they are shown: there are many.
-- name: duty_orgs :each
-- row: id i64, region i64, kind str, name str, name_en str, parent i64, sectors i64, valid_from_day i64, valid_to_day i64?
SELECT id, region, kind, CASE WHEN kind = 'enterprise' THEN '' ELSE name END, CASE WHEN kind = 'enterprise' THEN '' ELSE name_en END,
	parent, sectors, valid_from_day, valid_to_day
FROM org ORDER BY id;

-- name: duty_posts :each
-- row: id i64, org i64, title str, title_en str, rank i64, leader i64
SELECT id, org, title, title_en, rank, leader FROM post ORDER BY org, rank, id;

-- name: duty_holds :each
-- row: post i64, person i64, from_day i64, to_day i64?
SELECT post, person, from_day, to_day FROM post_hold ORDER BY post, from_day, id;

-- name: duty_charges :each
-- row: post i64, charge str, sectors i64, from_day i64, to_day i64?
SELECT post, charge, sectors, from_day, to_day FROM post_charge ORDER BY post, from_day, id;

-- name: duty_designations :each
-- row: region i64, id i64, object i64, sectors i64, line str, role str, org i64, post i64, person i64, from_day i64, to_day i64?
SELECT region, id, object, sectors, line, role, org, post, person, from_day, to_day FROM designation ORDER BY object, id;

-- name: charge_insert :exec
-- params: id i64, post i64, charge str, sectors i64, basis str, from_day i64, to_day i64?
INSERT INTO post_charge (id, post, charge, sectors, basis, from_day, to_day)
VALUES ($id, $post, $charge, $sectors, $basis, $from_day, $to_day);

-- name: charge_get :one
-- params: id i64
-- row: id i64, post i64, charge str, sectors i64, basis str, from_day i64, to_day i64?, org i64, region i64
SELECT c.id, c.post, c.charge, c.sectors, c.basis, c.from_day, c.to_day, p.org, o.region
FROM post_charge c JOIN post p ON p.id = c.post JOIN org o ON o.id = p.org WHERE c.id = $id;

-- name: charge_of_post :many
-- params: post i64
-- row: id i64, charge str, sectors i64, basis str, from_day i64, to_day i64?
SELECT id, charge, sectors, basis, from_day, to_day FROM post_charge WHERE post = $post ORDER BY from_day, id;

-- name: charge_close :exec
-- params: id i64, to_day i64
UPDATE post_charge SET to_day = $to_day WHERE id = $id;

-- name: designation_insert :exec
-- params: region i64, id i64, object i64, sectors i64, line str, role str, org i64, post i64, person i64, decided_by i64, number str, reason str, from_day i64, to_day i64?, account i64, at_ms i64
INSERT INTO designation (region, id, object, sectors, line, role, org, post, person, decided_by, number, reason, from_day, to_day, account, at_ms, ver)
VALUES ($region, $id, $object, $sectors, $line, $role, $org, $post, $person, $decided_by, $number, $reason, $from_day, $to_day, $account, $at_ms, 1);

-- name: designation_get :one
-- params: id i64
-- row: region i64, id i64, object i64, sectors i64, line str, role str, org i64, post i64, person i64, decided_by i64, number str, reason str, from_day i64, to_day i64?, account i64, at_ms i64, ver i64
SELECT region, id, object, sectors, line, role, org, post, person, decided_by, number, reason, from_day, to_day, account, at_ms, ver
FROM designation WHERE id = $id;

-- name: designation_list :many
-- params: lo i64, hi i64, object i64?, line str?, day i64?, after i64, max i64
-- row: region i64, id i64, object i64, sectors i64, line str, role str, org i64, post i64, person i64, decided_by i64, number str, reason str, from_day i64, to_day i64?, account i64, at_ms i64, ver i64
SELECT region, id, object, sectors, line, role, org, post, person, decided_by, number, reason, from_day, to_day, account, at_ms, ver
FROM designation
WHERE region BETWEEN $lo AND $hi AND id > $after
AND object = $object --? object
AND line = $line --? line
AND from_day <= $day AND (to_day IS NULL OR to_day >= $day) --? day
ORDER BY id LIMIT $max;

-- name: designation_close :exec
-- params: region i64, id i64, to_day i64, ver i64
UPDATE designation SET to_day = $to_day, ver = ver + 1 WHERE region = $region AND id = $id AND ver = $ver;
