-- Organisations, people, posts and who holds them: reference tables.

-- name: org_insert :exec
-- params: id i64, region i64, kind str, name str, name_en str, short_name str, parent i64, sectors i64, valid_from_day i64
INSERT INTO org (id, region, kind, name, name_en, short, parent, sectors, valid_from_day, valid_to_day, ver)
VALUES ($id, $region, $kind, $name, $name_en, $short_name, $parent, $sectors, $valid_from_day, NULL, 1);

-- name: org_update :exec
-- params: id i64, ver i64, name str, name_en str, short_name str, parent i64, sectors i64, valid_to_day i64?
UPDATE org SET name = $name, name_en = $name_en, short = $short_name, parent = $parent, sectors = $sectors,
	valid_to_day = $valid_to_day, ver = ver + 1
WHERE id = $id AND ver = $ver;

-- name: org_get :one
-- params: id i64
-- row: id i64, region i64, region_name str?, kind str, name str, name_en str, short_name str, parent i64, sectors i64, valid_from_day i64, valid_to_day i64?, ver i64
SELECT o.id, o.region, n.name, o.kind, o.name, o.name_en, o.short, o.parent, o.sectors, o.valid_from_day, o.valid_to_day, o.ver
FROM org o LEFT JOIN region_node n ON n.code = o.region WHERE o.id = $id;

-- name: org_list :many
-- params: lo i64, hi i64, kind str?, q str?, today i64?, after i64, max i64
-- row: id i64, region i64, region_name str?, kind str, name str, name_en str, short_name str, parent i64, sectors i64, valid_from_day i64, valid_to_day i64?, ver i64
SELECT o.id, o.region, n.name, o.kind, o.name, o.name_en, o.short, o.parent, o.sectors, o.valid_from_day, o.valid_to_day, o.ver
FROM org o LEFT JOIN region_node n ON n.code = o.region
WHERE o.region BETWEEN $lo AND $hi AND o.id > $after
AND o.kind = $kind --? kind
AND (o.valid_to_day IS NULL OR o.valid_to_day >= $today) --? today
AND (instr(o.name, $q) > 0 OR instr(o.short, $q) > 0 OR instr(lower(o.name_en), lower($q)) > 0) --@sqlite --? q
AND (strpos(o.name, $q) > 0 OR strpos(o.short, $q) > 0 OR strpos(lower(o.name_en), lower($q)) > 0) --@pg --? q
ORDER BY o.id LIMIT $max;

-- Units in and below a region and in the regions above; of enterprises only those of this very name.
-- name: org_candidates :many
-- params: lo i64, hi i64, county i64, city i64, province i64, today i64, name str
-- row: id i64, region i64, region_name str?, kind str, name str, name_en str, short_name str
SELECT o.id, o.region, n.name, o.kind, o.name, o.name_en, o.short FROM org o LEFT JOIN region_node n ON n.code = o.region
WHERE (o.region BETWEEN $lo AND $hi OR o.region IN ($county, $city, $province))
AND (o.valid_to_day IS NULL OR o.valid_to_day >= $today)
AND (o.kind <> 'enterprise' OR o.name = $name OR o.short = $name)
ORDER BY o.id;

-- name: person_insert :exec
-- params: id i64, name str, name_en str, salt blob
INSERT INTO person (id, name, name_en, salt, erased_ms) VALUES ($id, $name, $name_en, $salt, NULL);

-- name: person_get :one
-- params: id i64
-- row: id i64, name str, name_en str, salt blob, erased_ms i64?
SELECT id, name, name_en, salt, erased_ms FROM person WHERE id = $id;

-- name: post_insert :exec
-- params: id i64, org i64, title str, title_en str, rank i64, leader i64, duties str
INSERT INTO post (id, org, title, title_en, rank, leader, duties)
VALUES ($id, $org, $title, $title_en, $rank, $leader, $duties);

-- name: post_get :one
-- params: id i64
-- row: id i64, org i64, region i64, title str, title_en str, rank i64, leader i64, duties str
SELECT p.id, p.org, o.region, p.title, p.title_en, p.rank, p.leader, p.duties
FROM post p JOIN org o ON o.id = p.org WHERE p.id = $id;

