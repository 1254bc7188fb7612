-- Upkeep of stations.

-- name: upkeep_stamp :one
-- row: n i64, vers i64, stations i64
SELECT COUNT(id), CAST(COALESCE(SUM(ver), 0) AS BIGINT), (SELECT CAST(COALESCE(SUM(s.ver), 0) AS BIGINT) FROM station s) FROM station_upkeep;

-- name: upkeep_all :many
-- row: id i64, station i64, station_kind str?, item str, kind str, from_ms i64, to_ms i64?
SELECT u.id, u.station, s.kind, u.item, u.kind, u.from_ms, u.to_ms
FROM station_upkeep u LEFT JOIN station s ON s.region = u.region AND s.id = u.station
WHERE u.withdrawn_ms IS NULL ORDER BY u.station, u.from_ms, u.id;

-- name: upkeep_get :one
-- params: id i64
-- row: region i64, id i64, station i64, item str, kind str, from_ms i64, to_ms i64?, backdated i64, made_ms i64, withdrawn_ms i64?, ver i64
SELECT region, id, station, item, kind, from_ms, to_ms, backdated, made_ms, withdrawn_ms, ver FROM station_upkeep WHERE id = $id;

-- One of the same kind and item that reaches into a time.
-- name: upkeep_meets :one
-- params: station i64, item str, kind str, from_ms i64, to_ms i64, id i64
-- row: id i64, from_ms i64
SELECT id, from_ms FROM station_upkeep WHERE station = $station AND kind = $kind AND withdrawn_ms IS NULL AND id <> $id
	AND (item = $item OR item = '' OR $item = '') AND from_ms < $to_ms AND (to_ms IS NULL OR to_ms > $from_ms)
ORDER BY from_ms LIMIT 1;

-- name: upkeep_insert :exec
-- params: region i64, id i64, station i64, item str, kind str, from_ms i64, to_ms i64?, reason str, salt blob, backdated i64, account i64, made_ms i64, ended_ms i64?, zero_pct f64?, span_pct f64?
INSERT INTO station_upkeep (region, id, station, item, kind, from_ms, to_ms, reason, salt, backdated, account, made_ms, ended_by, ended_ms,
	withdrawn_ms, withdrawn_by, withdrawn_reason, withdrawn_salt, ver, zero_pct, span_pct)
VALUES ($region, $id, $station, $item, $kind, $from_ms, $to_ms, $reason, $salt, $backdated, $account, $made_ms, 0, $ended_ms,
	NULL, 0, '', NULL, 1, $zero_pct, $span_pct);

-- name: upkeep_end :exec
-- params: region i64, id i64, ver i64, to_ms i64, account i64, now_ms i64
UPDATE station_upkeep SET to_ms = $to_ms, ended_by = $account, ended_ms = $now_ms, ver = ver + 1
WHERE region = $region AND id = $id AND ver = $ver AND withdrawn_ms IS NULL;

-- name: upkeep_withdraw :exec
-- params: region i64, id i64, ver i64, now_ms i64, account i64, reason str, salt blob
UPDATE station_upkeep SET withdrawn_ms = $now_ms, withdrawn_by = $account, withdrawn_reason = $reason, withdrawn_salt = $salt, ver = ver + 1
WHERE region = $region AND id = $id AND ver = $ver AND withdrawn_ms IS NULL;

-- name: upkeep_list :many
-- params: station i64, before_ms i64, before_id i64, from_ms i64, to_ms i64, max i64
-- row: id i64, item str, kind str, from_ms i64, to_ms i64?, reason str, backdated i64, made_ms i64, made_name str?, ended_ms i64?, ended_name str?, withdrawn_ms i64?, withdrawn_name str?, withdrawn_reason str, ver i64, zero_pct f64?, span_pct f64?
SELECT u.id, u.item, u.kind, u.from_ms, u.to_ms, u.reason, u.backdated, u.made_ms, pm.name, u.ended_ms, pe.name, u.withdrawn_ms, pw.name,
	u.withdrawn_reason, u.ver, u.zero_pct, u.span_pct
