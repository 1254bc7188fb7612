-- Draws: candidates, seed, result.

-- name: draw_insert :exec
-- params: region i64, id i64, purpose str, subject i64, sectors i64, secret i64, want i64, second i64, algorithm str, weights str, candidates i64, hash str, seed_source str, org i64, account i64, now_ms i64
INSERT INTO draw (region, id, purpose, subject, sectors, secret, want, second, algorithm, weights, candidates, hash, seed_source,
	seed, org, account, announced_ms, drawn_ms, ver)
VALUES ($region, $id, $purpose, $subject, $sectors, $secret, $want, $second, $algorithm, $weights, $candidates, $hash,
	$seed_source, '', $org, $account, $now_ms, NULL, 1);

-- name: draw_item_insert :exec
-- params: region i64, draw i64, kind i64, candidate i64, weight i64, avoid i64
INSERT INTO draw_item (region, draw, kind, candidate, weight, avoid, place, result)
VALUES ($region, $draw, $kind, $candidate, $weight, $avoid, 0, 0);

-- name: draw_begin :exec
-- params: region i64, id i64, now_ms i64
INSERT INTO draw_begun (region, id, begun_ms) VALUES ($region, $id, $now_ms);

-- name: draw_end :exec
-- params: region i64, id i64
DELETE FROM draw_begun WHERE region = $region AND id = $id;

-- name: draw_given_up :many
-- params: before_ms i64
-- row: region i64, id i64
SELECT b.region, b.id FROM draw_begun b WHERE b.begun_ms < $before_ms
AND NOT EXISTS (SELECT 1 FROM draw d WHERE d.region = b.region AND d.id = b.id) ORDER BY b.id;

-- Announced and seeded, with tasks still to be made.
-- name: draw_making :many
-- row: region i64, id i64
SELECT b.region, b.id FROM draw_begun b JOIN draw d ON d.region = b.region AND d.id = b.id ORDER BY b.id;

-- name: draw_is_making :one
-- params: region i64, id i64
-- row: n i64
SELECT COUNT(id) FROM draw_begun WHERE region = $region AND id = $id;

-- name: draw_item_result :one
-- params: region i64, draw i64, candidate i64
-- row: result i64
SELECT result FROM draw_item WHERE region = $region AND draw = $draw AND kind = 0 AND candidate = $candidate;

-- What was said with the seed, and by whom.
-- name: draw_seeded :one
-- params: region i64, subject str
-- row: actor i64, body blob
SELECT actor, body FROM ledger_event WHERE region = $region AND subject = $subject AND kind = 'draw.seed' ORDER BY seq LIMIT 1;

-- name: draw_items_drop :exec
-- params: region i64, draw i64, max i64
DELETE FROM draw_item WHERE region = $region AND draw = $draw AND candidate IN
	(SELECT i.candidate FROM draw_item i WHERE i.region = $region AND i.draw = $draw ORDER BY i.kind, i.candidate LIMIT $max);

-- name: draw_row :one
-- params: id i64
-- row: region i64, id i64, purpose str, subject i64, sectors i64, secret i64, want i64, second i64, algorithm str, weights str, hash str, seed_source str, seed str, org i64, account i64, announced_ms i64, drawn_ms i64?, ver i64
SELECT region, id, purpose, subject, sectors, secret, want, second, algorithm, weights, hash, seed_source, seed, org, account,
	announced_ms, drawn_ms, ver
FROM draw WHERE id = $id;

-- name: draw_items :many
-- params: region i64, draw i64
-- row: kind i64, candidate i64, weight i64, avoid i64, place i64, result i64
SELECT kind, candidate, weight, avoid, place, result FROM draw_item WHERE region = $region AND draw = $draw
ORDER BY kind, candidate;

-- name: draw_set_seed :exec
-- params: region i64, id i64, ver i64, seed str, now_ms i64
UPDATE draw SET seed = $seed, drawn_ms = $now_ms, ver = ver + 1
WHERE region = $region AND id = $id AND ver = $ver AND seed = '';

-- name: draw_set_place :exec
-- params: region i64, draw i64, candidate i64, place i64
UPDATE draw_item SET place = $place WHERE region = $region AND draw = $draw AND kind = 0 AND candidate = $candidate;

-- name: draw_put_result :exec
-- params: region i64, draw i64, candidate i64, result i64
UPDATE draw_item SET result = $result
WHERE region = $region AND draw = $draw AND kind = 0 AND candidate = $candidate AND result = 0;

-- name: draw_of_subject :many
-- params: purpose str, subject i64
-- row: region i64, id i64, want i64, second i64, candidates i64, hash str, seed_source str, seed str, announced_ms i64, drawn_ms i64?, ver i64
SELECT region, id, want, second, candidates, hash, seed_source, seed, announced_ms, drawn_ms, ver
FROM draw WHERE purpose = $purpose AND subject = $subject ORDER BY id DESC;

-- name: draw_announced :one
-- params: region i64, subject str
-- row: body blob
SELECT body FROM ledger_event WHERE region = $region AND subject = $subject AND kind = 'draw.announce' ORDER BY seq LIMIT 1;
