-- Citizens' reports: what only the desk reads, and what the reporter is told.

-- The desk of a place: the organisation of whoever takes reports there, the narrowest first.
-- name: public_desk :one
-- params: region i64, now_ms i64
-- row: org i64
SELECT a.org FROM access_grant g JOIN account a ON a.id = g.account
WHERE g.role = 'public-intake' AND g.revoked_ms IS NULL AND g.valid_from_ms <= $now_ms AND g.valid_to_ms > $now_ms
	AND g.lo <= $region AND g.hi >= $region AND a.locked = 0 AND a.org <> 0
ORDER BY g.hi - g.lo, g.id LIMIT 1;

-- name: public_report_put :exec
-- params: region i64, matter i64, no str, code blob, salt blob, category str, words str, place str, lat f64?, lon f64?, cell i64, lang str, received_ms i64
INSERT INTO public_report (region, matter, no, code, salt, category, words, place, lat, lon, cell, lang, received_ms, fixed,
	answered_ms, answer, erased_ms)
VALUES ($region, $matter, $no, $code, $salt, $category, $words, $place, $lat, $lon, $cell, $lang, $received_ms, '',
	NULL, '', NULL);

-- name: public_contact_put :exec
-- params: region i64, matter i64, contact str
INSERT INTO public_contact (region, matter, contact) VALUES ($region, $matter, $contact);

-- name: public_matter_no :one
-- params: region i64, id i64
-- row: no str
SELECT m.no FROM matter m WHERE m.region = $region AND m.id = $id;

-- name: public_report_by_no :one
-- params: no str
-- row: region i64, matter i64, no str, code blob, salt blob, category str, received_ms i64, fixed str, answered_ms i64?, state str, closed_ms i64?, opened_ms i64, sectors i64
SELECT r.region, r.matter, r.no, r.code, r.salt, r.category, r.received_ms, r.fixed, r.answered_ms, m.state, m.closed_ms,
	m.opened_ms, m.sectors
FROM public_report r JOIN matter m ON m.region = r.region AND m.id = r.matter
WHERE r.no = $no ORDER BY r.matter LIMIT 1;

-- States that a report went through, for its reporter.
-- name: public_steps :many
-- params: region i64, subject str
-- row: at_ms i64, kind str, body blob
SELECT e.at_ms, e.kind, e.body FROM ledger_event e
WHERE e.region = $region AND e.subject = $subject ORDER BY e.seq LIMIT 500;

-- name: public_answers :many
-- params: region i64, matter i64
-- row: id i64, body str, at_ms i64
SELECT a.id, a.body, a.at_ms FROM public_answer a WHERE a.region = $region AND a.matter = $matter ORDER BY a.id LIMIT 100;

-- name: public_answer_put :exec
-- params: region i64, matter i64, id i64, body str, account i64, at_ms i64
INSERT INTO public_answer (region, matter, id, body, account, at_ms) VALUES ($region, $matter, $id, $body, $account, $at_ms);

-- name: public_word_put :exec
-- params: region i64, matter i64, fixed str, answer str, at_ms i64
UPDATE public_report SET fixed = $fixed, answer = $answer, answered_ms = $at_ms WHERE region = $region AND matter = $matter;

-- What the desk reads.
-- name: public_report_of :one
-- params: matter i64
-- row: region i64, matter i64, no str, salt blob, category str, words str, place str, lat f64?, lon f64?, cell i64, lang str, received_ms i64, fixed str, answered_ms i64?, answer str, erased_ms i64?, has_contact i64
SELECT r.region, r.matter, r.no, r.salt, r.category, r.words, r.place, r.lat, r.lon, r.cell, r.lang, r.received_ms, r.fixed,
	r.answered_ms, r.answer, r.erased_ms,
	CASE WHEN EXISTS (SELECT c.matter FROM public_contact c WHERE c.region = r.region AND c.matter = r.matter) THEN 1 ELSE 0 END
FROM public_report r WHERE r.matter = $matter ORDER BY r.region LIMIT 1;

-- name: public_contact_get :one
-- params: region i64, matter i64
-- row: contact str
SELECT c.contact FROM public_contact c WHERE c.region = $region AND c.matter = $matter;

-- name: public_contact_erase :exec
-- params: region i64, matter i64
DELETE FROM public_contact WHERE region = $region AND matter = $matter;

-- name: public_report_erase :exec
-- params: region i64, matter i64, at_ms i64
UPDATE public_report SET words = '', answer = '', place = '', erased_ms = $at_ms WHERE region = $region AND matter = $matter;

-- Of the same kind, in the squares around, not long before or after.
-- name: public_near :many
-- params: cells ids, category str, from_ms i64, to_ms i64, matter i64
-- row: matter i64, lat f64?, lon f64?, received_ms i64
SELECT r.matter, r.lat, r.lon, r.received_ms FROM public_report r
WHERE r.cell IN ($cells) AND r.category = $category AND r.received_ms >= $from_ms AND r.received_ms <= $to_ms
	AND r.matter <> $matter
ORDER BY r.received_ms, r.matter LIMIT 100;

-- Without a place: of the same kind in the same region.
-- name: public_same_region :many
-- params: region i64, category str, from_ms i64, to_ms i64, matter i64
-- row: matter i64, received_ms i64
SELECT r.matter, r.received_ms FROM public_report r
WHERE r.region = $region AND r.category = $category AND r.received_ms >= $from_ms AND r.received_ms <= $to_ms
	AND r.matter <> $matter
ORDER BY r.received_ms, r.matter LIMIT 20;

-- Photos of a report, and whether they were released: a file of the matter that bears the number of the photo.
-- name: public_photos :many
-- params: region i64, subject str, released str
-- row: id i64, hash str, type str, size i64, received_ms i64, released i64
SELECT f.id, f.hash, f.type, f.size, f.received_ms,
	CASE WHEN EXISTS (SELECT g.id FROM file g WHERE g.region = f.region AND g.subject = $released
		AND g.name = 'report-' || CAST(f.id AS TEXT) || '.img') THEN 1 ELSE 0 END
FROM file f WHERE f.region = $region AND f.subject = $subject ORDER BY f.id LIMIT 50;

-- name: public_photo_get :one
-- params: id i64
-- row: region i64, subject str, hash str, type str
SELECT f.region, f.subject, f.hash, f.type FROM file f WHERE f.id = $id;