FROM station_upkeep u
	LEFT JOIN account am ON am.id = u.account AND u.account <> 0 LEFT JOIN person pm ON pm.id = am.person
	LEFT JOIN account ae ON ae.id = u.ended_by AND u.ended_by <> 0 LEFT JOIN person pe ON pe.id = ae.person
	LEFT JOIN account aw ON aw.id = u.withdrawn_by AND u.withdrawn_by <> 0 LEFT JOIN person pw ON pw.id = aw.person
WHERE u.station = $station AND (u.from_ms < $before_ms OR (u.from_ms = $before_ms AND u.id < $before_id))
	AND u.from_ms < $to_ms AND (u.to_ms IS NULL OR u.to_ms > $from_ms)
ORDER BY u.from_ms DESC, u.id DESC LIMIT $max;

-- ---- drift that calibrations found ----

-- name: drift_calibrations :many
-- params: station i64, item str
-- row: from_ms i64, to_ms i64?, zero_pct f64?, span_pct f64?
SELECT from_ms, to_ms, zero_pct, span_pct FROM station_upkeep
WHERE station = $station AND item = $item AND withdrawn_ms IS NULL AND (zero_pct IS NOT NULL OR span_pct IS NOT NULL) ORDER BY from_ms, id;

-- name: drift_drop :exec
-- params: region i64, station i64, item str
DELETE FROM reading_doubt WHERE region = $region AND station = $station AND item = $item AND kind = '' AND test IN ('zero-drift','span-drift');

-- ---- what checks found ----

-- name: doubt_stamp :one
-- row: n i64, made_ms i64, from_ms i64, decided i64, decided_ms i64
SELECT COUNT(d.station), COALESCE(MAX(d.made_ms), 0), COALESCE(MAX(d.from_ms), 0), (SELECT COUNT(c.id) FROM doubt_decision c),
	(SELECT CAST(COALESCE(MAX(c.made_ms), 0) AS BIGINT) FROM doubt_decision c)
FROM reading_doubt d;

-- name: doubt_all :many
-- params: since_ms i64
-- row: station i64, station_kind str?, item str, kind str, test str, from_ms i64, to_ms i64
SELECT d.station, s.kind, d.item, d.kind, d.test, d.from_ms, d.to_ms
FROM reading_doubt d LEFT JOIN station s ON s.region = d.region AND s.id = d.station
WHERE d.to_ms >= $since_ms ORDER BY d.station, d.from_ms;

-- Stretches of which a person said that the readings are good.
-- name: doubt_lifted :many
-- params: since_ms i64
-- row: station i64, item str, kind str, test str, from_ms i64, to_ms i64
SELECT station, item, kind, test, from_ms, to_ms FROM doubt_decision
WHERE verdict = 'good' AND superseded_ms IS NULL AND to_ms >= $since_ms ORDER BY station, from_ms, id;

-- name: doubt_near :many
-- params: region i64, station i64, item str, kind str, from_ms i64
-- row: test str, from_ms i64, to_ms i64, value f64, bound f64
SELECT test, from_ms, to_ms, value, bound FROM reading_doubt
WHERE region = $region AND station = $station AND item = $item AND kind = $kind AND to_ms > $from_ms ORDER BY from_ms, test;

-- name: doubt_drop :exec
-- params: region i64, station i64, item str, kind str, from_ms i64
DELETE FROM reading_doubt WHERE region = $region AND station = $station AND item = $item AND kind = $kind AND to_ms > $from_ms;

