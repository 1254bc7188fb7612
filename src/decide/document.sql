-- Documents: the original is kept by hash, the text is what spans point into.

-- name: document_insert :exec
-- params: region i64, id i64, title str, issuer str, number str, kind str, issued_day i64?, name str, format str, encoding str, hash str, size i64, chars i64, body str, origins str, clutter str, notes str, sectors i64, secret i64, org i64, account i64, uploaded_ms i64
INSERT INTO document (region, id, title, issuer, number, kind, issued_day, name, format, encoding, hash, size,
	chars, body, origins, clutter, notes, sectors, secret, org, account, uploaded_ms, ver)
VALUES ($region, $id, $title, $issuer, $number, $kind, $issued_day, $name, $format, $encoding, $hash, $size,
	$chars, $body, $origins, $clutter, $notes, $sectors, $secret, $org, $account, $uploaded_ms, 1);

-- name: document_get :one
-- params: id i64
-- row: region i64, id i64, title str, issuer str, number str, kind str, issued_day i64?, name str, format str, encoding str, hash str, size i64, chars i64, body str, origins str, clutter str, notes str, sectors i64, secret i64, org i64, account i64, uploaded_ms i64, ver i64
SELECT d.region, d.id, d.title, d.issuer, d.number, d.kind, d.issued_day, d.name, d.format, d.encoding, d.hash, d.size,
	d.chars, d.body, d.origins, d.clutter, d.notes, d.sectors, d.secret, d.org, d.account, d.uploaded_ms, d.ver
FROM document d WHERE d.id = $id
--scope d
;

-- name: document_same :one
-- params: region i64, hash str
-- row: id i64
SELECT MIN(id) FROM document WHERE region = $region AND hash = $hash GROUP BY region;

-- name: document_list :many
-- params: q str?, before_ms i64?, before_id i64?, max i64
-- row: region i64, id i64, title str, issuer str, number str, kind str, issued_day i64?, name str, format str, encoding str, chars i64, uploaded_ms i64, account i64, ver i64
SELECT d.region, d.id, d.title, d.issuer, d.number, d.kind, d.issued_day, d.name, d.format, d.encoding, d.chars,
	d.uploaded_ms, d.account, d.ver
FROM document d WHERE 1 = 1
--scope d
AND instr(d.title, $q) > 0 --@sqlite --? q
AND strpos(d.title, $q) > 0 --@pg --? q
AND (d.uploaded_ms, d.id) < ($before_ms, $before_id) --? before_ms
ORDER BY d.uploaded_ms DESC, d.id DESC LIMIT $max;

-- name: document_counts :many
-- params: documents ids, now_ms i64
-- row: document i64, state str, n i64, open i64, overdue i64
SELECT t.document, t.state, COUNT(t.id), COALESCE(CAST(SUM(CASE WHEN m.phase = 'open' THEN 1 ELSE 0 END) AS BIGINT), 0),
	COALESCE(CAST(SUM(CASE WHEN m.phase = 'open' AND m.due_ms < $now_ms THEN 1 ELSE 0 END) AS BIGINT), 0)
FROM draft t LEFT JOIN matter m ON m.region = t.region AND m.id = t.matter
WHERE t.document IN ($documents)
GROUP BY t.document, t.state ORDER BY t.document, t.state;

-- name: document_update :exec
-- params: region i64, id i64, ver i64, title str?, issuer str?, number str?, kind str?, issued_day i64?
UPDATE document SET ver = ver + 1
, title = $title --? title
, issuer = $issuer --? issuer
, number = $number --? number
, kind = $kind --? kind
, issued_day = $issued_day --? issued_day
WHERE region = $region AND id = $id AND ver = $ver;

-- name: draft_insert :exec
-- params: region i64, id i64, document i64, start_cp i64, end_cp i64, body str, state str, title str, sectors i64, due_day i64?, recurs str, confidence f64, fields str, edited i64
INSERT INTO draft (region, id, document, start_cp, end_cp, body, state, title, sectors, due_day, recurs, confidence,
	fields, matter, edited, ver)
VALUES ($region, $id, $document, $start_cp, $end_cp, $body, $state, $title, $sectors, $due_day, $recurs, $confidence,
	$fields, 0, $edited, 1);

-- name: draft_list :many
-- params: region i64, document i64
-- row: id i64, start_cp i64, end_cp i64, body str, state str, title str, sectors i64, due_day i64?, recurs str, confidence f64, fields str, matter i64, matter_state str?, edited i64, ver i64
SELECT t.id, t.start_cp, t.end_cp, t.body, t.state, t.title, t.sectors, t.due_day, t.recurs, t.confidence, t.fields,
	t.matter, m.state, t.edited, t.ver
FROM draft t LEFT JOIN matter m ON m.region = t.region AND m.id = t.matter
WHERE t.region = $region AND t.document = $document
ORDER BY t.start_cp, t.id;

-- name: draft_get :one
-- params: id i64
-- row: region i64, id i64, document i64, start_cp i64, end_cp i64, body str, state str, title str, sectors i64, due_day i64?, recurs str, confidence f64, fields str, matter i64, matter_state str?, edited i64, ver i64
SELECT t.region, t.id, t.document, t.start_cp, t.end_cp, t.body, t.state, t.title, t.sectors, t.due_day, t.recurs,
	t.confidence, t.fields, t.matter, m.state, t.edited, t.ver
FROM draft t JOIN document d ON d.region = t.region AND d.id = t.document
LEFT JOIN matter m ON m.region = t.region AND m.id = t.matter
WHERE t.id = $id
--scope d
;

-- name: draft_above :one
-- params: region i64, document i64, start_cp i64, id i64
-- row: id i64
SELECT t.id FROM draft t WHERE t.region = $region AND t.document = $document AND t.state = 'draft'
AND (t.start_cp, t.id) < ($start_cp, $id) ORDER BY t.start_cp DESC, t.id DESC LIMIT 1;

-- name: draft_update :exec
-- params: region i64, id i64, ver i64, start_cp i64, end_cp i64, body str, state str, title str, sectors i64, due_day i64?, recurs str, fields str, matter i64, edited i64
UPDATE draft SET ver = ver + 1, start_cp = $start_cp, end_cp = $end_cp, body = $body, state = $state, title = $title,
	sectors = $sectors, recurs = $recurs, fields = $fields, matter = $matter, edited = $edited, due_day = $due_day
WHERE region = $region AND id = $id AND ver = $ver;

-- name: draft_delete :exec
-- params: region i64, id i64, ver i64
DELETE FROM draft WHERE region = $region AND id = $id AND ver = $ver;
