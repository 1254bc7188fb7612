-- Rules of stations, and alarms.

-- ---- stations ----

-- name: alarm_stations :many
-- params: after i64, day i64, max i64
-- row: region i64, id i64, kind str, name str, name_en str, object i64, object_type str?, owner i64, sectors i64, secret i64, lat f64?, lon f64?
SELECT s.region, s.id, s.kind, s.name, s.name_en, s.object, b.type, s.owner, s.sectors, s.secret, s.lat, s.lon
FROM station s LEFT JOIN object b ON b.region = s.region AND b.id = s.object AND s.object <> 0
WHERE s.id > $after AND s.valid_from_day <= $day AND (s.valid_to_day IS NULL OR s.valid_to_day >= $day)
ORDER BY s.id LIMIT $max;

-- name: alarm_station_seen :one
-- params: id i64
-- row: region i64, kind str, name str, owner i64, sectors i64, secret i64
SELECT s.region, s.kind, s.name, s.owner, s.sectors, s.secret FROM station s WHERE s.id = $id
--scope s.owner
;

-- ---- rules of stations ----

-- name: station_rule_list :many
-- params: stations ids
-- row: region i64, id i64, station i64, rule str, item str, kind str, what str, test str, op str, limit_value f64?, clear_value f64?, times i64, of_last i64, clear_times i64, lasting_ms i64, from_min i64, to_min i64, days i64, flags str, severity str, lawful i64, name str, name_en str, source str, clause str, certainty str, matter_days i64, check_days i64, is_off i64, valid_from_day i64, valid_to_day i64?, ver i64
SELECT r.region, r.id, r.station, r.rule, r.item, r.kind, r.what, r.test, r.op, r.limit_value, r.clear_value, r.times, r.of_last,
	r.clear_times, r.lasting_ms, r.from_min, r.to_min, r.days, r.flags, r.severity, r.lawful, r.name, r.name_en, r.source,
	r.clause, r.certainty, r.matter_days, r.check_days, r.is_off, r.valid_from_day, r.valid_to_day, r.ver
FROM station_rule r WHERE r.station IN ($stations) ORDER BY r.station, r.id;

-- name: station_rule_of :one
-- params: id i64
-- row: region i64, station i64, ver i64
SELECT r.region, r.station, r.ver FROM station_rule r WHERE r.id = $id;

-- name: station_rule_insert :exec
-- params: region i64, id i64, station i64, rule str, item str, kind str, what str, test str, op str, limit_value f64?, clear_value f64?, times i64, of_last i64, clear_times i64, lasting_ms i64, from_min i64, to_min i64, days i64, flags str, severity str, lawful i64, name str, name_en str, source str, clause str, certainty str, matter_days i64, check_days i64, is_off i64, valid_from_day i64, valid_to_day i64?
INSERT INTO station_rule (region, id, station, rule, item, kind, what, test, op, limit_value, clear_value, times, of_last, clear_times,
	lasting_ms, from_min, to_min, days, flags, severity, lawful, name, name_en, source, clause, certainty, matter_days, check_days,
	is_off, valid_from_day, valid_to_day, ver)
VALUES ($region, $id, $station, $rule, $item, $kind, $what, $test, $op, $limit_value, $clear_value, $times, $of_last, $clear_times,
	$lasting_ms, $from_min, $to_min, $days, $flags, $severity, $lawful, $name, $name_en, $source, $clause, $certainty,
	$matter_days, $check_days, $is_off, $valid_from_day, $valid_to_day, 1);

-- name: station_rule_end :exec
-- params: region i64, id i64, ver i64, valid_to_day i64
UPDATE station_rule SET valid_to_day = $valid_to_day, ver = ver + 1 WHERE region = $region AND id = $id AND ver = $ver;

-- ---- alarms ----

-- What the rules may still change: not ended, or ended so lately that late values may join it.
-- name: alarm_recent :many
-- params: stations ids, since_ms i64
-- row: region i64, id i64, station i64, rule str, item str, begin_ms i64, raised_ms i64, last_ms i64, lawful_ms i64?, n i64, doubtful i64, peak f64?, ended_ms i64?, grade str, matter i64, storm i64, withdrawn_ms i64?
SELECT a.region, a.id, a.station, a.rule, a.item, a.begin_ms, a.raised_ms, a.last_ms, a.lawful_ms, a.n, a.doubtful, a.peak,
	a.ended_ms, a.grade, a.matter, a.storm, a.withdrawn_ms
FROM alarm a WHERE a.station IN ($stations) AND (a.ended_ms IS NULL OR a.ended_ms >= $since_ms)
ORDER BY a.station, a.begin_ms, a.id;

