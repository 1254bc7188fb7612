-- Topics of MQTT.

-- name: mqtt_topic_all :many
-- row: region i64, id i64, topic str, station i64, form str, item str, kind str, state str, held i64
SELECT region, id, topic, station, form, item, kind, state, held FROM mqtt_topic ORDER BY id;

-- Changes whenever a topic, a station or what its codes mean does.
-- name: mqtt_stamp :one
-- row: topics i64, vers i64, items i64, stations i64
SELECT (SELECT COUNT(id) FROM mqtt_topic), (SELECT CAST(COALESCE(SUM(ver), 0) AS BIGINT) FROM mqtt_topic),
	(SELECT COUNT(code) FROM station_item), (SELECT CAST(COALESCE(SUM(ver), 0) AS BIGINT) FROM station);

-- name: mqtt_by_topic :one
-- params: topic str
-- row: region i64, id i64, state str, held i64
SELECT region, id, state, held FROM mqtt_topic WHERE topic = $topic ORDER BY id LIMIT 1;

-- name: mqtt_topic_get :one
-- params: id i64
-- row: region i64, id i64, topic str, station i64, form str, item str, kind str, state str, reason str, first_ms i64, last_ms i64, messages i64, readings i64, faults i64, held i64, lost i64, offline i64, online i64, changed_ms i64, sample str, ver i64
SELECT region, id, topic, station, form, item, kind, state, reason, first_ms, last_ms, messages, readings, faults, held, lost, offline,
	online, changed_ms, sample, ver
FROM mqtt_topic WHERE id = $id;

-- name: mqtt_quarantined :one
-- row: n i64
SELECT COUNT(id) FROM mqtt_topic WHERE state = 'quarantined';

-- name: mqtt_topic_insert :exec
-- params: region i64, id i64, topic str, station i64, form str, item str, kind str, state str, reason str, first_ms i64
INSERT INTO mqtt_topic (region, id, topic, station, form, item, kind, state, reason, first_ms, last_ms, messages, readings, faults, held,
	lost, offline, online, changed_ms, sample, ver)
VALUES ($region, $id, $topic, $station, $form, $item, $kind, $state, $reason, $first_ms, 0, 0, 0, 0, 0, 0, 0, -1, 0, '', 1);

-- A decision may bring the topic into another region; the row is made anew there.
-- name: mqtt_topic_move :exec
-- params: old_region i64, id i64, ver i64, region i64, station i64, form str, item str, kind str, state str, reason str
INSERT INTO mqtt_topic (region, id, topic, station, form, item, kind, state, reason, first_ms, last_ms, messages, readings, faults, held,
	lost, offline, online, changed_ms, sample, ver)
SELECT $region, id, topic, $station, $form, $item, $kind, $state, $reason, first_ms, last_ms, messages, readings, faults, held, lost,
	offline, online, changed_ms, sample, ver + 1
FROM mqtt_topic WHERE region = $old_region AND id = $id AND ver = $ver;

-- name: mqtt_topic_drop :exec
-- params: region i64, id i64
DELETE FROM mqtt_topic WHERE region = $region AND id = $id;

-- name: mqtt_held_move :exec
-- params: old_region i64, topic i64, region i64
UPDATE mqtt_held SET region = $region WHERE region = $old_region AND topic = $topic;

-- name: mqtt_topic_decide :exec
-- params: region i64, id i64, ver i64, station i64, form str, item str, kind str, state str, reason str
UPDATE mqtt_topic SET station = $station, form = $form, item = $item, kind = $kind, state = $state, reason = $reason, ver = ver + 1
WHERE region = $region AND id = $id AND ver = $ver;

-- name: mqtt_topic_count :exec
-- params: region i64, id i64, messages i64, readings i64, faults i64, held i64, lost i64, offline i64, online i64, changed_ms i64, last_ms i64, sample str
UPDATE mqtt_topic SET messages = messages + $messages, readings = readings + $readings, faults = faults + $faults, held = held + $held,
	lost = lost + $lost, offline = offline + $offline, online = CASE WHEN $online < 0 THEN online ELSE $online END,
	changed_ms = CASE WHEN $online < 0 THEN changed_ms ELSE $changed_ms END,
	last_ms = CASE WHEN $last_ms > last_ms THEN $last_ms ELSE last_ms END,
	sample = CASE WHEN $sample = '' THEN sample ELSE $sample END
WHERE region = $region AND id = $id;

-- name: mqtt_held_insert :exec
-- params: region i64, topic i64, at_ms i64, payload blob
INSERT INTO mqtt_held (region, topic, n, at_ms, payload)
VALUES ($region, $topic, (SELECT COALESCE(MAX(h.n), 0) + 1 FROM mqtt_held h WHERE h.region = $region AND h.topic = $topic), $at_ms, $payload);

-- name: mqtt_held_list :many
-- params: region i64, topic i64, max i64
-- row: n i64, at_ms i64, payload blob
SELECT n, at_ms, payload FROM mqtt_held WHERE region = $region AND topic = $topic ORDER BY n LIMIT $max;

-- name: mqtt_held_drop :exec
-- params: region i64, topic i64, to_n i64
DELETE FROM mqtt_held WHERE region = $region AND topic = $topic AND n <= $to_n;

-- name: mqtt_held_less :exec
-- params: region i64, id i64, n i64
UPDATE mqtt_topic SET held = CASE WHEN held > $n THEN held - $n ELSE 0 END WHERE region = $region AND id = $id;

-- name: mqtt_station_seen :one
-- params: station i64
-- row: region i64, name str, name_en str
SELECT s.region, s.name, s.name_en FROM station s WHERE s.id = $station
--scope s.owner
;

-- name: mqtt_topic_list :many
-- params: after i64, station i64?, max i64
-- row: region i64, id i64, topic str, station i64, station_name str, station_name_en str, form str, item str, kind str, state str, reason str, first_ms i64, last_ms i64, messages i64, readings i64, faults i64, held i64, lost i64, offline i64, online i64, changed_ms i64, sample str, ver i64
SELECT t.region, t.id, t.topic, t.station, s.name, s.name_en, t.form, t.item, t.kind, t.state, t.reason, t.first_ms, t.last_ms, t.messages,
	t.readings, t.faults, t.held, t.lost, t.offline, t.online, t.changed_ms, t.sample, t.ver
FROM mqtt_topic t JOIN station s ON s.id = t.station WHERE t.id > $after AND t.station <> 0
	AND t.station = $station --? station
--scope s.owner
ORDER BY t.id LIMIT $max;

-- name: mqtt_topic_unknown :many
-- params: after i64, state str, max i64
-- row: region i64, id i64, topic str, form str, item str, kind str, state str, reason str, first_ms i64, last_ms i64, messages i64, readings i64, faults i64, held i64, lost i64, offline i64, online i64, changed_ms i64, sample str, ver i64
SELECT region, id, topic, form, item, kind, state, reason, first_ms, last_ms, messages, readings, faults, held, lost, offline, online,
	changed_ms, sample, ver
FROM mqtt_topic WHERE state = $state AND station = 0 AND id > $after ORDER BY id LIMIT $max;
