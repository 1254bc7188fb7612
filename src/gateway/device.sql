-- Devices: who they are, what came from them, what they were told.

-- name: device_all :many
-- row: region i64, mn str, station i64, state str, dialect str, crc_policy str, answer_policy str, pw_salt blob, pw_mac blob, peers str, real_s i64, minute_m i64, kind str
SELECT d.region, d.mn, d.station, d.state, d.dialect, d.crc_policy, d.answer_policy, d.pw_salt, d.pw_mac, d.peers, d.real_s, d.minute_m,
	COALESCE((SELECT MAX(s.kind) FROM station s WHERE s.id = d.station), '')
FROM device d ORDER BY d.mn, d.region;

-- name: device_items :many
-- row: station i64, code str, item str, factor str
SELECT station, code, item, factor FROM station_item ORDER BY station, code;

-- Changes whenever a device or what its codes mean does.
-- name: device_stamp :one
-- row: devices i64, vers i64, items i64, stations i64
SELECT (SELECT COUNT(mn) FROM device), (SELECT CAST(COALESCE(SUM(ver), 0) AS BIGINT) FROM device), (SELECT COUNT(code) FROM station_item),
	(SELECT CAST(COALESCE(SUM(ver), 0) AS BIGINT) FROM station);

-- name: device_by_mn :one
-- params: mn str
-- row: region i64, mn str, station i64, state str, dialect str, crc_policy str, answer_policy str, pw_salt blob, pw_mac blob, peers str, real_s i64, minute_m i64, reason str, first_ms i64, ver i64
SELECT region, mn, station, state, dialect, crc_policy, answer_policy, pw_salt, pw_mac, peers, real_s, minute_m, reason, first_ms, ver
FROM device WHERE mn = $mn ORDER BY region LIMIT 1;

-- name: device_insert :exec
-- params: region i64, mn str, station i64, state str, dialect str, crc_policy str, answer_policy str, pw_salt blob, pw_mac blob, peers str, real_s i64, minute_m i64, reason str, first_ms i64, ver i64
INSERT INTO device (region, mn, station, state, dialect, crc_policy, answer_policy, pw_salt, pw_mac, peers, real_s, minute_m, reason, first_ms, ver)
VALUES ($region, $mn, $station, $state, $dialect, $crc_policy, $answer_policy, $pw_salt, $pw_mac, $peers, $real_s, $minute_m, $reason, $first_ms, $ver)
ON CONFLICT (region, mn) DO NOTHING;

-- name: device_delete :exec
-- params: region i64, mn str, ver i64
DELETE FROM device WHERE region = $region AND mn = $mn AND ver = $ver;

-- name: device_quarantined :one
-- row: n i64
SELECT COUNT(mn) FROM device WHERE state = 'quarantined';

-- name: device_list :many
-- params: after str, station i64?, lo i64?, hi i64?, max i64
-- row: region i64, mn str, station i64, station_name str, station_name_en str, state str, dialect str, crc_policy str, answer_policy str, peers str, has_pw i64, real_s i64, minute_m i64, reason str, first_ms i64, ver i64
SELECT d.region, d.mn, d.station, s.name, s.name_en, d.state, d.dialect, d.crc_policy, d.answer_policy, d.peers, LENGTH(d.pw_mac), d.real_s, d.minute_m, d.reason, d.first_ms, d.ver
FROM device d JOIN station s ON s.id = d.station WHERE d.mn > $after AND d.station <> 0
	AND d.station = $station --? station
	AND d.region >= $lo AND d.region <= $hi --? lo
--scope s.owner
ORDER BY d.mn LIMIT $max;

-- name: device_seen :one
-- params: station i64
-- row: region i64, name str, name_en str
SELECT s.region, s.name, s.name_en FROM station s WHERE s.id = $station
--scope s.owner
;

-- name: device_station :one
-- params: id i64
-- row: region i64, owner i64, sectors i64, secret i64
SELECT region, owner, sectors, secret FROM station WHERE id = $id;

-- name: device_unknown :many
-- params: after str, state str, max i64
-- row: region i64, mn str, state str, reason str, first_ms i64, ver i64
SELECT region, mn, state, reason, first_ms, ver FROM device WHERE mn > $after AND station = 0 AND state = $state ORDER BY mn LIMIT $max;

-- ---- hours ----

-- name: device_hour_add :exec
-- params: region i64, mn str, hour i64, last_ms i64, offset_ms i64, frames i64, packets i64, readings i64, words i64, late i64, missed i64, repeated i64, acked i64, frame i64, length i64, crc_modbus i64, crc_swapped i64, crc_none i64, segment i64, bad_time i64, password i64, peer i64
INSERT INTO device_hour (region, mn, hour, last_ms, offset_ms, frames, packets, readings, words, late, missed, repeated, acked, frame, length, crc_modbus, crc_swapped, crc_none, segment, bad_time, password, peer)
VALUES ($region, $mn, $hour, $last_ms, $offset_ms, $frames, $packets, $readings, $words, $late, $missed, $repeated, $acked, $frame, $length, $crc_modbus, $crc_swapped, $crc_none, $segment, $bad_time, $password, $peer)
ON CONFLICT (region, mn, hour) DO UPDATE SET last_ms = $last_ms, offset_ms = $offset_ms,
	frames = device_hour.frames + $frames, packets = device_hour.packets + $packets, readings = device_hour.readings + $readings,
	words = device_hour.words + $words, late = device_hour.late + $late, missed = device_hour.missed + $missed,
	repeated = device_hour.repeated + $repeated, acked = device_hour.acked + $acked, frame = device_hour.frame + $frame,
	length = device_hour.length + $length, crc_modbus = device_hour.crc_modbus + $crc_modbus,
	crc_swapped = device_hour.crc_swapped + $crc_swapped, crc_none = device_hour.crc_none + $crc_none,
	segment = device_hour.segment + $segment, bad_time = device_hour.bad_time + $bad_time,
	password = device_hour.password + $password, peer = device_hour.peer + $peer;