-- What late and corrected values may change: everything of one rule that reached into a time.
-- name: alarm_near :many
-- params: station i64, rule str, item str, from_ms i64
-- row: region i64, id i64, station i64, rule str, item str, begin_ms i64, raised_ms i64, last_ms i64, lawful_ms i64?, n i64, doubtful i64, peak f64?, ended_ms i64?, grade str, matter i64, storm i64, withdrawn_ms i64?
SELECT a.region, a.id, a.station, a.rule, a.item, a.begin_ms, a.raised_ms, a.last_ms, a.lawful_ms, a.n, a.doubtful, a.peak,
	a.ended_ms, a.grade, a.matter, a.storm, a.withdrawn_ms
FROM alarm a WHERE a.station = $station AND a.rule = $rule AND a.item = $item AND (a.ended_ms IS NULL OR a.ended_ms >= $from_ms)
ORDER BY a.begin_ms, a.id;

-- name: alarm_same :one
-- params: station i64, rule str, item str, begin_ms i64, last_ms i64
-- row: id i64, matter i64, storm i64, grade str, withdrawn_ms i64?
SELECT a.id, a.matter, a.storm, a.grade, a.withdrawn_ms FROM alarm a WHERE a.station = $station AND a.rule = $rule AND a.item = $item
	AND a.begin_ms <= $last_ms AND (a.ended_ms IS NULL OR a.last_ms >= $begin_ms)
ORDER BY CASE WHEN a.withdrawn_ms IS NULL THEN 0 ELSE 1 END, a.id DESC LIMIT 1;

-- Of silence: those of the same way, or of none in particular; of other tests only what is the same station's or owner's.
-- name: alarm_storm_of :one
-- params: station i64, owner i64, test str, wide i64, way str, lo i64, hi i64, since_ms i64
-- row: storm i64
SELECT a.storm FROM alarm a WHERE a.region >= $lo AND a.region <= $hi AND a.seen_ms >= $since_ms AND a.test = $test
	AND (($wide = 1 AND a.way = $way) OR ($wide = 0 AND (a.station = $station OR (a.owner = $owner AND a.owner <> 0))))
ORDER BY a.id LIMIT 1;

-- By which way a station's devices report, and which of them were heard since.
-- name: alarm_way_of :one
-- params: station i64, since_ms i64, since_hour i64
-- row: devices i64, devices_heard i64, topics i64, topics_heard i64
SELECT (SELECT COUNT(d.mn) FROM device d WHERE d.station = $station AND d.state = 'approved'),
	(SELECT COUNT(d.mn) FROM device d JOIN device_hour h ON h.region = d.region AND h.mn = d.mn AND h.hour >= $since_hour AND h.last_ms >= $since_ms
		WHERE d.station = $station AND d.state = 'approved'),
	(SELECT COUNT(t.id) FROM mqtt_topic t WHERE t.station = $station AND t.state = 'approved' AND t.form = 'values'),
	(SELECT COUNT(t.id) FROM mqtt_topic t WHERE t.station = $station AND t.state = 'approved' AND t.form = 'values' AND t.last_ms >= $since_ms);

-- How many stations report through the gateway, and of how many nothing was heard since.
-- name: alarm_gateway_silent :one
-- params: since_ms i64, since_hour i64
-- row: all_n i64, heard i64
SELECT COUNT(DISTINCT d.station), COUNT(DISTINCT CASE WHEN h.mn IS NULL THEN NULL ELSE d.station END)
FROM device d LEFT JOIN device_hour h ON h.region = d.region AND h.mn = d.mn AND h.hour >= $since_hour AND h.last_ms >= $since_ms
WHERE d.state = 'approved' AND d.station <> 0;

-- The same of the broker.
-- name: alarm_broker_silent :one
-- params: since_ms i64
-- row: all_n i64, heard i64
SELECT COUNT(DISTINCT t.station), COUNT(DISTINCT CASE WHEN t.last_ms >= $since_ms THEN t.station ELSE NULL END)
FROM mqtt_topic t WHERE t.state = 'approved' AND t.form = 'values' AND t.station <> 0;

-- A check of the group that the same owner, or where nobody owns the stations, the same district has.
-- name: alarm_group_check :one
-- params: storm i64, owner i64, lo i64, hi i64
-- row: matter i64
SELECT a.matter FROM alarm a WHERE a.storm = $storm AND a.owner = $owner AND a.grade = 'doubtful' AND a.matter <> 0
	AND a.region >= $lo AND a.region <= $hi