-- name: doubt_insert :exec
-- params: region i64, station i64, item str, kind str, test str, from_ms i64, to_ms i64, value f64, bound f64, edition str, made_ms i64
INSERT INTO reading_doubt (region, station, item, kind, test, from_ms, to_ms, value, bound, edition, made_ms)
VALUES ($region, $station, $item, $kind, $test, $from_ms, $to_ms, $value, $bound, $edition, $made_ms)
ON CONFLICT (region, station, item, kind, test, from_ms) DO UPDATE SET to_ms = $to_ms, value = $value, bound = $bound,
	edition = $edition, made_ms = $made_ms;

-- name: doubt_list :many
-- params: station i64, from_ms i64, to_ms i64, max i64
-- row: item str, kind str, test str, from_ms i64, to_ms i64, value f64, bound f64, edition str, made_ms i64
SELECT item, kind, test, from_ms, to_ms, value, bound, edition, made_ms FROM reading_doubt
WHERE station = $station AND from_ms < $to_ms AND to_ms > $from_ms ORDER BY from_ms DESC, item, kind, test LIMIT $max;

-- name: doubt_find :one
-- params: region i64, station i64, item str, kind str, test str, from_ms i64
-- row: from_ms i64, to_ms i64
SELECT from_ms, to_ms FROM reading_doubt
WHERE region = $region AND station = $station AND item = $item AND kind = $kind AND test = $test AND from_ms = $from_ms;

-- name: doubt_decisions :many
-- params: station i64, from_ms i64, to_ms i64
-- row: item str, kind str, test str, from_ms i64, to_ms i64, verdict str, reason str, made_ms i64, by_name str?
SELECT d.item, d.kind, d.test, d.from_ms, d.to_ms, d.verdict, d.reason, d.made_ms, p.name
FROM doubt_decision d LEFT JOIN account a ON a.id = d.account LEFT JOIN person p ON p.id = a.person
WHERE d.station = $station AND d.from_ms < $to_ms AND d.to_ms > $from_ms AND d.superseded_ms IS NULL ORDER BY d.id DESC;

-- A later word of the same stretch takes the earlier one's place.
-- name: doubt_supersede :exec
-- params: region i64, station i64, item str, kind str, test str, from_ms i64, to_ms i64, now_ms i64
UPDATE doubt_decision SET superseded_ms = $now_ms WHERE region = $region AND station = $station AND item = $item AND kind = $kind
	AND test = $test AND from_ms < $to_ms AND to_ms > $from_ms AND superseded_ms IS NULL;

-- name: doubt_decide :exec
-- params: region i64, id i64, station i64, item str, kind str, test str, from_ms i64, to_ms i64, verdict str, reason str, salt blob, account i64, made_ms i64
INSERT INTO doubt_decision (region, id, station, item, kind, test, from_ms, to_ms, verdict, reason, salt, account, made_ms, superseded_ms)
VALUES ($region, $id, $station, $item, $kind, $test, $from_ms, $to_ms, $verdict, $reason, $salt, $account, $made_ms, NULL);

-- ---- who corrected readings ----

-- name: change_insert :exec
-- params: region i64, id i64, station i64, from_ms i64, to_ms i64, way str, file str, reason str, account i64
INSERT INTO reading_change (region, id, station, from_ms, to_ms, way, file, reason, account)
VALUES ($region, $id, $station, $from_ms, $to_ms, $way, $file, $reason, $account);

-- name: change_list :many
-- params: station i64, since_ms i64, max i64
-- row: from_ms i64, to_ms i64, way str, file str, reason str, by_name str?
SELECT c.from_ms, c.to_ms, c.way, c.file, c.reason, p.name
FROM reading_change c LEFT JOIN account a ON a.id = c.account LEFT JOIN person p ON p.id = a.person
WHERE c.station = $station AND c.to_ms >= $since_ms ORDER BY c.to_ms DESC, c.id DESC LIMIT $max;

-- name: micro_stations :many
-- row: region i64, id i64, kind str, name str, name_en str, lat f64, lon f64
SELECT region, id, kind, name, name_en, lat, lon FROM station WHERE lat IS NOT NULL AND lon IS NOT NULL ORDER BY id;
