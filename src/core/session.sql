-- Sessions and repeated requests.

-- name: session_insert :exec
-- params: token blob, account i64, csrf str, now_ms i64, expires_ms i64, peer str
INSERT INTO session (token, account, csrf, created_ms, seen_ms, expires_ms, peer)
VALUES ($token, $account, $csrf, $now_ms, $now_ms, $expires_ms, $peer);

-- name: session_get :one
-- params: token blob
-- row: account i64, csrf str, seen_ms i64, expires_ms i64
SELECT account, csrf, seen_ms, expires_ms FROM session WHERE token = $token;

-- name: session_seen :exec
-- params: token blob, now_ms i64, before_ms i64
UPDATE session SET seen_ms = $now_ms WHERE token = $token AND seen_ms < $before_ms;

-- name: session_delete :exec
-- params: token blob
DELETE FROM session WHERE token = $token;

-- name: session_delete_all :exec
-- params: account i64
DELETE FROM session WHERE account = $account;

-- Old ones go when somebody logs in.
-- name: session_delete_over :exec
-- params: account i64, now_ms i64, idle_before_ms i64
DELETE FROM session WHERE account = $account AND (expires_ms <= $now_ms OR seen_ms < $idle_before_ms);

-- name: idem_get :one
-- params: account i64, idem_key str
-- row: route str, body_hash blob, status i64, answer str
SELECT route, body_hash, status, answer FROM idempotency WHERE account = $account AND idem_key = $idem_key;

-- name: idem_put :exec
-- params: account i64, idem_key str, route str, body_hash blob, status i64, answer str, now_ms i64
INSERT INTO idempotency (account, idem_key, route, body_hash, status, answer, at_ms)
VALUES ($account, $idem_key, $route, $body_hash, $status, $answer, $now_ms);

-- name: idem_forget :exec
-- params: before_ms i64
DELETE FROM idempotency WHERE at_ms < $before_ms;