ORDER BY a.id LIMIT 1;

-- Of what kind is the matter that an alarm founded?
-- name: alarm_matter_kind :one
-- params: matter i64
-- row: kind str
SELECT m.kind FROM matter m WHERE m.id = $matter;

-- name: alarm_insert :exec
-- params: region i64, id i64, station i64, rule str, item str, storm i64, object i64, owner i64, sectors i64, secret i64, test str, kind str, severity str, grade str, name str, name_en str, source str, clause str, certainty str, limit_value f64?, op str, begin_ms i64, raised_ms i64, seen_ms i64, last_ms i64, lawful_ms i64?, n i64, doubtful i64, peak f64?, ended_ms i64?, cleared_ms i64?, way str
INSERT INTO alarm (region, id, station, rule, item, storm, object, owner, sectors, secret, test, kind, severity, grade, name, name_en,
	source, clause, certainty, limit_value, op, begin_ms, raised_ms, seen_ms, last_ms, lawful_ms, n, doubtful, peak, ended_ms,
	ack_ms, ack_by, ack_text, cleared_ms, cleared_by, cleared_text, matter, ver, way)
VALUES ($region, $id, $station, $rule, $item, $storm, $object, $owner, $sectors, $secret, $test, $kind, $severity, $grade, $name,
	$name_en, $source, $clause, $certainty, $limit_value, $op, $begin_ms, $raised_ms, $seen_ms, $last_ms, $lawful_ms, $n,
	$doubtful, $peak, $ended_ms, NULL, 0, '', $cleared_ms, 0, '', 0, 1, $way);

-- What the values cleared is on the board again when the episode goes on after all; what a person cleared is not.
-- name: alarm_goes_on :exec
-- params: region i64, id i64, grade str, begin_ms i64, last_ms i64, lawful_ms i64?, n i64, doubtful i64, peak f64?, ended_ms i64?, cleared_ms i64?, now_ms i64
UPDATE alarm SET grade = $grade, begin_ms = $begin_ms, last_ms = $last_ms, lawful_ms = $lawful_ms, n = $n, doubtful = $doubtful,
	peak = $peak, ended_ms = $ended_ms,
	cleared_ms = CASE WHEN $ended_ms IS NULL AND cleared_by = 0 THEN NULL ELSE COALESCE(cleared_ms, $cleared_ms) END, withdrawn_ms = NULL, withdrawn_why = '',
	unlawful_ms = CASE WHEN $grade = 'exceedance' THEN NULL WHEN grade = 'exceedance' THEN $now_ms ELSE unlawful_ms END, ver = ver + 1
WHERE region = $region AND id = $id;

-- Taken back, or (withdrawn_ms absent) only ended because its rule was.
-- name: alarm_withdraw :exec
-- params: region i64, id i64, now_ms i64, withdrawn_ms i64?, why str
UPDATE alarm SET withdrawn_ms = $withdrawn_ms, withdrawn_why = $why, ended_ms = COALESCE(ended_ms, $now_ms),
	cleared_ms = COALESCE(cleared_ms, $now_ms), ver = ver + 1
WHERE region = $region AND id = $id AND withdrawn_ms IS NULL;

-- name: alarm_founds :exec
-- params: region i64, id i64, matter i64
UPDATE alarm SET matter = $matter WHERE region = $region AND id = $id;

-- name: alarm_ack :exec
-- params: region i64, id i64, now_ms i64, account i64, text str, salt blob
UPDATE alarm SET ack_ms = $now_ms, ack_by = $account, ack_text = $text, ack_salt = $salt, ver = ver + 1
WHERE region = $region AND id = $id AND ack_ms IS NULL;

-- name: alarm_clear :exec
-- params: region i64, id i64, now_ms i64, account i64, text str, salt blob
UPDATE alarm SET cleared_ms = $now_ms, cleared_by = $account, cleared_text = $text, cleared_salt = $salt, ver = ver + 1
WHERE region = $region AND id = $id AND cleared_ms IS NULL;

-- name: alarm_find :one
-- params: id i64
-- row: region i64, id i64, station i64, owner i64, sectors i64, secret i64, ack_ms i64?, cleared_ms i64?, ended_ms i64?, rule str, item str, begin_ms i64, matter i64, ver i64
SELECT a.region, a.id, a.station, a.owner, a.sectors, a.secret, a.ack_ms, a.cleared_ms, a.ended_ms, a.rule, a.item, a.begin_ms, a.matter, a.ver
FROM alarm a WHERE a.id = $id
--scope a.owner
;

