-- Tokens of calendar feeds: one an account.

-- name: calendar_token_put :exec
-- params: account i64, token blob, now_ms i64
INSERT INTO calendar_token (account, token, created_ms) VALUES ($account, $token, $now_ms)
ON CONFLICT (account) DO UPDATE SET token = $token, created_ms = $now_ms;

-- name: calendar_token_drop :exec
-- params: account i64
DELETE FROM calendar_token WHERE account = $account;

-- name: calendar_token_get :one
-- params: account i64
-- row: created_ms i64
SELECT created_ms FROM calendar_token WHERE account = $account;

-- name: calendar_token_find :one
-- params: token blob
-- row: account i64
SELECT account FROM calendar_token WHERE token = $token;