-- name: device_hours :many
-- params: region i64, mn str, from_hour i64, to_hour i64
-- row: hour i64, last_ms i64, offset_ms i64, frames i64, packets i64, readings i64, words i64, late i64, missed i64, repeated i64, acked i64, frame i64, length i64, crc_modbus i64, crc_swapped i64, crc_none i64, segment i64, bad_time i64, password i64, peer i64
SELECT hour, last_ms, offset_ms, frames, packets, readings, words, late, missed, repeated, acked, frame, length, crc_modbus, crc_swapped, crc_none, segment, bad_time, password, peer
FROM device_hour WHERE region = $region AND mn = $mn AND hour >= $from_hour AND hour <= $to_hour ORDER BY hour;

-- A device that was quarantined takes its counts along.
-- name: device_hours_move :exec
-- params: region i64, mn str, to_region i64
UPDATE device_hour SET region = $to_region WHERE region = $region AND mn = $mn;

-- ---- names ----

-- name: device_names :many
-- row: old_mn str, mn str
SELECT old_mn, mn FROM device_name ORDER BY old_mn, region;

-- name: device_names_of :many
-- params: mn str, max i64
-- row: old_mn str
SELECT old_mn FROM device_name WHERE mn = $mn ORDER BY old_mn LIMIT $max;

-- name: device_name_insert :exec
-- params: region i64, old_mn str, mn str, since_ms i64
INSERT INTO device_name (region, old_mn, mn, since_ms) VALUES ($region, $old_mn, $mn, $since_ms)
ON CONFLICT (region, old_mn) DO UPDATE SET mn = $mn, since_ms = $since_ms;

-- Names before the last one lead to the newest too.
-- name: device_names_move :exec
-- params: mn str, to_mn str
UPDATE device_name SET mn = $to_mn WHERE mn = $mn;

-- A name that is spoken again is nobody's old one any more.
-- name: device_name_delete :exec
-- params: old_mn str
DELETE FROM device_name WHERE old_mn = $old_mn;

-- name: device_hours_join :exec
-- params: region i64, mn str, to_mn str
INSERT INTO device_hour (region, mn, hour, last_ms, offset_ms, frames, packets, readings, words, late, missed, repeated, acked, frame, length, crc_modbus, crc_swapped, crc_none, segment, bad_time, password, peer)
SELECT region, $to_mn, hour, last_ms, offset_ms, frames, packets, readings, words, late, missed, repeated, acked, frame, length, crc_modbus, crc_swapped, crc_none, segment, bad_time, password, peer FROM device_hour WHERE region = $region AND mn = $mn
ON CONFLICT (region, mn, hour) DO UPDATE SET frames = device_hour.frames + excluded.frames, packets = device_hour.packets + excluded.packets, readings = device_hour.readings + excluded.readings, words = device_hour.words + excluded.words, late = device_hour.late + excluded.late, missed = device_hour.missed + excluded.missed, repeated = device_hour.repeated + excluded.repeated, acked = device_hour.acked + excluded.acked, frame = device_hour.frame + excluded.frame, length = device_hour.length + excluded.length, crc_modbus = device_hour.crc_modbus + excluded.crc_modbus, crc_swapped = device_hour.crc_swapped + excluded.crc_swapped, crc_none = device_hour.crc_none + excluded.crc_none, segment = device_hour.segment + excluded.segment, bad_time = device_hour.bad_time + excluded.bad_time, password = device_hour.password + excluded.password, peer = device_hour.peer + excluded.peer;

-- name: device_hours_drop :exec
-- params: region i64, mn str
DELETE FROM device_hour WHERE region = $region AND mn = $mn;

-- name: commands_move :exec
-- params: mn str, to_mn str
UPDATE device_command SET mn = $to_mn WHERE mn = $mn;

-- ---- commands ----

-- name: command_insert :exec
-- params: region i64, id i64, mn str, cn str, body str, account i64, made_ms i64
INSERT INTO device_command (region, id, mn, cn, qn, body, state, answer, account, made_ms, tries)
VALUES ($region, $id, $mn, $cn, '', $body, 'waiting', '', $account, $made_ms, 0);

-- name: command_waiting :many
-- params: max i64
-- row: region i64, id i64, mn str, cn str, body str, made_ms i64
SELECT region, id, mn, cn, body, made_ms FROM device_command WHERE state = 'waiting' ORDER BY id LIMIT $max;

-- name: command_open :one
-- params: mn str
-- row: n i64
SELECT COUNT(id) FROM device_command WHERE mn = $mn AND state IN ('waiting', 'sent', 'accepted');

-- What was under way when the program ended can no longer be answered.
-- name: command_orphans :exec
-- params: now_ms i64
UPDATE device_command SET state = 'timeout', done_ms = $now_ms WHERE state IN ('sent', 'accepted');

-- name: command_update :exec
-- params: region i64, id i64, state str, qn str, answer str, tries i64, done_ms i64?
UPDATE device_command SET state = $state, qn = $qn, answer = $answer, tries = $tries, done_ms = $done_ms WHERE region = $region AND id = $id;

-- name: command_list :many
-- params: mn str, before i64, max i64
-- row: id i64, cn str, qn str, body str, state str, answer str, account i64, made_ms i64, done_ms i64?, tries i64
SELECT id, cn, qn, body, state, answer, account, made_ms, done_ms, tries FROM device_command WHERE mn = $mn AND id < $before ORDER BY id DESC LIMIT $max;
