-- Official papers of a matter.

-- name: notice_insert :exec
-- params: region i64, id i64, matter i64, template str, edition str, lang str, org i64, addressee i64, addressee_name str, fields str, days i64?, unit str, due_day i64?, clock str, now_ms i64, drafter i64
INSERT INTO notice (region, id, matter, template, edition, lang, state, number, version, org, addressee, addressee_name, fields,
	days, unit, due_day, clock, drafted_ms, drafter, issued_ms, issuer, served_ms, method, receiver, refused, service_note,
	service_files, salt, server, ack_ms, ack_account, ack_how, ack_text, ack_files, reason, withdrawn_ms, ver)
VALUES ($region, $id, $matter, $template, $edition, $lang, 'drafted', '', 0, $org, $addressee, $addressee_name, $fields,
	$days, $unit, $due_day, $clock, $now_ms, $drafter, NULL, 0, NULL, '', '', 0, '',
	'[]', CAST('' AS BLOB), --@sqlite
	'[]', CAST('' AS BYTEA), --@pg
	0, NULL, 0, '', '', '[]', '', NULL, 1);

-- name: notice_load :one
-- params: id i64
-- row: region i64, id i64, matter i64, template str, edition str, lang str, state str, number str, version i64, org i64, addressee i64, addressee_name str, fields str, days i64?, unit str, due_day i64?, clock str, drafted_ms i64, drafter i64, issued_ms i64?, issuer i64, served_ms i64?, method str, receiver str, refused i64, service_note str, service_files str, server i64, ack_ms i64?, ack_account i64, ack_how str, ack_text str, ack_files str, reason str, withdrawn_ms i64?, ver i64, org_name str?, org_name_en str?, addressee_org str?, addressee_org_en str?, drafter_name str?, issuer_name str?, server_name str?, ack_name str?, org_region i64?
SELECT n.region, n.id, n.matter, n.template, n.edition, n.lang, n.state, n.number, n.version, n.org, n.addressee, n.addressee_name,
	n.fields, n.days, n.unit, n.due_day, n.clock, n.drafted_ms, n.drafter, n.issued_ms, n.issuer, n.served_ms, n.method,
	n.receiver, n.refused, n.service_note, n.service_files, n.server, n.ack_ms, n.ack_account, n.ack_how, n.ack_text, n.ack_files,
	n.reason, n.withdrawn_ms, n.ver, o.name, o.name_en, t.name, t.name_en,
	(SELECT p.name FROM account a JOIN person p ON p.id = a.person WHERE a.id = n.drafter),
	(SELECT p.name FROM account a JOIN person p ON p.id = a.person WHERE a.id = n.issuer),
	(SELECT p.name FROM account a JOIN person p ON p.id = a.person WHERE a.id = n.server),
	(SELECT p.name FROM account a JOIN person p ON p.id = a.person WHERE a.id = n.ack_account), o.region
FROM notice n LEFT JOIN org o ON o.id = n.org LEFT JOIN org t ON t.id = n.addressee AND n.addressee <> 0
WHERE n.id = $id;

-- name: notice_of_matter :many
-- params: region i64, matter i64
-- row: id i64
SELECT id FROM notice WHERE region = $region AND matter = $matter ORDER BY id LIMIT 200;

-- name: notice_edit :exec
-- params: region i64, id i64, ver i64, lang str, addressee i64, addressee_name str, fields str, days i64?, unit str, due_day i64?, reason str
UPDATE notice SET lang = $lang, addressee = $addressee, addressee_name = $addressee_name, fields = $fields, days = $days,
	unit = $unit, due_day = $due_day, reason = $reason, ver = ver + 1
WHERE region = $region AND id = $id AND ver = $ver;

-- A number once taken stays with its paper, issued or not.
-- name: notice_number :exec
-- params: region i64, id i64, number str
UPDATE notice SET number = $number WHERE region = $region AND id = $id AND number = '';

-- name: notice_next_number :one
-- params: region i64, org i64, series str, year i64
-- row: last i64
INSERT INTO notice_counter (region, org, series, year, last) VALUES ($region, $org, $series, $year, 1)
ON CONFLICT (region, org, series, year) DO UPDATE SET last = notice_counter.last + 1
RETURNING last;