-- name: alarm_list :many
-- params: before i64, id i64?, lo i64?, hi i64?, station i64?, matter i64?, storm i64?, grade str?, severity str?, unacked i64?, uncleared i64?, cleared i64?, withdrawn i64?, from_ms i64?, to_ms i64?, heads i64?, max i64
-- row: region i64, region_name str?, id i64, station i64, station_name str?, station_name_en str?, station_kind str?, rule str, item str, storm i64, object i64, test str, kind str, severity str, grade str, name str, name_en str, source str, clause str, certainty str, limit_value f64?, op str, begin_ms i64, raised_ms i64, seen_ms i64, last_ms i64, lawful_ms i64?, n i64, doubtful i64, peak f64?, ended_ms i64?, ack_ms i64?, ack_name str?, ack_text str, cleared_ms i64?, cleared_name str?, cleared_text str, matter i64, matter_no str?, matter_state str?, grouped i64, withdrawn_ms i64?, withdrawn_why str, unlawful_ms i64?, ver i64, way str
SELECT a.region, g.name, a.id, a.station, s.name, s.name_en, s.kind, a.rule, a.item, a.storm, a.object, a.test, a.kind, a.severity, a.grade,
	a.name, a.name_en, a.source, a.clause, a.certainty, a.limit_value, a.op, a.begin_ms, a.raised_ms, a.seen_ms, a.last_ms,
	a.lawful_ms, a.n, a.doubtful, a.peak, a.ended_ms, a.ack_ms, pa.name, a.ack_text, a.cleared_ms, pc.name, a.cleared_text,
	a.matter, m.no, m.state, CAST((SELECT COUNT(o.id) FROM alarm o WHERE o.storm = a.storm) AS BIGINT),
	a.withdrawn_ms, a.withdrawn_why, a.unlawful_ms, a.ver, a.way
FROM alarm a LEFT JOIN station s ON s.region = a.region AND s.id = a.station
	LEFT JOIN region_node g ON g.code = a.region
	LEFT JOIN matter m ON m.id = a.matter AND a.matter <> 0
	LEFT JOIN account ca ON ca.id = a.ack_by AND a.ack_by <> 0 LEFT JOIN person pa ON pa.id = ca.person
	LEFT JOIN account cc ON cc.id = a.cleared_by AND a.cleared_by <> 0 LEFT JOIN person pc ON pc.id = cc.person
WHERE a.id < $before
	AND a.id = $id --? id
	AND a.region >= $lo AND a.region <= $hi --? lo
	AND a.station = $station --? station
	AND a.matter = $matter --? matter
	AND a.storm = $storm --? storm
	AND a.grade = $grade --? grade
	AND a.severity = $severity --? severity
	AND a.ack_ms IS NULL AND $unacked = 1 --? unacked
	AND a.cleared_ms IS NULL AND $uncleared = 1 --? uncleared
	AND a.cleared_ms IS NOT NULL AND $cleared = 1 --? cleared
	AND a.withdrawn_ms IS NOT NULL AND $withdrawn = 1 --? withdrawn
	AND a.raised_ms >= $from_ms --? from_ms
	AND a.raised_ms < $to_ms --? to_ms
	AND a.storm = a.id AND $heads = 1 --? heads
--scope a.owner
ORDER BY a.id DESC LIMIT $max;

-- ---- did it work? ----

-- name: alarm_of_matter :many
-- params: matter i64
-- row: id i64, station i64, item str, kind str, begin_ms i64, limit_value f64?, op str
SELECT a.id, a.station, a.item, a.kind, a.begin_ms, a.limit_value, a.op FROM alarm a WHERE a.matter = $matter ORDER BY a.begin_ms, a.id LIMIT 50;

-- name: alarm_object_station :many
-- params: object i64, region i64
-- row: id i64
SELECT s.id FROM station s WHERE s.object = $object AND s.region = $region ORDER BY s.id LIMIT 20;

-- When the rectification was reported, or the matter ended.
-- name: alarm_rectified :one
-- params: region i64, matter i64
-- row: at_ms i64?
SELECT MIN(r.at_ms) FROM matter_report r WHERE r.region = $region AND r.matter = $matter AND r.act IN ('submit','ask-acceptance','verify-ask','reply','finish');

-- What stands on the board, by station and grade.
-- name: alarm_open_counts :many
-- params: stations ids
-- row: station i64, grade str, n i64
SELECT a.station, a.grade, COUNT(a.id) FROM alarm a WHERE a.station IN ($stations) AND a.cleared_ms IS NULL AND a.withdrawn_ms IS NULL
GROUP BY a.station, a.grade ORDER BY a.station, a.grade;
