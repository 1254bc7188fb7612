-- The store of readings.

-- name: series_items :many
-- row: id i64, code str
SELECT id, code FROM series_item ORDER BY id;

-- name: series_item_insert :exec
-- params: id i64, code str
INSERT INTO series_item (id, code) VALUES ($id, $code) ON CONFLICT (code) DO NOTHING;

-- name: series_item_find :one
-- params: code str
-- row: id i64
SELECT id FROM series_item WHERE code = $code;

-- name: series_item_last :one
-- row: id i64
SELECT COALESCE(MAX(id), 0) FROM series_item;

-- name: series_packet_insert :exec
-- params: at_ms i64, station i64, kind i64, part i64, received_ms i64, source i64, body blob
INSERT INTO series_packet (at_ms, station, kind, part, received_ms, source, body)
VALUES ($at_ms, $station, $kind, $part, $received_ms, $source, $body)
ON CONFLICT (at_ms, station, kind, part) DO NOTHING;

-- name: series_packet_get :one
-- params: at_ms i64, station i64, kind i64, part i64
-- row: received_ms i64, source i64, body blob
SELECT received_ms, source, body FROM series_packet
WHERE at_ms = $at_ms AND station = $station AND kind = $kind AND part = $part;

-- name: series_packet_update :exec
-- params: at_ms i64, station i64, kind i64, part i64, received_ms i64, source i64, body blob
UPDATE series_packet SET received_ms = $received_ms, source = $source, body = $body
WHERE at_ms = $at_ms AND station = $station AND kind = $kind AND part = $part;

-- name: series_history_insert :exec
-- params: at_ms i64, station i64, kind i64, part i64, replaced_ms i64, received_ms i64, source i64, body blob
INSERT INTO series_history (at_ms, station, kind, part, replaced_ms, n, received_ms, source, body)
VALUES ($at_ms, $station, $kind, $part, $replaced_ms,
	(SELECT COUNT(h.n) FROM series_history h WHERE h.at_ms = $at_ms AND h.station = $station AND h.kind = $kind
		AND h.part = $part AND h.replaced_ms = $replaced_ms),
	$received_ms, $source, $body);

-- The rows of one station over a span of time; the key begins with the time, so a span costs what lies in it.
-- name: series_span :each
-- params: station i64, kind i64, from_ms i64, to_ms i64
-- row: at_ms i64, part i64, received_ms i64, source i64, body blob
SELECT at_ms, part, received_ms, source, body FROM series_packet
WHERE at_ms >= $from_ms AND at_ms < $to_ms AND station = $station AND kind = $kind
ORDER BY at_ms, part;

-- name: series_whole :each
-- params: kind i64, from_ms i64, to_ms i64
-- row: at_ms i64, station i64, part i64, body blob
SELECT at_ms, station, part, body FROM series_packet
WHERE at_ms >= $from_ms AND at_ms < $to_ms AND kind = $kind
ORDER BY at_ms, station, part;

-- name: series_drop_span :exec
-- params: kind i64, from_ms i64, to_ms i64
DELETE FROM series_packet WHERE at_ms >= $from_ms AND at_ms < $to_ms AND kind = $kind;

-- name: series_oldest :one
-- params: kind i64
-- row: at_ms i64?
SELECT MIN(at_ms) FROM series_packet WHERE kind = $kind;

-- name: series_chunk_get :one
-- params: station i64, item i64, what i64, kind i64, period i64
-- row: n i64, body blob
SELECT n, body FROM series_chunk
WHERE station = $station AND item = $item AND what = $what AND kind = $kind AND period = $period;

-- name: series_chunks :each
-- params: station i64, item i64, what i64, kind i64, from_period i64, to_period i64
-- row: period i64, n i64, body blob
SELECT period, n, body FROM series_chunk
WHERE station = $station AND item = $item AND what = $what AND kind = $kind AND period >= $from_period AND period <= $to_period
ORDER BY period;

-- name: series_chunk_put :exec
-- params: station i64, item i64, what i64, kind i64, period i64, n i64, body blob
INSERT INTO series_chunk (station, item, what, kind, period, n, body) VALUES ($station, $item, $what, $kind, $period, $n, $body)
ON CONFLICT (station, item, what, kind, period) DO UPDATE SET n = $n, body = $body;

-- name: series_frame_insert :exec
-- params: received_ms i64, id i64, station i64, mn str, peer str, fault str, at_ms i64, raw blob
INSERT INTO series_frame (received_ms, id, station, mn, peer, fault, at_ms, raw)
VALUES ($received_ms, $id, $station, $mn, $peer, $fault, $at_ms, $raw)
ON CONFLICT (received_ms, id) DO NOTHING;

-- name: series_frame_list :many
-- params: mn str, from_ms i64, to_ms i64, after_ms i64, after_id i64, max i64
-- row: received_ms i64, id i64, station i64, mn str, peer str, fault str, at_ms i64, raw blob
SELECT received_ms, id, station, mn, peer, fault, at_ms, raw FROM series_frame
WHERE mn = $mn AND received_ms >= $from_ms AND received_ms < $to_ms
	AND (received_ms < $after_ms OR (received_ms = $after_ms AND id < $after_id))
ORDER BY received_ms DESC, id DESC LIMIT $max;

-- name: series_frames_drop :exec
-- params: before_ms i64
DELETE FROM series_frame WHERE received_ms < $before_ms;

-- name: series_history_drop :exec
-- params: kind i64, before_ms i64
DELETE FROM series_history WHERE at_ms < $before_ms AND kind = $kind;

-- The newest row of a kind, and everything that is not packed yet since a moment.
-- name: series_newest :one
-- row: at_ms i64?
SELECT MAX(at_ms) FROM series_packet;

-- name: series_since :each
-- params: from_ms i64
-- row: at_ms i64, station i64, kind i64, received_ms i64, body blob
SELECT at_ms, station, kind, received_ms, body FROM series_packet WHERE at_ms >= $from_ms ORDER BY at_ms, station, kind, part;

-- name: series_chunk_newest :many
-- params: station i64
-- row: item i64, kind i64, period i64
SELECT item, kind, MAX(period) FROM series_chunk WHERE station = $station AND what = 0 GROUP BY item, kind ORDER BY item, kind;

-- What a station has of a kind in a span of periods.
-- name: series_chunk_items :many
-- params: station i64, kind i64, from_period i64, to_period i64
-- row: item i64, what i64
SELECT DISTINCT item, what FROM series_chunk
WHERE station = $station AND kind = $kind AND period >= $from_period AND period <= $to_period ORDER BY item, what;
