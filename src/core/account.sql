-- Accounts and what logging in needs of them.

-- name: account_insert :exec
-- params: id i64, login str, person i64, org i64, phc str, must_change i64, now_ms i64
INSERT INTO account (id, login, person, org, phc, must_change, otp_secret, otp_on, otp_last, locked, fails, lock_until_ms,
	prefs, created_ms, ver)
VALUES ($id, $login, $person, $org, $phc, $must_change, NULL, 0, 0, 0, 0, 0, '{}', $now_ms, 1);

-- name: account_by_login :one
-- params: login str
-- row: id i64, login str, phc str, otp_secret blob?, otp_on i64, otp_last i64, locked i64, fails i64, lock_until_ms i64
SELECT id, login, phc, otp_secret, otp_on, otp_last, locked, fails, lock_until_ms FROM account WHERE login = $login;

-- name: account_get :one
-- params: id i64
-- row: id i64, login str, person i64, person_name str?, person_name_en str?, org i64, org_name str?, org_name_en str?, org_kind str?, org_region i64?, phc str, must_change i64, otp_secret blob?, otp_on i64, otp_last i64, locked i64, fails i64, lock_until_ms i64, prefs str
SELECT a.id, a.login, a.person, p.name, p.name_en, a.org, o.name, o.name_en, o.kind, o.region, a.phc, a.must_change,
	a.otp_secret, a.otp_on, a.otp_last, a.locked, a.fails, a.lock_until_ms, a.prefs
FROM account a LEFT JOIN person p ON p.id = a.person LEFT JOIN org o ON o.id = a.org WHERE a.id = $id;

-- name: account_list :many
-- params: lo i64, hi i64, org i64?, after i64, max i64
-- row: id i64, login str, person i64, person_name str?, org i64, org_name str, locked i64, lock_until_ms i64, otp_on i64, must_change i64, created_ms i64, region i64
SELECT a.id, a.login, a.person, p.name, a.org, o.name, a.locked, a.lock_until_ms, a.otp_on, a.must_change, a.created_ms,
	o.region
FROM account a JOIN org o ON o.id = a.org LEFT JOIN person p ON p.id = a.person
WHERE o.region BETWEEN $lo AND $hi AND a.id > $after
AND a.org = $org --? org
ORDER BY a.id LIMIT $max;

-- name: account_set_fails :exec
-- params: id i64, fails i64, lock_until_ms i64
UPDATE account SET fails = $fails, lock_until_ms = $lock_until_ms WHERE id = $id;

-- name: account_set_locked :exec
-- params: id i64, locked i64
UPDATE account SET locked = $locked, fails = 0, lock_until_ms = 0, ver = ver + 1 WHERE id = $id;

-- name: account_set_phc :exec
-- params: id i64, phc str, must_change i64
UPDATE account SET phc = $phc, must_change = $must_change, fails = 0, lock_until_ms = 0, ver = ver + 1 WHERE id = $id;

-- name: account_set_prefs :exec
-- params: id i64, prefs str
UPDATE account SET prefs = $prefs WHERE id = $id;

-- name: account_set_otp :exec
-- params: id i64, otp_secret blob?, otp_on i64, otp_last i64
UPDATE account SET otp_secret = $otp_secret, otp_on = $otp_on, otp_last = $otp_last, ver = ver + 1 WHERE id = $id;

-- A code works once: of two at the same moment one changes the row.
-- name: account_use_otp :exec
-- params: id i64, step i64
UPDATE account SET otp_last = $step WHERE id = $id AND otp_last < $step;

-- name: account_person_name :one
-- params: id i64
-- row: name str?, erased_ms i64?
SELECT p.name, p.erased_ms FROM account a LEFT JOIN person p ON p.id = a.person WHERE a.id = $id;