-- name: post_of_org :many
-- params: org i64
-- row: id i64, org i64, title str, title_en str, rank i64, leader i64, duties str
SELECT id, org, title, title_en, rank, leader, duties FROM post WHERE org = $org ORDER BY rank, id;

-- name: hold_of_post :many
-- params: post i64
-- row: id i64, person i64, name str?, from_day i64, to_day i64?
SELECT h.id, h.person, p.name, h.from_day, h.to_day FROM post_hold h LEFT JOIN person p ON p.id = h.person
WHERE h.post = $post ORDER BY h.from_day DESC, h.id DESC;

-- name: hold_of_org :many
-- params: org i64
-- row: id i64, post i64, person i64, name str?, from_day i64, to_day i64?
SELECT h.id, h.post, h.person, p.name, h.from_day, h.to_day
FROM post t JOIN post_hold h ON h.post = t.id LEFT JOIN person p ON p.id = h.person
WHERE t.org = $org ORDER BY h.from_day DESC, h.id DESC;

-- name: hold_of_person :many
-- params: person i64, today i64
-- row: post i64, title str, title_en str, duties str, org i64, org_name str
SELECT t.id, t.title, t.title_en, t.duties, o.id, o.name
FROM post_hold h JOIN post t ON t.id = h.post JOIN org o ON o.id = t.org
WHERE h.person = $person AND h.from_day <= $today AND (h.to_day IS NULL OR h.to_day >= $today)
ORDER BY t.rank, t.id;

-- name: hold_insert :exec
-- params: id i64, post i64, person i64, from_day i64, to_day i64?
INSERT INTO post_hold (id, post, person, from_day, to_day) VALUES ($id, $post, $person, $from_day, $to_day);

-- An open term ends the day before the next one begins.
-- name: hold_close :exec
-- params: post i64, from_day i64
UPDATE post_hold SET to_day = $from_day - 1 WHERE post = $post AND to_day IS NULL AND from_day < $from_day;

-- name: hold_overlaps :one
-- params: post i64, from_day i64, to_day i64
-- row: n i64
SELECT COUNT(id) FROM post_hold
WHERE post = $post AND from_day <= $to_day AND (to_day IS NULL OR to_day >= $from_day);

-- People of the caller's regions: those who hold or held a post there, or have an account there.
-- name: person_list :many
-- params: lo i64, hi i64, org i64?, id i64?, q str?, after i64, max i64
-- row: id i64, name str, name_en str, org i64?, org_name str?, region i64
SELECT p.id, p.name, p.name_en, MIN(o.id), MIN(o.name), MIN(o.region)
FROM person p JOIN (SELECT h.person AS person, t.org AS org FROM post_hold h JOIN post t ON t.id = h.post
	UNION SELECT a.person, a.org FROM account a) w ON w.person = p.id
JOIN org o ON o.id = w.org
WHERE o.region BETWEEN $lo AND $hi AND p.id > $after AND p.erased_ms IS NULL
AND o.id = $org --? org
AND p.id = $id --? id
AND instr(p.name, $q) > 0 --@sqlite --? q
AND strpos(p.name, $q) > 0 --@pg --? q
GROUP BY p.id, p.name, p.name_en
ORDER BY p.id LIMIT $max;

-- Somebody just entered belongs nowhere yet: found by whoever may enter people.
-- name: person_unplaced :many
-- params: q str?, max i64
-- row: id i64, name str, name_en str
SELECT p.id, p.name, p.name_en FROM person p
WHERE p.erased_ms IS NULL AND NOT EXISTS (SELECT 1 FROM post_hold h WHERE h.person = p.id)
AND NOT EXISTS (SELECT 1 FROM account a WHERE a.person = p.id)
AND instr(p.name, $q) > 0 --@sqlite --? q
AND strpos(p.name, $q) > 0 --@pg --? q
ORDER BY p.id DESC LIMIT $max;