-- name: notice_issued :exec
-- params: region i64, id i64, ver i64, version i64, issued_ms i64, issuer i64, reason str
UPDATE notice SET state = 'issued', version = $version, issued_ms = $issued_ms, issuer = $issuer, reason = $reason,
	served_ms = NULL, method = '', receiver = '', refused = 0, service_note = '', service_files = '[]', server = 0,
	ack_ms = NULL, ack_account = 0, ack_how = '', ack_text = '', ack_files = '[]', ver = ver + 1
WHERE region = $region AND id = $id AND ver = $ver;

-- name: notice_served :exec
-- params: region i64, id i64, ver i64, served_ms i64, method str, receiver str, refused i64, service_note str, service_files str, salt blob, server i64
UPDATE notice SET state = 'served', served_ms = $served_ms, method = $method, receiver = $receiver, refused = $refused,
	service_note = $service_note, service_files = $service_files, salt = $salt, server = $server, ver = ver + 1
WHERE region = $region AND id = $id AND ver = $ver;

-- name: notice_acknowledged :exec
-- params: region i64, id i64, ver i64, ack_ms i64, ack_account i64, ack_how str, ack_text str, ack_files str
UPDATE notice SET state = 'acknowledged', ack_ms = $ack_ms, ack_account = $ack_account, ack_how = $ack_how,
	ack_text = $ack_text, ack_files = $ack_files, ver = ver + 1
WHERE region = $region AND id = $id AND ver = $ver;

-- name: notice_withdrawn :exec
-- params: region i64, id i64, ver i64, reason str, withdrawn_ms i64
UPDATE notice SET state = 'withdrawn', reason = $reason, withdrawn_ms = $withdrawn_ms, ver = ver + 1
WHERE region = $region AND id = $id AND ver = $ver;

-- name: notice_version_insert :exec
-- params: region i64, notice i64, version i64, content str, pdf_hash str, pdf_size i64, docx_hash str, docx_size i64, reason str, issued_ms i64, account i64
INSERT INTO notice_version (region, notice, version, content, pdf_hash, pdf_size, docx_hash, docx_size, reason, issued_ms, account)
VALUES ($region, $notice, $version, $content, $pdf_hash, $pdf_size, $docx_hash, $docx_size, $reason, $issued_ms, $account);

-- name: notice_versions :many
-- params: region i64, notice i64
-- row: version i64, pdf_hash str, pdf_size i64, docx_hash str, docx_size i64, reason str, issued_ms i64
SELECT version, pdf_hash, pdf_size, docx_hash, docx_size, reason, issued_ms FROM notice_version
WHERE region = $region AND notice = $notice ORDER BY version LIMIT 100;

-- name: notice_content :one
-- params: region i64, notice i64, version i64
-- row: content str, pdf_hash str, docx_hash str
SELECT content, pdf_hash, docx_hash FROM notice_version WHERE region = $region AND notice = $notice AND version = $version;

-- name: notice_letters :one
-- params: region i64, org i64
-- row: letters str, letters_en str, contact str
SELECT letters, letters_en, contact FROM notice_letters WHERE region = $region AND org = $org;

-- name: notice_letters_put :exec
-- params: region i64, org i64, letters str, letters_en str, contact str
INSERT INTO notice_letters (region, org, letters, letters_en, contact) VALUES ($region, $org, $letters, $letters_en, $contact)
ON CONFLICT (region, org) DO UPDATE SET letters = $letters, letters_en = $letters_en, contact = $contact;

-- Letters are one unit's: a number says who issued the paper.
-- name: notice_letters_of :many
-- params: region i64, letters str
-- row: org i64
SELECT org FROM notice_letters WHERE region = $region AND letters = $letters ORDER BY org LIMIT 2;

-- name: notice_org :one
-- params: id i64
-- row: id i64, region i64, name str, name_en str, short_name str, valid_to_day i64?
SELECT id, region, name, name_en, short, valid_to_day FROM org WHERE id = $id;

-- The post of an account's person in a unit, on a day.
-- name: notice_post :many
-- params: org i64, person i64, day i64
-- row: title str, title_en str
SELECT p.title, p.title_en FROM post p JOIN post_hold h ON h.post = p.id
WHERE p.org = $org AND h.person = $person AND h.from_day <= $day AND (h.to_day IS NULL OR h.to_day >= $day)
ORDER BY p.rank, p.id LIMIT 1;

-- name: notice_file_own :one
-- params: region i64, subject str, id i64
-- row: id i64, hash str, name str, type str
SELECT id, hash, name, type FROM file WHERE region = $region AND subject = $subject AND id = $id;
